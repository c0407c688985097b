"""One libtorrent session with one torrent, for LibtorrentClient.

usage: /usr/bin/python3 libtorrent_peer.py OPTIONS_JSON

Reads commands from standard input, and quits at its end:
    dial ADDRESS PORT    connects to a peer
    announce             announces now
    check                verifies every piece again
    stats                prints payload bytes: uploaded, downloaded and received for nothing
    peers                prints how many peers it is connected to
    pieces               prints how many pieces it has
    seek PIECE COUNT MS  sets deadlines for as many pieces from that one, so many milliseconds apart, in place of those set before
Prints lines "SECONDS WORD [VALUE]" with the seconds of the monotonic clock and the words
    ready       what is on disk was checked, and it listens
    first       the first payload byte, in or out
    complete    it has every piece
    checked     the answer to "check"
    uploaded, downloaded, wasted    the answer to "stats", the value in bytes
    peers, pieces    the answers to "peers" and "pieces"
    sought      the first piece of "seek" can be read; the value is "had" if it could before
"""
import json
import os
import queue
import sys
import threading
import time

import libtorrent as lt

CHECKING = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)

# The policies are 0 forced, 1 enabled, 2 disabled; the levels 1 plain text, 2 RC4, 3 both.
ENCRYPTION = {
    "Plain": {"in_enc_policy": 2, "out_enc_policy": 2},
    "Preferred": {"in_enc_policy": 1, "out_enc_policy": 1, "allowed_enc_level": 3, "prefer_rc4": True},
    "Rc4Required": {"in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 2, "prefer_rc4": True},
}


def say(word, value=""):
    print(f"{time.monotonic():.6f} {word} {value}".rstrip(), flush=True)


def open_session(options):
    address = options["address"]
    session = lt.session({
        "listen_interfaces": f"[{address}]:{options['port']}" if ":" in address else f"{address}:{options['port']}",
        "outgoing_interfaces": address,
        "enable_dht": options["dht"], "dht_bootstrap_nodes": options["dhtNodes"],
        # All nodes of a test are on this machine.
        "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False, "dht_ignore_dark_internet": False,
        "dht_prefer_verified_node_ids": False, "dht_announce_interval": 10,
        "enable_lsd": options["lsd"], "enable_upnp": False, "enable_natpmp": False,
        "enable_incoming_utp": options["utp"], "enable_outgoing_utp": options["utp"],
        "enable_incoming_tcp": options["tcp"], "enable_outgoing_tcp": options["tcp"],
        **ENCRYPTION[options["encryption"]],
        "allow_multiple_connections_per_ip": True,
        "ssrf_mitigation": False,  # it refuses trackers on the loopback
        "min_reconnect_time": 1,
        "active_limit": -1, "active_seeds": -1, "active_downloads": -1,
        "upload_rate_limit": options["uploadLimit"] or 0,
        "download_rate_limit": options["downloadLimit"] or 0,
        "hashing_threads": options["hashingThreads"],
        "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
    })
    if options["uploadLimit"] or options["downloadLimit"]:
        # Peers on local networks are outside the global limit unless they are put into the global class.
        everybody = lt.ip_filter()
        everybody.add_rule("0.0.0.0", "255.255.255.255", 1 << lt.session.global_peer_class_id)
        session.set_peer_class_filter(everybody)
    return session


def add_torrent(session, options):
    if options["torrent"].startswith("magnet:"):
        parameters = lt.parse_magnet_uri(options["torrent"])
    else:
        parameters = lt.add_torrent_params()
        parameters.ti = lt.torrent_info(options["torrent"])
    parameters.save_path = options["folder"]
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if not options["pex"]:
        parameters.flags |= lt.torrent_flags.disable_pex
    return session.add_torrent(parameters)


def read_commands(commands):
    for line in sys.stdin:
        commands.put(line.split())
    commands.put(["quit"])


class Peer:
    def __init__(self, options):
        self.session = open_session(options)
        self.torrent = add_torrent(self.session, options)
        self.said = set()
        self.check = None  # None, "asked" or "running"
        self.sought = None  # the piece that a reader waits for

    def obey(self, command, *arguments):
        if command == "dial":
            self.torrent.connect_peer((arguments[0], int(arguments[1])))
        elif command == "announce":
            self.torrent.force_reannounce()
        elif command == "check":
            self.torrent.force_recheck()
            self.check = "asked"
        elif command == "stats":
            status = self.torrent.status()
            say("downloaded", status.total_payload_download)
            say("uploaded", status.total_payload_upload)
            say("wasted", status.total_redundant_bytes + status.total_failed_bytes)
        elif command == "peers":
            say("peers", self.torrent.status().num_peers)
        elif command == "pieces":
            say("pieces", self.torrent.status().num_pieces)
        elif command == "seek":
            self.seek(*map(int, arguments))
        elif command == "quit":
            os._exit(0)  # without the session's slow goodbye to trackers

    def seek(self, piece, count, milliseconds):
        if self.torrent.have_piece(piece):
            say("sought", "had")
            return
        self.torrent.clear_piece_deadlines()
        for i in range(count):
            self.torrent.set_piece_deadline(piece + i, i * milliseconds, lt.deadline_flags_t.alert_when_available if i == 0 else 0)
        self.sought = piece

    def look(self):
        status = self.torrent.status()
        busy = status.state in CHECKING
        if self.check == "asked" and busy:
            self.check = "running"
        elif self.check == "running" and not busy:
            self.check = None
            say("checked")
        for word, holds in (("ready", not busy and self.session.is_listening()),
                            ("first", status.total_payload_download + status.total_payload_upload > 0),
                            ("complete", not busy and status.is_seeding)):
            if holds and word not in self.said:
                self.said.add(word)
                say(word)

    def run(self):
        commands = queue.Queue()
        threading.Thread(target=read_commands, args=(commands,), daemon=True).start()
        while True:
            # session.wait_for_alert() would return sooner, and crash: what it returns points into a queue that may have moved since.
            try:
                self.obey(*commands.get(timeout=0.01 if self.sought is None else 0.001))
            except queue.Empty:
                pass
            for alert in self.session.pop_alerts():
                if "error" in type(alert).__name__:
                    print(alert.message(), file=sys.stderr, flush=True)
                elif isinstance(alert, lt.read_piece_alert) and alert.piece == self.sought:
                    self.sought = None
                    say("sought")
            self.look()


Peer(json.loads(sys.argv[1])).run()

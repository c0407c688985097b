"""Nodes of the DHT by libtorrent, without torrents, for DhtNodes.

usage: /usr/bin/python3 libtorrent_dht.py OPTIONS_JSON

OPTIONS_JSON: {"nodes": ["ADDRESS:PORT", ...], "others": ["ADDRESS:PORT", ...], "readOnly": false}
Each node is told of all nodes and of all others. One that is read-only (BEP 43) only asks.
Reads commands from standard input, and quits at its end. The first node obeys them, if nothing else is said:
    put TEXT        stores an immutable item (BEP 44)
    get TARGET      looks for one
    peers HASH      looks for the peers of a torrent
    meet ADDRESS PORT    every node asks another node whether it is there
Prints lines "SECONDS WORD [VALUE]", as libtorrent_peer.py does:
    ready       every node knows another
    put         the target of the item, as soon as nodes have it
    get         the item, or "nothing"
    peers:HASH  how many there are, when some were found
"""
import json
import queue
import sys
import threading
import time

import libtorrent as lt


def say(word, value=""):
    print(f"{time.monotonic():.6f} {word} {value}".rstrip(), flush=True)


def open_node(end_point, is_read_only):
    return lt.session({
        "listen_interfaces": end_point, "outgoing_interfaces": end_point.rsplit(":", 1)[0],
        "enable_dht": True, "dht_bootstrap_nodes": "", "dht_read_only": is_read_only,
        # All nodes of a test are on this machine.
        "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False, "dht_ignore_dark_internet": False,
        "dht_prefer_verified_node_ids": False, "dht_block_ratelimit": 1000,
        "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "alert_mask": lt.alert.category_t.stats_notification | lt.alert.category_t.dht_notification
        | lt.alert.category_t.dht_operation_notification | lt.alert.category_t.error_notification,
    })


def read_commands(commands):
    for line in sys.stdin:
        commands.put(line.split())
    commands.put(["quit"])


class Nodes:
    def __init__(self, options):
        nodes = options["nodes"]
        self.sessions = [open_node(node, options["readOnly"]) for node in nodes]
        # Those that a node begins from by its settings do not come into its table.
        self.beginnings = [(address, int(port)) for address, port in (node.rsplit(":", 1) for node in nodes + options["others"])]
        self.begun = 0
        self.known = [0] * len(self.sessions)
        self.is_ready = False

    def obey(self, command, *arguments):
        first = self.sessions[0]
        if command == "put":
            first.dht_put_immutable_item(" ".join(arguments).encode())
        elif command == "get":
            first.dht_get_immutable_item(lt.sha1_hash(bytes.fromhex(arguments[0])))
        elif command == "peers":
            first.dht_get_peers(lt.sha1_hash(bytes.fromhex(arguments[0])))
        elif command == "meet":
            for session in self.sessions:
                session.add_dht_node((arguments[0], int(arguments[1])))
        elif command == "quit":
            sys.exit(0)

    def begin(self):
        self.begun = time.monotonic()
        for session in self.sessions:
            for node in self.beginnings:
                session.add_dht_node(node)

    def hear(self, index, alert):
        if isinstance(alert, lt.session_stats_alert):
            self.known[index] = alert.values["dht.dht_nodes"]
        elif isinstance(alert, lt.dht_immutable_item_alert):
            say("get", text(alert.item["value"]))
        elif isinstance(alert, lt.dht_get_peers_reply_alert):
            say(f"peers:{alert.info_hash}", alert.num_peers())
        elif isinstance(alert, lt.dht_put_alert):
            say("put", alert.target)

    def run(self):
        commands = queue.Queue()
        threading.Thread(target=read_commands, args=(commands,), daemon=True).start()
        while True:
            try:
                self.obey(*commands.get(timeout=0.1))
            except queue.Empty:
                pass
            if not self.is_ready and time.monotonic() - self.begun > 1:
                self.begin()
            for index, session in enumerate(self.sessions):
                if not self.is_ready:
                    session.post_session_stats()
                for alert in session.pop_alerts():
                    if "error" in type(alert).__name__:
                        print(alert.message(), file=sys.stderr, flush=True)
                    self.hear(index, alert)
            if not self.is_ready and min(self.known) > 0:
                self.is_ready = True
                say("ready")


def text(item):
    return item.decode() if isinstance(item, bytes) else "nothing" if item is None else str(item)


Nodes(json.loads(sys.argv[1])).run()

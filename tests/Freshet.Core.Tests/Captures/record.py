"""Records how libtorrent and Transmission speak uTP and MSE, for UtpCaptureTests and MseCaptureTests.

usage: /usr/bin/python3 record.py        (Debian: apt-get install python3-libtorrent transmission-cli; all on the loopback)

Writes the files *.hex beside this one. A line is "SECONDS WHO BYTES", in hexadecimal, and continues in the indented lines that follow.
    utp-seed-dials.hex, utp-leecher-dials.hex
        The datagrams between two libtorrent sessions, one of which has 20,000 bytes that the other wants. "dialler" and "dialled" say whose
        they are. What passes between them loses some and changes the order of others: "lost" is said before those that were seen by nobody.
    mse-dials-*.hex, mse-dialled-*.hex
        The streams between this script ("ours") and a client ("theirs"). This script has an implementation of its own of the
        handshake, with fixed keys and pads, which are in the first lines.
"""
import hashlib
import os
import random
import select
import socket
import subprocess
import sys
import tempfile
import time

import libtorrent as lt

HERE = os.path.dirname(os.path.abspath(__file__))
LENGTH = 20_000
PRIME = int("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
            "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563", 16)
POLICIES = {
    "off": {"in_enc_policy": 2, "out_enc_policy": 2},
    "rc4": {"in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 2, "prefer_rc4": True},
    "plain": {"in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 3, "prefer_rc4": False},
}


class Capture:
    def __init__(self, name, made_with):
        self.lines = [f"# Made by record.py with {made_with}."]
        self.path = os.path.join(HERE, name + ".hex")
        self.began = time.monotonic()

    def add(self, who, data):
        text = data.hex()
        self.lines.append(f"{time.monotonic() - self.began:.6f} {who} {text[:96]}")
        self.lines += ["  " + text[i:i + 128] for i in range(96, len(text), 128)]

    def save(self):
        with open(self.path, "w") as file:
            file.write("\n".join(self.lines) + "\n")
        print(self.path, len(self.lines), "lines")


def make_torrent(folder):
    data = bytes((i * i + i // 251) % 256 for i in range(LENGTH))
    with open(os.path.join(folder, "capture.bin"), "wb") as file:
        file.write(data)
    storage = lt.file_storage()
    storage.add_file("capture.bin", LENGTH)
    torrent = lt.create_torrent(storage, 16_384, 64)  # version 1 only
    torrent.set_creator("record")
    lt.set_piece_hashes(torrent, folder)
    path = os.path.join(folder, "capture.torrent")
    with open(path, "wb") as file:
        file.write(lt.bencode(torrent.generate()))
    return path


def open_session(port, utp, policy):
    return lt.session({
        "listen_interfaces": f"127.0.0.1:{port}", "outgoing_interfaces": "127.0.0.1",
        "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "enable_incoming_utp": utp, "enable_outgoing_utp": utp, "enable_incoming_tcp": not utp, "enable_outgoing_tcp": not utp,
        "allow_multiple_connections_per_ip": True, "min_reconnect_time": 1, **POLICIES[policy],
    })


def add(session, torrent, folder):
    parameters = lt.add_torrent_params()
    parameters.ti = lt.torrent_info(torrent)
    parameters.save_path = folder
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    parameters.flags |= lt.torrent_flags.disable_pex
    handle = session.add_torrent(parameters)
    until(lambda: handle.status().state in (lt.torrent_status.seeding, lt.torrent_status.downloading), "it has checked its files")
    return handle


def until(condition, what, bound=30):
    end = time.monotonic() + bound
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"not within {bound} s: {what}")
        time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def bound_socket():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    return sock


def record_utp(name, seed_dials):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as empty:
        torrent = make_torrent(folder)
        port = free_port()
        dialled = open_session(port, True, "off")
        dialler = open_session(free_port(), True, "off")
        dialled_torrent = add(dialled, torrent, empty if seed_dials else folder)
        dialler_torrent = add(dialler, torrent, folder if seed_dials else empty)
        leecher = dialled_torrent if seed_dials else dialler_torrent
        near, far = bound_socket(), bound_socket()
        capture = Capture(name, f"libtorrent {lt.__version__}, both sides")
        dialler_torrent.connect_peer(("127.0.0.1", near.getsockname()[1]))
        relay(capture, near, far, ("127.0.0.1", port), lambda: leecher.status().is_seeding)
        capture.save()


def relay(capture, near, far, target, is_done):
    back, held, counts = None, None, {"dialler": 0, "dialled": 0}
    end = time.monotonic() + 30
    left = None
    while left is None or time.monotonic() < left:
        if time.monotonic() > end:
            sys.exit("nothing was transferred")
        if left is None and is_done():
            left = time.monotonic() + 0.5
        for sock in select.select([near, far], [], [], 0.01)[0]:
            data, sender = sock.recvfrom(65_536)
            who = "dialler" if sock is near else "dialled"
            if sock is near:
                back = sender
            forward = (lambda d: far.sendto(d, target)) if sock is near else (lambda d: near.sendto(d, back))
            # Only packets with data count: of each side the 5th is lost, and the 8th comes after the 9th.
            if data[0] >> 4 == 0:
                counts[who] += 1
                if counts[who] == 5:
                    capture.add("lost-" + who, data)
                    continue
                if counts[who] == 8:
                    held = (who, data, forward)
                    continue
            capture.add(who, data)
            forward(data)
            if held is not None and held[0] == who:
                capture.add(who, held[1])
                held[2](held[1])
                held = None


class Rc4:
    def __init__(self, key):
        self.s, self.i, self.j = list(range(256)), 0, 0
        j = 0
        for i in range(256):
            j = (j + self.s[i] + key[i % len(key)]) % 256
            self.s[i], self.s[j] = self.s[j], self.s[i]
        self(bytes(1024))

    def __call__(self, data):
        out, s = bytearray(), self.s
        for byte in data:
            self.i = (self.i + 1) % 256
            self.j = (self.j + s[self.i]) % 256
            s[self.i], s[self.j] = s[self.j], s[self.i]
            out.append(byte ^ s[(s[self.i] + s[self.j]) % 256])
        return bytes(out)


def sha1(*parts):
    return hashlib.sha1(b"".join(parts)).digest()


class Stream:
    """A connection whose bytes are recorded."""

    def __init__(self, sock, capture):
        self.sock, self.capture, self.data = sock, capture, b""
        sock.settimeout(20)

    def send(self, data):
        self.capture.add("ours", data)
        self.sock.sendall(data)

    def more(self):
        data = self.sock.recv(65_536)
        if not data:
            sys.exit("the other side has closed the connection")
        self.capture.add("theirs", data)
        self.data += data

    def take(self, count):
        while len(self.data) < count:
            self.more()
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def find(self, mark):
        while mark not in self.data:
            self.more()
        self.data = self.data[self.data.index(mark) + len(mark):]


class Mse:
    """Both sides of message stream encryption, with fixed secrets."""

    def __init__(self, stream, seed, info_hash, provided):
        chance = random.Random(seed)
        self.stream, self.info_hash, self.provided = stream, info_hash, provided
        self.private = chance.randbytes(20)
        self.pad = chance.randbytes(21)
        self.second_pad = 7
        self.handshake = b"\x13BitTorrent protocol" + bytes(8) + info_hash + b"-XX0001-" + b"a" * 12
        stream.capture.lines += [
            f"# info-hash {info_hash.hex()}", f"# private-key {self.private.hex()}", f"# pad {self.pad.hex()}",
            f"# second-pad {self.second_pad}", f"# provided {provided}", f"# handshake {self.handshake.hex()}"]

    def agree(self, their_key):
        secret = pow(int.from_bytes(their_key, "big"), int.from_bytes(self.private, "big"), PRIME).to_bytes(96, "big")
        self.req1 = sha1(b"req1", secret)
        self.name = bytes(a ^ b for a, b in zip(sha1(b"req2", self.info_hash), sha1(b"req3", secret)))
        self.key_a = Rc4(sha1(b"keyA", secret, self.info_hash))
        self.key_b = Rc4(sha1(b"keyB", secret, self.info_hash))

    def send_key(self):
        self.stream.send(pow(2, int.from_bytes(self.private, "big"), PRIME).to_bytes(96, "big") + self.pad)

    def dial(self):
        self.send_key()
        self.agree(self.stream.take(96))
        head = bytes(8) + self.provided.to_bytes(4, "big") + self.second_pad.to_bytes(2, "big") + bytes(self.second_pad)
        payload = len(self.handshake).to_bytes(2, "big") + self.handshake
        self.stream.send(self.req1 + self.name + self.key_a(head + payload))
        self.stream.find(self.key_b(bytes(8)))
        answer = self.key_b(self.stream.take(6))
        self.key_b(self.stream.take(int.from_bytes(answer[4:], "big")))
        self.check_handshake(answer[3], self.key_b)

    def answer(self, selected):
        self.agree(self.stream.take(96))
        self.send_key()
        self.stream.find(self.req1)
        if self.stream.take(20) != self.name:
            sys.exit("it wants another torrent")
        offer = self.key_a(self.stream.take(14))
        pad = int.from_bytes(offer[12:], "big")
        self.key_a(self.stream.take(pad))
        length = int.from_bytes(self.key_a(self.stream.take(2)), "big")
        self.stream.send(self.key_b(
            bytes(8) + selected.to_bytes(4, "big") + self.second_pad.to_bytes(2, "big") + bytes(self.second_pad)))
        if length > 0:
            payload = self.key_a(self.stream.take(length))
            self.stream.capture.lines.append(f"# initial-payload {payload.hex()}")
            if payload[:20] != b"\x13BitTorrent protocol":
                sys.exit("its payload is no handshake")
        else:
            self.check_handshake(selected, self.key_a)

    def check_handshake(self, selected, cipher):
        theirs = self.stream.take(68)
        theirs = cipher(theirs) if selected == 2 else theirs
        if theirs[:20] != b"\x13BitTorrent protocol" or theirs[28:48] != self.info_hash:
            sys.exit("its handshake is not what it should be")
        self.stream.capture.lines += [f"# selected {selected}", f"# their-handshake {theirs.hex()}"]


def record_mse_dial(name, seed, provided, policy):
    with tempfile.TemporaryDirectory() as folder:
        torrent = make_torrent(folder)
        port = free_port()
        session = open_session(port, False, policy)
        add(session, torrent, folder)
        capture = Capture(name, f"libtorrent {lt.__version__}")
        dial(capture, seed, torrent, port, provided)


def record_mse_transmission(name, seed):
    with tempfile.TemporaryDirectory() as folder:
        torrent = make_torrent(folder)
        port = free_port()
        version = subprocess.run(["transmission-cli", "-V"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout.strip()
        process = subprocess.Popen(
            ["transmission-cli", "-g", folder, "-w", folder, "-p", str(port), "-er", "-M", "-u", "0", torrent],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "transmission-cli listens")
            time.sleep(3)  # it checks its files
            dial(Capture(name, version), seed, torrent, port, 2)
        finally:
            process.kill()
            process.wait()


def dial(capture, seed, torrent, port, provided):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        Mse(Stream(sock, capture), seed, lt.torrent_info(torrent).info_hash().to_bytes(), provided).dial()
    capture.save()


def record_mse_answer(name, seed, selected, policy):
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        torrent = make_torrent(folder)
        session = open_session(free_port(), False, policy)
        handle = add(session, torrent, tempfile.mkdtemp(dir=folder))
        handle.connect_peer(("127.0.0.1", server.getsockname()[1]))
        sock, _ = server.accept()
        capture = Capture(name, f"libtorrent {lt.__version__}")
        with sock:
            Mse(Stream(sock, capture), seed, lt.torrent_info(torrent).info_hash().to_bytes(), 0).answer(selected)
        capture.save()


if __name__ == "__main__":
    record_utp("utp-seed-dials", seed_dials=True)
    record_utp("utp-leecher-dials", seed_dials=False)
    record_mse_dial("mse-dials-libtorrent-rc4", 1, 3, "rc4")
    record_mse_dial("mse-dials-libtorrent-plain", 2, 3, "plain")
    record_mse_answer("mse-dialled-libtorrent-rc4", 3, 2, "rc4")
    record_mse_answer("mse-dialled-libtorrent-plain", 4, 1, "plain")
    record_mse_transmission("mse-dials-transmission-rc4", 5)

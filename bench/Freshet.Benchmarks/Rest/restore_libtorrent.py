"""What a libtorrent session costs on the torrents that the restore benchmark made: restored from its own resume data, at rest, and stopped."""

import glob
import os
import resource
import sys
import time

import libtorrent as lt

folder, rest = sys.argv[1], int(sys.argv[2])
state = os.path.join(folder, "libtorrent")


def prepare():
    """Writes resume data as a session would have left it, in a process of its own, whose memory does not count."""
    os.makedirs(state, exist_ok=True)
    for path in glob.glob(os.path.join(folder, "state", "*.torrent")):
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(path)
        params.save_path = os.path.join(folder, "data")
        params.flags |= lt.torrent_flags.seed_mode
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        with open(os.path.join(state, os.path.basename(path)), "wb") as file:
            file.write(lt.write_resume_data_buf(params))


def status(key):
    with open("/proc/self/status", encoding="ascii") as file:
        return next(line.split()[1] for line in file if line.startswith(key + ":"))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


pid = os.fork()
if pid == 0:
    prepare()
    os._exit(0)
if os.waitpid(pid, 0)[1] != 0:
    sys.exit("libtorrent's resume data could not be made")

began = time.monotonic()
began_cpu = cpu()
session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "active_limit": -1, "active_seeds": -1, "active_downloads": -1,
    "alert_mask": 0,
})
paths = glob.glob(os.path.join(state, "*.torrent"))
for path in paths:
    with open(path, "rb") as file:
        session.async_add_torrent(lt.read_resume_data(file.read()))
while True:
    seeding = sum(1 for torrent in session.get_torrents() if torrent.status(0).state == lt.torrent_status.seeding)
    if seeding == len(paths):
        break
    time.sleep(0.05)
restored = time.monotonic() - began
print(f"libtorrent restored: {restored:.2f} s, {cpu() - began_cpu:.2f} CPU-s", flush=True)

time.sleep(10)
began, began_cpu = time.monotonic(), cpu()
time.sleep(rest)
print(f"libtorrent at rest: {(cpu() - began_cpu) / (time.monotonic() - began) * 100:.2f} % of a core")
print(f"libtorrent memory: {int(status('VmRSS')) >> 10} MiB resident (peak {int(status('VmHWM')) >> 10}); "
      f"{len(os.listdir('/proc/self/fd'))} handles, {status('Threads')} threads", flush=True)

began = time.monotonic()
torrents = session.get_torrents()
session.pause()
dirty = [torrent for torrent in torrents if torrent.need_save_resume_data()]
del torrents
del session
print(f"libtorrent stopped: {time.monotonic() - began:.2f} s, {len(dirty)} torrents wanted to be saved", flush=True)

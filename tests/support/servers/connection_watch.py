"""Who is connected to a server's ports, seen from outside by the kernel's own tables."""

import os
import threading
from pathlib import Path

_PAUSE_S = 0.02


def _sockets(ports):
    """(port, inode) of each connection of this machine that goes to one of the ports."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            port = int(words[2].rsplit(":", 1)[1], 16)
            if port in ports and words[9] != "0":
                yield port, words[9]


def _held_by(folder, inode):
    name = f"socket:[{inode}]"
    try:
        return any(os.readlink(each) == name for each in (folder / "fd").iterdir())
    except OSError:  # it ended, or is another user's
        return False


class ConnectionWatch:
    """A context manager: looks all the time who is connected to what `ports`, a function, returns;
    `strangers` has who is not one of the processes `allowed`, as (name of the process, port)."""

    def __init__(self, ports, *allowed):
        self._ports = ports
        self._allowed = [Path(f"/proc/{pid}") for pid in allowed]
        self._known = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.seen = 0
        self.strangers = set()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _run(self):
        while not self._over.wait(_PAUSE_S):
            for port, inode in _sockets(self._ports()):
                if inode not in self._known:
                    self._known.add(inode)
                    self._look(port, inode)

    def _look(self, port, inode):
        self.seen += 1
        if any(_held_by(each, inode) for each in self._allowed):
            return
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and _held_by(process, inode):
                self.strangers.add(((process / "comm").read_text().strip(), port))

"""TCP ports of 127.0.0.1."""

import pathlib
import random
import socket
import time

LISTEN = "0A"  # the state in /proc/net/tcp


def free_port(first=2000, end=12_000) -> int:
    """A port that nobody uses and that lies below every range of ports for connections."""
    while True:
        port = random.randrange(first, end)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def api_port() -> int:
    """The port of a control API that nobody calls; `free_port` gives it to nobody."""
    return free_port(12_000, 13_000)


def free_ports(count: int) -> list[int]:
    """So many of them, each another."""
    found = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)


def listening(port: int) -> bool:
    """Whether somebody listens on the port. Connects to nobody: that would be forwarded."""
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path("/proc/self/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                return True
    return False


def wait_listening(port: int, alive, seconds=15.0):
    """Returns once somebody listens; fails at the deadline or once `alive` returns False."""
    deadline = time.monotonic() + seconds
    while not listening(port):
        if not alive():
            raise RuntimeError("the proxy ended before it listened")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the proxy does not listen after {seconds} s")
        time.sleep(0.01)

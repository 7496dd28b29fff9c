"""Free TCP ports on 127.0.0.1 that two test runs at once never share."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

# Below the kernel's ephemeral range, so no outgoing connection takes a port handed out here.
_RANGE = range(10_000, 32_000)
_held = []


def _bindable(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _reserve(port):
    """Whether the port is free, and reserved from now on."""
    folder = Path(tempfile.gettempdir()) / f"aconite-test-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    lock = open(folder / str(port), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    if _bindable(port):
        _held.append(lock)
        return True
    lock.close()
    return False


def reserve_port():
    """Returns a free port; it stays reserved against other test runs until this process ends."""
    for port in random.SystemRandom().sample(_RANGE, 500):
        if _reserve(port):
            return port
    raise RuntimeError("no free port among 500 candidates")


def reserve_ports(count):
    """The first of `count` ports in a row that are free and stay reserved as by reserve_port()."""
    for _ in range(100):
        first = reserve_port()
        if all(_reserve(port) for port in range(first + 1, first + count)):
            return first
    raise RuntimeError(f"no {count} free ports in a row")

"""Free TCP ports of this machine that no two test processes ever share."""

import fcntl
import os
import random
import socket
import tempfile
import threading
from pathlib import Path

# Below the kernel's ephemeral range, so no outgoing connection takes a port handed out here.
_RANGE = range(10_000, 32_000)
_taken = set()
_taking = threading.Lock()


def _open_locks():
    """One file for all processes of a user: whoever locks its byte n has port n."""
    path = Path(tempfile.gettempdir()) / f"aconite-test-ports-{os.getuid()}.lock"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


# Closing any descriptor of this file would drop all locks of the process: it is opened once.
_locks = _open_locks()


def _bindable(port):
    with socket.socket() as probe, socket.socket(socket.AF_INET6) as probe6:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe6.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe6.bind(("::", port))
        except OSError:
            return False
    return True


def _reserve(port):
    """Whether the port is free, and reserved from now on."""
    with _taking:
        if port in _taken:
            return False
        try:
            fcntl.lockf(_locks, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except OSError:
            return False  # another process has it
        _taken.add(port)
        return _bindable(port)


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

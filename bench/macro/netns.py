"""A network namespace of the benchmark's own, with the same congestion control for everybody."""

import ctypes
import os
import pathlib
import socket
import subprocess

CLONE_NEWNET = 0x40000000
CONGESTION_CONTROL = "cubic"  # BBR, the default of some machines, paces even the loopback
PORT_RANGE = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")


def enter() -> dict:
    """Moves this process into a new namespace if it may; tells what the measurements run in."""
    if os.geteuid() == 0:
        _unshare()
        for route in ("127.0.0.0/8", "127.0.0.1"):
            subprocess.run(
                f"ip route replace local {route} dev lo table local proto kernel scope host"
                f" src 127.0.0.1 congctl {CONGESTION_CONTROL}".split(),
                check=True,
            )
        PORT_RANGE.write_text("12000 65535")
        namespace = "own"
    else:
        namespace = "the host's (not root: other traffic and settings of the host count in)"
    return {"network_namespace": namespace, "congestion_control": congestion_control()}


def _unshare():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def congestion_control() -> str:
    """What a connection over the loopback really uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as connection:
            name = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
    return name.split(b"\0")[0].decode()

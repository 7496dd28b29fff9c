"""Ports that are free now and that the kernel hands to nobody else by itself."""

import random
import socket


def free_port() -> int:
    """Returns a TCP port that nobody listens on, outside the kernel's ephemeral range."""
    while True:
        port = random.randrange(12000, 32000)
        with socket.socket() as probe, socket.socket(socket.AF_INET6) as probe6:
            try:
                probe.bind(("127.0.0.1", port))
                probe6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe6.bind(("::", port))
            except OSError:
                continue
            return port

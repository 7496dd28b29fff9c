"""What the two ends of a connection see."""

import contextlib
import json
import socket
import tempfile

from compat_kit.peers import (
    Echo,
    Upstream,
    connect,
    ending,
    receive,
    receive_all,
    send_reset,
    silent,
)
from compat_kit.wait import Stopwatch
from servers.ports import reserve_port

from .bed import drain, duration, fill


def bytes_missing_after_a_removal(bed) -> str:
    proxy, client, server = bed.link("latency", latency=1000, receive_buffer=4096)
    sent = fill(server)
    removal = bed.background(proxy.remove, "t", timeout=30)
    with contextlib.suppress(TimeoutError):
        removal.result(7)
    server.close()
    return f"{sent - drain(client):,} of {sent:,}"


def reply_after_a_half_close(bed) -> str:
    _, client, server = bed.link()
    client.sendall(b"question")
    client.shutdown(socket.SHUT_WR)
    receive_all(server)
    server.sendall(bytes(1000))
    server.close()
    return f"{drain(client)} of 1000"


def end_after_a_reset(bed) -> str:
    _, client, server = bed.link()
    server.sendall(b"x")
    receive(client, 1)
    send_reset(server)
    return {"eof": "FIN", "reset": "RST", "open": "nothing in 3 s"}[ending(client, 3)]


def end_of_a_timeout_with_traffic(bed) -> str:
    _, client, server = bed.link("timeout", timeout=500)
    watch = Stopwatch()
    while silent(client, 0.2):
        if watch.seconds > 3:
            return "still open after 3 s"
        server.sendall(b"x")
    return duration(watch.seconds)


def decisions_repeated_by_a_seed(bed) -> str:
    upstream = bed.closing(Upstream())

    def decisions():
        """For each connection what its client gets, which is nothing where the toxic acts."""
        proxy = bed.start("-seed", "42").api.create(upstream.address)
        proxy.add("limit_data", toxicity=0.5, bytes=0)
        for _ in range(40):
            client = bed.connect(proxy)
            upstream.accept().sendall(b"x")
            yield receive(client, 1)

    return f"{sum(one == other for one, other in zip(decisions(), decisions()))} of 40"


def round_trip_with_a_configured_toxic(bed) -> str:
    echo = bed.closing(Echo())
    listen = ("127.0.0.1", reserve_port())
    toxic = {"type": "latency", "attributes": {"latency": 100}}
    entry = {"name": "p", "listen": "%s:%d" % listen, "upstream": echo.address, "toxics": [toxic]}
    with tempfile.NamedTemporaryFile("w") as config:
        json.dump([entry], config)
        config.flush()
        bed.start("-config", config.name)
    client = bed.closing(connect(listen))
    watch = Stopwatch()
    client.sendall(b"x")
    receive(client, 1)
    return duration(watch.seconds)

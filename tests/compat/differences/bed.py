"""What a measurement stands on: servers and peers that are gone when it is over."""

import concurrent.futures
import contextlib
import pathlib
import socket

from compat_kit import peers
from compat_kit.server import Server


class Bed(contextlib.ExitStack):
    """Starts servers of one program, and peers. Leaving it stops all of them, in any case."""

    def __init__(self, program: pathlib.Path):
        super().__init__()
        self._program = program
        # Entered first and so left last: a stopped server ends the calls that wait for it.
        self._pool = self.enter_context(concurrent.futures.ThreadPoolExecutor())

    def closing(self, thing):
        return self.enter_context(contextlib.closing(thing))

    def start(self, *args, **more) -> Server:
        return self.closing(Server(self._program, args, **more)).wait_ready()

    def connect(self, proxy, **more) -> socket.socket:
        return self.closing(peers.connect(proxy.address, **more))

    def link(self, toxic=None, receive_buffer=None, **attributes):
        """Makes one connection through a new proxy with at most one toxic, named "t".

        Returns the proxy, the client's end and the upstream's end; data goes to the client.
        """
        upstream = self.closing(peers.Upstream())
        proxy = self.start().api.create(upstream.address)
        if toxic:
            proxy.add(toxic, name="t", **attributes)
        client = self.connect(proxy, receive_buffer=receive_buffer)
        server = upstream.accept()
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return proxy, client, server

    def background(self, call, *args, **more) -> concurrent.futures.Future:
        """Runs a call beside the measurement."""
        return self._pool.submit(call, *args, **more)


def duration(seconds) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def percentiles(durations) -> str:
    """The median and the 99th percentile of durations in seconds."""
    ranked = sorted(durations)
    p50, p99 = (ranked[(len(ranked) - 1) * percent // 100] for percent in (50, 99))
    return f"{p50 * 1000:.1f} / {p99 * 1000:.1f} ms"


def fill(sender, limit=20_000_000) -> int:
    """Sends until nothing more is taken for half a second, or the limit; returns the bytes sent."""
    block = bytes(65536)
    sender.settimeout(0.5)
    sent = 0
    with contextlib.suppress(TimeoutError):
        while sent < limit:
            sent += sender.send(block)
    sender.settimeout(10)
    return sent


def drain(connection) -> int:
    """Reads until the stream ends, in a close or a reset; returns the bytes read."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 20):
            count += len(piece)
    return count

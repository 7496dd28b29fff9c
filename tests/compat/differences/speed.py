"""How exact a latency is, and what it costs."""

import select
import struct
import time

from compat_kit.peers import Echo, receive
from compat_kit.wait import Stopwatch

from .bed import drain, percentiles


def error_of_the_round_trip(bed) -> str:
    proxy = bed.start().api.create(bed.closing(Echo()).address)
    proxy.add("latency", latency=50)
    client = bed.connect(proxy)
    errors = []
    for _ in range(100):
        watch = Stopwatch()
        client.sendall(bytes(64))
        receive(client, 64)
        errors.append(watch.seconds - 0.05)
    return percentiles(errors)


def delay_of_dense_messages(bed) -> str:
    rate, count = 4000, 12_000
    _, client, server = bed.link("latency", latency=1000)
    watch, sent, data, delays = Stopwatch(), 0, bytearray(), []
    while len(delays) < count:
        if sent < count and watch.seconds >= sent / rate:
            server.sendall(struct.pack("d", time.monotonic()))
            sent += 1
        pause = max(0, sent / rate - watch.seconds) if sent < count else 10
        if select.select([client], [], [], pause)[0]:
            data += client.recv(65536)
            now, whole = time.monotonic(), len(data) // 8 * 8
            delays += [now - stamp for (stamp,) in struct.iter_unpack("d", data[:whole])]
            del data[:whole]
    return percentiles(delays)


def bulk_rates(bed) -> str:
    def rate(latency):
        _, client, server = bed.link("latency", latency=latency)

        def send():
            block, watch = bytes(1 << 20), Stopwatch()
            while watch.seconds < 2:
                server.sendall(block)
            server.close()

        bed.background(send)
        client.recv(1)
        watch = Stopwatch()
        return drain(client) / watch.seconds / 1e6

    return f"{rate(100):,.0f} / {rate(500):,.0f} MB/s"

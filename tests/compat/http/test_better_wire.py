"""Where the reference treats connections wrongly: against aconite alone by default.

Each of these fails on the reference: run with --against reference to see it.
"""

import random
import socket
import struct
import threading
import time

import pytest

from compat_kit.peers import ending, receive, receive_all, send_reset, silent
from compat_kit.wait import Stopwatch, wait_until


@pytest.mark.parametrize("toxic", [None, ("latency", {"latency": 50}), ("noop", {})])
def test_a_half_close_leaves_the_other_direction_open(proxy, link, toxic):
    if toxic:
        proxy.add(toxic[0], "upstream", **toxic[1])
        proxy.add(toxic[0], "downstream", **toxic[1])
    client, server = link()
    client.sendall(b"question")
    client.shutdown(socket.SHUT_WR)
    assert receive_all(server) == b"question"
    server.sendall(b"answer")
    server.close()
    assert receive_all(client) == b"answer"


def test_a_reset_is_passed_on_as_a_reset(link):
    client, server = link()
    server.sendall(b"x")
    assert client.recv(1) == b"x"
    send_reset(server)
    assert ending(client) == "reset"
    client, server = link()
    client.sendall(b"x")
    assert server.recv(1) == b"x"
    send_reset(client)
    assert ending(server) == "reset"


def affected(pairs) -> list:
    """For each connection, whether a timeout toxic of its downstream swallows the data."""
    for _, server in pairs:
        server.sendall(b"x")
    hit = []
    for client, _ in pairs:
        hit.append(silent(client, 0.3 if not any(hit) else 0.05))
    return hit


def test_editing_another_toxic_does_not_draw_again(proxy, link):
    proxy.add("timeout", name="t", toxicity=0.5, timeout=0)
    pairs = [link() for _ in range(24)]
    before = affected(pairs)
    proxy.add("noop", name="behind")
    proxy.edit("behind", toxicity=0.5)
    assert affected(pairs) == before
    proxy.remove("behind")
    assert affected(pairs) == before


def test_reset_peer_leaves_connections_alone_that_it_spared(proxy, link):
    proxy.add("reset_peer", toxicity=0)
    client, server = link()
    server.sendall(b"x")
    assert client.recv(1) == b"x"
    server.close()
    assert ending(client) == "eof"


def test_reset_peer_that_was_removed_leaves_no_trace(proxy, link):
    name = proxy.add("reset_peer", timeout=1000)
    client, server = link()
    proxy.remove(name)
    server.sendall(b"x")
    assert client.recv(1) == b"x"
    server.close()
    assert ending(client) == "eof"


def test_reset_peer_resets_a_connection_that_was_there_before(proxy, link):
    client, server = link()
    client.sendall(b"x")
    assert server.recv(1) == b"x"
    proxy.add("reset_peer")
    server.sendall(b"lost")
    assert ending(client) == "reset"
    assert ending(server) == "reset"


def test_timeout_does_not_start_again_at_each_chunk(proxy, link):
    proxy.add("timeout", timeout=600)
    watch = Stopwatch()
    client, server = link()
    while silent(client, 0.1) and watch.seconds < 4:
        server.sendall(b"x")
    assert 0.59 <= watch.seconds < 2


def test_removing_timeout_leaves_connections_alone_that_it_spared(proxy, link):
    name = proxy.add("timeout", toxicity=0, timeout=0)
    client, server = link()
    proxy.remove(name)
    server.sendall(b"still here")
    assert receive(client, 10) == b"still here"


def test_the_same_seed_hits_the_same_connections(start, upstream, connect):
    def hits(seed):
        api = start("-seed", str(seed)).api
        proxy = api.create(upstream.address, name="db")
        proxy.add("timeout", name="t", toxicity=0.5, timeout=0)
        pairs = []
        for _ in range(40):
            client = connect(proxy.address)
            pairs.append((client, upstream.accept()))
        return affected(pairs)

    first = hits(42)
    assert hits(42) == first
    assert hits(43) != first
    assert {True, False} == set(first)


def test_dense_small_messages_are_delayed_by_the_latency_alone(proxy, link):
    proxy.add("latency", latency=1000)
    client, server = link()
    count = 4000

    def write():
        for _ in range(count):
            server.sendall(struct.pack("d", time.monotonic()))
            time.sleep(0.0002)  # the pace of the traffic

    writer = threading.Thread(target=write)
    writer.start()
    delays = []
    for _ in range(count):
        (sent,) = struct.unpack("d", receive(client, 8))
        delays.append(time.monotonic() - sent)
    writer.join()
    assert min(delays) >= 0.995
    assert max(delays) < 1.5


def test_latency_does_not_throttle_a_bulk_stream(proxy, link):
    proxy.add("latency", latency=1500)
    client, server = link()
    block = random.Random(4).randbytes(1_000_000)

    def write():
        for _ in range(150):
            server.sendall(block)

    writer = threading.Thread(target=write)
    watch = Stopwatch()
    writer.start()
    received = 0
    while received < 150_000_000:
        client.settimeout(20)
        received += len(client.recv(1 << 20))
    writer.join()
    # The delay, and a second for 150 MB; the reference holds 32 MB at a time and needs 6 s.
    assert 1.495 <= watch.seconds < 4


def test_byte_metrics_are_there_while_the_connection_lives(start, upstream, connect):
    api = start("-proxy-metrics").api
    proxy = api.create(upstream.address)
    client = connect(proxy.address)
    server = upstream.accept()
    client.sendall(b"x" * 11)
    assert receive(server, 11) == b"x" * 11

    def counted():
        series = [
            line
            for line in api.get("/metrics").text.split("\n")
            if 'direction="upstream"' in line and line.endswith(" 11")
        ]
        return len(series) == 2

    wait_until(counted, 5, "both counters at 11")


def test_slicer_with_average_size_zero_passes_data(server, upstream, connect):
    proxy = server.api.create(upstream.address)
    proxy.add("slicer", "upstream")
    client = connect(proxy.address)
    there = upstream.accept()
    client.sendall(b"x" * 100)
    assert receive(there, 100) == b"x" * 100
    assert server.alive()

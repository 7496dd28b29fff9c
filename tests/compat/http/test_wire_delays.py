"""What latency, bandwidth, slicer and slow_close do to the bytes."""

import threading

import pytest

from compat_kit.peers import ending, receive, receive_all, silent
from compat_kit.wait import Stopwatch

STREAMS = ["upstream", "downstream"]


def ends(pair, stream):
    """The sending and the receiving end for a stream."""
    client, server = pair
    return (client, server) if stream == "upstream" else (server, client)


def seconds_for(sender, receiver, data, timeout=20.0) -> float:
    """Sends `data` and returns how long it took until the last byte was there."""
    watch = Stopwatch()
    thread = threading.Thread(target=sender.sendall, args=(data,))
    thread.start()
    assert receive(receiver, len(data), timeout) == data
    thread.join()
    return watch.seconds


@pytest.mark.parametrize("stream", STREAMS)
def test_latency_delays_its_stream_only(proxy, link, stream):
    proxy.add("latency", stream, latency=200)
    sender, receiver = ends(link(), stream)
    assert 0.195 <= seconds_for(sender, receiver, b"x") < 1.0
    assert seconds_for(receiver, sender, b"x") < 0.15


def test_latency_acts_on_a_live_connection(proxy, link):
    client, server = link()
    assert seconds_for(client, server, b"x") < 0.15
    name = proxy.add("latency", "upstream", latency=200)
    assert 0.195 <= seconds_for(client, server, b"x") < 1.0
    proxy.edit(name, latency=400)
    assert 0.395 <= seconds_for(client, server, b"x") < 1.2
    proxy.remove(name)
    assert seconds_for(client, server, b"x") < 0.15


def test_latency_does_not_delay_connecting(proxy, link):
    proxy.add("latency", latency=2000)
    watch = Stopwatch()
    link()
    assert watch.seconds < 1


def test_latencies_add_up(proxy, link):
    proxy.add("latency", name="a", latency=150)
    proxy.add("latency", name="b", latency=100)
    client, server = link()
    assert 0.245 <= seconds_for(server, client, b"x") < 1.0


def test_delays_run_in_parallel(proxy, link):
    proxy.add("latency", latency=200)
    client, server = link()
    watch = Stopwatch()
    for _ in range(20):
        server.sendall(b"x" * 10)
    assert receive(client, 200) == b"x" * 200
    assert 0.195 <= watch.seconds < 1.0


def test_jitter_spreads_the_delay_and_keeps_order(proxy, link):
    proxy.add("latency", latency=50, jitter=50)
    client, server = link()
    times = []
    for turn in range(24):
        watch = Stopwatch()
        server.sendall(b"%02d" % turn)
        assert receive(client, 2) == b"%02d" % turn
        times.append(watch.seconds)
    assert max(times) < 0.6
    assert max(times) - min(times) > 0.02
    server.sendall(bytes(range(256)))
    assert receive(client, 256) == bytes(range(256))


def test_latency_delays_the_end_by_the_data_before_it(proxy, link):
    proxy.add("latency", latency=200)
    client, server = link()
    watch = Stopwatch()
    server.sendall(b"bye")
    server.close()
    assert receive_all(client) == b"bye"
    assert 0.195 <= watch.seconds < 1.0


def test_removing_latency_lets_held_data_go_at_once(proxy, link):
    name = proxy.add("latency", latency=5000)
    client, server = link()
    server.sendall(b"held")
    assert silent(client, 0.2)
    watch = Stopwatch()
    proxy.remove(name)
    assert receive(client, 4) == b"held"
    assert watch.seconds < 1.5


def test_updating_latency_lets_held_data_go_at_once(proxy, link):
    name = proxy.add("latency", latency=5000)
    client, server = link()
    server.sendall(b"held")
    assert silent(client, 0.2)
    watch = Stopwatch()
    proxy.edit(name, latency=4000)
    assert receive(client, 4) == b"held"
    assert watch.seconds < 1.5


@pytest.mark.parametrize("stream", STREAMS)
def test_bandwidth_counts_1000_bytes_to_a_kilobyte(proxy, link, stream):
    proxy.add("bandwidth", stream, rate=200)
    sender, receiver = ends(link(), stream)
    seconds = seconds_for(sender, receiver, b"x" * 100_000)
    assert 0.45 <= seconds < 1.2


def test_bandwidth_has_no_burst(proxy, link):
    proxy.add("bandwidth", rate=10)
    client, server = link()
    assert 0.27 <= seconds_for(server, client, b"x" * 3000) < 1.0


def test_bandwidth_is_per_connection(proxy, link):
    proxy.add("bandwidth", rate=100)
    pairs = [link() for _ in range(4)]
    watch = Stopwatch()
    for _, server in pairs:
        server.sendall(b"x" * 40_000)
    for client, _ in pairs:
        assert len(receive(client, 40_000)) == 40_000
    assert 0.35 <= watch.seconds < 1.2


@pytest.mark.parametrize("stream", STREAMS)
def test_rate_zero_passes_nothing_and_closes_nothing(proxy, link, stream):
    name = proxy.add("bandwidth", stream, rate=0)
    sender, receiver = ends(link(), stream)
    sender.sendall(b"held")
    assert silent(receiver, 0.4)
    receiver.sendall(b"other way")
    assert receive(sender, 9) == b"other way"
    proxy.remove(name)
    assert receive(receiver, 4) == b"held"


def test_cutting_and_healing_a_connection_as_testcontainers_does(proxy, link):
    client, server = link()
    for stream in STREAMS:
        proxy.add("bandwidth", stream, f"CUT_CONNECTION_{stream.upper()}", rate=0)
    client.sendall(b"up")
    server.sendall(b"down")
    assert silent(server, 0.2) and silent(client, 0.2)
    for stream in STREAMS:
        proxy.remove(f"CUT_CONNECTION_{stream.upper()}")
    assert receive(server, 2) == b"up"
    assert receive(client, 4) == b"down"


def test_slicer_delays_after_each_piece(proxy, link):
    proxy.add("slicer", average_size=100, size_variation=0, delay=20_000)
    client, server = link()
    watch = Stopwatch()
    server.sendall(b"x" * 1600)
    pieces = []
    while sum(pieces) < 1600:
        pieces.append(len(client.recv(65536)))
    assert 0.28 <= watch.seconds < 2.0
    assert len(pieces) >= 8


def test_slicer_cuts_pieces_within_the_variation(proxy, link):
    proxy.add("slicer", average_size=100, size_variation=20, delay=10_000)
    client, server = link()
    data = bytes(range(250)) * 4
    server.sendall(data)
    pieces = [client.recv(65536)]
    while sum(map(len, pieces)) < len(data):
        pieces.append(client.recv(65536))
    assert b"".join(pieces) == data
    assert sorted(map(len, pieces))[len(pieces) // 2] <= 120


def test_slow_close_delays_the_end_not_the_data(proxy, link):
    proxy.add("slow_close", delay=400)
    client, server = link()
    watch = Stopwatch()
    server.sendall(b"data")
    server.close()
    assert receive(client, 4) == b"data"
    assert watch.seconds < 0.3
    assert ending(client) == "eof"
    assert 0.395 <= watch.seconds < 1.5


def test_slow_close_is_for_its_stream_only(proxy, link):
    proxy.add("slow_close", "upstream", delay=3000)
    client, server = link()
    watch = Stopwatch()
    server.close()
    assert ending(client) == "eof"
    assert watch.seconds < 1.5


def test_removing_slow_close_closes_at_once(proxy, link):
    name = proxy.add("slow_close", delay=8000)
    client, server = link()
    server.close()
    assert silent(client, 0.2)
    watch = Stopwatch()
    proxy.remove(name)
    assert ending(client) == "eof"
    assert watch.seconds < 1.5


def test_noop_changes_nothing(proxy, link):
    proxy.add("noop")
    proxy.add("noop", "upstream")
    client, server = link()
    assert seconds_for(server, client, b"x" * 1000) < 0.3
    assert seconds_for(client, server, b"x" * 1000) < 0.3


def test_toxicity_zero_never_and_one_always_applies(proxy, link):
    name = proxy.add("latency", toxicity=0, latency=3000)
    for _ in range(5):
        client, server = link()
        assert seconds_for(server, client, b"x") < 1
    proxy.edit(name, toxicity=1, latency=150)
    for _ in range(3):
        client, server = link()
        assert seconds_for(server, client, b"x") >= 0.145


def test_toxicity_one_half_applies_to_some_connections(proxy, link):
    proxy.add("timeout", toxicity=0.5, timeout=0)
    pairs = [link() for _ in range(60)]
    for _, server in pairs:
        server.sendall(b"x")
    spared = 0
    for client, _ in pairs:
        client.settimeout(0.05)
        try:
            spared += client.recv(1) == b"x"
        except TimeoutError:
            pass
    # Outside this range once in 100,000,000 runs.
    assert 8 <= spared <= 52

"""Forwarding: bytes, ends of streams, failing upstreams, and toxics that come and go."""

import hashlib
import random
import socket
import threading

import pytest

from compat_kit.peers import ending, receive, receive_all
from servers.ports import reserve_port


def test_bytes_pass_both_ways(link):
    client, server = link()
    client.sendall(b"request")
    assert server.recv(100) == b"request"
    server.sendall(b"answer")
    assert client.recv(100) == b"answer"


def test_the_server_may_speak_first(link):
    client, server = link()
    server.sendall(b"hello")
    assert client.recv(100) == b"hello"


def test_connections_are_kept_apart(link):
    pairs = [link() for _ in range(20)]
    for number, (client, _) in enumerate(pairs):
        client.sendall(b"%d" % number)
    for number, (_, server) in enumerate(pairs):
        assert server.recv(10) == b"%d" % number


def push(sender, data):
    sender.sendall(data)
    sender.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
@pytest.mark.parametrize(
    "toxic",
    [
        None,
        ("latency", {"latency": 30}),
        ("slicer", {"average_size": 20000, "size_variation": 5000}),
    ],
)
def test_a_bulk_stream_arrives_whole_before_its_end(proxy, link, direction, toxic):
    if toxic:
        proxy.add(toxic[0], direction, **toxic[1])
    client, server = link()
    sender, receiver = (client, server) if direction == "upstream" else (server, client)
    data = random.Random(1).randbytes(8_000_000)
    thread = threading.Thread(target=push, args=(sender, data))
    thread.start()
    got = receive_all(receiver, 30)
    thread.join()
    assert len(got) == len(data)
    assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest()


def test_a_client_that_leaves_ends_the_server_side(link):
    client, server = link()
    client.sendall(b"last words")
    client.close()
    assert receive_all(server) == b"last words"


def test_a_server_that_leaves_ends_the_client_side(link):
    client, server = link()
    server.sendall(b"last words")
    server.close()
    assert receive_all(client) == b"last words"


def test_a_refused_upstream_closes_the_client_and_the_proxy_goes_on(api, connect, echo):
    proxy = api.create(f"127.0.0.1:{reserve_port()}")
    for _ in range(3):
        assert ending(connect(proxy.address)) in ("eof", "reset")
    proxy.update(upstream=echo.address)
    client = connect(proxy.address)
    client.sendall(b"ping")
    assert receive(client, 4) == b"ping"


@pytest.mark.parametrize("upstream", ["nope", "127.0.0.1:99999", "no.such.host.invalid:1"])
def test_an_impossible_upstream_closes_the_client(api, connect, upstream):
    proxy = api.create(upstream)
    assert ending(connect(proxy.address)) in ("eof", "reset")
    assert proxy.fields()["enabled"] is True


def test_an_upstream_by_name_is_resolved(api, upstream, connect):
    proxy = api.create(f"localhost:{upstream.port}")
    client = connect(proxy.address)
    client.sendall(b"x")
    assert upstream.accept().recv(1) == b"x"


def test_small_messages_are_not_held_back(link):
    client, server = link()
    for turn in range(200):
        client.sendall(b"q%d" % turn)
        assert server.recv(100) == b"q%d" % turn
        server.sendall(b"a%d" % turn)
        assert client.recv(100) == b"a%d" % turn


def test_toxics_act_on_live_connections_and_lose_nothing(proxy, link):
    client, server = link()
    block = random.Random(2).randbytes(1_000_003)
    enough = threading.Event()
    sent, got = hashlib.sha256(), hashlib.sha256()

    def write():
        while not enough.is_set():
            server.sendall(block)
            sent.update(block)
        server.shutdown(socket.SHUT_WR)

    def read():
        while data := client.recv(65536):
            got.update(data)

    threads = [threading.Thread(target=write), threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        proxy.add("latency", name="slow", latency=3)
        proxy.add("slicer", name="cut", average_size=9000, size_variation=100)
        proxy.edit("slow", latency=5)
        proxy.remove("slow")
        proxy.remove("cut")
    enough.set()
    for thread in threads:
        thread.join(30)
    assert got.hexdigest() == sent.hexdigest()


def test_pausing_with_rate_zero_loses_nothing(proxy, link):
    client, server = link()
    proxy.add("bandwidth", name="cut", rate=0)
    server.sendall(b"before")
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(1)
    proxy.remove("cut")
    assert receive(client, 6) == b"before"


def test_the_last_bytes_pass_every_toxic_before_the_end(proxy, link):
    proxy.add("latency", name="a", latency=100)
    proxy.add("bandwidth", name="b", rate=1000)
    proxy.add("slicer", name="c", average_size=10, size_variation=2)
    proxy.add("slow_close", name="d", delay=50)
    client, server = link()
    server.sendall(b"x" * 1000)
    server.close()
    assert receive_all(client) == b"x" * 1000

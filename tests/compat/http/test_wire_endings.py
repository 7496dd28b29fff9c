"""What timeout, reset_peer and limit_data do to connections."""

import pytest

from compat_kit.peers import ending, receive, receive_all, silent
from compat_kit.wait import Stopwatch, wait_until

STREAMS = ["upstream", "downstream"]


def ends(pair, stream):
    client, server = pair
    return (client, server) if stream == "upstream" else (server, client)


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_discards_and_closes_both_sides(proxy, link, stream):
    proxy.add("timeout", stream, timeout=300)
    watch = Stopwatch()
    sender, receiver = ends(link(), stream)
    sender.sendall(b"lost")
    assert receive_all(receiver) == b""
    assert 0.29 <= watch.seconds < 1.5
    assert ending(sender, 2) != "open"


def test_timeout_closes_an_idle_connection(proxy, link):
    proxy.add("timeout", timeout=300)
    watch = Stopwatch()
    client, server = link()
    assert ending(client) == "eof"
    assert 0.29 <= watch.seconds < 1.5
    assert ending(server, 2) != "open"


def test_timeout_starts_when_it_is_added_to_a_live_connection(proxy, link):
    client, server = link()
    assert silent(client, 0.3)
    watch = Stopwatch()
    proxy.add("timeout", timeout=300)
    assert ending(client) == "eof"
    assert 0.29 <= watch.seconds < 1.5


def test_timeout_leaves_the_other_direction_alone(proxy, link):
    proxy.add("timeout", "upstream", timeout=0)
    client, server = link()
    client.sendall(b"lost")
    server.sendall(b"heard")
    assert receive(client, 5) == b"heard"
    assert silent(server, 0.2)


@pytest.mark.parametrize("how", ["remove", "reset"])
def test_timeout_zero_holds_until_it_is_taken_away(api, proxy, link, how):
    name = proxy.add("timeout", timeout=0)
    client, server = link()
    server.sendall(b"lost")
    assert silent(client, 0.4)
    if how == "remove":
        proxy.remove(name)
    else:
        assert api.post("/reset").status == 204
    assert receive_all(client) == b""
    assert ending(server, 2) != "open"


def test_after_a_timeout_toxic_new_connections_work(proxy, link):
    name = proxy.add("timeout", timeout=0)
    link()
    proxy.remove(name)
    client, server = link()
    server.sendall(b"fine")
    assert receive(client, 4) == b"fine"


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_both_sides_at_the_first_data(proxy, link, stream):
    proxy.add("reset_peer", stream)
    sender, receiver = ends(link(), stream)
    sender.sendall(b"lost")
    assert ending(receiver) == "reset"
    assert ending(sender) == "reset"


def test_reset_peer_waits_its_timeout(proxy, link):
    proxy.add("reset_peer", "upstream", timeout=300)
    client, server = link()
    watch = Stopwatch()
    client.sendall(b"lost")
    assert ending(client) == "reset"
    assert 0.29 <= watch.seconds < 1.5
    assert ending(server) == "reset"


def test_reset_peer_lets_the_other_direction_pass_before(proxy, link):
    proxy.add("reset_peer", "upstream", timeout=300)
    client, server = link()
    server.sendall(b"heard")
    assert receive(client, 5) == b"heard"
    client.sendall(b"lost")
    assert ending(client) == "reset"


@pytest.mark.parametrize("stream", STREAMS)
def test_limit_data_passes_exactly_its_bytes_and_closes(proxy, link, stream):
    proxy.add("limit_data", stream, bytes=100)
    sender, receiver = ends(link(), stream)
    sender.sendall(b"x" * 250)
    assert receive_all(receiver) == b"x" * 100
    assert ending(sender, 2) != "open"


def test_limit_data_closes_when_the_limit_is_reached(proxy, link):
    proxy.add("limit_data", bytes=10)
    client, server = link()
    server.sendall(b"x" * 4)
    assert receive(client, 4) == b"x" * 4
    assert silent(client, 0.2)
    server.sendall(b"x" * 6)
    assert receive_all(client) == b"x" * 6


def test_limit_data_zero_closes_at_the_first_byte(proxy, link):
    proxy.add("limit_data", bytes=0)
    client, server = link()
    assert silent(client, 0.2)
    server.sendall(b"x")
    assert receive_all(client) == b""


def test_limit_data_counts_each_connection_for_itself(proxy, link):
    proxy.add("limit_data", bytes=10)
    for _ in range(3):
        client, server = link()
        server.sendall(b"x" * 20)
        assert receive_all(client) == b"x" * 10


def test_the_count_of_limit_data_survives_an_update(proxy, link):
    name = proxy.add("limit_data", bytes=100)
    client, server = link()
    server.sendall(b"x" * 60)
    assert receive(client, 60) == b"x" * 60
    proxy.edit(name, bytes=80)
    server.sendall(b"x" * 60)
    assert receive_all(client) == b"x" * 20


def test_the_count_of_limit_data_starts_anew_when_added_again(proxy, link):
    name = proxy.add("limit_data", bytes=100)
    client, server = link()
    server.sendall(b"x" * 60)
    assert receive(client, 60) == b"x" * 60
    proxy.remove(name)
    proxy.add("limit_data", bytes=100)
    server.sendall(b"x" * 150)
    assert receive_all(client) == b"x" * 100


def test_limit_data_after_latency_still_delivers_everything(proxy, link):
    proxy.add("latency", latency=100)
    proxy.add("limit_data", bytes=50)
    client, server = link()
    server.sendall(b"x" * 80)
    assert receive_all(client) == b"x" * 50


def test_limit_data_before_latency_still_delivers_everything(proxy, link):
    proxy.add("limit_data", bytes=50)
    proxy.add("latency", latency=100)
    client, server = link()
    server.sendall(b"x" * 80)
    assert receive_all(client) == b"x" * 50


def test_toxics_apply_in_order_of_creation(proxy, link):
    # Discarded before it is counted: limit_data never closes the connection.
    proxy.add("timeout", name="first", timeout=0)
    proxy.add("limit_data", name="second", bytes=1)
    client, server = link()
    server.sendall(b"xx")
    assert silent(client, 0.3)


def test_a_connection_that_a_toxic_closed_leaves_the_proxy_working(proxy, link):
    name = proxy.add("limit_data", bytes=1)
    for _ in range(10):
        client, server = link()
        server.sendall(b"xx")
        assert receive_all(client) == b"x"
    proxy.remove(name)
    client, server = link()
    server.sendall(b"works")
    assert receive(client, 5) == b"works"
    wait_until(lambda: proxy.fields()["toxics"] == [], 2)

"""Where and when a toxic acts, on real connections. What the API takes: test_better_aim.py."""

import pytest

from compat_kit.peers import ending, receive, receive_all, silent
from compat_kit.wait import Stopwatch, wait_until

# Longer than anything takes that is not held up.
PROMPT = 5.0


def add(proxy, kind, stream="downstream", attributes=None, **aim) -> str:
    """Adds a toxic and returns its path."""
    body = {"type": kind, "stream": stream, "attributes": attributes or {}, **aim}
    answer = proxy.api.post(proxy.path + "/toxics", body)
    assert answer.status == 200, answer
    return f"{proxy.path}/toxics/{answer.json()['name']}"


def patch(proxy, path, **changes):
    answer = proxy.api.patch(path, changes)
    assert answer.status == 200, answer


def toxics(proxy) -> list:
    return proxy.api.get(proxy.path + "/toxics").json()


@pytest.fixture
def cut(upstream, connect):
    """Opens a connection and tells whether limit_data cut its answer: cut(proxy)."""

    def try_one(proxy):
        client = connect(proxy.address)
        upstream.accept().sendall(b"123456")
        got = receive(client, 6)
        assert got in (b"123", b"123456")
        return got == b"123"

    return try_one


@pytest.fixture
def cutting(proxy):
    """Adds limit_data of 3 bytes, aimed: cutting(match={...})."""
    return lambda **aim: add(proxy, "limit_data", attributes={"bytes": 3}, **aim)


@pytest.mark.parametrize(
    "match, expected",
    [
        ({"ordinal": 0}, [0]),
        ({"ordinal": 2}, [2]),
        ({"ordinals": "0,2-3, 5"}, [0, 2, 3, 5]),
        ({"ordinals": "4-1000", "every": 2}, [5]),
        ({"every": 2}, [1, 3, 5]),
        ({"every": 3}, [2, 5]),
        ({"every": 3, "ordinal": 5}, [5]),
        ({"every": 3, "ordinal": 4}, []),
        ({"client": "127.0.0.1"}, [0, 1, 2, 3, 4, 5]),
        ({"client": "127.9.9.9/8", "every": 4}, [3]),
        ({"client": "10.0.0.0/8"}, []),
        ({"client": "10.0.0.0/8, 127.0.0.0/8", "every": 4}, [3]),
        ({"client": "::1", "every": 2}, []),
        ({"client": "::/0", "every": 4}, [3]),
        ({"label": "nobody"}, []),
    ],
)
def test_only_connections_that_match_are_met(proxy, cutting, cut, match, expected):
    cutting(match=match)
    met = [cut(proxy) for _ in range(6)]
    assert [ordinal for ordinal in range(6) if met[ordinal]] == expected


def test_a_label_is_that_of_the_proxy_when_the_connection_was_accepted(
    api, upstream, connect, cut
):
    proxy = api.create(upstream.address, label="a")
    early, server = connect(proxy.address), upstream.accept()
    server.sendall(b"x")
    assert receive(early, 1) == b"x"
    add(proxy, "limit_data", attributes={"bytes": 3}, match={"label": "a"})
    assert cut(proxy)
    assert proxy.update(label="b")["label"] == "b"
    assert not cut(proxy)
    server.sendall(b"123456")
    assert receive_all(early) == b"123"
    proxy.update(label="a")
    assert cut(proxy)


def test_an_updated_match_holds_at_once(proxy, cutting, cut):
    path = cutting(match={"client": "10.0.0.0/8"})
    assert not cut(proxy)
    patch(proxy, path, match={"client": "127.0.0.0/8"})
    assert cut(proxy)


def outcome(client) -> str:
    """What an echo server's client meets: "echo", "eof" or "reset"."""
    try:
        client.sendall(b"ping")
        return "echo" if receive(client, 4) == b"ping" else "eof"
    except ConnectionError:
        return "reset"


@pytest.mark.parametrize(
    "trigger, expected",
    [
        ({"times": 1}, [0]),
        ({"after_hits": 1, "times": 1}, [1]),
        ({"every": 3}, [2, 5]),
        ({"after_hits": 1, "every": 2, "times": 2}, [2, 4]),
        ({"after_hits": 6}, []),
    ],
)
def test_connections_are_counted_as_hits(api, echo, connect, trigger, expected):
    proxy = api.create(echo.address)
    add(proxy, "reset_peer", trigger=trigger)
    seen = [outcome(connect(proxy.address)) for _ in range(6)]
    assert seen == ["reset" if each in expected else "echo" for each in range(6)]


def test_one_of_three_live_connections_is_reset(api, echo, connect):
    proxy = api.create(echo.address)
    clients = [connect(proxy.address) for _ in range(3)]
    assert [outcome(each) for each in clients] == ["echo"] * 3
    add(proxy, "reset_peer", trigger={"times": 1})
    assert sorted(outcome(each) for each in clients) == ["echo", "echo", "reset"]


@pytest.mark.parametrize("scope, second", [("toxic", []), ("connection", [11, 13, 15])])
def test_what_happens_to_data_is_counted_exactly(proxy, link, scope, second):
    add(
        proxy,
        "corrupt",
        attributes={"rate": 1},
        trigger={"after_hits": 10, "every": 2, "times": 3, "scope": scope},
    )
    for expected in ([11, 13, 15], second):
        client, server = link()
        server.sendall(bytes(100))
        got = receive(client, 100)
        assert [at for at in range(100) if got[at] != 0] == expected


@pytest.mark.parametrize("bytes_before", [1, 1000, 100_000])
def test_it_starts_behind_exactly_so_many_bytes(proxy, link, bytes_before):
    path = add(proxy, "stall", trigger={"after_bytes": bytes_before})
    client, server = link()
    data = bytes(each % 251 for each in range(bytes_before + 5000))
    server.sendall(data)
    assert receive(client, bytes_before) == data[:bytes_before]
    assert silent(client, 0.2)
    assert proxy.api.delete(path).status == 204
    assert receive(client, 5000) == data[bytes_before:]


def test_it_starts_so_long_after_it_took_effect(api, echo, connect):
    proxy = api.create(echo.address)
    client = connect(proxy.address)
    watch = Stopwatch()
    add(proxy, "limit_data", attributes={"bytes": 0}, trigger={"after_ms": 400})
    alive = 0

    def cut_off():
        nonlocal alive
        sent = watch.seconds
        client.sendall(b"x")
        if receive(client, 1) == b"":
            return True
        alive = sent
        return False

    wait_until(cut_off, PROMPT, "the effect")
    assert watch.seconds >= 0.4
    assert alive > 0


def test_a_ttl_removes_it_and_what_it_held_arrives(proxy, link):
    client, server = link()
    watch = Stopwatch()
    add(proxy, "stall", ttl=400)
    server.sendall(b"ping")
    assert receive(client, 4) == b"ping"
    assert watch.seconds >= 0.4
    wait_until(lambda: toxics(proxy) == [], PROMPT, "the removal")


def test_an_updated_ttl_begins_anew_and_0_ends_it(proxy):
    late = add(proxy, "noop", name="late", ttl=600_000)
    add(proxy, "noop", name="stays", ttl=500)
    patch(proxy, f"{proxy.path}/toxics/stays", ttl=0)
    watch = Stopwatch()
    patch(proxy, late, ttl=700)
    wait_until(lambda: len(toxics(proxy)) == 1, PROMPT, "the removal")
    assert watch.seconds >= 0.7
    assert [each["name"] for each in toxics(proxy)] == ["stays"]


def test_a_schedule_adds_updates_and_removes_it(api, echo, connect):
    proxy = api.create(echo.address)
    client = connect(proxy.address)

    def round_trip():
        watch = Stopwatch()
        client.sendall(b"ping")
        assert receive(client, 4) == b"ping"
        return watch.seconds

    began = Stopwatch()
    path = add(
        proxy,
        "latency",
        attributes={"latency": 200},
        schedule=[
            {"at": 700, "add": True},
            {"at": 1800, "update": {"toxicity": 1, "attributes": {"latency": 400}}},
            {"at": 3200, "remove": True},
        ],
    )
    assert api.get(path).json()["active"] is False
    assert round_trip() < 0.2
    wait_until(lambda: "active" not in api.get(path).json(), PROMPT, "the first step")
    assert began.seconds >= 0.7
    assert 0.2 <= round_trip() < 0.4
    wait_until(
        lambda: api.get(path).json()["attributes"]["latency"] == 400, PROMPT, "the second step"
    )
    assert began.seconds >= 1.8
    assert round_trip() >= 0.4
    wait_until(lambda: toxics(proxy) == [], PROMPT, "the last step")
    assert began.seconds >= 3.2
    assert round_trip() < 0.2


def test_a_schedule_may_take_it_out_of_effect_for_a_while(api, echo, connect):
    proxy = api.create(echo.address)
    client = connect(proxy.address)
    path = add(
        proxy,
        "stall",
        schedule=[{"at": 500, "remove": True}, {"at": 600_000, "add": True}],
    )
    assert "active" not in api.get(path).json()
    client.sendall(b"ping")
    assert receive(client, 4) == b"ping"  # when it lets go
    assert api.get(path).json()["active"] is False
    patch(proxy, path, schedule=[{"at": 0, "add": True}])
    wait_until(lambda: "active" not in api.get(path).json(), PROMPT, "the new schedule")
    client.sendall(b"ping")
    assert silent(client, 0.2)
    patch(proxy, path, schedule=[{"at": 600_000, "add": True}])
    assert receive(client, 4) == b"ping"
    patch(proxy, path, schedule=[])
    client.sendall(b"ping")
    assert silent(client, 0.2)


@pytest.mark.parametrize("asked", ["both", "Both", "upstream", "downstream"])
def test_a_partition_is_listed_once_and_stops_both_directions(proxy, link, asked):
    client, server = link()
    path = add(proxy, "partition", stream=asked)
    (listed,) = toxics(proxy)
    assert (listed["name"], listed["stream"]) == ("partition_both", "both")
    client.sendall(b"to the server")
    server.sendall(b"to the client")
    assert silent(client, 0.2)
    assert silent(server, 0.2)
    watch = Stopwatch()
    assert proxy.api.delete(path).status == 204
    assert receive(server, 13) == b"to the server"
    assert receive(client, 13) == b"to the client"
    assert watch.seconds < 1
    client.close()
    assert ending(server) == "eof"


def test_a_toxic_on_both_streams_is_one_toxic(api, proxy, link):
    client, server = link()
    path = add(proxy, "latency", stream="both", attributes={"latency": 300})
    (listed,) = toxics(proxy)
    assert (listed["name"], listed["stream"]) == ("latency_both", "both")
    watch = Stopwatch()
    client.sendall(b"question")
    assert receive(server, 8) == b"question"
    server.sendall(b"answer")
    assert receive(client, 6) == b"answer"
    assert 0.6 <= watch.seconds < 2
    (counted,) = api.get(proxy.path + "/stats").json()["toxics"]
    assert (counted["stream"], counted["hits"], counted["connections"]) == ("both", 2, 1)
    assert api.post(path, {"attributes": {"latency": 0}}).status == 200
    client.sendall(b"again")
    assert receive(server, 5) == b"again"
    assert proxy.api.delete(path).status == 204
    assert toxics(proxy) == []


def test_what_has_no_other_stream_is_refused_both(api, proxy):
    answer = api.post(proxy.path + "/toxics", {"type": "accept", "stream": "both"})
    assert (answer.status, answer.json()["error"]) == (
        400, "stream was invalid, toxic type 'accept' acts on upstream only")
    assert toxics(proxy) == []

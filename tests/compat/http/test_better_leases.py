"""Leases: toxics that go when nobody speaks for them any more."""

import pytest

from compat_kit.peers import receive
from compat_kit.wait import Stopwatch, wait_until


@pytest.fixture
def open_lease(api):
    """Opens a lease of so many ms and returns its id."""

    def open_one(ttl):
        answer = api.post("/leases", {"ttl": ttl})
        assert answer.status == 201
        lease = answer.json()
        assert lease["ttl"] == ttl
        assert 0 < lease["left"] <= ttl
        return lease["id"]

    return open_one


def tie(api, proxy, lease, name="n", kind="noop"):
    answer = api.post(proxy.path + "/toxics", {"type": kind, "name": name, "lease": lease})
    assert (answer.status, answer.json()["lease"]) == (200, lease)


def names(api, proxy) -> list:
    return [each["name"] for each in api.get(proxy.path + "/toxics").json()]


def leases(api) -> list:
    return [each["id"] for each in api.get("/leases").json()]


def test_it_expires_and_takes_its_toxics_along(api, proxy, link, open_lease):
    client, server = link()
    watch = Stopwatch()
    lease = open_lease(500)
    tie(api, proxy, lease, kind="stall")
    proxy.add("noop", name="free")
    server.sendall(b"ping")
    assert receive(client, 4) == b"ping"  # which the toxic held
    assert watch.seconds >= 0.5
    wait_until(lambda: leases(api) == [], 5, "the end of the lease")
    assert names(api, proxy) == ["free"]
    assert (api.post(f"/leases/{lease}").status, api.delete(f"/leases/{lease}").status) == (
        404,
        404,
    )


def test_a_heart_beat_keeps_it(api, proxy, open_lease):
    lease = open_lease(1000)
    tie(api, proxy, lease)
    watch = Stopwatch()

    def renewed():
        last.restart()
        answer = api.post(f"/leases/{lease}")
        assert answer.status == 200
        assert answer.json()["ttl"] == 1000
        return watch.seconds > 2

    last = Stopwatch()
    wait_until(renewed, 10, "two seconds of heart-beats")
    assert names(api, proxy) == ["n"]
    wait_until(lambda: names(api, proxy) == [], 10, "the end of the lease")
    assert last.seconds >= 1


def test_it_is_ended_with_all_that_is_tied_to_it(api, proxy, upstream, open_lease):
    other = api.create(upstream.address, name="other")
    lease, another = open_lease(60_000), open_lease(60_000)
    assert sorted(leases(api)) == sorted([lease, another])
    for each in (proxy, other):
        tie(api, each, lease, "a")
        tie(api, each, another, "b")
        each.add("noop", name="c")
    assert api.delete(f"/leases/{lease}").status == 204
    assert [names(api, each) for each in (proxy, other)] == [["b", "c"], ["b", "c"]]
    assert leases(api) == [another]
    answer = api.post(proxy.path + "/toxics", {"type": "noop", "name": "d", "lease": lease})
    assert answer.status == 400
    assert f"'lease' must be one that has not ended, not '{lease}'" in answer.json()["error"]


def test_a_reset_ends_it(api, proxy, open_lease):
    lease = open_lease(60_000)
    tie(api, proxy, lease)
    assert api.post("/reset").status == 204
    assert leases(api) == []
    assert names(api, proxy) == []
    answer = api.post(f"/leases/{lease}")
    assert (answer.status, answer.json()["error"]) == (404, "lease not found")


@pytest.mark.parametrize(
    "body, text",
    [
        ({}, "missing required field: ttl"),
        ({"ttl": 0}, "'ttl' must be between 1 and 1000000000000 ms, not 0"),
        ({"ttl": -1}, "'ttl' must be between 1 and"),
        ({"ttl": 10**12 + 1}, "'ttl' must be between 1 and"),
        ({"ttl": "5"}, "/ttl must be a whole number"),
        ([], "must be an object"),
        ("{", "bad request body"),
    ],
)
def test_a_lease_that_makes_no_sense_is_400(api, body, text):
    answer = api.post("/leases", body)
    assert answer.status == 400
    assert text in answer.json()["error"]
    assert leases(api) == []


def test_there_are_none_without_extras(start):
    api = start("-no-extras").api
    for answer in (
        api.get("/leases"),
        api.post("/leases", {"ttl": 1000}),
        api.post("/leases/x"),
        api.delete("/leases/x"),
    ):
        assert (answer.status, answer.text) == (404, "404 page not found\n")

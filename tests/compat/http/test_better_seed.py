"""The same seed gives the same faults."""

import pytest

from compat_kit.peers import receive


@pytest.fixture
def drawn(upstream, connect):
    """Which of 64 connections a toxic of toxicity 0.5 chose: drawn(server, proxy=, toxic=)."""

    def draw(server, proxy=None, toxic=None):
        handle = server.api.create(upstream.address, **(proxy or {}))
        toxic = {"type": "limit_data", "toxicity": 0.5, "attributes": {"bytes": 3}, **(toxic or {})}
        assert server.api.post(handle.path + "/toxics", toxic).status == 200
        chosen = []
        for ordinal in range(64):
            client = connect(handle.address)
            upstream.accept().sendall(b"123456")
            if receive(client, 6) == b"123":
                chosen.append(ordinal)
        handle.delete()
        assert 10 < len(chosen) < 54
        return chosen

    return draw


def test_the_seed_of_the_server_decides(start, drawn):
    first = drawn(start("-seed=7", "-threads=1"))
    assert drawn(start("-seed=7", "-threads=4")) == first
    assert drawn(start("-seed=8")) != first


def test_a_seed_of_the_proxy_or_the_toxic_decides_in_its_place(start, drawn):
    one, two = start("-seed=7"), start("-seed=8")
    by_toxic = drawn(one, toxic={"seed": 42})
    assert by_toxic != drawn(one)
    assert by_toxic == drawn(two, toxic={"seed": 42})
    assert by_toxic == drawn(two, proxy={"seed": 5}, toxic={"seed": 42})
    assert by_toxic == drawn(two, proxy={"seed": 42})
    assert by_toxic != drawn(one, toxic={"seed": 43})


@pytest.mark.parametrize("flags", [[], ["-seed=0"], ["-seed=42"]])
def test_the_seed_that_is_told_is_the_logged_one_and_can_be_used_again(start, drawn, flags):
    server = start(*flags)
    answer = server.api.get("/seed")
    assert (answer.status, list(answer.json())) == (200, ["seed"])
    seed = answer.json()["seed"]
    assert int(server.wait_logged("Random decisions by seed")["seed"]) == seed
    if flags:
        assert flags == [f"-seed={seed}"]
    assert drawn(start(f"-seed={seed}")) == drawn(server)


def test_each_start_without_a_seed_draws_one(start):
    assert start().api.get("/seed").json() != start().api.get("/seed").json()

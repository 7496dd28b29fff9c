"""Several servers that are told the same."""

import threading

import pytest

import aconite


@pytest.fixture
def other(aconite_binary):
    with aconite.ServerProcess(aconite_binary) as started:
        yield started.server


def test_each_does_it(server, other):
    both = aconite.Servers([server, other.url])
    made = both.each(lambda each: each.create_proxy("db", "127.0.0.1:9"))
    assert made.keys() == {server.url, other.url}
    assert [list(each.proxies()) for each in both] == [["db"], ["db"]]


def test_all_are_asked_at_the_same_time(server, other):
    together = threading.Barrier(2)
    aconite.Servers([server, other]).each(lambda _: together.wait(10))


def test_one_error_names_those_that_failed(server, other):
    other.create_proxy("db", "127.0.0.1:9")
    nobody = "http://127.0.0.1:9"
    three = aconite.Servers([server, other, nobody])
    with pytest.raises(aconite.SomeFailed, match="2 of 3 servers failed") as raised:
        three.each(lambda each: each.create_proxy("db", "127.0.0.1:9"))
    assert isinstance(raised.value.failed[other.url], aconite.Conflict)
    assert isinstance(raised.value.failed[nobody], aconite.Unreachable)
    assert f"{other.url}: POST /proxies: proxy already exists" in str(raised.value)
    assert raised.value.done[server.url].name == "db"


def test_none_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        aconite.Servers([])

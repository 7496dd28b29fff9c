"""The client against the real binary: counters, journal, waiting, insisting."""

import threading

import pytest

import aconite


def test_counters_tell_what_a_toxic_did(server, proxy, talk):
    proxy.add_toxic("latency", attributes={"latency": 20})
    talk(proxy)
    proxy.wait(open=0)
    stats = server.stats()["echo"]
    assert stats == proxy.stats()
    assert stats.connections["total"] == 1 and stats.hits == 1
    toxic = stats.toxic("latency_downstream")
    assert (toxic.hits, toxic.connections, toxic.bytes, toxic.delayed) == (1, 1, 5, 1)
    assert toxic.added_delay_ms >= 20 and toxic.first_hit == toxic.last_hit
    with pytest.raises(aconite.NotFound, match="no toxic other"):
        stats.toxic("other")


def test_counters_are_those_of_the_toxic_that_is_there(proxy, talk):
    with proxy.add_toxic("latency"):
        talk(proxy)
    assert proxy.stats().toxic("latency_downstream").hits == 1
    assert proxy.add_toxic("latency").stats().hits == 0


def test_the_journal_has_all_in_order(server, proxy, talk):
    server.mark("begin")
    proxy.add_toxic("latency", attributes={"latency": 20})
    talk(proxy)
    proxy.wait(open=0)
    journal = server.journal()
    records = list(journal)
    assert len(journal) == len(records) and journal.missed == 0
    assert journal.next == records[-1].seq
    assert [each.seq for each in records] == sorted(each.seq for each in records)
    assert [each.kind for each in records if each.kind != "control"] == [
        "mark", "open", "hit", "close"]
    hit = next(each for each in records if each.kind == "hit")
    assert (hit.proxy, hit.toxic, hit.ordinal) == ("echo", "latency_downstream", 0)
    assert hit.details["delay_ms"] >= 20
    assert "delay_ms=" in str(hit) and "echo/latency_downstream" in str(hit)


def test_the_journal_is_narrowed(server, proxy):
    server.mark("one")
    first = server.journal()
    server.mark("two")
    toxic = proxy.add_toxic("latency")
    assert [each.details["text"] for each in server.journal(since=first.next, kind="mark")] == [
        "two"]
    assert {each.proxy for each in server.journal(proxy="echo")} == {"echo"}
    assert [each.kind for each in server.journal(toxic=toxic.name)] == ["control"]
    assert len(server.journal(limit=1)) == 1


def test_the_newest_are_told(server):
    assert server.journal(tail=1).next == 0
    for text in "abc":
        server.mark(text)
    newest = server.journal(tail=2)
    assert [each.details["text"] for each in newest] == ["b", "c"]
    assert newest.next == server.journal().next
    assert len(server.journal(since=newest.next, tail=2)) == 0
    with server.follow(tail=1, timeout=10) as follower:
        server.mark("d")
        assert [next(follower).details["text"] for _ in range(2)] == ["c", "d"]


def test_records_are_followed_as_they_come(server, proxy, talk):
    with server.follow(proxy="echo", kind="open,close", timeout=10) as follower:
        thread = threading.Thread(target=talk, args=(proxy,))
        thread.start()
        assert [next(follower).kind, next(follower).kind] == ["open", "close"]
        thread.join()
    assert list(follower) == [] and follower.missed == 0


def test_following_ends_when_nothing_comes_or_the_server_goes(server, process):
    server.mark("before")
    assert [each.kind for each in server.follow(since=0, timeout=0.5)] == ["mark"]
    with server.follow() as follower:
        server.mark("last")
        assert next(follower).details["text"] == "last"
        process.stop()
        assert list(follower) == []


def test_records_that_were_overwritten_are_counted(aconite_binary):
    with aconite.ServerProcess(aconite_binary, "-journal-records", "256") as small:
        for number in range(600):
            small.server.mark(str(number))
        journal = small.server.journal(since=1)
        assert journal.missed > 0
        assert journal.missed + len(journal) == 599
        with small.server.follow(since=1, timeout=0.5) as follower:
            assert len(list(follower)) + follower.missed == 599
            assert follower.missed > 0


def test_waiting_ends_as_soon_as_it_holds(server, proxy, talk):
    thread = threading.Timer(0.1, talk, [proxy])
    thread.start()
    assert server.wait(proxy="echo", connections=">=1", bytes=">4", timeout=30)["connections"] == 1
    thread.join()
    assert proxy.wait(ready=True) == {"ready": True}


@pytest.mark.parametrize("compared", ("<=0", "<1", "==0", "=0", "!=1", 0, "0", ">=0"))
def test_every_comparison_can_be_waited_for_and_insisted_on(proxy, compared):
    assert proxy.wait(connections=compared, timeout=0) == {"connections": 0}
    assert proxy.assert_that(connections=compared) == {"connections": 0}


def test_what_does_not_hold_is_an_assertion_error(server, proxy):
    proxy.add_toxic("latency")
    with pytest.raises(aconite.ConditionFailed, match="hits of toxic .* is 0, not >= 1") as failed:
        proxy.assert_that(toxic="latency_downstream", hits=">=1")
    assert isinstance(failed.value, AssertionError)
    assert failed.value.status == 417 and failed.value.seen == {"hits": 0}
    with pytest.raises(aconite.ConditionFailed, match="connections of proxy echo is 0, not > 3"):
        server.wait(proxy="echo", connections=">3", timeout=0.05)
    with pytest.raises(aconite.NotFound):
        server.assert_that(proxy="nobody", hits=1)


def test_a_comparison_that_makes_no_sense_is_told(proxy):
    with pytest.raises(ValueError, match="hits must be compared like 3 or '>=3', not 'many'"):
        proxy.wait(hits="many")
    with pytest.raises(aconite.ApiError, match="'speed' is not known"):
        proxy.assert_that(speed=1)

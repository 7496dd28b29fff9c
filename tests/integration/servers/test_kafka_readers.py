"""Toxics on single requests of Kafka: what consumers read, and which offsets groups have."""

import contextlib

import pytest

from kafka_driver_clients import DriverReader
from kafka_operations import (ONCE, VALUES, JavaReader, acted_on, add, admin, filled,  # noqa: F401
                              kcat_group, new_topic, proxy)  # noqa: F401
from operations import journal
from servers import kcat
from servers.kafka_drivers import DriverClient, DriverError
from servers.kafka_fixtures import java, kafka_node  # noqa: F401

#: Those with which a test can do the same, whatever the language.
LED = ("java", "franz-go", "kafkajs", "aiokafka")
all_of_them = pytest.mark.parametrize("by", (*LED, "kcat"))
led = pytest.mark.parametrize("by", LED)


@pytest.fixture
def reader(java, by, proxy):
    """A function that makes the consumer which the test names, for a topic."""
    with contextlib.ExitStack() as stack:
        yield lambda topic: stack.enter_context(
            JavaReader(java, proxy.listen, topic) if by == "java"
            else DriverReader(by, proxy.listen, topic))


#: What a consumer gets over.
PASSED_BY = {
    "leader_election": ({"preset": "leader_election"}, {}, 2),
    "error": ({"fault": "error", "error": "NOT_LEADER_OR_FOLLOWER"}, {"api": "Fetch"}, 1),
    "error after": ({"fault": "error", "error": "NOT_LEADER_OR_FOLLOWER", "apply": "after"},
                    {"api": "Fetch"}, 1),
    "lose_reply": ({"fault": "lose_reply"}, {"api": "Fetch"}, 1),
    "disconnect": ({"fault": "disconnect"}, {"api": "Fetch"}, 1),
    "throttle": ({"preset": "quota", "throttle": 200}, {"api": "Fetch"}, 1),
    "coordinator_moved": ({"preset": "coordinator_moved"}, {}, 1),
    "loading": ({"fault": "error", "error": "COORDINATOR_LOAD_IN_PROGRESS"},
                {"api": "JoinGroup"}, 1),
}


@pytest.mark.parametrize("fault", PASSED_BY)
@all_of_them
def test_what_a_consumer_gets_over(reader, proxy, filled, by, fault):
    attributes, match, times = PASSED_BY[fault]
    add(proxy, match, {"times": times}, **attributes)
    if by == "kcat":
        assert kcat_group(proxy.listen, filled)[0] == VALUES
    else:
        values, errors, _ = reader(filled).take(5)
        assert values == VALUES
        assert errors == (["GROUP_LOAD_IN_PROGRESS"] if (by, fault) == ("kafkajs", "loading") else [])
    assert len(acted_on(proxy)) == times


def test_coordinator_moved_of_the_newer_groups(java, proxy, filled):
    add(proxy, None, {"times": 2}, preset="coordinator_moved")
    with JavaReader(java, proxy.listen, filled, **{"group.protocol": "consumer"}) as reader:
        assert reader.take(5)[:2] == (VALUES, [])
    assert set(acted_on(proxy)) == {"ConsumerGroupHeartbeat"}


def test_a_coordinator_that_keeps_moving(java, proxy, filled):
    add(proxy, preset="coordinator_moved")
    with JavaReader(java, proxy.listen, filled) as reader:
        assert reader.take(5, seconds=1.5) == ([], [], 0)
        proxy.remove("fault")
        assert reader.take(5)[0] == VALUES


@all_of_them
def test_an_offset_that_is_out_of_range(reader, proxy, filled, by):
    """kcat goes to the end where nobody says that it is to begin at the earliest."""
    add(proxy, {"api": "Fetch"}, ONCE, fault="error", error="OFFSET_OUT_OF_RANGE")
    if by == "kcat":
        done = kcat.consume(proxy.listen, filled)
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
    else:
        assert reader(filled).take(5)[:2] == (VALUES, [])
    assert acted_on(proxy, filled) == ["Fetch"]


@all_of_them
def test_empty_fetch(reader, proxy, filled, by):
    add(proxy, {"topic": filled}, fault="empty_fetch")
    if by == "kcat":
        values, told = kcat_group(proxy.listen, filled)
        assert values == [] and "at offset 0" in told
        assert set(acted_on(proxy, filled)) == {"Fetch"}
        return
    consumer = reader(filled)
    assert consumer.take(5, seconds=1)[:2] == ([], [])
    assert set(each["operation"]["api"] for each in journal(proxy, "hit")) == {"Fetch"}
    proxy.remove("fault")
    assert consumer.take(5)[0] == VALUES


@all_of_them
def test_a_topic_that_may_not_be_read(reader, proxy, filled, by):
    """kafkajs and aiokafka are told so when they begin, the others when they read."""
    add(proxy, preset="unauthorized_topic")
    if by in ("kafkajs", "aiokafka"):
        with pytest.raises(DriverError, match="TOPIC_AUTHORIZATION_FAILED|TopicAuthorizationFailed"):
            reader(filled)
    elif by == "kcat":
        values, told = kcat_group(proxy.listen, filled)
        assert values == [] and "Broker: Topic authorization failed" in told
    else:
        values, errors, _ = reader(filled).take(5, seconds=1)
        assert values == [] and set(errors) == {
            "TopicAuthorizationException" if by == "java" else "TOPIC_AUTHORIZATION_FAILED"}


@pytest.mark.parametrize("by", ("java", "franz-go", "aiokafka"))
def test_a_consumer_without_a_leader(reader, proxy, filled):
    add(proxy, fault="no_leader")
    consumer = reader(filled)
    assert consumer.take(5, seconds=1)[:2] == ([], [])
    assert {each["operation"]["api"] for each in journal(proxy, "hit")} == {"Metadata"}
    proxy.remove("fault")
    assert consumer.take(5)[0] == VALUES


def test_kafkajs_does_not_begin_without_a_leader(proxy, filled):
    add(proxy, fault="no_leader")
    with DriverClient("kafkajs") as client, pytest.raises(DriverError, match="LEADER_NOT_AVAILABLE"):
        client.consumer(proxy.listen, filled, timeout_ms=600)
    assert set(acted_on(proxy)) == {"Metadata"}


@led
def test_rebalance_storm(reader, proxy, filled):
    consumer = reader(filled)
    assert consumer.take(5) == (VALUES, [], 1)
    add(proxy, preset="rebalance_storm")
    assert consumer.take(seconds=1.5)[2] >= 3
    proxy.remove("fault")
    consumer.take(seconds=0.5)
    calm = consumer.take(seconds=0.1)[2]
    assert consumer.take(seconds=1)[2] == calm
    assert set(acted_on(proxy)) == {"Heartbeat"}


def test_rebalance_storm_of_kcat(proxy, filled):
    """Each time it begins anew with what was not committed."""
    add(proxy, None, {"times": 2}, preset="rebalance_storm")
    values, told = kcat_group(proxy.listen, filled)
    assert set(values) == set(VALUES)
    assert told.count(": assigned:") >= 1


@led
@pytest.mark.parametrize("apply, held", (("before", None), ("after", {"0": 5})))
def test_a_commit_of_offsets_that_fails(reader, proxy, filled, admin, apply, held):
    consumer = reader(filled)
    add(proxy, {"api": "OffsetCommit", "group": consumer.group}, fault="error",
        error="UNKNOWN_MEMBER_ID", apply=apply)
    assert consumer.take(5)[0] == VALUES
    assert not consumer.commit()
    assert admin("offsets", group=consumer.group).get("offsets") == held
    assert acted_on(proxy) == ["OffsetCommit"]


@led
def test_a_commit_of_offsets_whose_answer_is_lost(reader, proxy, filled, admin):
    consumer = reader(filled)
    add(proxy, {"api": "OffsetCommit"}, ONCE, fault="lose_reply")
    assert consumer.take(5)[0] == VALUES
    assert consumer.commit()
    assert admin("offsets", group=consumer.group)["offsets"] == {"0": 5}
    assert acted_on(proxy) == ["OffsetCommit"]

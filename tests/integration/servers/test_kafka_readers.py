"""Toxics on single requests of Kafka: what consumers read, and which offsets groups have."""

import pytest

from kafka_operations import (ONCE, VALUES, JavaReader, acted_on, add, admin, filled,  # noqa: F401
                              kcat_group, new_topic, proxy)  # noqa: F401
from servers.kafka_fixtures import java, kafka_node  # noqa: F401

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
@pytest.mark.parametrize("by", ("java", "kcat"))
def test_what_a_consumer_gets_over(java, proxy, filled, by, fault):
    attributes, match, times = PASSED_BY[fault]
    add(proxy, match, {"times": times}, **attributes)
    if by == "java":
        with JavaReader(java, proxy.listen, filled) as reader:
            assert reader.take(5)[:2] == (VALUES, [])
    else:
        assert kcat_group(proxy.listen, filled)[0] == VALUES
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


@pytest.mark.parametrize("by", ("java", "kcat"))
def test_empty_fetch(java, proxy, filled, by):
    add(proxy, {"topic": filled}, fault="empty_fetch")
    if by == "java":
        with JavaReader(java, proxy.listen, filled) as reader:
            assert reader.take(5, seconds=1)[:2] == ([], [])
            assert set(acted_on(proxy, filled)) == {"Fetch"}
            proxy.remove("fault")
            assert reader.take(5)[0] == VALUES
    else:
        values, told = kcat_group(proxy.listen, filled)
        assert values == [] and "at offset 0" in told
        assert set(acted_on(proxy, filled)) == {"Fetch"}


@pytest.mark.parametrize("by", ("java", "kcat"))
def test_a_topic_that_may_not_be_read(java, proxy, filled, by):
    add(proxy, preset="unauthorized_topic")
    if by == "java":
        with JavaReader(java, proxy.listen, filled) as reader:
            values, errors, _ = reader.take(5, seconds=1)
            assert values == [] and set(errors) == {"TopicAuthorizationException"}
    else:
        values, told = kcat_group(proxy.listen, filled)
        assert values == [] and "Broker: Topic authorization failed" in told


def test_a_consumer_without_a_leader(java, proxy, filled):
    add(proxy, fault="no_leader")
    with JavaReader(java, proxy.listen, filled) as reader:
        assert reader.take(5, seconds=1)[:2] == ([], [])
        assert set(acted_on(proxy)) == {"Metadata"}
        proxy.remove("fault")
        assert reader.take(5)[0] == VALUES


def test_rebalance_storm(java, proxy, filled):
    with JavaReader(java, proxy.listen, filled) as reader:
        assert reader.take(5) == (VALUES, [], 1)
        add(proxy, preset="rebalance_storm")
        assert reader.take(seconds=2)[2] >= 3
        proxy.remove("fault")
        reader.take(seconds=1)
        calm = reader.take(seconds=0.1)[2]
        assert reader.take(seconds=1.5)[2] == calm
    assert set(acted_on(proxy)) == {"Heartbeat"}


def test_rebalance_storm_of_kcat(proxy, filled):
    """Each time it begins anew with what was not committed."""
    add(proxy, None, {"times": 2}, preset="rebalance_storm")
    values, told = kcat_group(proxy.listen, filled)
    assert set(values) == set(VALUES)
    assert told.count(": assigned:") >= 1


@pytest.mark.parametrize("apply, held", (("before", None), ("after", {"0": 5})))
def test_a_commit_of_offsets_that_fails(java, proxy, filled, admin, apply, held):
    with JavaReader(java, proxy.listen, filled) as reader:
        add(proxy, {"api": "OffsetCommit", "group": reader.group}, fault="error",
            error="UNKNOWN_MEMBER_ID", apply=apply)
        assert reader.take(5)[0] == VALUES
        assert not reader.commit()
        assert admin("offsets", group=reader.group).get("offsets") == held
        assert acted_on(proxy) == ["OffsetCommit"]


def test_a_commit_of_offsets_whose_answer_is_lost(java, proxy, filled, admin):
    with JavaReader(java, proxy.listen, filled) as reader:
        add(proxy, {"api": "OffsetCommit"}, ONCE, fault="lose_reply")
        assert reader.take(5)[0] == VALUES
        assert reader.commit()
        assert admin("offsets", group=reader.group)["offsets"] == {"0": 5}
        assert acted_on(proxy) == ["OffsetCommit"]

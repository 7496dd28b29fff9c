"""Toxics on single requests of Kafka: what producers believed, beside what the log holds."""

import time

import pytest

from kafka_operations import (ONCE, VALUES, JavaProducer, KcatProducer, acted_on, add, admin,  # noqa: F401
                              log, new_topic, proxy, read, unique)  # noqa: F401
from operations import hits, journal
from servers.kafka_fixtures import java, kafka_node  # noqa: F401
from servers.kafka_java import JavaError
from servers.waiting import wait_until

CLIENTS = ("java", "java idempotent", "kcat", "kcat idempotent")

clients = pytest.mark.parametrize("client", CLIENTS, indirect=True)
both = pytest.mark.parametrize("client", ("java", "kcat"), indirect=True)


@pytest.fixture
def client(request, java):
    name, _, how = request.param.partition(" ")
    idempotent = how == "idempotent"
    made = JavaProducer(java, idempotent) if name == "java" else KcatProducer(idempotent)
    made.is_java = name == "java"
    return made


# ---- producers ----

@clients
def test_without_a_fault(client, proxy, new_topic, log):
    add(proxy, fault="lose_reply", match={"topic": "another"})
    assert client.send(proxy.listen, new_topic, VALUES).stored == 5
    assert log() == read(proxy.listen, new_topic) == VALUES
    assert acted_on(proxy) == []


#: What a client tries again: the toxic, and whether the broker has stored the message before.
TRIED_AGAIN = {
    "error": ({"fault": "error", "error": "NOT_LEADER_OR_FOLLOWER"}, False),
    "error after": ({"fault": "error", "error": "NOT_LEADER_OR_FOLLOWER", "apply": "after"}, True),
    "leader_election": ({"preset": "leader_election"}, False),
    "disk_full": ({"preset": "disk_full"}, False),
    "lose_request": ({"fault": "lose_request"}, False),
    "duplicate_on_retry": ({"preset": "duplicate_on_retry"}, True),
    "lose_reply, FIN": ({"fault": "lose_reply", "then": "close"}, True),
    "lose_reply, stall": ({"fault": "lose_reply", "then": "stall"}, True),
    "disconnect": ({"fault": "disconnect"}, False),
    "disconnect after": ({"fault": "disconnect", "apply": "after"}, True),
}
#: Of these, what a client waits for in vain.
UNANSWERED = ("lose_request", "lose_reply, stall")


@clients
@pytest.mark.parametrize("fault", TRIED_AGAIN)
def test_what_is_tried_again(client, proxy, new_topic, log, fault):
    attributes, stored_before = TRIED_AGAIN[fault]
    add(proxy, {"api": "Produce"}, ONCE, **attributes)
    told = client.send(proxy.listen, new_topic, VALUES,
                       request_ms=1000 if fault in UNANSWERED else 5000)
    assert (told.stored, told.errors) == (5, set())
    twice = stored_before and not client.idempotent
    assert sorted(log()) == sorted(VALUES + VALUES[:1] * twice)
    if client.idempotent:
        assert log() == VALUES
    assert read(proxy.listen, new_topic) == log()
    assert acted_on(proxy, new_topic) == ["Produce"]


@clients
def test_lost_events(client, proxy, new_topic, log):
    add(proxy, {"topic": new_topic}, preset="lost_event")
    told = client.send(proxy.listen, new_topic, VALUES)
    assert (told.stored, told.errors) == (5, set())
    assert log() == read(proxy.listen, new_topic) == []
    assert acted_on(proxy, new_topic) == ["Produce"] * 5


@clients
def test_one_event_lost_among_others(client, proxy, new_topic, log):
    """A producer that numbers its messages finds out: the Java client takes a new number and goes
    on, librdkafka gives up."""
    add(proxy, None, {"after_hits": 1, "times": 1}, preset="lost_event")
    if client.idempotent and not client.is_java:
        seen = client.send(proxy.listen, new_topic, VALUES).seen
        assert "out of order sequence" in seen
        assert log() == ["0"]
    else:
        assert client.send(proxy.listen, new_topic, VALUES).stored == 5
        assert log() == ["0", "2", "3", "4"]
    assert acted_on(proxy, new_topic) == ["Produce"]


def test_a_lost_event_that_nobody_waits_for(java, proxy, new_topic, log):
    add(proxy, {"acks": "0"}, {"times": 2}, preset="lost_event")
    client = JavaProducer(java, False)
    assert client.send(proxy.listen, new_topic, VALUES, acks="0").stored == 5
    wait_until(lambda: log() == VALUES[2:], "what was not lost")
    assert acted_on(proxy, new_topic) == ["Produce"] * 2


#: What does not end by itself: the toxic, and the error of the Java client and of kcat.
REFUSED = {
    "disk_full": ({"preset": "disk_full"}, "TimeoutException", "Local: Message timed out"),
    "not a leader": ({"fault": "error", "error": "NOT_LEADER_OR_FOLLOWER"}, "TimeoutException",
                     "Local: Message timed out"),
    "not valid": ({"fault": "error", "error": "INVALID_RECORD"}, "InvalidRecordException",
                  "Broker: Broker failed to validate record"),
    "too large": ({"fault": "error", "error": "MESSAGE_TOO_LARGE"}, "RecordTooLargeException",
                  "Broker: Message size too large"),
    "not allowed": ({"fault": "error", "error": "TOPIC_AUTHORIZATION_FAILED"},
                    "TopicAuthorizationException", "Broker: Topic authorization failed"),
    "broker_down": ({"preset": "broker_down"}, "TimeoutException", "Local: Message timed out"),
    "no requests": ({"fault": "lose_request"}, "TimeoutException", "Local: Message timed out"),
}


@both
@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_refused(client, proxy, new_topic, log, fault):
    attributes, by_java, by_kcat = REFUSED[fault]
    add(proxy, {"api": "Produce"}, **attributes)
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=1500)
    assert (told.stored, told.errors) == (0, {by_java if client.is_java else by_kcat})
    assert log() == []
    assert set(acted_on(proxy, new_topic)) == {"Produce"}
    proxy.remove("fault")
    assert client.send(proxy.listen, new_topic, ["two"]).stored == 1
    assert log() == ["two"]


@both
def test_an_error_for_what_was_stored(client, proxy, new_topic, log):
    add(proxy, {"api": "Produce"}, fault="error", error="INVALID_RECORD", apply="after")
    assert client.send(proxy.listen, new_topic, VALUES).stored == 0
    assert log() == VALUES


@both
def test_a_topic_that_is_not_allowed(client, proxy, new_topic, log):
    add(proxy, preset="unauthorized_topic")
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=1500)
    assert (told.stored, told.errors) == (0, {
        "TopicAuthorizationException" if client.is_java else "Broker: Topic authorization failed"})
    assert log() == []


@both
def test_no_leader(client, proxy, new_topic, log):
    add(proxy, fault="no_leader")
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=1500)
    assert (told.stored, told.errors) == (0, {
        "TimeoutException" if client.is_java else "Local: Message timed out"})
    assert log() == []
    assert set(acted_on(proxy)) == {"Metadata"}


def test_a_leader_comes_back(java, proxy, new_topic, log):
    add(proxy, fault="no_leader")
    java.open("producer", "waits", proxy.listen)
    sending = java.begin("producer.send", "waits", topic=new_topic, messages=[[None, "one"]])
    wait_until(lambda: hits(proxy) >= 2, "two answers without a leader")
    assert not sending.done()
    proxy.remove("fault")
    assert sending.result(30)["results"] == [0]
    java.call("producer.close", "waits")
    assert log() == ["one"]


@pytest.mark.parametrize("apply", ("before", "after"))
def test_an_error_in_one_partition(java, proxy, kafka_node, admin, apply):
    topic, name = unique("topic"), unique("producer")
    admin("create", topic=topic, partitions=3)
    add(proxy, {"api": "Produce", "topic": topic, "partition": 1}, fault="error",
        error="INVALID_RECORD", apply=apply)
    java.open("producer", name, proxy.listen, {"linger.ms": 100})
    messages = [[None, str(number), number % 3] for number in range(6)]
    results = java.call("producer.send", name, topic=topic, messages=messages)["results"]
    java.call("producer.close", name)
    failed = "InvalidRecordException"
    assert results == [0, failed, 0, 1, failed, 1]
    assert sorted(read(kafka_node.direct, topic)) == (
        list("0235") if apply == "before" else list("012345"))
    assert set(acted_on(proxy)) == {"Produce"}


@both
def test_a_leader_of_one_partition_moves(client, proxy, new_topic, log):
    add(proxy, {"api": "Produce", "topic": new_topic, "partition": 0}, {"times": 3},
        fault="error", error="NOT_LEADER_OR_FOLLOWER")
    assert client.send(proxy.listen, new_topic, VALUES).stored == 5
    assert sorted(log()) == VALUES
    assert acted_on(proxy, new_topic) == ["Produce"] * 3


@both
def test_throttle(client, proxy, new_topic, log):
    """The Java client keeps to it, librdkafka only tells of it."""
    add(proxy, {"api": "Produce"}, preset="quota", throttle=300)
    start = time.monotonic()
    told = client.send(proxy.listen, new_topic, VALUES)
    assert told.stored == 5
    if client.is_java:
        assert time.monotonic() - start >= 1.2
    else:
        assert told.seen.count("throttled request for 300ms") == 5
    assert log() == VALUES
    assert acted_on(proxy, new_topic) == ["Produce"] * 5


@both
def test_slow_broker(client, proxy, new_topic, log):
    add(proxy, {"api": "Produce"}, preset="slow_broker", delay=300)
    start = time.monotonic()
    assert client.send(proxy.listen, new_topic, VALUES).stored == 5
    assert time.monotonic() - start >= 1.5
    assert log() == VALUES
    assert acted_on(proxy, new_topic) == ["Produce"] * 5


# ---- transactions ----

def test_all_of_a_transaction_is_lost(java, proxy, new_topic, log):
    """kcat says itself which partitions take part. The Java client leaves that to what it sends
    there, so to the broker its transaction never began: KIP-890."""
    add(proxy, preset="lost_event")
    assert KcatProducer(True).transaction(proxy.listen, new_topic, VALUES).stored == 5
    told = JavaProducer(java, True).transaction(proxy.listen, new_topic, VALUES)
    assert (told.stored, told.errors) == (0, {"InvalidTxnStateException"})
    assert log("isolation.level=read_uncommitted") == []
    assert set(acted_on(proxy, new_topic)) == {"Produce"}


def test_a_part_of_a_transaction_is_lost(java, proxy, new_topic, log, kafka_node):
    add(proxy, {"topic": new_topic}, preset="lost_event")
    other = unique("topic")
    told = JavaProducer(java, True).transaction(proxy.listen, new_topic, VALUES, other)
    assert told.stored == 5
    assert (log("isolation.level=read_uncommitted"), read(kafka_node.direct, other)) == ([], VALUES)
    assert set(acted_on(proxy)) == {"Produce"}


@both
@pytest.mark.parametrize("fault", ("lose_request", "lose_reply", "disconnect"))
def test_the_end_of_a_transaction_is_tried_again(client, proxy, new_topic, log, fault):
    add(proxy, {"api": "EndTxn"}, ONCE, fault=fault)
    assert client.transaction(proxy.listen, new_topic, VALUES).stored == 5
    assert log() == VALUES
    assert acted_on(proxy) == ["EndTxn"]


@pytest.mark.parametrize("fault", ({"fault": "disconnect", "apply": "after"},
                                   {"fault": "error", "error": "INVALID_TXN_STATE",
                                    "apply": "after"}), ids=("disconnect", "error"))
def test_a_commit_that_is_believed_to_have_failed(java, proxy, new_topic, log, fault):
    add(proxy, {"api": "EndTxn"}, **fault)
    told = JavaProducer(java, True).transaction(proxy.listen, new_topic, VALUES)
    assert told.stored == 0
    assert log() == VALUES
    assert set(acted_on(proxy)) == {"EndTxn"}


@both
@pytest.mark.parametrize("api", ("InitProducerId", "EndTxn"))
def test_fenced_producer(client, proxy, new_topic, log, api):
    add(proxy, {"api": api}, preset="fenced_producer")
    told = client.transaction(proxy.listen, new_topic, VALUES)
    assert told.stored == 0
    assert "Fenced" in str(told.errors) if client.is_java else "fenced by" in str(told.errors)
    assert log() == []
    held = log("isolation.level=read_uncommitted")
    assert held == ([] if api == "InitProducerId" else VALUES)
    assert acted_on(proxy) == [api]


# ---- others ----

@pytest.mark.parametrize("apply", ("before", "after"))
def test_a_topic_that_is_not_created(java, proxy, admin, apply):
    name, topic = unique("admin"), unique("topic")
    add(proxy, {"api": "CreateTopics"}, fault="error", error="POLICY_VIOLATION", apply=apply)
    java.open("admin", name, proxy.listen)
    with pytest.raises(JavaError, match="PolicyViolationException"):
        java.call("admin.create", name, topic=topic, partitions=1)
    java.call("admin.close", name)
    assert acted_on(proxy) == ["CreateTopics"]
    if apply == "before":
        admin("create", topic=topic, partitions=1)
    else:
        with pytest.raises(JavaError, match="TopicExistsException"):
            admin("create", topic=topic, partitions=1)


def test_topics_by_pattern_and_clients_by_name(java, proxy, kafka_node):
    orders, others = unique("orders"), unique("others")
    add(proxy, {"api": "0", "topic": "orders-.*|nothing", "client_id": "shop"},
        fault="error", error="INVALID_RECORD")
    client = JavaProducer(java, True)
    for topic, name, stored in ((orders, "shop", 0), (orders, "shopping", 1), (others, "shop", 1)):
        told = client.send(proxy.listen, topic, ["one"], **{"client.id": name})
        assert told.stored == stored
    told = journal(proxy, "hit")
    assert [each["operation"] for each in told] == [
        {"api": "Produce", "topic": orders, "partition": "0", "client_id": "shop", "acks": "all"}]

"""Toxics on single requests of Kafka: what producers believed, beside what the log holds."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kafka_driver_clients import DriverProducer
from kafka_operations import (ONCE, VALUES, JavaProducer, KcatProducer, acted_on, add, admin,  # noqa: F401
                              log, new_topic, proxy, read, unique)  # noqa: F401
from operations import hits, journal
from servers.kafka_fixtures import java, kafka_node  # noqa: F401
from servers.kafka_java import JavaError
from servers.waiting import wait_until

NAMES = ("java", "kcat", "franz-go", "kafkajs", "aiokafka")
#: What franz-go calls a message that it gave up.
TIMED_OUT_GO = "records have timed out before they were able to be produced"
CLIENTS = [each + how for each in NAMES for how in ("", " idempotent")]


def of(*names):
    return pytest.mark.parametrize("client", names, indirect=True)


clients = of(*CLIENTS)
plain = of(*NAMES)


@pytest.fixture
def client(request, java):
    name, _, how = request.param.partition(" ")
    idempotent = how == "idempotent"
    if name == "java":
        made = JavaProducer(java, idempotent)
    else:
        made = KcatProducer(idempotent) if name == "kcat" else DriverProducer(name, idempotent)
    made.name = name
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
#: Who of all waits once and for all.
WAITS_ONCE = ("kafkajs", "kafkajs idempotent", "aiokafka")


@pytest.mark.parametrize("client, fault", [
    (each, fault) for fault in TRIED_AGAIN for each in CLIENTS
    if fault not in UNANSWERED or each not in WAITS_ONCE], indirect=["client"])
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


@of(*WAITS_ONCE)
@pytest.mark.parametrize("fault", UNANSWERED)
def test_what_is_not_tried_again(client, proxy, new_topic, log, fault):
    """kafkajs stays on the connection, where nothing is answered any more. A plain aiokafka gives up
    the message with its request."""
    attributes, stored = TRIED_AGAIN[fault]
    add(proxy, {"api": "Produce"}, ONCE, **attributes)
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=600, request_ms=300)
    assert (told.stored, told.errors) == (0, {
        "KafkaJSRequestTimeoutError" if client.name == "kafkajs" else "RequestTimedOutError"})
    assert log() == ["one"] * stored
    assert acted_on(proxy, new_topic) == ["Produce"]


@clients
def test_lost_events(client, proxy, new_topic, log):
    add(proxy, {"topic": new_topic}, preset="lost_event")
    told = client.send(proxy.listen, new_topic, VALUES)
    assert (told.stored, told.errors) == (5, set())
    assert log() == read(proxy.listen, new_topic) == []
    assert acted_on(proxy, new_topic) == ["Produce"] * 5


def test_half_of_the_events_are_lost(proxy, new_topic, log):
    values = [str(number) for number in range(100)]
    add(proxy, {"topic": new_topic}, preset="lost_event", rate=0.5)
    assert KcatProducer(idempotent=False).send(proxy.listen, new_topic, values).stored == 100
    lost = len(acted_on(proxy, new_topic))
    assert 25 <= lost <= 75  # farther from half is one seed of millions
    stored = log()
    assert len(stored) == 100 - lost and stored == sorted(stored, key=int)


#: What a producer that numbers its messages finds out when one is missing, if it does not go on.
GAPS = {"kcat": "out of order sequence", "kafkajs": "OUT_OF_ORDER_SEQUENCE_NUMBER",
        "aiokafka": "OutOfOrderSequenceNumber"}


@clients
def test_one_event_lost_among_others(client, proxy, new_topic, log):
    """The Java client and franz-go take new numbers and go on; librdkafka, kafkajs and aiokafka
    send no message more that the broker would take."""
    add(proxy, None, {"after_hits": 1, "times": 1}, preset="lost_event")
    told = client.send(proxy.listen, new_topic, VALUES)
    if client.idempotent and client.name in GAPS:
        assert GAPS[client.name] in told.seen + str(told.errors)
        assert log() == ["0"]
    else:
        assert told.stored == 5
        assert log() == ["0", "2", "3", "4"]
    assert acted_on(proxy, new_topic) == ["Produce"]


@of("java", "franz-go", "kafkajs", "aiokafka")
def test_a_lost_event_that_nobody_waits_for(client, proxy, new_topic, log):
    add(proxy, {"acks": "0"}, {"times": 2}, preset="lost_event")
    assert client.send(proxy.listen, new_topic, VALUES, acks="0").stored == 5
    wait_until(lambda: log() == VALUES[2:], "what was not lost")
    assert acted_on(proxy, new_topic) == ["Produce"] * 2


#: What does not end by itself: the toxic, and the error of each of NAMES.
REFUSED = {
    "disk_full": ({"preset": "disk_full"}, (
        "TimeoutException", "Local: Message timed out", TIMED_OUT_GO, "KAFKA_STORAGE_ERROR",
        "KafkaStorageError")),
    "not a leader": ({"fault": "error", "error": "NOT_LEADER_OR_FOLLOWER"}, (
        "TimeoutException", "Local: Message timed out", TIMED_OUT_GO, "NOT_LEADER_FOR_PARTITION",
        "NotLeaderForPartitionError")),
    "not valid": ({"fault": "error", "error": "INVALID_RECORD"}, (
        "InvalidRecordException", "Broker: Broker failed to validate record", "INVALID_RECORD",
        "INVALID_RECORD", "UnknownError")),
    "too large": ({"fault": "error", "error": "MESSAGE_TOO_LARGE"}, (
        "RecordTooLargeException", "Broker: Message size too large", "MESSAGE_TOO_LARGE",
        "MESSAGE_TOO_LARGE", "MessageSizeTooLargeError")),
    "not allowed": ({"fault": "error", "error": "TOPIC_AUTHORIZATION_FAILED"}, (
        "TopicAuthorizationException", "Broker: Topic authorization failed",
        "TOPIC_AUTHORIZATION_FAILED", "TOPIC_AUTHORIZATION_FAILED",
        "TopicAuthorizationFailedError")),
    "broker_down": ({"preset": "broker_down"}, (
        "TimeoutException", "Local: Message timed out", TIMED_OUT_GO, "KafkaJSConnectionError",
        "KafkaConnectionError")),
    "no requests": ({"fault": "lose_request"}, (
        "TimeoutException", "Local: Message timed out", TIMED_OUT_GO,
        "KafkaJSRequestTimeoutError", "RequestTimedOutError")),
}


@plain
@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_refused(client, proxy, new_topic, log, fault):
    attributes, errors = REFUSED[fault]
    add(proxy, {"api": "Produce"}, **attributes)
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=1500,
                       request_ms=250 if client.name == "kafkajs" else 5000)
    assert (told.stored, told.errors) == (0, {errors[NAMES.index(client.name)]})
    assert log() == []
    assert set(acted_on(proxy, new_topic)) == {"Produce"}
    proxy.remove("fault")
    assert client.send(proxy.listen, new_topic, ["two"]).stored == 1
    assert log() == ["two"]


@plain
def test_an_error_for_what_was_stored(client, proxy, new_topic, log):
    add(proxy, {"api": "Produce"}, fault="error", error="INVALID_RECORD", apply="after")
    assert client.send(proxy.listen, new_topic, VALUES).stored == 0
    assert log() == VALUES


@plain
def test_a_topic_that_is_not_allowed(client, proxy, new_topic, log):
    add(proxy, preset="unauthorized_topic")
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=1500)
    assert (told.stored, told.errors) == (0, {REFUSED["not allowed"][1][NAMES.index(client.name)]})
    assert log() == []


NO_LEADER = ("TimeoutException", "Local: Message timed out",
             "unable to partition record due to no usable partitions", "LEADER_NOT_AVAILABLE",
             "LeaderNotAvailableError")


@plain
def test_no_leader(client, proxy, new_topic, log):
    """franz-go says so at once."""
    add(proxy, fault="no_leader")
    told = client.send(proxy.listen, new_topic, ["one"], timeout_ms=1500)
    assert (told.stored, told.errors) == (0, {NO_LEADER[NAMES.index(client.name)]})
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


@plain
def test_a_leader_of_one_partition_moves(client, proxy, new_topic, log):
    add(proxy, {"api": "Produce", "topic": new_topic, "partition": 0}, {"times": 3},
        fault="error", error="NOT_LEADER_OR_FOLLOWER")
    assert client.send(proxy.listen, new_topic, VALUES).stored == 5
    assert sorted(log()) == VALUES
    assert acted_on(proxy, new_topic) == ["Produce"] * 3


@plain
def test_throttle(client, proxy, new_topic, log):
    """librdkafka only tells of it, aiokafka not even that; the others keep to it."""
    add(proxy, {"api": "Produce"}, preset="quota", throttle=300)
    start = time.monotonic()
    told = client.send(proxy.listen, new_topic, VALUES)
    assert told.stored == 5
    if client.name in ("java", "franz-go", "kafkajs"):
        assert time.monotonic() - start >= 1.2
    if client.name == "kcat":
        assert told.seen.count("throttled request for 300ms") == 5
    assert log() == VALUES
    assert acted_on(proxy, new_topic) == ["Produce"] * 5


@plain
def test_slow_broker(client, proxy, new_topic, log):
    add(proxy, {"api": "Produce"}, preset="slow_broker", delay=300)
    start = time.monotonic()
    assert client.send(proxy.listen, new_topic, VALUES).stored == 5
    assert time.monotonic() - start >= 1.5
    assert log() == VALUES
    assert acted_on(proxy, new_topic) == ["Produce"] * 5


# ---- transactions ----

@plain
def test_all_of_a_transaction_is_lost(client, proxy, new_topic, log):
    """Most say themselves which partitions take part. The Java client and franz-go leave that to what
    they send there, so to the broker their transaction never began: KIP-890."""
    add(proxy, preset="lost_event")
    told = client.transaction(proxy.listen, new_topic, VALUES)
    if client.name in ("java", "franz-go"):
        assert (told.stored, told.errors) == (0, {
            "InvalidTxnStateException" if client.name == "java" else "INVALID_TXN_STATE"})
    else:
        assert told.stored == 5
    assert log("isolation.level=read_uncommitted") == []
    assert set(acted_on(proxy, new_topic)) == {"Produce"}


@of("java", "franz-go", "kafkajs", "aiokafka")
def test_a_part_of_a_transaction_is_lost(client, proxy, new_topic, log, kafka_node):
    add(proxy, {"topic": new_topic}, preset="lost_event")
    other = unique("topic")
    told = client.transaction(proxy.listen, new_topic, VALUES, other)
    assert told.stored == 5
    assert (log("isolation.level=read_uncommitted"), read(kafka_node.direct, other)) == ([], VALUES)
    assert set(acted_on(proxy)) == {"Produce"}


ENDS = ("lose_request", "lose_reply", "disconnect")


@of("java", "kcat", "franz-go", "aiokafka")
@pytest.mark.parametrize("fault", ENDS)
def test_the_end_of_a_transaction_is_tried_again(client, proxy, new_topic, log, fault):
    add(proxy, {"api": "EndTxn"}, ONCE, fault=fault)
    assert client.transaction(proxy.listen, new_topic, VALUES).stored == 5
    assert log() == VALUES
    assert acted_on(proxy) == ["EndTxn"]


@of("kafkajs")
@pytest.mark.parametrize("fault", ENDS)
def test_the_end_of_a_transaction_is_not_tried_again(client, proxy, new_topic, log, fault):
    add(proxy, {"api": "EndTxn"}, ONCE, fault=fault)
    told = client.transaction(proxy.listen, new_topic, VALUES)
    assert (told.stored, told.errors) == (0, {
        "KafkaJSRequestTimeoutError" if fault == "lose_request" else "KafkaJSConnectionError"})
    assert log() == (VALUES if fault == "lose_reply" else [])
    assert acted_on(proxy) == ["EndTxn"]


#: Who gives up the end of a transaction that fails each time; aiokafka never does.
COMMITS_IN_VAIN = {
    "disconnect": ({"fault": "disconnect", "apply": "after"}, ("java", "franz-go", "kafkajs")),
    "error": ({"fault": "error", "error": "INVALID_TXN_STATE", "apply": "after"},
              ("java", "franz-go", "kafkajs", "aiokafka")),
}


@pytest.mark.parametrize("client, fault", [
    (each, fault) for fault, (_, names) in COMMITS_IN_VAIN.items() for each in names],
    indirect=["client"])
def test_a_commit_that_is_believed_to_have_failed(client, proxy, new_topic, log, fault):
    add(proxy, {"api": "EndTxn"}, **COMMITS_IN_VAIN[fault][0])
    told = client.transaction(proxy.listen, new_topic, VALUES)
    assert told.stored == 0
    assert log() == VALUES
    assert set(acted_on(proxy)) == {"EndTxn"}


@of("aiokafka")
def test_a_commit_that_is_tried_again_for_ever(client, proxy, new_topic, log):
    add(proxy, {"api": "EndTxn"}, fault="disconnect", apply="after")
    with ThreadPoolExecutor(1) as other:
        told = other.submit(client.transaction, proxy.listen, new_topic, VALUES)
        try:
            wait_until(lambda: hits(proxy) >= 4, "it to try four times", 20)
            assert log() == VALUES and not told.done()
        finally:
            proxy.remove("fault")
        assert told.result().stored == 5
    assert set(acted_on(proxy)) == {"EndTxn"}


FENCED = ("Fenced", "fenced by", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH",
          "InvalidProducerEpoch|ProducerFenced")


@plain
@pytest.mark.parametrize("api", ("InitProducerId", "EndTxn"))
def test_fenced_producer(client, proxy, new_topic, log, api):
    """Those who ask in an older way are told what brokers told them before there was that error."""
    add(proxy, {"api": api}, preset="fenced_producer")
    told = client.transaction(proxy.listen, new_topic, VALUES)
    assert told.stored == 0
    assert re.search(FENCED[NAMES.index(client.name)], str(told.errors))
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

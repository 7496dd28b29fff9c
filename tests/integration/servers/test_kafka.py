"""Kafka behind toxics that destroy nothing: every message once and in order, past the proxy."""

import hashlib
import json
import subprocess

import pytest

from servers import kcat, toxics
from servers.churn import Churn
from servers.process import require
from servers.waiting import wait_until

COUNT = 4_000
SIZE = 1_024


def make_messages(first, count):
    """Numbered messages of SIZE bytes that do not compress and never repeat."""
    return [f"{number:08d} ".encode()
            + hashlib.shake_256(str(number).encode()).hexdigest(SIZE)[:SIZE - 9].encode()
            for number in range(first, first + count)]


def digest(messages):
    return hashlib.sha256(b"\n".join(messages)).hexdigest()


def produce(broker, topic, messages):
    done = kcat.produce(broker, topic, messages)
    assert done.returncode == 0, done.stderr.decode()


def consume(broker, topic):
    done = kcat.consume(broker, topic)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.splitlines()


def assert_same(messages, expected):
    assert len(messages) == len(expected)
    assert digest(messages) == digest(expected)


@pytest.fixture(scope="module")
def payload():
    return make_messages(0, COUNT)


def test_broker_advertises_the_proxy(kafka_server, kafka_proxy):
    done = subprocess.run([require("kcat", "kcat"), "-b", kafka_proxy.listen, "-L", "-J"],
                          capture_output=True, text=True, timeout=30)
    names = [broker["name"] for broker in json.loads(done.stdout)["brokers"]]
    assert names == [f"127.0.0.1:{kafka_server.proxy_port}"] == [kafka_proxy.listen]


@pytest.mark.parametrize("toxic_set", toxics.SETS)
def test_messages_arrive_once_and_in_order(kafka_server, kafka_proxy, topic, payload, toxic_set):
    toxics.apply(kafka_proxy, toxic_set)
    produce(kafka_proxy.listen, topic, payload)
    assert_same(consume(kafka_server.direct, topic), payload)
    assert_same(consume(kafka_proxy.listen, topic), payload)


def test_byte_counters_prove_the_way_through_the_proxy(kafka_proxy, topic, payload):
    size = COUNT * SIZE
    produce(kafka_proxy.listen, topic, payload)
    for count in (kafka_proxy.received, kafka_proxy.sent):
        wait_until(lambda: count("upstream") >= size, "the produced bytes in the counters")
        assert count("upstream") < 2 * size
        assert count("downstream") < size
    assert_same(consume(kafka_proxy.listen, topic), payload)
    for count in (kafka_proxy.received, kafka_proxy.sent):
        wait_until(lambda: count("downstream") >= size, "the consumed bytes in the counters")


def test_messages_arrive_once_and_in_order_while_toxics_change(kafka_server, kafka_proxy, topic):
    everything = []
    with Churn(kafka_proxy, seed=4) as churn:
        while churn.steps < 80:
            batch = make_messages(len(everything), 1_000)
            produce(kafka_proxy.listen, topic, batch)
            everything += batch
            assert_same(consume(kafka_proxy.listen, topic), everything)
    churn.check()
    assert_same(consume(kafka_server.direct, topic), everything)


def test_a_lasting_consumer_misses_nothing_while_toxics_change(kafka_server, kafka_proxy, topic):
    produce(kafka_server.direct, topic, [b"first"])
    number = 0
    with kcat.Follower(kafka_proxy.listen, topic) as follower:
        assert follower.take(1) == [b"first"]
        with Churn(kafka_proxy, seed=5) as churn:
            while churn.steps < 60:
                batch = make_messages(number, 500)
                produce(kafka_server.direct, topic, batch)
                assert_same(follower.take(len(batch)), batch)
                number += len(batch)
        assert follower.errors() == ""
    churn.check()

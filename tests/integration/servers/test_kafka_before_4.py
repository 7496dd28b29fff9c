"""A broker of Kafka 3.9, which still speaks the oldest versions of its protocol."""

import pytest

from kafka_inside import (addresses_of, assert_inside, make, new_topic, seen, watching)
from kafka_operations import (ONCE, VALUES, JavaProducer, JavaReader, KcatProducer, acted_on, add,
                              kcat_group, read)
from servers import kcat
from servers.kafka_cluster import KafkaCluster, Listener
from servers.kafka_fixtures import java  # noqa: F401
from servers.kafka_jars import BEFORE
from servers.kafka_raw import SASL_HANDSHAKE, RawKafka, sized, text

_LOGIN = """
listener.name.sasl.sasl.enabled.mechanisms=PLAIN
listener.name.sasl.plain.sasl.jaas.config=\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="alice-secret";
"""
#: librdkafka takes the broker for one of 2015, and does not ask which versions it has.
AS_OF_2015 = ["api.version.request=false", "broker.version.fallback=0.9.0"]


@pytest.fixture(scope="module")
def broker(progress):
    node = KafkaCluster(progress, 1, _LOGIN, BEFORE, (Listener("SASL", "SASL_PLAINTEXT"),))
    yield node
    node.close()


@pytest.fixture
def proxy(proxy_server, broker):
    """Nobody but it may be connected to the broker."""
    with watching(proxy_server, broker) as watch:
        yield make(proxy_server, broker)
    assert watch.strangers == set()


@pytest.fixture
def topic(java, broker):
    return new_topic(java, broker.direct)


@pytest.mark.parametrize("by", ("java", "kcat"))
def test_clients_stay_inside(java, broker, proxy, topic, by):
    before = java.connected_to()
    client = JavaProducer(java, True) if by == "java" else KcatProducer(True)
    assert client.send(proxy.listen, topic, VALUES).stored == 5
    assert client.transaction(proxy.listen, topic, ["6"]).stored == 1
    if by == "java":
        with JavaReader(java, proxy.listen, topic) as reader:
            assert reader.take(6)[:2] == ([*VALUES, "6"], [])
            assert reader.commit()
        assert java.connected_to() - before == addresses_of(proxy)
    else:
        assert kcat_group(proxy.listen, topic)[0] == [*VALUES, "6"]
    assert read(broker.direct, topic) == [*VALUES, "6"]
    assert_inside(proxy)


def test_a_client_of_2015(broker, proxy, topic):
    """Metadata and FindCoordinator of the first versions."""
    made = kcat.produce(proxy.listen, topic, [b"one", b"two"], AS_OF_2015, debug="broker")
    assert made.returncode == 0, made.stderr
    assert kcat.connected_to(made.stderr.decode()) == addresses_of(proxy)
    assert kcat.consume(proxy.listen, topic, AS_OF_2015).stdout == b"one\ntwo\n"
    assert_inside(proxy)


def test_a_login_of_2016(broker, proxy_server):
    """The token stands in no request, and what follows is still followed."""
    proxy = make(proxy_server, broker, upstream=broker.address("SASL"))
    with RawKafka(proxy.host, proxy.port) as client:
        assert client.ask(SASL_HANDSHAKE, text("PLAIN"))[:2] == b"\0\0"
        client.send(sized(b"\0alice\0alice-secret"))
        assert client.frame() == b""
        assert client.brokers() == seen(proxy)[0]
    assert_inside(proxy)


@pytest.mark.parametrize("by", ("java", "kcat", "2015"))
@pytest.mark.parametrize("apply", ("before", "after"))
def test_an_error(java, broker, proxy, topic, apply, by):
    """It is tried again, and was done before or not."""
    add(proxy, {"api": "Produce", "topic": topic}, ONCE, fault="error", apply=apply,
        error="NOT_LEADER_OR_FOLLOWER")
    if by == "2015":
        assert kcat.produce(proxy.listen, topic, [b"0"], AS_OF_2015).returncode == 0
    else:
        client = JavaProducer(java, False) if by == "java" else KcatProducer(False)
        assert client.send(proxy.listen, topic, ["0"]).stored == 1
    assert read(broker.direct, topic) == ["0"] * (1 if apply == "before" else 2)
    assert acted_on(proxy, topic) == ["Produce"]


def test_a_rebalance(java, proxy, topic):
    """Of the coordinator that Kafka 4 has no more."""
    assert JavaProducer(java, True).send(proxy.listen, topic, VALUES).stored == 5
    with JavaReader(java, proxy.listen, topic) as reader:
        assert reader.take(5) == (VALUES, [], 1)
        add(proxy, None, ONCE, preset="rebalance_storm")
        assert reader.take(seconds=2)[2] == 2
    assert acted_on(proxy) == ["Heartbeat"]

"""Java clients that know no broker any more start over at the proxy (KIP-899, KIP-1102), by a name
that has several addresses too."""

import pytest

from kafka_inside import (
    addresses_of, assert_inside, make, new_topic, stats, unique, watching)
from kafka_operations import ONCE, add
from operations import hits
from servers.kafka_fixtures import kafka_node  # noqa: F401
from servers.kafka_java import JavaClients
from servers.waiting import wait_until

#: At the first of its addresses nobody listens.
_HOSTS = "127.0.0.2 kafka.test\n127.0.0.1 kafka.test\n"
_IMPATIENT = {"delivery.timeout.ms": 2000, "request.timeout.ms": 500, "max.block.ms": 2000,
              "linger.ms": 0, "reconnect.backoff.max.ms": 200, "metadata.max.age.ms": 300}


@pytest.fixture(scope="module")
def java(progress, tmp_path_factory):
    hosts = tmp_path_factory.mktemp("names") / "hosts"
    hosts.write_text(_HOSTS)
    clients = JavaClients(progress, [f"-Djdk.net.hosts.file={hosts}"])
    yield clients
    clients.stop()


@pytest.fixture
def proxy(proxy_server, kafka_node):
    """Nobody but it may be connected to the broker."""
    with watching(proxy_server, kafka_node) as watch:
        yield make(proxy_server, kafka_node)
    assert watch.seen > 0 and watch.strangers == set()


@pytest.fixture
def topic(java, kafka_node):
    return new_topic(java, kafka_node.direct)


def named(proxy):
    return f"kafka.test:{proxy.port}"


class Producer:
    """Sends one message at a time, and tells how often it asked its bootstrap server."""

    def __init__(self, java, server, topic, **settings):
        self._java = java
        self._server = server
        self._topic = topic
        self.name = unique("producer")
        java.open("producer", self.name, server, _IMPATIENT | settings)

    def send(self):
        """The name of an error, or the message's offset."""
        return self._java.call("producer.send", self.name, topic=self._topic,
                               messages=[["", "value"]])["results"][0]

    def asked(self):
        """A bootstrap server has no number so far, which the client writes as -1 or less."""
        return sum(f"clientId={self.name}]" in line and "Sending metadata request" in line
                   and f" to node {self._server} (id: -" in line
                   for line in self._java.log().splitlines())


@pytest.mark.parametrize("lookup", ("use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"))
def test_a_name_with_several_addresses(java, proxy, topic, lookup):
    """The broker is told at the address by which the client came."""
    before = java.connected_to()
    producer = Producer(java, named(proxy), topic, **{"client.dns.lookup": lookup})
    assert producer.send() == 0
    assert addresses_of(proxy) - {proxy.listen} <= java.connected_to() - before <= \
        {named(proxy), *addresses_of(proxy)}
    assert_inside(proxy)


def test_all_known_brokers_are_gone(java, kafka_node, proxy, topic):
    """The broker is at another port, and the proxy is told so: it opens listeners anew."""
    producer = Producer(java, named(proxy), topic)
    stuck = Producer(java, named(proxy), topic, **{"metadata.recovery.strategy": "none"})
    assert (producer.send(), stuck.send()) == (0, 1)
    known = addresses_of(proxy)
    kafka_node.stop(1)
    kafka_node.start(1, elsewhere=True)
    proxy.api.json("POST", f"/proxies/{proxy.name}", {"upstream": kafka_node.addresses[1]})
    asked = producer.asked()
    wait_until(lambda: producer.send() == 2, "a message at the new place", 20)
    assert producer.asked() > asked
    assert addresses_of(proxy) & known == {proxy.listen}
    assert stuck.send() == "TimeoutException"
    assert_inside(proxy)


def test_known_brokers_do_not_answer(java, proxy, topic):
    """Connections to the bootstrap server itself are those to no broker."""
    trigger = "metadata.recovery.rebootstrap.trigger.ms"
    producer = Producer(java, proxy.listen, topic, **{trigger: 700})
    patient = Producer(java, proxy.listen, topic)  # 5 minutes
    assert (producer.send(), patient.send()) == (0, 1)
    proxy.api.json("POST", f"/proxies/{proxy.name}/toxics",
                   {"type": "timeout", "name": "silent", "attributes": {"timeout": 0},
                    "match": {"broker": 1}})
    asked, by_patient = producer.asked(), patient.asked()
    assert producer.send() == "TimeoutException"
    wait_until(lambda: producer.asked() >= asked + 2, "it to start over twice", 20)
    assert patient.asked() == by_patient
    proxy.remove("silent")
    wait_until(lambda: isinstance(producer.send(), int), "a message", 20)
    assert_inside(proxy)


def test_a_broker_sends_a_client_back(java, proxy, topic):
    """By an error of the answer itself, as brokers tell it; the message behind it is stored."""
    producer = Producer(java, proxy.listen, topic)
    assert producer.send() == 0
    asked = producer.asked()
    add(proxy, {"api": "Metadata", "client_id": producer.name}, ONCE, fault="error",
        error="REBOOTSTRAP_REQUIRED")
    wait_until(lambda: producer.asked() > asked, "it to start over", 20)
    assert producer.send() == 1
    assert hits(proxy) == 1
    assert stats(proxy)["toxics"][0]["connections"] == 1
    assert_inside(proxy)

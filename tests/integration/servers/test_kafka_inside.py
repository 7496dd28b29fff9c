"""Clients of Kafka stay inside the proxy, whatever the brokers say where they are.

The brokers advertise their own addresses. All that a client is given is the proxy's.
"""

import time

import pytest

from kafka_inside import (addresses_of, assert_inside, make, new_topic, port_of, seen, stats,
                          told_by, unique, watching)
from operations import journal
from servers import kcat
from servers.kafka_drivers import DRIVERS, DriverClient
from servers.kafka_fixtures import java, kafka_cluster, kafka_node  # noqa: F401
from servers.kafka_load import KcatLoad, KcatMember
from servers.ports import reserve_port, reserve_ports
from servers.waiting import wait_until


@pytest.fixture(params=["kafka_node", "kafka_cluster"], ids=["one broker", "three brokers"])
def cluster(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def watched(proxy_server, cluster):
    """A proxy in front of the brokers; nobody but it may be connected to one."""
    with watching(proxy_server, cluster) as watch:
        yield make(proxy_server, cluster)
    assert watch.seen > 0 and watch.strangers == set()


def numbered(count, keys=10, prefix=""):
    """[key, value] of messages: each key has numbers that grow."""
    return [[f"{prefix}{number % keys}", str(number)] for number in range(count)]


# ---- each kind of client ----

def test_kcat_goes_to_the_proxy_only(cluster, watched):
    topic = unique("topic")
    messages = [b"%08d" % number * 100 for number in range(2_000)]
    made = kcat.produce(watched.listen, topic, messages, debug="broker")
    read = kcat.consume(watched.listen, topic, debug="broker")
    assert (made.returncode, read.returncode) == (0, 0)
    assert read.stdout.splitlines() == messages
    assert [value.encode() for *_, value in kcat.read_all(cluster.direct, topic)] == messages
    listens, upstreams = seen(watched)
    assert upstreams == cluster.addresses
    assert told_by(watched.listen) == listens
    for done in (made, read):
        to = kcat.connected_to(done.stderr.decode())
        assert watched.listen in to and to <= addresses_of(watched)
    assert_inside(watched)


def test_java_clients_go_to_the_proxy_only(java, cluster, watched):
    before = java.connected_to()
    server = watched.listen
    names = producer, transactional, consumer, share, admin = [
        unique(each) for each in ("producer", "transactional", "consumer", "share", "admin")]
    java.open("admin", admin, server)
    topic = new_topic(java, server, partitions=3)
    messages = numbered(300)
    java.open("producer", producer, server)
    sent = java.call("producer.send", producer, topic=topic, messages=messages)["results"]
    assert len(sent) == 300 and all(isinstance(each, int) for each in sent)

    for protocol in ("classic", "consumer"):  # KIP-848 is "consumer"
        group = unique("group")
        java.open("consumer", consumer, server, {"group.id": group, "group.protocol": protocol,
                                                 "auto.offset.reset": "earliest"},
                  topic=topic, group=True)
        taken = java.call("consumer.take", consumer, count=300, seconds=20)
        assert taken["errors"] == []
        assert sorted(taken["records"]) == [list(each) for each
                                            in kcat.read_all(cluster.direct, topic)]
        java.call("consumer.close", consumer)
        assert sum(java.call("admin.offsets", admin, group=group)["offsets"].values()) == 300

    java.open("producer", transactional, server, {"transactional.id": unique("transaction")})
    java.call("producer.init", transactional)
    for verb, value in (("abort", "aborted"), ("commit", "committed")):
        java.call("producer.begin", transactional)
        java.call("producer.send", transactional, topic=topic, messages=[["key", value]])
        java.call("producer.offset", transactional, topic=topic, group=group, offset=7)
        java.call(f"producer.{verb}", transactional)
    values = [value for *_, value in kcat.read_all(cluster.direct, topic)]
    assert values.count("committed") == 1 and "aborted" not in values
    assert java.call("admin.offsets", admin, group=group)["offsets"]["0"] == 7

    group = unique("share-group")
    java.call("admin.share_from_start", admin, group=group)
    java.open("share", share, server, {"group.id": group}, topic=topic)
    taken = java.call("share.take", share, count=302, seconds=20)
    assert taken["errors"] == []
    values = [record[3] for record in taken["records"]]
    assert {value for _, value in messages} | {"committed"} <= set(values)

    assert {int(number): address for number, address
            in java.call("admin.brokers", admin)["brokers"].items()} == seen(watched)[0]
    for kind, name in zip(("producer", "producer", None, "share", "admin"), names):
        if kind is not None:
            java.call(f"{kind}.close", name)
    to = java.connected_to() - before
    assert len(to) == 1 + len(cluster.addresses) and to == addresses_of(watched)
    assert_inside(watched)


@pytest.mark.parametrize("driver", DRIVERS)
def test_other_clients_go_to_the_proxy_only(java, kafka_cluster, proxy_server, driver):
    """Every broker leads a partition, and a transaction and a group have a coordinator."""
    with watching(proxy_server, kafka_cluster) as watch:
        proxy = make(proxy_server, kafka_cluster)
        server = proxy.listen
        topic = new_topic(java, server, replicas=[[1, 2, 3], [2, 3, 1], [3, 1, 2]])
        messages = numbered(60)
        with DriverClient(driver) as producer, DriverClient(driver) as transactional:
            producer.producer(server)
            assert all(isinstance(each, int) for each in producer.send(topic, messages))
            transactional.producer(server, transactional_id=unique("transaction"))
            transactional.call("transaction", topics=[topic], messages=messages)
            producer.call("close")
            transactional.call("close")
        log = [list(each) for each in kcat.read_all(kafka_cluster.direct, topic)]
        assert len(log) == 120 and {partition for partition, *_ in log} == {0, 1, 2}
        with DriverClient(driver) as member:
            member.consumer(server, topic, unique("group"))
            taken = member.take(120)
            assert (sorted(taken["records"]), taken["errors"]) == (log, [])
            member.call("commit")
            member.call("close")
        assert seen(proxy)[1] == kafka_cluster.addresses
    assert watch.seen > 3 and watch.strangers == set()
    assert_inside(proxy)


# ---- under load, while the cluster changes ----

PER_PRODUCER = 50_000
KEYS = 60


class Member:
    """A Java consumer in a group that takes all it gets until it leaves."""

    def __init__(self, java, server, topic, group, protocol):
        self._java = java
        self.name = unique("member")
        java.open("consumer", self.name, server,
                  {"group.id": group, "auto.offset.reset": "earliest", "group.protocol": protocol,
                   "auto.commit.interval.ms": 200},
                  topic=topic, group=True)
        self._taking = java.begin("consumer.take", self.name, seconds=400)

    def leave(self):
        """What it took in all."""
        self._java.call("consumer.stop", self.name)
        answer = self._taking.result(60)
        self._java.call("consumer.close", self.name)
        return [tuple(each) for each in answer["records"]]


def assert_in_order(log, prefix):
    """Each message of one producer is there once, and those of a key in its order."""
    by_key = {}
    for _, _, key, value in log:
        if key.startswith(prefix):
            by_key.setdefault(key, []).append(int(value))
    assert {key: sorted(values) for key, values in by_key.items()} == by_key
    assert sorted(number for values in by_key.values() for number in values) == \
        list(range(PER_PRODUCER))


def assert_members_saw(log, *members):
    """Each what follows what it saw before; together all of it. A group whose commit was lost with
    a broker reads some again, which Kafka says it may."""
    for member in members:
        for partition in range(6):
            offsets = dict.fromkeys(offset for where, offset, *_ in member if where == partition)
            assert list(offsets) == sorted(offsets)
    together = {message for member in members for message in member}
    assert sorted(together) == log


def committed(java, admin, group):
    """How many messages a group has behind it."""
    return sum(java.call("admin.offsets", admin, group=group).get("offsets", {}).values())


def test_nothing_is_lost_while_the_cluster_changes(java, kafka_cluster, proxy_server):
    before = java.connected_to()
    with watching(proxy_server, kafka_cluster) as watch:
        proxy = make(proxy_server, kafka_cluster)
        server = proxy.listen
        admin, producer = unique("admin"), unique("producer")
        topic = new_topic(java, server, replicas=[[1, 2, 3], [2, 3, 1], [3, 1, 2]] * 2)
        groups = {"classic": unique("group"), "consumer": unique("group")}
        first = [Member(java, server, topic, groups[each], each) for each in groups]
        reader = KcatMember(server, topic, unique("group"))
        java.open("admin", admin, server)
        # Who gives a message up may not give up those behind it in their order.
        java.open("producer", producer, server, {"linger.ms": 5, "delivery.timeout.ms": 240_000})
        sending = java.begin("producer.send", producer, topic=topic, pause_us=120,
                             messages=numbered(PER_PRODUCER, KEYS, "java-"))
        load = KcatLoad(server, topic, numbered(PER_PRODUCER, KEYS, "kcat-"), seconds=9)

        java.call("admin.lead", admin, topic=topic, partition=0, replicas=[2, 1, 3])
        for group in groups.values():
            wait_until(lambda: committed(java, admin, group) > 0, f"{group} at work", 60)
        second = [Member(java, server, topic, groups[each], each) for each in groups]
        java.call("admin.lead", admin, topic=topic, partition=1, replicas=[3, 2, 1])
        kafka_cluster.stop(3)
        kafka_cluster.start(3, elsewhere=True)
        took_first = [member.leave() for member in first]
        java.call("admin.lead", admin, topic=topic, partition=3, replicas=[3, 1, 2])

        sent = sending.result(300)["results"]
        assert [each for each in sent if not isinstance(each, int)] == []
        status, errors = load.finish()
        assert status == 0, errors[-3000:]
        # Something is left for those who stay, however long the others took to leave.
        late = java.call("producer.send", producer, topic=topic, messages=numbered(60, KEYS, "late-"))
        assert all(isinstance(each, int) for each in late["results"])
        log = kcat.read_all(kafka_cluster.direct, topic)
        wait_until(lambda: set(reader.messages) >= set(log), "kcat's group at the end", 30)
        for group in groups.values():
            wait_until(lambda: committed(java, admin, group) == len(log), f"{group} at the end", 30)
        took_second = [member.leave() for member in second]
        reader.stop()
        assert seen(proxy)[1] == kafka_cluster.addresses

    assert_in_order(log, "java-")
    assert_in_order(log, "kcat-")
    for members in zip(took_first, took_second):
        assert all(len(member) > 0 for member in members)
        assert_members_saw(log, *members)
    assert_members_saw(log, reader.messages)
    assert watch.seen > 0 and watch.strangers == set()
    assert (java.connected_to() - before) | kcat.connected_to(errors) == addresses_of(proxy)
    assert_inside(proxy)


# ---- where the brokers' listeners are ----

def test_ports_of_the_brokers_stay(kafka_cluster, proxy_server):
    first = reserve_ports(4)
    proxy = make(proxy_server, kafka_cluster, brokers={"ports": f"{first}-{first + 3}"})
    before = told_by(proxy.listen)
    assert {port_of(each) for each in before.values()} == set(range(first, first + 3))
    change = f"/proxies/{proxy.name}"
    proxy.api.json("POST", change, {"enabled": False})
    assert set(seen(proxy)[0].values()) == {""}
    for address in (proxy.listen, *before.values()):
        assert kcat.metadata(address, 1).returncode == 1
    proxy.api.json("POST", change, {"enabled": True})
    assert told_by(proxy.listen) == before == seen(proxy)[0]
    topic = unique("topic")
    assert kcat.produce(proxy.listen, topic, [b"one"]).returncode == 0
    assert kcat.consume(before[3], topic).stdout == b"one\n"
    assert_inside(proxy)


def test_a_broker_without_a_port_is_a_way_around(kafka_cluster, proxy_server):
    """It is told of as it is, and that is counted."""
    first = reserve_ports(2)
    proxy = make(proxy_server, kafka_cluster, brokers={"ports": f"{first}-{first + 1}"})
    told = told_by(proxy.listen)
    around = set(told.values()) & set(kafka_cluster.addresses.values())
    assert len(around) == 1 and len(set(told.values()) - around) == 2
    assert stats(proxy)["bypass"] >= 1
    assert {each["reason"] for each in journal(proxy, "bypass")} == around


def test_the_host_that_clients_are_told(kafka_cluster, proxy_server):
    proxy = make(proxy_server, kafka_cluster, brokers={"host": "localhost"})
    other = make(proxy_server, kafka_cluster, "other")
    listens = seen_after(proxy)
    assert told_by(proxy.listen) == {number: f"localhost:{port_of(listen)}"
                                     for number, listen in listens.items()}
    assert told_by(other.listen) == seen_after(other)
    for number in (1, 2, 3):
        assert listens[number] != seen_after(other)[number]
    topic = unique("topic")
    assert kcat.produce(proxy.listen, topic, [b"one"]).returncode == 0
    assert kcat.consume(other.listen, topic).stdout == b"one\n"


def seen_after(proxy):
    told_by(proxy.listen)
    return seen(proxy)[0]


def test_a_toxic_for_one_broker(java, kafka_cluster, proxy_server):
    proxy = make(proxy_server, kafka_cluster)
    topic = new_topic(java, proxy.listen, replicas=[[1, 2, 3], [2, 3, 1], [3, 1, 2]])
    producer = unique("producer")
    java.open("producer", producer, proxy.listen)

    def took(partition):
        start = time.monotonic()
        answer = java.call("producer.send", producer, topic=topic, one_by_one=True,
                           messages=[[None, "value", partition]] * 2)
        assert all(isinstance(each, int) for each in answer["results"])
        return time.monotonic() - start

    for partition in range(3):
        took(partition)
    proxy.api.json("POST", f"/proxies/{proxy.name}/toxics",
                   {"type": "latency", "attributes": {"latency": 1000}, "match": {"broker": 2}})
    times = {broker: took(broker - 1) for broker in (1, 2, 3)}
    assert times[2] >= 2
    assert max(times[1], times[3]) < 2
    told = stats(proxy)["toxics"][0]
    assert told["hits"] > 0
    assert told["connections"] < stats(proxy)["connections"]["total"]


def test_the_first_bootstrap_address_is_dead(kafka_cluster, proxy_server):
    dead = f"127.0.0.1:{reserve_port()}"
    proxy = make(proxy_server, kafka_cluster, upstream=f"{dead},{kafka_cluster.addresses[2]}")
    topic = unique("topic")
    assert kcat.produce(proxy.listen, topic, [b"one"]).returncode == 0
    assert kcat.consume(proxy.listen, topic).stdout == b"one\n"
    assert seen(proxy)[1] == kafka_cluster.addresses
    assert_inside(proxy)

"""What clients of three brokers are told of them: old news, one broker less, and the name and ports
of the listener that they came to."""

import re
import subprocess
import time

import pytest

from kafka_inside import (assert_inside, make, new_topic, port_of, seen, told_by, unique,
                          watching)
from kafka_operations import acted_on, add
from servers import kcat
from servers.kafka_fixtures import java, kafka_cluster  # noqa: F401
from servers.ports import reserve_ports
from servers.process import require
from servers.waiting import wait_until

SPREAD = [[1, 2, 3], [2, 3, 1], [3, 1, 2]]
TIMED_OUT = "% Delivery failed for message: Local: Message timed out\n"


@pytest.fixture(scope="module")
def admin(java, kafka_cluster):
    """An admin client of the brokers themselves."""
    java.open("admin", "direct", kafka_cluster.direct)
    return lambda call, **more: java.call(f"admin.{call}", "direct", **more)


@pytest.fixture
def spread(java, kafka_cluster):
    """A topic with a partition on each broker: partition 0 is led by broker 1, and so on."""
    name = new_topic(java, kafka_cluster.direct, replicas=SPREAD)
    until_all_know(kafka_cluster, name, [1, 2, 3])
    return name


def leaders(server, topic):
    """The brokers, and the leader of each partition, as a client is told."""
    told = subprocess.run([require("kcat", "kcat"), "-b", server, "-L", "-t", topic],
                          capture_output=True, text=True, timeout=30).stdout
    return (set(map(int, re.findall(r"^  broker (\d+) at", told, re.MULTILINE))),
            list(map(int, re.findall(r"^    partition \d+, leader (\d+),", told, re.MULTILINE))))


def until_all_know(kafka_cluster, topic, whom):
    """Waits until each broker tells these leaders."""
    for each in kafka_cluster.direct.split(","):
        wait_until(lambda: leaders(each, topic)[1] == whom, f"the leaders by {each}", 20)


def by_kcat(server, topic, partition):
    """Sends one message; what kcat complains of."""
    return kcat.produce(server, topic, [b"kcat"],
                        ["message.timeout.ms=1500"],
                        partition=partition).stderr.decode()


def by_java(java, server, topic, *partitions):
    """Sends one message to each: where it is, or the name of an error."""
    name = unique("producer")
    java.open("producer", name, server, {"delivery.timeout.ms": 1500, "request.timeout.ms": 1000,
                                         "max.block.ms": 1500, "linger.ms": 0})
    results = java.call("producer.send", name, topic=topic,
                        messages=[[None, "java", each] for each in partitions])["results"]
    java.call("producer.close", name)
    return results


def stored(kafka_cluster, topic):
    """How many messages each partition has."""
    log = [where for where, *_ in kcat.read_all(kafka_cluster.direct, topic)]
    return [log.count(partition) for partition in range(3)]


def test_a_leader_that_has_moved(java, kafka_cluster, proxy_server, admin, spread):
    """Nobody hears of it by Metadata. The Java client is told by the broker that leads no more."""
    proxy = make(proxy_server, kafka_cluster)
    add(proxy, fault="stale_metadata", age=60_000)
    assert leaders(proxy.listen, spread) == ({1, 2, 3}, [1, 2, 3])
    admin("lead", topic=spread, partition=0, replicas=[2, 1, 3])
    until_all_know(kafka_cluster, spread, [2, 2, 3])
    assert leaders(proxy.listen, spread)[1] == [1, 2, 3]
    assert by_kcat(proxy.listen, spread, 0) == TIMED_OUT
    assert by_kcat(proxy.listen, spread, 1) == ""
    assert by_java(java, proxy.listen, spread, 0) == [0]
    assert stored(kafka_cluster, spread) == [1, 1, 0]
    assert set(acted_on(proxy)) == {"Metadata"}
    proxy.remove("fault")
    assert leaders(proxy.listen, spread)[1] == [2, 2, 3]
    assert by_kcat(proxy.listen, spread, 0) == ""
    assert_inside(proxy)


def test_news_get_old(kafka_cluster, proxy_server, admin, spread):
    """The proxy tells what it has heard as late as is set."""
    proxy = make(proxy_server, kafka_cluster)
    add(proxy, fault="stale_metadata", age=1_000)
    assert leaders(proxy.listen, spread)[1] == [1, 2, 3]
    admin("lead", topic=spread, partition=0, replicas=[3, 1, 2])
    until_all_know(kafka_cluster, spread, [3, 2, 3])
    start = time.monotonic()
    assert leaders(proxy.listen, spread)[1] == [1, 2, 3]
    wait_until(lambda: leaders(proxy.listen, spread)[1] == [3, 2, 3], "the news")
    assert time.monotonic() - start >= 1


def test_a_hidden_broker(java, kafka_cluster, proxy_server, admin, spread):
    """What it leads cannot be had, until another leads it; the rest can."""
    proxy = make(proxy_server, kafka_cluster)
    add(proxy, fault="hide_broker", hides=2)
    assert leaders(proxy.listen, spread) == ({1, 3}, [1, 2, 3])
    java.open("admin", "proxied", proxy.listen)
    told = java.call("admin.brokers", "proxied")["brokers"]
    java.call("admin.close", "proxied")
    assert told == {str(number): where for number, where in seen(proxy)[0].items()}
    assert set(told) == {"1", "3"}
    assert [by_kcat(proxy.listen, spread, each) for each in range(3)] == ["", TIMED_OUT, ""]
    assert by_java(java, proxy.listen, spread, 0, 2) == [1, 1]
    assert by_java(java, proxy.listen, spread, 1) == ["TimeoutException"]
    admin("lead", topic=spread, partition=1, replicas=[3, 2, 1])
    until_all_know(kafka_cluster, spread, [1, 3, 3])
    assert by_java(java, proxy.listen, spread, 1) == [0]
    assert stored(kafka_cluster, spread) == [2, 1, 2]
    assert set(acted_on(proxy)) == {"Metadata", "DescribeCluster"}
    assert_inside(proxy)


def test_two_names_for_one_proxy(java, kafka_cluster, proxy_server, spread):
    """Clients of both listeners are told theirs, and get the toxics of the one proxy."""
    first = reserve_ports(7)
    before = java.connected_to()
    with watching(proxy_server, kafka_cluster) as watch:
        proxy = make(proxy_server, kafka_cluster, brokers={
            "ports": f"{first}-{first + 2}", "host": "localhost",
            "also": [{"listen": f"127.0.0.2:{first + 3}", "ports": f"{first + 4}-{first + 6}"}]})
        other = f"127.0.0.2:{first + 3}"
        of_one = {f"localhost:{port}" for port in range(first, first + 3)}
        of_other = {f"127.0.0.2:{port}" for port in range(first + 4, first + 7)}
        assert (set(told_by(proxy.listen).values()), set(told_by(other).values())) == \
            (of_one, of_other)
        made = [kcat.produce(proxy.listen, spread, [b"kcat"], debug="broker", partition=each)
                for each in range(3)]
        assert [each.returncode for each in made] == [0, 0, 0]
        assert by_java(java, other, spread, 0, 1, 2) == [1, 1, 1]
        assert java.connected_to() - before == {other, *of_other}
        assert set().union(*(kcat.connected_to(each.stderr.decode()) for each in made)) == \
            {proxy.listen, *(f"127.0.0.1:{port_of(each)}" for each in of_one)}

        add(proxy, {"api": "Produce", "broker": 2}, fault="error", error="INVALID_RECORD")
        assert by_java(java, other, spread, 1) == ["InvalidRecordException"]
        assert "failed to validate record" in by_kcat(proxy.listen, spread, 1)
        assert by_kcat(proxy.listen, spread, 0) == ""
    assert watch.seen > 0 and watch.strangers == set()
    assert len(acted_on(proxy)) == 2
    assert_inside(proxy)

"""A cluster of fifty brokers, each with a listener of its own."""

import struct

import pytest

from kafka_inside import seen, stats
from operations import journal
from servers.kafka_raw import HEARTBEAT, METADATA, RawKafka, StandIn, broker
from servers.ports import reserve_ports

BROKERS = range(1, 51)


def host(number):
    return f"127.0.1.{number}"


@pytest.fixture
def cluster():
    """One server that is all of them: each has an address. To a heartbeat it says who it is."""

    def answer(request, address):
        if struct.unpack_from("!h", request)[0] == METADATA:
            told = b"".join(broker(each, host(each), server.port) for each in BROKERS)
            said = struct.pack("!i", len(BROKERS)) + told + struct.pack("!i", 0)
        else:
            said = address.encode()
        return request[4:8] + said

    with StandIn(answer) as server:
        yield server


def make(proxy_server, cluster, ports):
    first = reserve_ports(ports)
    return proxy_server.api.create_proxy(
        "kafka", f"127.0.0.1:{cluster.port}", protocol="kafka",
        brokers={"ports": f"{first}-{first + ports - 1}"}), first


def told_by(proxy):
    with RawKafka(proxy.host, proxy.port) as client:
        return client.brokers()


def reached(address):
    """Which address of the server."""
    name, port = address.rsplit(":", 1)
    with RawKafka(name, int(port)) as client:
        return client.ask(HEARTBEAT).decode()


def test_each_has_a_listener(proxy_server, cluster):
    proxy, first = make(proxy_server, cluster, 50)
    told = told_by(proxy)
    assert told == {each: f"127.0.0.1:{first + each - 1}" for each in BROKERS}
    assert seen(proxy) == (told, {each: f"{host(each)}:{cluster.port}" for each in BROKERS})
    assert {each: reached(told[each]) for each in BROKERS} == {each: host(each) for each in BROKERS}
    assert (stats(proxy)["rewritten"], stats(proxy)["bypass"]) == (50, 0)
    with RawKafka(proxy.host, first + 49) as client:  # and all are told at each
        assert client.brokers() == told


def test_one_has_no_port(proxy_server, cluster):
    proxy, first = make(proxy_server, cluster, 49)
    around = f"{host(50)}:{cluster.port}"
    assert told_by(proxy) == {each: f"127.0.0.1:{first + each - 1}" for each in BROKERS[:-1]} | {
        50: around}
    assert (stats(proxy)["rewritten"], stats(proxy)["bypass"]) == (49, 1)
    assert [each["reason"] for each in journal(proxy, "bypass")] == [around]
    assert reached(seen(proxy)[0][49]) == host(49)

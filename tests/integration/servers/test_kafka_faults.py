"""What kcat and a bare Kafka connection see when a toxic destroys the connection."""

import re
import struct
import time

import pytest

from servers import kcat
from servers.raw import RawConnection

STREAMS = ("upstream", "downstream")
QUIET_S = 0.5

#: ApiVersions version 0, correlation id 7, no client id: the smallest request there is.
API_VERSIONS = struct.pack("!ihhih", 10, 18, 0, 7, -1)


@pytest.fixture
def connection(kafka_proxy):
    with RawConnection(kafka_proxy.host, kafka_proxy.port) as connection:
        yield connection


@pytest.fixture
def existing_topic(kafka_server, topic):
    """A topic with one message in it, made around the proxy."""
    assert kcat.produce(kafka_server.direct, topic, [b"first"]).returncode == 0
    return topic


def exchange(connection):
    """Sends ApiVersions and returns the whole answer with its length in front."""
    connection.send(API_VERSIONS)
    length = connection.receive(4)
    return length + connection.receive(struct.unpack("!i", length)[0])


def stored(kafka_server, topic):
    return kcat.consume(kafka_server.direct, topic).stdout.splitlines()


def assert_disconnected(done, milliseconds=0):
    """kcat gave up, and each of its connections lived at least `milliseconds`."""
    assert done.returncode == 1
    assert "Failed to acquire metadata: Local: Broker transport failure" in done.stderr
    ages = re.findall(r"FAIL.*: Disconnected while requesting ApiVersion.*\(after (\d+)ms in state",
                      done.stderr)
    assert ages, done.stderr
    assert all(int(age) >= milliseconds for age in ages)


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_closes_after_its_time(kafka_proxy, connection, stream):
    assert exchange(connection)[4:8] == struct.pack("!i", 7)
    start = time.monotonic()
    kafka_proxy.add("timeout", stream, timeout=400)
    connection.send(API_VERSIONS)
    assert connection.until_closed() == b""
    assert 0.4 <= time.monotonic() - start < 5


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_disconnects_kcat(kafka_proxy, stream):
    kafka_proxy.add("timeout", stream, timeout=300)
    assert_disconnected(kcat.metadata(kafka_proxy.listen), milliseconds=295)


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_zero_holds_until_removed_and_then_closes(kafka_proxy, connection, stream):
    exchange(connection)
    toxic = kafka_proxy.add("timeout", stream, timeout=0)
    connection.send(API_VERSIONS)
    assert connection.quiet(QUIET_S)
    kafka_proxy.remove(toxic)
    assert connection.until_closed() == b""


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_a_new_connection(kafka_proxy, stream):
    kafka_proxy.add("reset_peer", stream, timeout=0)
    with RawConnection(kafka_proxy.host, kafka_proxy.port) as connection:
        connection.send(API_VERSIONS)
        with pytest.raises(ConnectionResetError):
            connection.until_closed()


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_a_live_connection(kafka_proxy, connection, stream):
    exchange(connection)
    kafka_proxy.add("reset_peer", stream, timeout=0)
    connection.send(API_VERSIONS)
    with pytest.raises(ConnectionResetError):
        connection.until_closed()


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_disconnects_kcat(kafka_proxy, stream):
    kafka_proxy.add("reset_peer", stream, timeout=0)
    assert_disconnected(kcat.metadata(kafka_proxy.listen))


@pytest.mark.parametrize("limit", (1, 10, 100))
def test_limit_data_downstream_passes_exactly_its_bytes(kafka_proxy, connection, limit):
    whole = exchange(connection)
    kafka_proxy.add("limit_data", "downstream", bytes=limit)
    connection.send(API_VERSIONS)
    assert connection.until_closed() == whole[:limit]


def test_limit_data_disconnects_kcat(kafka_proxy):
    kafka_proxy.add("limit_data", "downstream", bytes=100)
    assert_disconnected(kcat.metadata(kafka_proxy.listen))


def test_limit_data_upstream_lets_no_cut_request_through(kafka_server, kafka_proxy,
                                                         existing_topic):
    # Metadata passes; the one batch of 100 KB is cut on every connection that tries it.
    kafka_proxy.add("limit_data", "upstream", bytes=5_000)
    done = kcat.produce(kafka_proxy.listen, existing_topic, [b"x" * 1_000] * 100,
                        settings=("message.timeout.ms=3000", "linger.ms=500"))
    assert done.returncode == 1
    assert b"Disconnected" in done.stderr
    assert stored(kafka_server, existing_topic) == [b"first"]


@pytest.mark.parametrize("streams", (("upstream",), ("downstream",), STREAMS),
                         ids=("upstream", "downstream", "both"))
def test_bandwidth_zero_holds_the_connection_and_gives_it_back(kafka_proxy, connection, streams):
    whole = exchange(connection)
    cuts = [kafka_proxy.add("bandwidth", stream, rate=0) for stream in streams]
    connection.send(API_VERSIONS)
    assert connection.quiet(QUIET_S)
    for cut in cuts:
        kafka_proxy.remove(cut)
    assert connection.receive(len(whole)) == whole
    assert exchange(connection) == whole


def test_bandwidth_zero_only_delays_a_follower(kafka_server, kafka_proxy, existing_topic):
    later = [f"message {number}".encode() for number in range(100)]
    with kcat.Follower(kafka_proxy.listen, existing_topic) as follower:
        assert follower.take(1) == [b"first"]
        cut = kafka_proxy.add("bandwidth", "downstream", rate=0)
        assert kcat.produce(kafka_server.direct, existing_topic, later).returncode == 0
        assert follower.quiet(QUIET_S)
        kafka_proxy.remove(cut)
        assert follower.take(len(later)) == later
        assert follower.errors() == ""


def test_bandwidth_zero_only_delays_a_producer(kafka_server, kafka_proxy, existing_topic):
    cut = kafka_proxy.add("bandwidth", "upstream", rate=0)
    with kcat.Producer(kafka_proxy.listen, existing_topic) as producer:
        producer.send([b"second", b"third"])
        assert not producer.ended(QUIET_S)
        assert stored(kafka_server, existing_topic) == [b"first"]
        kafka_proxy.remove(cut)
        assert producer.finish() == (0, "")
    assert stored(kafka_server, existing_topic) == [b"first", b"second", b"third"]

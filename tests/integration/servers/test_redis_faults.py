"""What a Redis client sees, to the byte, when a toxic destroys its connection."""

import subprocess
import time

import pytest

from servers.process import require
from servers.resp import RespConnection, encode

STREAMS = ("upstream", "downstream")
QUIET_S = 0.5


@pytest.fixture
def connect(redis_proxy):
    """A function that opens a connection through the proxy; all are closed afterwards."""
    made = []

    def open_connection():
        made.append(RespConnection(redis_proxy.host, redis_proxy.port))
        return made[-1]

    yield open_connection
    for connection in made:
        connection.close()


def redis_cli(port, *words):
    """redis-cli's one answer and its errors, as text."""
    done = subprocess.run(
        [require("redis-cli", "redis-tools"), "-h", "127.0.0.1", "-p", str(port), *words],
        capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("live", (False, True), ids=("new", "live"))
def test_timeout_discards_and_closes_after_its_time(redis, redis_proxy, connect, stream, live):
    if live:
        connection = connect()
        assert connection.call("PING") == "PONG"
    start = time.monotonic()
    redis_proxy.add("timeout", stream, timeout=400)
    if not live:
        start = time.monotonic()
        connection = connect()
    connection.send(encode("SET", "key", "value"))
    assert connection.until_closed() == b""
    assert 0.4 <= time.monotonic() - start < 5
    # Upstream, the command was thrown away; downstream, Redis ran it and the reply was lost.
    assert redis.call("GET", "key") == (None if stream == "upstream" else b"value")


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_zero_holds_until_removed_and_then_closes(redis, redis_proxy, connect, stream):
    connection = connect()
    assert connection.call("PING") == "PONG"
    toxic = redis_proxy.add("timeout", stream, timeout=0)
    connection.send(encode("SET", "key", "value"))
    assert connection.quiet(QUIET_S)
    redis_proxy.remove(toxic)
    assert connection.until_closed() == b""
    assert redis.call("GET", "key") == (None if stream == "upstream" else b"value")
    assert connect().call("PING") == "PONG"


@pytest.mark.parametrize("wait_ms", (0, 400))
@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_a_new_connection(redis, redis_proxy, connect, stream, wait_ms):
    redis_proxy.add("reset_peer", stream, timeout=wait_ms)
    connection = connect()
    start = time.monotonic()
    connection.send(encode("SET", "key", "value"))
    with pytest.raises(ConnectionResetError):
        connection.until_closed()
    assert wait_ms / 1000 <= time.monotonic() - start < 5
    assert redis.call("GET", "key") == (None if stream == "upstream" else b"value")


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_a_live_connection(redis_proxy, connect, stream):
    connection = connect()
    assert connection.call("PING") == "PONG"
    redis_proxy.add("reset_peer", stream, timeout=0)
    connection.send(encode("PING"))
    with pytest.raises(ConnectionResetError):
        connection.until_closed()


def test_reset_peer_is_a_reset_for_redis_cli(redis_proxy):
    redis_proxy.add("reset_peer", "downstream", timeout=0)
    assert "Connection reset by peer" in redis_cli(redis_proxy.port, "PING")


@pytest.mark.parametrize("limit", (1, 1_000, 65_537))
def test_limit_data_downstream_passes_exactly_its_bytes(redis, redis_proxy, connect, limit):
    value = bytes(range(256)) * 1_000
    redis.call("SET", "key", value)
    redis_proxy.add("limit_data", "downstream", bytes=limit)
    connection = connect()
    connection.send(encode("GET", "key"))
    reply = b"$%d\r\n%s\r\n" % (len(value), value)
    assert connection.until_closed() == reply[:limit]


def test_limit_data_counts_from_its_adding_on_a_live_connection(redis, redis_proxy, connect):
    connection = connect()
    assert connection.call("ECHO", "x" * 500) == b"x" * 500
    redis_proxy.add("limit_data", "downstream", bytes=20)
    for _ in range(2):
        assert connection.call("PING") == "PONG"
    connection.send(encode("ECHO", "0123456789"))
    assert connection.until_closed() == b"$10\r\n0"


def test_limit_data_upstream_passes_exactly_its_bytes(redis, redis_proxy, connect):
    command = encode("RPUSH", "list", "x" * 50)
    redis_proxy.add("limit_data", "upstream", bytes=37 * len(command) + len(command) // 2)
    connection = connect()
    connection.send(command * 100)
    replies = connection.until_closed()
    whole = b"".join(b":%d\r\n" % number for number in range(1, 38))
    assert whole.startswith(replies)
    assert redis.call("LLEN", "list") == 37


def test_limit_data_is_a_close_for_redis_cli(redis, redis_proxy):
    redis.call("SET", "key", "x" * 1_000)
    redis_proxy.add("limit_data", "downstream", bytes=500)
    assert "Server closed the connection" in redis_cli(redis_proxy.port, "GET", "key")


@pytest.mark.parametrize("streams", (("upstream",), ("downstream",), STREAMS),
                         ids=("upstream", "downstream", "both"))
def test_bandwidth_zero_holds_the_session_and_gives_it_back(redis, redis_proxy, connect, streams):
    connection = connect()
    assert connection.call("SET", "key", "before") == "OK"
    cuts = [redis_proxy.add("bandwidth", stream, rate=0) for stream in streams]
    connection.send(encode("GETSET", "key", "after"))
    assert connection.quiet(QUIET_S)
    assert redis.call("GET", "key") == (b"before" if "upstream" in streams else b"after")
    for cut in cuts:
        redis_proxy.remove(cut)
    assert connection.reply() == b"before"
    assert connection.call("GET", "key") == b"after"


def test_bandwidth_zero_gives_way_to_an_update(redis_proxy, connect):
    connection = connect()
    toxic = redis_proxy.add("bandwidth", "downstream", rate=0)
    connection.send(encode("PING"))
    assert connection.quiet(QUIET_S)
    redis_proxy.update(toxic, rate=1_000)
    assert connection.reply() == "PONG"

"""Redis behind toxics that destroy nothing: every command answered, in order, exactly once."""

import subprocess

import pytest

from servers import toxics
from servers.churn import Churn
from servers.process import require
from servers.resp import RespConnection, encode
from servers.waiting import wait_until

BATCH = 100


def run_benchmark(port, requests, pipeline):
    """redis-benchmark with 20 clients: SET, GET and LPUSH, `requests` of each."""
    done = subprocess.run(
        [require("redis-benchmark", "redis-tools"), "-h", "127.0.0.1", "-p", str(port), "-q",
         "-c", "20", "-n", str(requests), "-P", str(pipeline), "-t", "set,get,lpush"],
        capture_output=True, text=True, timeout=120)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "rror" not in output, output
    assert output.count("requests per second") == 3, output


def value_of(number):
    return f"value {number} " + "x" * (number % 97)


def batch_of(first):
    """BATCH pairs of commands whose replies give away a loss or a swap."""
    return b"".join(
        encode("RPUSH", "numbers", number) + encode("ECHO", value_of(number))
        for number in range(first, first + BATCH))


def check_replies(connection, first):
    for number in range(first, first + BATCH):
        assert connection.reply() == number + 1
        assert connection.reply().decode() == value_of(number)


def exchange(connection, first, batches):
    """Sends batches, always one ahead of the replies; returns the next number."""
    connection.send(batch_of(first))
    for start in range(first + BATCH, first + batches * BATCH, BATCH):
        connection.send(batch_of(start))
        check_replies(connection, start - BATCH)
    check_replies(connection, first + (batches - 1) * BATCH)
    return first + batches * BATCH


def stored_numbers(redis):
    return [int(value) for value in redis.call("LRANGE", "numbers", 0, -1)]


@pytest.mark.parametrize("pipeline", (1, 16))
@pytest.mark.parametrize("toxic_set", toxics.SETS)
def test_benchmark_runs_clean(redis, redis_proxy, toxic_set, pipeline):
    toxics.apply(redis_proxy, toxic_set)
    run_benchmark(redis_proxy.port, 4_000, pipeline)
    assert redis.call("LLEN", "mylist") == 4_000


@pytest.mark.parametrize("toxic_set", toxics.SETS)
def test_pipelined_replies_come_in_order(redis, redis_proxy, toxic_set):
    toxics.apply(redis_proxy, toxic_set)
    with RespConnection(redis_proxy.host, redis_proxy.port) as connection:
        total = exchange(connection, 0, batches=60)
    assert stored_numbers(redis) == list(range(total))


@pytest.mark.parametrize("pipeline", (1, 16))
def test_benchmark_runs_clean_while_toxics_change(redis, redis_proxy, pipeline):
    rounds = 0
    with Churn(redis_proxy, seed=pipeline) as churn:
        while churn.steps < 60:
            run_benchmark(redis_proxy.port, 1_600, pipeline)
            rounds += 1
    assert redis.call("LLEN", "mylist") == rounds * 1_600
    churn.check()


@pytest.mark.parametrize("seed", (1, 2, 3))
def test_pipelined_replies_come_in_order_while_toxics_change(redis, redis_proxy, seed):
    total = 0
    with RespConnection(redis_proxy.host, redis_proxy.port) as connection:
        with Churn(redis_proxy, seed) as churn:
            while churn.steps < 80:
                total = exchange(connection, total, batches=5)
        assert connection.call("LLEN", "numbers") == total
    assert stored_numbers(redis) == list(range(total))
    churn.check()


def test_large_values_keep_every_byte_while_toxics_change(redis, redis_proxy):
    value = bytes(range(256)) * 4_096
    rounds = 0
    with RespConnection(redis_proxy.host, redis_proxy.port) as connection:
        with Churn(redis_proxy, seed=7) as churn:
            while churn.steps < 60:
                key = f"large {rounds}"
                assert connection.call("SET", key, value) == "OK"
                assert connection.call("GET", key) == value
                rounds += 1
    assert all(redis.call("GET", f"large {number}") == value for number in range(rounds))


def test_byte_counters_are_exact_after_the_connection(redis, redis_proxy):
    request, reply = encode("ECHO", "x" * 1_000), b"$1000\r\n" + b"x" * 1_000 + b"\r\n"
    with RespConnection(redis_proxy.host, redis_proxy.port) as connection:
        for _ in range(50):
            connection.send(request)
            connection.reply()
    for direction, size in (("upstream", len(request) * 50), ("downstream", len(reply) * 50)):
        wait_until(lambda: redis_proxy.sent(direction) >= size, f"counters, {direction}")
        assert redis_proxy.received(direction) == size
        assert redis_proxy.sent(direction) == size


def test_byte_counters_move_while_the_connection_lives(redis, redis_proxy):
    with RespConnection(redis_proxy.host, redis_proxy.port) as connection:
        assert connection.call("ECHO", "x" * 10_000) == b"x" * 10_000
        for direction in ("upstream", "downstream"):
            wait_until(lambda: redis_proxy.received(direction) >= 10_000,
                       f"received bytes, {direction}", seconds=3)
            wait_until(lambda: redis_proxy.sent(direction) >= 10_000,
                       f"sent bytes, {direction}", seconds=3)

"""Probes of every kind against real servers, which come and go while they look.

The tests themselves are in unit/real_*_test.cpp; where they need a server to end or to come back,
they say so on their output, and wait for a line on their input.
"""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from servers.kafka_server import KafkaServer
from servers.postgres_server import PostgresServer
from servers.proxy_server import ROOT
from servers.redis_server import RedisServer

SECONDS = 240


def binary_of_tests():
    """The C++ tests: ACONITE_EXPERIMENT_TESTS, or those of the release build of this tree."""
    built = ROOT / "build/release/bin/aconite_experiment_tests"
    return Path(os.environ.get("ACONITE_EXPERIMENT_TESTS", built))


class Comeback:
    """A server that ends and comes back at the same port; without its data."""

    def __init__(self, make):
        self._make = make
        self._server = make(None)
        self.address = self._server.address

    def kill(self):
        """SIGKILL to all its processes: nobody says farewell."""
        os.killpg(self._server._process.pid, signal.SIGKILL)
        self._server.stop()

    def start(self):
        self._server = self._make(int(self.address.rsplit(":", 1)[1]))

    def restart(self):
        self._server.stop()
        self.start()

    def stop(self):
        self._server.stop()


@pytest.fixture
def comebacks():
    made = {"postgres": Comeback(PostgresServer), "redis": Comeback(RedisServer)}
    yield made
    for each in made.values():
        each.stop()


@pytest.fixture
def kafka_behind_proxy(progress, proxy_server):
    server = KafkaServer(progress)
    proxy = proxy_server.api.create_proxy("kafka", server.direct, protocol="kafka")
    yield server, proxy
    server.stop()


def run_tests(only, environment, commands):
    """Runs tests by a filter, does what they ask for; returns the status and what they printed."""
    child = subprocess.Popen(
        [binary_of_tests(), f"--gtest_filter={only}", "--gtest_color=no"], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **environment})
    watch = threading.Timer(SECONDS, child.kill)
    watch.start()
    lines = []
    try:
        for line in child.stdout:
            lines.append(line)
            if line.startswith("::"):
                action, name = line[2:].split()
                getattr(commands[name], action)()
                child.stdin.write("done\n")
                child.stdin.flush()
        return child.wait(), "".join(lines)
    finally:
        watch.cancel()
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def assert_all_passed(status, output, at_least):
    assert status == 0, output
    assert "[  SKIPPED ]" not in output, output
    assert output.count("[       OK ]") >= at_least, output
    # Nothing that a library writes by itself.
    assert "%3|" not in output and "%4|" not in output, output


def test_probes_of_postgres_and_redis_keep_what_they_promise(comebacks):
    assert_all_passed(*run_tests(
        "real_sql.*:real_redis.*",
        {"POSTGRES_URL": comebacks["postgres"].address,
         "REDIS_ADDRESS": comebacks["redis"].address}, comebacks), at_least=13)


def test_probes_of_kafka_and_proxies_keep_what_they_promise(kafka_behind_proxy, proxy_server):
    server, proxy = kafka_behind_proxy
    assert_all_passed(*run_tests(
        "real_kafka.*",
        {"KAFKA_ADDRESS": proxy.listen, "KAFKA_DIRECT": server.direct,
         "ACONITE_URL": f"http://127.0.0.1:{proxy_server.port}"}, {}), at_least=9)

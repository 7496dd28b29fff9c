"""Servers and proxies for the tests in this folder.

Redis, PostgreSQL and Kafka start once a run; every test has a proxy server of its own, which must
still be alive when the test ends and leave with status 0.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))

from servers.fixtures import proxy_server, redis_server  # noqa: E402, F401
from servers.kafka_server import KafkaServer  # noqa: E402
from servers.postgres_18 import Postgres18  # noqa: E402
from servers.postgres_server import PostgresServer  # noqa: E402
from servers.reporting import progress, pytest_runtest_makereport  # noqa: E402,F401


@pytest.fixture(scope="session")
def postgres_server():
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_18_server(progress):
    server = Postgres18(progress)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka_server(progress):
    server = KafkaServer(progress)
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server):
    """Redis without data."""
    redis_server.call("FLUSHALL")
    return redis_server


@pytest.fixture
def redis_proxy(proxy_server, redis):
    return proxy_server.api.create_proxy("redis", redis.address)


def emptied(server):
    """The server, with an empty schema public."""
    server.query(
        "SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return server


@pytest.fixture
def postgres(postgres_server):
    """PostgreSQL with an empty schema public."""
    return emptied(postgres_server)


@pytest.fixture
def postgres_18(postgres_18_server):
    """PostgreSQL 18, which has TLS, with an empty schema public."""
    return emptied(postgres_18_server)


@pytest.fixture
def postgres_proxy(proxy_server, postgres):
    return proxy_server.api.create_proxy("postgres", postgres.address)


@pytest.fixture
def kafka_proxy(proxy_server, kafka_server):
    return proxy_server.api.create_proxy("kafka", kafka_server.address,
                                         f"127.0.0.1:{kafka_server.proxy_port}")


@pytest.fixture
def topic(request):
    """A topic name that no other test uses."""
    return "".join(c if c.isalnum() else "-" for c in request.node.name)

"""A pytest plugin: one Kafka broker for all example projects that want one."""

import pytest

from servers.kafka_server import KafkaServer


@pytest.fixture(scope="session")
def kafka_broker():
    server = KafkaServer(print)
    yield server
    server.stop()

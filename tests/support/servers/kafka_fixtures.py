"""Fixtures for tests with Kafka's own clients, which a file of tests imports."""

import pytest

from servers.kafka_cluster import KafkaCluster
from servers.kafka_java import JavaClients


@pytest.fixture(scope="module")
def java(progress):
    clients = JavaClients(progress)
    yield clients
    clients.stop()


@pytest.fixture(scope="module")
def kafka_cluster(progress):
    cluster = KafkaCluster(progress, nodes=3)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def kafka_node(progress):
    """One broker that advertises nothing but its own address."""
    node = KafkaCluster(progress, nodes=1)
    yield node
    node.close()

"""A Compose file that was written for Toxiproxy's image, with nothing changed but that image.

Redis takes the place of each server behind it: what matters is where it listens.
"""

import time

import pytest

from servers.resp import RespConnection
from servers.rest import RestClient

STACK = """
services:
  toxiproxy:
    image: ghcr.io/shopify/toxiproxy:2.7.0
    container_name: cdc-toxiproxy
    ports: ["8474:8474", "5433:5433", "9093:9093", "27018:27018"]
    networks: [cdc]
    depends_on: [postgres, kafka, mongodb]
  postgres:
    image: ${REDIS_IMAGE}
    container_name: cdc-postgres
    command: redis-server --protected-mode no --port 5432
    networks: [cdc]
  kafka:
    image: ${REDIS_IMAGE}
    container_name: cdc-kafka
    command: redis-server --protected-mode no --port 9092
    networks: [cdc]
  mongodb:
    image: ${REDIS_IMAGE}
    container_name: cdc-mongodb
    command: redis-server --protected-mode no --port 27017
    networks: [cdc]
networks:
  cdc: {}
"""
PORTS = {"postgres": (5433, 5432), "kafka": (9093, 9092), "mongodb": (27018, 27017)}
#: Of a published port on localhost Docker's own proxy is the peer: it makes a close of a reset.
CLOSED = (ConnectionError, EOFError)


@pytest.fixture
def cli(engine, aconite_image, broker_images, tmp_path):
    """The stack is up; a function that runs toxiproxy-cli in its container."""
    file = tmp_path / "docker-compose.yml"
    file.write_text(STACK.replace("ghcr.io/shopify/toxiproxy:2.7.0", aconite_image))
    engine.run("docker", "compose", "-f", file, "up", "--detach", environment=broker_images)
    return lambda *words: engine.docker("exec", "cdc-toxiproxy", "/toxiproxy-cli", *words)


def ping_ms(port):
    began = time.monotonic()
    with RespConnection("127.0.0.1", port) as connection:
        assert connection.call("PING") == "PONG"
    return (time.monotonic() - began) * 1000


def test_its_ports_and_commands_work_when_only_the_image_differs(engine, cli):
    for name, (port, server) in PORTS.items():
        cli("create", "-l", f"0.0.0.0:{port}", "-u", f"cdc-{name}:{server}", name)
    with engine.inside():
        assert RestClient(8474).json("GET", "/proxies").keys() == PORTS.keys()
        for port, _ in PORTS.values():
            assert ping_ms(port) < 200

        cli("toxic", "add", "-t", "latency", "-a", "latency=300", "-a", "jitter=0", "kafka")
        cli("toxic", "add", "mongodb", "-t", "reset_peer", "-a", "timeout=0")
        assert ping_ms(PORTS["kafka"][0]) >= 300
        with pytest.raises(CLOSED):
            ping_ms(PORTS["mongodb"][0])
        assert ping_ms(PORTS["postgres"][0]) < 200

        assert "latency_downstream" in cli("inspect", "kafka")
        cli("toxic", "remove", "-n", "latency_downstream", "kafka")
        assert ping_ms(PORTS["kafka"][0]) < 200
        cli("toggle", "postgres")
        with pytest.raises(CLOSED):
            ping_ms(PORTS["postgres"][0])

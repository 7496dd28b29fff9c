"""The files of examples/compose, brought up, disturbed and taken down; and the pages about them."""

import json
import re

import pytest

from servers.proxy_server import ROOT
from servers.rest import RestClient
from servers.waiting import wait_until

EXAMPLES = ROOT / "examples" / "compose"
DELAY_MS = 400


class Project:
    """One file of the examples, with images that were built here."""

    def __init__(self, engine, file, variables):
        self._engine = engine
        self._file = file
        self._variables = variables

    def compose(self, *words):
        return self._engine.run("docker", "compose", "-f", self._file, *words, cwd=EXAMPLES,
                                environment=self._variables).stdout

    def container(self, service):
        return self._engine.docker(
            "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.service={service}"
        ).strip()

    def wait_for_health(self, service, health):
        form = ("inspect", "--format", "{{.State.Health.Status}}", self.container(service))
        wait_until(lambda: self._engine.docker(*form).strip() == health,
                   f"{service} being {health}", 60, 0.1)

    def orders(self):
        """For each order so far, how long it took in ms."""
        log = self._engine.docker("logs", self.container("service"))
        return [int(ms) for ms in re.findall(r"order stored after (\d+) ms", log)]

    def retried(self):
        """The keys of the orders that it placed again, for want of an answer."""
        log = self._engine.docker("logs", self.container("service"))
        return re.findall(r"order (\S+): no answer, again", log)

    def psql(self, query):
        """What PostgreSQL answers, asked from the service's container."""
        return self._engine.docker("exec", self.container("service"), "psql", "-Atc", query).strip()

    def wait_for_orders(self, wanted, what, count=3):
        """Waits until `wanted` holds for each of the last `count` orders, all of them new."""
        known = len(self.orders())

        def held():
            newer = self.orders()[known:][-count:]
            return len(newer) == count and all(wanted(ms) for ms in newer)
        wait_until(held, what, 30, 0.1)


@pytest.fixture
def project(engine, aconite_image, broker_images):
    """A function that brings a file up, as a whole or some of its services."""
    def up(file, *services):
        made = Project(engine, file, {**broker_images, "ACONITE_IMAGE": aconite_image})
        made.compose("up", "--detach", *services)
        return made
    return up


@pytest.mark.parametrize("broker", ["postgres", "redis", "kafka"])
def test_a_service_works_through_its_sidecar_and_meets_its_faults(engine, project, broker):
    example = project(f"{broker}.yaml")
    example.wait_for_health("service", "healthy")
    example.wait_for_orders(lambda ms: ms < DELAY_MS, "orders without a fault")

    with engine.inside():
        api = RestClient(8474)
        api.json("POST", f"/proxies/{broker}/toxics",
                 {"type": "latency", "name": "slow", "attributes": {"latency": DELAY_MS}})
        example.wait_for_orders(lambda ms: ms >= DELAY_MS, "orders that the toxic delays")
        api.json("POST", "/assert", {"proxy": broker, "toxic": "slow", "hits": {">=": 1}})
        api.text("DELETE", f"/proxies/{broker}/toxics/slow")
    example.wait_for_orders(lambda ms: ms < DELAY_MS, "orders after the fault")

    example.compose("down", "--volumes", "--timeout", "1")
    assert engine.leftovers() == []


def test_an_order_is_stored_when_the_answer_to_its_commit_is_lost(engine, project):
    example = project("postgres.yaml")
    example.wait_for_health("service", "healthy")
    for number, preset in enumerate(("lose_commit_ack", "phantom_commit"), 1):
        with engine.inside():
            RestClient(8474).json("POST", "/proxies/postgres/toxics", {
                "type": "postgres", "name": preset, "attributes": {"preset": preset},
                "trigger": {"times": 1}})
        wait_until(lambda: len(example.retried()) == number, f"an order that met {preset}", 30, 0.1)
        # Else the second fault might meet the second attempt of the same order.
        example.wait_for_orders(lambda ms: True, "orders behind it")
    for key in example.retried():
        assert example.psql(f"SELECT count(*) FROM orders WHERE key = '{key}'") == "1"
    assert "order lost" not in engine.docker("logs", example.container("service"))


def test_an_order_is_acknowledged_and_lost_by_a_broker_that_knows_of_no_proxy(engine, project):
    example = project("kafka.yaml")
    example.wait_for_health("service", "healthy")
    with engine.inside():
        api = RestClient(8474)
        seen = api.json("GET", "/proxies/kafka")["brokers"]["seen"]
        assert [(each["id"], each["upstream"]) for each in seen] == [(1, "kafka:9092")]
        api.json("POST", "/proxies/kafka/toxics", {
            "type": "kafka", "name": "lost", "attributes": {"preset": "lost_event"},
            "match": {"topic": "orders"}, "trigger": {"times": 3}})
        wait_until(lambda: api.json("GET", "/proxies/kafka/stats")["hits"] == 3,
                   "three orders to be lost", 30, 0.1)
        example.wait_for_orders(lambda ms: ms < DELAY_MS, "orders behind them")
        assert api.json("GET", "/proxies/kafka/stats")["bypass"] == 0
        hits = [json.loads(line) for line in api.text(
            "GET", "/journal?kind=hit&toxic=lost").splitlines()]
    assert [(each["operation"]["api"], each["operation"]["topic"]) for each in hits] == \
        [("Produce", "orders")] * 3


def test_the_sidecar_is_healthy_as_long_as_its_proxy_listens(engine, project):
    example = project("redis.yaml", "aconite")
    toggle = ("exec", example.container("aconite"), "/aconite", "toggle", "redis")
    example.wait_for_health("aconite", "healthy")
    engine.docker(*toggle)
    example.wait_for_health("aconite", "unhealthy")
    engine.docker(*toggle)
    example.wait_for_health("aconite", "healthy")


@pytest.mark.parametrize("page, folder, delay_ms", [
    ("docs/quick-start-compose.md", ROOT, 500), ("examples/compose/README.md", EXAMPLES, 300)])
def test_the_commands_of_a_page_do_what_it_says(engine, aconite_image, broker_images, page,
                                                folder, delay_ms):
    commands = "".join(re.findall(r"^```sh\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S))
    shown = engine.run("bash", "-euxc", commands, cwd=folder, environment=broker_images)
    took = [int(ms) for ms in re.findall(r"order stored after (\d+) ms", shown.stdout)]
    assert sum(ms >= delay_ms for ms in took) >= 3, shown.stdout
    assert engine.leftovers() == []

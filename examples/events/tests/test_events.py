"""Which orders and events are there after PostgreSQL or Kafka failed between the two writes.

Before the fault of each test one order goes well, and behind most another one.
"""

import http.client
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

SERVICE = Path(__file__).resolve().parents[1] / "service.py"
POSTGRES = os.environ.get("POSTGRES_ADDRESS", "localhost:5432")
KAFKA = os.environ.get("KAFKA_ADDRESS", "localhost:9092")


def of_service(way):
    """What the test's `service` is."""
    return pytest.mark.parametrize("service", [way], indirect=True)


def commits(preset, times=1):
    """So many commits meet this fault; if none does, the plugin fails the test."""
    return pytest.mark.toxic("postgres", type="postgres", name="commits",
                             attributes={"preset": preset}, trigger={"times": times})


#: What is sent to Kafka gets nowhere, on new connections too, until the test removes it.
kafka_gone = pytest.mark.toxic("kafka", type="timeout", stream="upstream",
                               attributes={"timeout": 0})
#: The relay loses its connection in place of the mark that an event was sent, once.
mark_lost = pytest.mark.toxic("postgres", type="postgres", attributes={"preset": "admin_shutdown"},
                              match={"query": "^UPDATE outbox"}, trigger={"times": 1})


class Service:
    """A process of its own, which is told addresses and knows nothing of aconite."""

    def __init__(self, way, **environment):
        self._process = subprocess.Popen([sys.executable, SERVICE, way], text=True,
                                         stdout=subprocess.PIPE,
                                         env={**os.environ, **environment, "PORT": "0"})
        self._port = int(self._process.stdout.readline().split()[-1])

    def ask(self, method, path, body=None):
        """Status and answer."""
        connection = http.client.HTTPConnection("localhost", self._port, timeout=60)
        try:
            connection.request(method, path, body and json.dumps(body))
            answer = connection.getresponse()
            return answer.status, json.load(answer)
        finally:
            connection.close()

    def place(self):
        """The status, and the order's id if it has one."""
        status, answer = self.ask("POST", "/orders", {"customer": "somebody", "item": "tea"})
        assert status == 201 or (status, answer) == (500, {"status": "error"})
        return status, answer.get("orderId")

    def stop(self):
        self._process.terminate()
        self._process.communicate(timeout=30)


@pytest.fixture
def postgres(proxy):
    """A proxy that follows the protocol, so without TLS."""
    return proxy("postgres", POSTGRES, protocol="postgres")


@pytest.fixture
def kafka(proxy):
    """A proxy that follows the protocol, so whoever comes here is told of no way around it."""
    return proxy("kafka", KAFKA, protocol="kafka")


@pytest.fixture(scope="module")
def database():
    """The tests' own connection, past the proxy: only the service meets the faults."""
    host, port = POSTGRES.rsplit(":", 1)
    with psycopg.connect(host=host, port=port, autocommit=True) as connection:
        yield connection


@pytest.fixture
def schema(database):
    """Where the service makes its tables."""
    name = f"events_{uuid.uuid4().hex}"
    database.execute(f"CREATE SCHEMA {name}")
    yield name
    database.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def topic():
    """Where the service's events go."""
    name = f"order.created.{uuid.uuid4()}"
    admin = AdminClient({"bootstrap.servers": KAFKA})
    admin.create_topics([NewTopic(name, 1)])[name].result(30)
    yield name
    admin.delete_topics([name])[name].result(30)


@pytest.fixture
def orders(database, schema):
    """A function: the ids of all that are in the table."""
    query = f"SELECT id FROM {schema}.orders ORDER BY id"
    return lambda: [row[0] for row in database.execute(query)]


@pytest.fixture
def events(topic):
    """A function: all that are there, and it waits until they are `at_least` so many. Past the
    proxy too."""
    partition = TopicPartition(topic, 0, OFFSET_BEGINNING)
    consumer = Consumer({"bootstrap.servers": KAFKA, "group.id": topic,
                         "enable.auto.commit": False})

    def read(at_least=0):
        consumer.assign([partition])
        _, end = consumer.get_watermark_offsets(partition, timeout=10)
        wanted = max(end, at_least)
        messages = consumer.consume(wanted, timeout=10) if wanted else []
        assert not any(message.error() for message in messages)
        return [json.loads(message.value()) for message in messages]

    yield read
    consumer.close()


@pytest.fixture
def service(request, postgres, kafka, schema, topic, orders, events):
    """It runs, has its connection to Kafka, and its first order is in both."""
    service = Service(
        request.param, KAFKA=f"{kafka.host}:{kafka.port}", TOPIC=topic,
        POSTGRES=f"host={postgres.host} port={postgres.port} sslmode=disable "
                 f"options='-c search_path={schema}'")
    try:
        assert service.ask("GET", "/health") == (200, {"status": "up"})
        status, first = service.place()
        assert status == 201
        assert service.ask("GET", f"/orders/{first}")[0] == 200
        assert [first] == orders() == ordered(events(at_least=1))
        yield service
    finally:
        service.stop()


def ordered(events):
    """The ids of the orders that events tell of."""
    return [event["orderId"] for event in events]


def statuses(service, count):
    return [service.place()[0] for _ in range(count)]


# Phantom events: the transaction is rolled back at its commit.

@commits("phantom_commit", times=5)
@of_service("publish_first")
def test_publish_first_tells_of_orders_that_do_not_exist(service, postgres, orders, events):
    assert statuses(service, 5) == [500] * 5
    assert statuses(service, 1) == [201]
    postgres.assert_that(toxic="commits", hits=5)
    told, there = ordered(events()), orders()
    assert (len(there), len(told)) == (2, 7)
    phantoms = [each for each in told if each not in there]
    assert [service.ask("GET", f"/orders/{each}")[0] for each in phantoms] == [404] * 5


@commits("phantom_commit", times=5)
@of_service("commit_first")
def test_commit_first_tells_of_nothing_that_was_rolled_back(service, postgres, orders, events):
    assert statuses(service, 5) == [500] * 5
    assert statuses(service, 1) == [201]
    postgres.assert_that(toxic="commits", hits=5)
    assert orders() == ordered(events())
    assert len(orders()) == 2


@commits("phantom_commit", times=5)
@of_service("outbox")
def test_outbox_tells_of_nothing_that_was_rolled_back(service, postgres, orders, events):
    assert statuses(service, 5) == [500] * 5
    assert statuses(service, 1) == [201]
    postgres.assert_that(toxic="commits", hits=5)
    # Events are sent in order: what came before the last one would be there.
    assert orders() == ordered(events(at_least=2))
    assert len(orders()) == 2


# Lost events: Kafka is gone.

@kafka_gone
@of_service("publish_first")
def test_publish_first_takes_no_orders_without_kafka(service, kafka, orders, events):
    assert statuses(service, 1) == [500]
    kafka.reset()
    assert statuses(service, 1) == [201]
    assert orders() == ordered(events())
    assert len(orders()) == 2


@kafka_gone
@of_service("commit_first")
def test_commit_first_loses_the_event_without_kafka(service, kafka, orders, events):
    assert statuses(service, 1) == [500]
    kafka.reset()
    assert statuses(service, 1) == [201]
    first, lost, last = orders()
    assert ordered(events()) == [first, last]
    assert service.ask("GET", f"/orders/{lost}")[0] == 200


@kafka_gone
@of_service("outbox")
def test_outbox_sends_the_event_when_kafka_is_back(service, kafka, orders, events):
    assert statuses(service, 1) == [201]
    kafka.wait(hits=">=1")  # the relay has tried
    assert (len(orders()), len(events())) == (2, 1)
    kafka.reset()
    assert statuses(service, 1) == [201]
    assert orders() == ordered(events(at_least=3))
    assert len(orders()) == 3


# The transaction is committed, but nobody is told.

@commits("lose_commit_ack")
@of_service("publish_first")
def test_publish_first_orders_twice_when_told_of_an_error(service, orders, events):
    assert statuses(service, 2) == [500, 201]  # the customer tries again
    assert orders() == ordered(events())
    assert len(orders()) == 3


@commits("lose_commit_ack")
@of_service("commit_first")
def test_commit_first_loses_the_event_of_a_commit_without_answer(service, orders, events):
    assert statuses(service, 2) == [500, 201]
    first, lost, last = orders()
    assert ordered(events()) == [first, last]
    assert service.ask("GET", f"/orders/{lost}")[0] == 200


@commits("lose_commit_ack")
@of_service("outbox")
def test_outbox_sends_the_event_of_a_commit_without_answer(service, orders, events):
    assert statuses(service, 2) == [500, 201]
    assert orders() == ordered(events(at_least=3))
    assert len(orders()) == 3


# What an outbox costs.

@mark_lost
@of_service("outbox")
def test_outbox_sends_an_event_twice_whose_mark_is_lost(service, orders, events):
    assert statuses(service, 1) == [201]
    first, event, again = events(at_least=3)
    assert event == again
    seen = {each["eventId"]: each for each in (first, event, again)}  # as a consumer does
    assert ordered(seen.values()) == orders()

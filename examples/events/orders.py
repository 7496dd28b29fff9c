"""Places orders, which is two writes: the order into PostgreSQL, its event to Kafka."""

import json
import sys
import threading
import uuid
from concurrent.futures import Future

import psycopg
from confluent_kafka import KafkaException, Producer

TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer text NOT NULL,
    item text NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    event text NOT NULL,
    sent_at timestamptz
)"""
RELAY_S = 0.5  # how often the relay looks by itself


class Topic:
    """Where events go."""

    def __init__(self, brokers: str, name: str):
        self._name = name
        self._producer = Producer({"bootstrap.servers": brokers, "message.timeout.ms": 5000,
                                   "reconnect.backoff.max.ms": 500})

    def publish(self, key: int, event: str) -> None:
        """Returns when the broker has it; KafkaException if it does not say so in time."""
        report = Future()
        self._producer.produce(self._name, key=str(key), value=event,
                               on_delivery=lambda error, _: report.set_result(error))
        self._producer.flush()
        if report.result() is not None:
            raise KafkaException(report.result())


class Orders:
    """Places orders; when the event is published is up to the subclass."""

    def __init__(self, postgres: str, topic: Topic):
        self._postgres = postgres
        self._topic = topic
        with self._connect() as connection:
            connection.execute(TABLES)

    def place(self, customer: str, item: str) -> int:
        """The id of the order."""
        raise NotImplementedError

    def find(self, order_id: int):
        with self._connect() as connection:
            row = connection.execute("SELECT customer, item FROM orders WHERE id = %s",
                                     (order_id,)).fetchone()
        return row and {"orderId": order_id, "customer": row[0], "item": row[1]}

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._postgres, autocommit=True)

    @staticmethod
    def _insert(connection: psycopg.Connection, customer: str, item: str):
        """The order's id, and its event."""
        order_id, = connection.execute(
            "INSERT INTO orders (customer, item) VALUES (%s, %s) RETURNING id",
            (customer, item)).fetchone()
        return order_id, json.dumps({"eventId": str(uuid.uuid4()), "type": "order.created",
                                     "orderId": order_id, "customer": customer, "item": item})


class PublishFirst(Orders):
    """Publishes within the transaction, so as not to commit what nobody hears of."""

    def place(self, customer: str, item: str) -> int:
        with self._connect() as connection, connection.transaction():
            order_id, event = self._insert(connection, customer, item)
            self._topic.publish(order_id, event)
        return order_id


class CommitFirst(Orders):
    """Publishes after the commit, so as not to publish what is rolled back."""

    def place(self, customer: str, item: str) -> int:
        with self._connect() as connection, connection.transaction():
            order_id, event = self._insert(connection, customer, item)
        self._topic.publish(order_id, event)
        return order_id


class Outbox(Orders):
    """Has one transaction for the order and its event, which a relay publishes from there."""

    def __init__(self, postgres: str, topic: Topic):
        super().__init__(postgres, topic)
        self._written = threading.Event()
        threading.Thread(target=self._relay, daemon=True).start()

    def place(self, customer: str, item: str) -> int:
        with self._connect() as connection, connection.transaction():
            order_id, event = self._insert(connection, customer, item)
            connection.execute("INSERT INTO outbox (order_id, event) VALUES (%s, %s)",
                               (order_id, event))
        self._written.set()
        return order_id

    def _relay(self) -> None:
        while True:
            try:
                self._send_all()
            except (psycopg.Error, KafkaException) as error:
                print("relay:", error, file=sys.stderr)  # the next round tries it again
            self._written.wait(RELAY_S)
            self._written.clear()

    def _send_all(self) -> None:
        """If it ends between the two writes, the event is sent again: at least once, not once."""
        with self._connect() as connection:
            # Not all above the last id: a transaction may commit after one that began later.
            for row, order_id, event in connection.execute(
                    "SELECT id, order_id, event FROM outbox WHERE sent_at IS NULL ORDER BY id"):
                self._topic.publish(order_id, event)
                connection.execute("UPDATE outbox SET sent_at = now() WHERE id = %s", (row,))


WAYS = {"publish_first": PublishFirst, "commit_first": CommitFirst, "outbox": Outbox}

"""The back of a flash sale: moves orders from Kafka into PostgreSQL, each of them once.

The environment says where: KAFKA as host:port, POSTGRES as libpq takes it, SALE, which names the
topic and the group; PORT, where /health is.

An order is committed in PostgreSQL first and its offset in Kafka then: who dies between the two
gets it again, and its id keeps it from being there twice. LEAK_KB are kept of each order, to see
what becomes of a worker with a leak; MEMORY_MB is what it may have beside what it begins with.
"""

import json
import os
import resource
import signal
import sys
import threading
import time

import psycopg
from confluent_kafka import Consumer, TopicPartition

from web import Server

SALE = os.environ.get("SALE", "sale")
TABLE = "sale_orders"
#: Two programs that make one table at the same moment are in each other's way.
MAKE = f"""
BEGIN; SELECT pg_advisory_xact_lock(hashtext('{TABLE}'));
CREATE TABLE IF NOT EXISTS {TABLE} (id uuid PRIMARY KEY, customer text NOT NULL);
COMMIT"""
INSERT = f"INSERT INTO {TABLE} (id, customer) VALUES (%s, %s) ON CONFLICT DO NOTHING"
PAUSE_S = 0.2
LOOK_S = 0.02
BATCH = 500


def consumer(on_ready):
    """The group knows its only member by name, so that it may come back at once after a crash."""
    each = Consumer({
        "bootstrap.servers": os.environ.get("KAFKA", "127.0.0.1:9092"), "group.id": SALE,
        "group.instance.id": f"{SALE}-worker", "session.timeout.ms": 10000,
        "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "topic.metadata.refresh.interval.ms": 500, "allow.auto.create.topics": True,
        "reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 250})
    each.subscribe([SALE], on_assign=lambda *_: on_ready())
    return each


class Worker:
    """Reads, stores, commits; again and again."""

    def __init__(self):
        self._is_ready = False
        self._connection = None
        self._leak = []
        self._leak_bytes = int(os.environ.get("LEAK_KB", "0")) * 1024

    def _ready(self):
        self._is_ready = True

    def health(self, _):
        """Well is who has orders to wait for: it takes a moment to join the group."""
        return (200, {"status": "up"}) if self._is_ready else (503, {"status": "joins"})

    def run(self):
        self._store_until_done([])
        source = consumer(self._ready)
        while True:
            messages = [each for each in source.consume(BATCH, timeout=0.2) if not each.error()]
            if not messages:
                continue
            self._store_until_done([json.loads(each.value()) for each in messages])
            newest = {}
            for each in messages:
                newest[each.topic(), each.partition()] = each.offset() + 1
            source.commit(asynchronous=False, offsets=[
                TopicPartition(*which, offset) for which, offset in newest.items()])

    def _store_until_done(self, orders):
        """The database may be away as long as it likes: what is not stored stays on the topic."""
        while True:
            try:
                if self._connection is None:
                    self._connection = connect()
                self._store(orders)
                return
            except psycopg.Error as error:
                print("again:", str(error).strip(), file=sys.stderr, flush=True)
                self._drop()
                time.sleep(PAUSE_S)

    def _store(self, orders):
        if not orders:
            return
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(INSERT, [(each["order"], each["customer"]) for each in orders])
        if self._leak_bytes:
            self._leak += [bytearray(self._leak_bytes) for _ in orders]

    def _drop(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def connect():
    """With limits: a database that says nothing is as bad as one that is gone."""
    connection = psycopg.connect(
        os.environ.get("POSTGRES", ""), autocommit=True, connect_timeout=2,
        tcp_user_timeout=2000, options="-c statement_timeout=5000")
    connection.execute(MAKE)
    return connection


def memory():
    """What this process has of the machine's memory, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as sizes:
        return int(sizes.read().split()[1]) * resource.getpagesize()


def limit_memory(megabytes):
    """As the kernel does with a container that has a limit: it is killed, wherever it is."""
    most = memory() + megabytes * 2**20
    while memory() < most:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    worker = Worker()
    health = Server(os.environ.get("PORT", "8083"),
                    {("GET", "/health"): worker.health})
    threading.Thread(target=health.serve_forever, daemon=True).start()
    if megabytes := int(os.environ.get("MEMORY_MB", "0")):
        threading.Thread(target=limit_memory, args=(megabytes,), daemon=True).start()
    worker.run()


if __name__ == "__main__":
    main()

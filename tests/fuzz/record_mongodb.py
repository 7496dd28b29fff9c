#!/usr/bin/env python3
"""Writes what PyMongo and what stands in for MongoDB say to each other into tests/fuzz/corpus/mongodb,
in the form that session_corpus.py tells of: record_mongodb.py, without arguments. Needs what
`./dev test` does. recorded_test.cpp plays it too."""

import contextlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from servers.driver_process import DriverError  # noqa: E402
from servers.mongo_drivers import MongoClient  # noqa: E402
from servers.mongo_server import MongoServer  # noqa: E402
from servers.mongo_set import MongoSet  # noqa: E402
from servers.recorder import Recorder  # noqa: E402
from servers.waiting import wait_until  # noqa: E402
from session_corpus import SessionCorpus  # noqa: E402


def work(client):
    client.call("drop")
    client.call("insert", to="orders", documents=[{"_id": i} for i in range(20)], many=True)
    client.call("insert", to="orders", documents=[{"_id": 20, "text": "x" * 100}])
    client.call("find", of="orders", query={}, batch=5)
    client.call("count", of="orders")
    with contextlib.suppress(DriverError):
        client.call("insert", to="orders", documents=[{"_id": 1}])
    client.call("members")


def work_in_a_set(client):
    work(client)
    client.call("unacknowledged", to="orders", document={"_id": 21})
    client.call("transaction", to="orders", documents=[{"text": "a"}])
    wait_until(lambda: client.call("members")["streamed"] > 1, "answers that come unasked",
               interval=0.3)


def compress(client):
    """The stand-in cannot read that, and closes the connection."""
    with contextlib.suppress(DriverError):
        client.call("insert", to="orders", documents=[{"text": "x" * 500}])


def record(corpus, name, port, what, **options):
    with Recorder(port) as recorder, \
            MongoClient(f"mongodb://127.0.0.1:{recorder.port}", directConnection=True,
                        appName="recorded", **options) as client:
        what(client)
    corpus.keep(name, recorder.sessions)


def main():
    corpus = SessionCorpus("mongodb")
    server = MongoServer(print)
    try:
        record(corpus, "alone", server.port, work)
        with MongoSet(server) as members:
            record(corpus, "set", members.ports[0], work_in_a_set)
            record(corpus, "set-compressing", members.ports[0], compress, compressors="zlib")
    finally:
        server.stop()
    corpus.tell()


if __name__ == "__main__":
    main()

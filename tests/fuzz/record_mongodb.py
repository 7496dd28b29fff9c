#!/usr/bin/env python3
"""Writes what PyMongo and what stands in for MongoDB say to each other into tests/fuzz/corpus/mongodb,
in the form that record_corpus.py tells of: record_mongodb.py, without arguments. Needs what
`./dev test` does. recorded_test.cpp plays it too."""

import contextlib
import platform
import shutil
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

CORPUS = ROOT / "tests/fuzz/corpus/mongodb"
#: What the fuzzer takes: ./dev fuzz.
BYTES_MAX = 8192
PIECE_MAX = 64


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


def script(said):
    made = bytearray(1)
    kernel = platform.release().encode()
    for direction, data in said:
        data = data.replace(kernel, b"x" * len(kernel))
        for at in range(0, len(data), PIECE_MAX):
            piece = data[at:at + PIECE_MAX]
            made.append((len(piece) - 1) << 2 | direction)
            made += piece
    return bytes(made[:BYTES_MAX])


def record(name, port, what, **options):
    with Recorder(port) as recorder, \
            MongoClient(f"mongodb://127.0.0.1:{recorder.port}", directConnection=True,
                        appName="recorded", **options) as client:
        what(client)
    for number, said in enumerate(recorder.sessions):
        (CORPUS / f"{name}-{number}").write_bytes(script(said))


def main():
    shutil.rmtree(CORPUS, ignore_errors=True)
    CORPUS.mkdir(parents=True)
    server = MongoServer(print)
    try:
        record("alone", server.port, work)
        with MongoSet(server) as members:
            record("set", members.ports[0], work_in_a_set)
            record("set-compressing", members.ports[0], compress, compressors="zlib")
    finally:
        server.stop()
    sizes = [each.stat().st_size for each in CORPUS.iterdir()]
    print(f"{len(sizes)} sessions, {sum(sizes)} bytes")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes what clients and a broker of Kafka say to each other into tests/fuzz/corpus/kafka:
record_kafka.py, without arguments. Needs what `./dev test` does. recorded_test.cpp reads it too.

A file is one frame of each kind and version that was seen, in the form that hostile_kafka.hpp
reads: a byte, 0 for a request and 1 for a response; of a response, kind and version in two bytes
each; and the frame behind its length. `session-*` are these frames once more, each request with its
answer, as sessions for hostile_session.hpp.

`cluster-*` stay: three brokers said that, while the leader of a partition with a producer, a
consumer and a share consumer was moved, so that they told endpoints of the next one.
"""

import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from servers import kcat  # noqa: E402
from servers.kafka_jars import kafka_jars  # noqa: E402
from servers.kafka_server import KafkaServer  # noqa: E402
from servers.process import require  # noqa: E402
from servers.recorder import DOWNSTREAM, UPSTREAM, Recorder  # noqa: E402

CORPUS = ROOT / "tests/fuzz/corpus/kafka"
#: The first byte of a session: hostile_kafka.hpp.
SESSION = 0xFF
#: What the fuzzer takes: ./dev fuzz.
BYTES_MAX = 8192


def frames(session, direction):
    """The frames that one side said, without their lengths."""
    said = b"".join(data for way, data in session if way == direction)
    while len(said) >= 4:
        size = struct.unpack_from(">i", said)[0]
        if len(said) < 4 + size:
            return
        yield said[4:4 + size]
        said = said[4 + size:]


def scripts(session):
    """By name: each frame in the form of the corpus."""
    asked = {}
    for frame in frames(session, UPSTREAM):
        key, version, correlation = struct.unpack_from(">hhi", frame)
        asked[correlation] = key, version
        yield f"request-{key}-{version}", b"\0" + frame
    for frame in frames(session, DOWNSTREAM):
        key, version = asked[struct.unpack_from(">i", frame)[0]]
        yield f"response-{key}-{version}", b"\1" + struct.pack(">hh", key, version) + frame


def exchanges(made):
    """Each recorded request with its answer, as frames with their lengths."""
    for name in sorted(made):
        kind = name.partition("request-")
        answer = made.get(f"response-{kind[2]}")
        if kind[0] or answer is None:
            continue
        request = made[name][1:]
        answer = request[4:8] + answer[9:]  # of the same correlation
        yield tuple(struct.pack(">i", len(frame)) + frame for frame in (request, answer))


def whole_sessions(made):
    """By name: sessions for a hostile_session, without toxics and with some of all kinds."""
    for toxics in (0x00, 0x13, 0x68):
        parts = [bytearray((SESSION, toxics))]
        for request, answer in exchanges(made):
            said = bytearray()
            for way, frame in ((0, request), (1, answer)):
                for at in range(0, len(frame), 64):
                    piece = frame[at:at + 64]
                    said += bytes(((len(piece) - 1) << 2 | way,)) + piece
            said += bytes((2 | 2 << 2,))  # 100 ms pass
            if len(parts[-1]) + len(said) > BYTES_MAX:
                parts.append(bytearray((SESSION, toxics)))
            if len(parts[-1]) + len(said) <= BYTES_MAX:
                parts[-1] += said
        for i, part in enumerate(parts):
            yield f"session-{toxics:02x}-{i}", bytes(part)


def talk(address):
    for settings in ([], ["acks=0"], ["enable.idempotence=true"]):
        kcat.produce(address, "kcat", [b"one", b"two"], settings)
    kcat.consume(address, "kcat")
    subprocess.run([require("kcat", "kcat"), "-b", address, "-G", "kcat-group", "-e", "-q",
                    "-X", "auto.offset.reset=earliest", "kcat"],
                   check=True, timeout=300, stdout=subprocess.DEVNULL)
    subprocess.run([require("java", "openjdk-17-jdk-headless"), "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
                    f"{kafka_jars(print)}/*", Path(__file__).with_name("KafkaTalk.java"), address],
                   check=True, timeout=900)


def main():
    server = KafkaServer(print)
    try:
        upstream = int(server.address.rpartition(":")[2])
        with Recorder(upstream, server.proxy_port) as recorder:
            talk(f"127.0.0.1:{recorder.port}")
            made = dict(each for session in recorder.sessions for each in scripts(session))
    finally:
        server.stop()
    CORPUS.mkdir(parents=True, exist_ok=True)
    for each in (*CORPUS.glob("re*-*"), *CORPUS.glob("session-*")):
        each.unlink()
    made.update(whole_sessions(made))
    for name, script in made.items():
        if len(script) <= BYTES_MAX:
            (CORPUS / name).write_bytes(script)
    sizes = [each.stat().st_size for each in CORPUS.iterdir()]
    print(f"{len(sizes)} frames, {sum(sizes)} bytes")


if __name__ == "__main__":
    main()

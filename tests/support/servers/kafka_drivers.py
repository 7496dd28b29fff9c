"""Clients of Kafka in other languages, each a process that the test leads.

Each line in is a call, each line out its answer, both JSON: {"call": "send", ...} is answered by
{"results": [...]}, or by {"error": name, "text": ...}. The first call makes the process a
producer or a consumer; calls follow each other.
"""

import itertools
import json
import subprocess
import threading

from servers.drivers import make_go, make_node, make_python, prepared
from servers.process import ServerError, require

_names = itertools.count()


def _franz_go():
    return [prepared("franz-go", make_go) / "probe"]


def _kafkajs():
    return [require("node", "nodejs"), prepared("kafkajs", make_node) / "client.js"]


def _aiokafka():
    folder = prepared("aiokafka", make_python)
    return [folder / "bin/python", folder / "client.py"]


DRIVERS = {"franz-go": _franz_go, "kafkajs": _kafkajs, "aiokafka": _aiokafka}


class DriverError(RuntimeError):
    """What a call failed with: `kind` is Kafka's or the client's name for it."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class DriverClient:
    """A context manager. A request is given up after `request_ms`, a message after `timeout_ms`."""

    DEADLINE_S = 30

    def __init__(self, driver):
        self._process = subprocess.Popen(DRIVERS[driver](), stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    @property
    def pid(self):
        return self._process.pid

    def call(self, call, **more):
        """The answer; DriverError if the client says so."""
        self._process.stdin.write(json.dumps({"call": call, **more}) + "\n")
        self._process.stdin.flush()
        deadline = threading.Timer(self.DEADLINE_S + more.get("seconds", 0), self._process.kill)
        deadline.start()
        line = self._process.stdout.readline()
        deadline.cancel()
        if not line:
            raise ServerError(f"the driver ended, or gave no answer to {call}")
        answer = json.loads(line)
        if "error" in answer:
            raise DriverError(answer["error"], answer["text"])
        return answer

    def producer(self, server, idempotent=True, transactional_id=None, acks="all", **more):
        self._open("producer", server, idempotent=idempotent, acks=acks,
                   transactional_id=transactional_id, **more)

    def consumer(self, server, topic, group=None, **more):
        self._open("consumer", server, topic=topic, group=group, **more)

    def _open(self, kind, server, client_id=None, request_ms=5000, timeout_ms=10_000, **more):
        self.call(kind, server=server, client_id=client_id or f"client-{next(_names)}",
                  request_ms=request_ms, timeout_ms=timeout_ms, **more)

    def send(self, topic, messages):
        """Of each, one after the other, its offset or an error."""
        return self.call("send", topic=topic, messages=messages)["results"]

    def take(self, count=1 << 30, seconds=10):
        return self.call("take", count=count, seconds=seconds)

"""Clients of Kafka in other languages, each a process that the test leads.

The first call makes the process a producer or a consumer; calls follow each other.
"""

import itertools

from servers.driver_process import DriverError, DriverProcess  # noqa: F401
from servers.drivers import make_go, make_node, make_python, prepared
from servers.process import require

_names = itertools.count()


def _franz_go():
    return [prepared("franz-go", make_go) / "probe"]


def _kafkajs():
    return [require("node", "nodejs"), prepared("kafkajs", make_node) / "client.js"]


def _aiokafka():
    folder = prepared("aiokafka", make_python)
    return [folder / "bin/python", folder / "client.py"]


DRIVERS = {"franz-go": _franz_go, "kafkajs": _kafkajs, "aiokafka": _aiokafka}


class DriverClient(DriverProcess):
    """A context manager. A request is given up after `request_ms`, a message after `timeout_ms`."""

    def __init__(self, driver):
        super().__init__(DRIVERS[driver]())

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

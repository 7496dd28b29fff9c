"""Measurements of the control API, and of what a thousand proxies cost."""

import json
import time

from toxics.subject import Subject, load

_TOXIC = {"name": "t", "type": "latency", "stream": "downstream", "attributes": {"latency": 10}}
_NOWHERE = "127.0.0.1:1"


def requests(connections, *steps):
    """Sequences of requests on connections that are kept open, each with a proxy of its own."""

    def measure(subject: Subject, seconds: float) -> dict:
        for number in range(connections):
            subject.api.create(_NOWHERE, name=f"p{number}")
        before = subject.cpu_s()
        found = load("api", port=subject.api.port, connections=connections, seconds=seconds,
                     steps=steps)
        return found | {"cpu_s": subject.cpu_s() - before}

    return measure


def toggle(connections):
    return requests(connections, f"POST /proxies/p#/toxics {json.dumps(_TOXIC)}",
                    "DELETE /proxies/p#/toxics/t")


def read_one(connections):
    return requests(connections, "GET /proxies/p#")


def _thousand(subject: Subject) -> list:
    names = [f"p{number}" for number in range(1000)]
    entries = [{"name": name, "listen": "127.0.0.1:0", "upstream": _NOWHERE} for name in names]
    answer = subject.api.post("/populate", entries)
    assert answer.status == 201, answer
    return names


def read_thousand(subject: Subject, seconds: float) -> dict:
    _thousand(subject)
    return load("api", port=subject.api.port, seconds=seconds, steps=["GET /proxies"])


def idle_thousand(subject: Subject, seconds: float) -> dict:
    """A thousand proxies with a latency toxic each, and nobody there."""
    for name in _thousand(subject):
        answer = subject.api.post(f"/proxies/{name}/toxics", _TOXIC)
        assert answer.status == 200, answer
    time.sleep(1)  # the last request's connection is swept away
    before = subject.cpu_s()
    time.sleep(5)
    return {"idle_cpu_ms": (subject.cpu_s() - before) * 1000, "resident_mb": subject.memory_mb()}

"""Measurements of what a stream goes through: latency, bandwidth, slices, toxics that change."""

import json
import threading
import time

from toxics.subject import Subject


def latency_error(milliseconds, connections):
    """Round trips through a latency toxic; 200 a second whatever the delay."""

    def measure(subject: Subject, seconds: float) -> dict:
        line = subject.line()
        line.proxy.add("latency", latency=milliseconds)
        return line.load("pingpong", seconds, skip=0.5, connections=connections,
                         delay=milliseconds * 1000)

    return measure


def bulk_through_latency(milliseconds):
    """One stream at full speed, from when the delayed bytes have filled the way."""

    def measure(subject: Subject, seconds: float) -> dict:
        line = subject.line()
        line.proxy.add("latency", latency=milliseconds)
        delay = milliseconds / 1000
        # A server that runs out of room sends one burst each delay: many of them make a mean.
        found = line.load("bulk", max(seconds, 10 * delay), skip=3 * delay + 0.5)
        return found | {"peak_mb": subject.memory_mb("VmHWM"),
                        "cpu_s_per_gb": found["cpu_s"] / found["received_mb"] * 1000}

    return measure


def small_messages(subject: Subject, seconds: float) -> dict:
    line = subject.line()
    line.proxy.add("latency", latency=100)
    found = line.load("messages", seconds, skip=1, pace=20_000)
    return found | {"p50_error_ms": found["p50_ms"] - 100, "p99_error_ms": found["p99_ms"] - 100}


def bandwidth(kilobytes):
    """A stream through a bandwidth toxic of that many times 1000 bytes a second."""

    def measure(subject: Subject, seconds: float) -> dict:
        line = subject.line()
        line.proxy.add("bandwidth", rate=kilobytes)
        return line.load("rate", seconds, skip=1, rate=kilobytes * 1000)

    return measure


def slicer(delay_us, message):
    """Messages cut into pieces of 1000 bytes."""

    def measure(subject: Subject, seconds: float) -> dict:
        line = subject.line()
        line.proxy.add("slicer", average_size=1000, size_variation=0, delay=delay_us)
        return line.load("slices", seconds, message=message, piece=1000, delay=delay_us)

    return measure


class Switcher(threading.Thread):
    """Adds and removes a latency toxic of 10 ms in turn, ten changes a second, a context manager."""

    def __init__(self, line):
        super().__init__()
        self._path = f"{line.proxy.path}/toxics"
        self._api = line.proxy.api
        self._end = threading.Event()
        self.slowest_ms = 0.0
        self.changes = 0
        self.failed = 0

    def run(self):
        began = time.monotonic()
        body = json.dumps({"name": "t", "type": "latency", "attributes": {"latency": 10}})
        for turn in range(1 << 30):
            if self._end.wait(max(0, began + turn * 0.1 - time.monotonic())):
                return
            sent = time.monotonic()
            try:
                answer = (self._api.post(self._path, body) if turn % 2 == 0 else
                          self._api.delete(f"{self._path}/t"))
                self.failed += answer.status not in (200, 204)
            except OSError:
                self.failed += 1
            self.slowest_ms = max(self.slowest_ms, (time.monotonic() - sent) * 1000)
            self.changes += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self.join()


def switching(subject: Subject, seconds: float) -> dict:
    line = subject.line()
    with Switcher(line) as switcher:
        found = line.load("bulk", seconds, skip=0.5)
    return found | {"changes_s": switcher.changes / (seconds + 0.5),
                    "failed": switcher.failed, "slowest_change_ms": switcher.slowest_ms}

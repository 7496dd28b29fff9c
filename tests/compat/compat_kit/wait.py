"""Waiting for something to become true, with a deadline."""

import time


def wait_until(condition, seconds=10.0, what="the condition"):
    """Polls `condition` until it returns something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.01)


class Stopwatch:
    """Measures the seconds since it was made, or since `restart`."""

    def __init__(self):
        self.restart()

    def restart(self):
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

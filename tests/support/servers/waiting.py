"""Polling with a deadline."""

import subprocess
import time


def wait_until(condition, what, seconds=10.0, interval=0.02):
    """Polls `condition` until it returns something true and returns that.

    `seconds` bounds the wait, `interval` (seconds) is the pause between two polls. Raises
    TimeoutError naming `what` when the deadline passes.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(interval)


def succeeds(command, seconds=10, env=None):
    """Whether `command` ends well within `seconds`: a probe for wait_until, which asks again."""
    try:
        return subprocess.run(command, env=env, capture_output=True,
                              timeout=seconds).returncode == 0
    except subprocess.TimeoutExpired:
        return False

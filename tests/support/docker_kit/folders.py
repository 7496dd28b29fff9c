"""Where an engine keeps its images from one test run to the next."""

import fcntl

from servers.proxy_server import ROOT

_held = []


def claim_folder():
    """A folder below build/docker that no other test run uses until this process ends.

    The first one that is free: a run alone finds the images of the run before.
    """
    base = ROOT / "build" / "docker"
    base.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        lock = open(base / f"engine-{number}.lock", "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            number += 1
            continue
        _held.append(lock)
        return base / f"engine-{number}"

"""What tests of clients that stay inside a proxy of several Redis do and look at."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from operations import stats
from servers.connection_watch import ConnectionWatch
from servers.resp import RespConnection
from servers.waiting import wait_until


@contextlib.contextmanager
def watched(proxy_server, servers, upstreams):
    """A proxy; nobody but it, the servers themselves and this test may be connected to one."""
    with ConnectionWatch(servers.ports, proxy_server.process.pid, os.getpid(),
                         *servers.pids()) as watch:
        made = make(proxy_server, upstreams)
        with RespConnection(made.host, made.port) as through:
            through.call("PING")
            wait_until(lambda: watch.seen, "a connection that the watch sees")
        yield made
    assert watch.strangers == set()


def make(proxy_server, upstreams, **more):
    return proxy_server.api.create_proxy(
        "redis", ",".join(each.address for each in upstreams), protocol="redis", **more)


def seen(proxy):
    """Where clients reach each server, by where that is."""
    told = proxy.api.json("GET", f"/proxies/{proxy.name}")["brokers"]["seen"]
    return {each["upstream"]: each["listen"] for each in told}


def assert_inside(proxy, servers):
    """By the proxy's own account; and that it knows no other servers."""
    told = stats(proxy)
    assert told["rewritten"] > 0
    assert (told["bypass"], told["unknown"], told["connections"]["not_followed"]) == (0, 0, 0)
    assert set(seen(proxy)) <= servers.addresses()


class CountingClient:
    """redis_load.py at a port; a context manager."""

    def __init__(self, kind, port):
        self._child = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("redis_load.py"), kind, str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.counted = 0
        self.said = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._child.kill()
        self._child.wait()

    def _read(self):
        for line in self._child.stdout:
            if line.startswith("counted "):
                self.counted = int(line.split()[1])
            else:
                self.said = json.loads(line)

    def counts(self, more, seconds=30):
        """Waits until it has counted so many more."""
        goal = self.counted + more

        def has_counted():
            assert self._child.poll() is None, "the client ended"
            return self.counted >= goal
        wait_until(has_counted, f"{more} more increments", seconds)

    def finish(self):
        """What it says at its end: what was acknowledged, and errors."""
        self._child.stdin.close()
        self._child.wait(20)
        self._reader.join(10)
        return self.said["acknowledged"], self.said["errors"]

"""What applications see of the faults of the toxic `redis`, and how that is written down.

`python3 tests/integration/servers/redis_client_bench.py` prints the table of docs/redis.md as it
is seen now.
"""

import concurrent.futures
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))

from operations import hits, stats  # noqa: E402
from redis_client_faults import FAULTS, Fault  # noqa: E402
from servers.proxy_server import ProxyServer  # noqa: E402
from servers.redis_drivers import DRIVERS, RedisDriver, told  # noqa: E402
from servers.redis_server import RedisServer  # noqa: E402
from servers.waiting import wait_until  # noqa: E402

#: How long clients wait for an answer.
PATIENCE_MS = 500
#: Who keeps what it has read until it is told that it changed; redis-py and Jedis want Redis 7.4.
CACHING = ("node-redis", "Lettuce")
#: When the preset is over.
FAILOVER_S = 4
#: Who tries again as long as there is time; the others so many times.
UNTIL_LATE = ("ioredis", "Lettuce")
#: The calls in which each hit is a try.
TRIES = ("get", "incr", "pop")


class Bench:
    """A Redis, a proxy for each client and the clients. A context manager."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="aconite-clients-")
        self._redis = RedisServer()
        self._server = ProxyServer(self._folder.name)
        with concurrent.futures.ThreadPoolExecutor(len(DRIVERS)) as pool:
            self._drivers = dict(zip(DRIVERS, pool.map(RedisDriver, DRIVERS)))
        self._proxies = {
            name: self._server.api.create_proxy(name.replace(" ", "-"), self._redis.address,
                                                protocol="redis")
            for name in DRIVERS}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._drivers.values():
            each.stop()
        self._redis.stop()
        self._server.stop()
        self._folder.cleanup()

    def not_followed(self):
        """How many connections so far."""
        return sum(stats(proxy)["connections"]["not_followed"] for proxy in self._proxies.values())

    def seen(self, fault):
        """By client, its cell. All clients at once: most of the time they wait."""
        self._redis.call("FLUSHALL")
        with concurrent.futures.ThreadPoolExecutor(len(DRIVERS)) as pool:
            cells = pool.map(lambda name: self._seen_by(name, fault), DRIVERS)
            return dict(zip(DRIVERS, cells))

    def failover(self):
        """By client, what it was told while it went on writing: how often that it was done, and
        the errors; and how often it was done. It ends when the client can write again, or 5 s
        after the failover."""
        self._redis.call("FLUSHALL")
        with concurrent.futures.ThreadPoolExecutor(len(DRIVERS)) as pool:
            return dict(zip(DRIVERS, pool.map(self._failed_over, DRIVERS)))

    def _failed_over(self, name):
        proxy, driver, key = self._proxies[name], self._drivers[name], name.replace(" ", "-")
        driver.call("open", proxy.port, PATIENCE_MS)
        driver.call("ping")
        self._add(proxy, Fault("", "incr", {"preset": "failover"}))
        done, errors, began = 0, set(), time.monotonic()
        while time.monotonic() < began + FAILOVER_S + 5:
            answer = driver.call("incr", key)
            if "error" in answer:
                errors.add(told(answer))
                time.sleep(0.02)  # as an application that does not spin
                continue
            done += 1
            if time.monotonic() > began + FAILOVER_S:
                break
        driver.call("close")
        return done, errors, int(self._redis.call("GET", key) or 0)

    def _seen_by(self, name, fault):
        if fault.call == "cached" and name not in CACHING:
            return "-"
        proxy, driver = self._proxies[name], self._drivers[name]
        before = hits(proxy)
        if fault.early:
            self._add(proxy, fault)
        idles = name == "node-redis" and fault.call in ("message", "cached")
        patience = 0 if idles else PATIENCE_MS  # it has one for the silence of its socket only
        opened = driver.call("open", proxy.port, patience,
                             *(["cache"] if fault.call == "cached" else []))
        if "error" in opened:
            answer, held = opened, ""
        else:
            if not fault.early:
                driver.call("ping")
                self._add(proxy, fault)
            answer, held = getattr(self, f"_{fault.call}")(driver, name.replace(" ", "-"), proxy)
        tries = hits(proxy) - before
        well = "error" not in opened and "error" not in driver.call("ping")
        driver.call("close")
        proxy.api.text("DELETE", f"/proxies/{proxy.name}/toxics/fault")
        often = "" if tries > 0 or "error" in opened else " x0"
        if fault.call in TRIES and not fault.early and tries > 1:
            often = f" x{tries}"
            if name in UNTIL_LATE:
                often = ", again and again"
                held = held and ("; 0" if held == "; 0" else "; as often")
        return f"`{told(answer)}`{often}{held}" + ("" if well else " †")

    def _add(self, proxy, fault):
        proxy.api.json("POST", f"/proxies/{proxy.name}/toxics", {
            "type": "redis", "name": "fault", "attributes": fault.attributes, "match": fault.match,
            "trigger": fault.trigger})

    def _held(self, *keys):
        return "; " + ", ".join(str(int(self._redis.call("GET", key) or 0)) for key in keys)

    # ---- the calls: the answer, and what the server holds behind it ----

    def _get(self, driver, name, _):
        self._redis.call("SET", name, "value")
        return driver.call("get", name), ""

    def _slow(self, driver, name, proxy):
        began = time.monotonic()
        answer, _ = self._get(driver, name, proxy)
        return answer, "; late" if time.monotonic() - began >= 0.2 else "; at once"

    def _stale(self, driver, name, _):
        for value in ("old", "new"):
            self._redis.call("SET", name, value)
            answer = driver.call("get", name)
        return answer, ""

    def _incr(self, driver, name, _):
        return driver.call("incr", name), self._held(name)

    def _late(self, driver, name, proxy):
        answer = driver.call("incr", name)
        executed = answer.get("result", 0) + 1
        wait_until(lambda: self._held(name) == f"; {executed}"
                   or stats(proxy)["connections"]["open"] == 0,
                   "the command that came late, or that its connection was reset")
        return answer, self._held(name)

    def _several(self, call, driver, name):
        keys = [f"{name}-{letter}" for letter in "abc"]
        return driver.call(call, *keys), self._held(*keys)

    def _pipeline(self, driver, name, _):
        return self._several("pipeline", driver, name)

    def _transaction(self, driver, name, _):
        return self._several("transaction", driver, name)

    def _pop(self, driver, name, _):
        self._redis.call("RPUSH", name, "first", "second")
        return driver.call("pop", name), f"; {self._redis.call('LLEN', name)} of 2"

    def _message(self, driver, name, _):
        driver.call("subscribe", name)
        for text in ("first", "second"):
            self._redis.call("PUBLISH", name, text)
        return driver.call("message", 2000), ""

    def _cached(self, driver, name, proxy):
        before = hits(proxy)
        self._redis.call("SET", name, "old")
        driver.call("get", name)
        self._redis.call("SET", name, "new")
        wait_until(lambda: hits(proxy) > before, "the invalidation that is dropped")
        return driver.call("get", name), ""


HEAD = ("fault", *DRIVERS)


def row(title, cells):
    return " | ".join((f"| {title}", *(cells[name] for name in DRIVERS))) + " |"


def main():
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    with Bench() as bench:
        for fault in FAULTS:
            print(row(fault.title, bench.seen(fault)), flush=True)


if __name__ == "__main__":
    main()

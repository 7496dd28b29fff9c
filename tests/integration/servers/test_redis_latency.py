"""The latency that a user of an API sees, when its Redis is so and so many milliseconds away.

No request takes less than was added. How much more it takes is compared with requests to a Redis
without a toxic, which alternate with the others. A busy machine adds to both, but not to each
request the same: so that time is left out which the kernel says that the programs waited for a
processor. A slow proxy gets nothing for free: what it computes, and what it sleeps too long, is not
waiting.
"""

import concurrent.futures
import http.client
import os
import statistics
import sys
import time
from pathlib import Path

import pytest

from servers import processor_waits
from servers.ports import reserve_port
from servers.process import Process
from servers.waiting import wait_until

ADDED_MS = (0, 50, 100, 500)
#: By milliseconds: how many ask at once, and how often each does. All of them are over in 3 s.
LOAD = {50: (1, 40), 100: (1, 30), 500: (5, 6)}
NEAR_MS = 5


@pytest.fixture
def api(proxy_server, redis, tmp_path):
    """The API, and the port where it is. /50 is the Redis that is 50 ms away."""
    redis.call("SET", "stock", 100)
    create = proxy_server.api.create_proxy
    proxies = {added: create(f"redis-{added}", redis.address, protocol="redis")
               for added in ADDED_MS}
    for added, proxy in proxies.items():
        proxy.add("latency", latency=added)
    port = reserve_port()
    servers = [f"{added}={proxy.port}" for added, proxy in proxies.items()]
    process = Process(
        "API", [sys.executable, Path(__file__).with_name("api_before_redis.py"), port, *servers],
        tmp_path / "api.log")
    wait_until(lambda: answers(process, port), "the API")
    yield process, port
    process.stop()


def answers(process, port):
    process.check()
    try:
        ask(http.client.HTTPConnection("127.0.0.1", port), 0, lambda: 0)
        return True
    except ConnectionError:
        return False


def ask(connection, added, waits):
    """What a request took beyond what was added, in ms, without what was waited for a processor."""
    before, began = waits(), time.monotonic_ns()
    connection.request("GET", f"/{added}")
    assert connection.getresponse().read() == b"100"
    more = time.monotonic_ns() - began - added * 1_000_000
    assert more >= 0
    return max(0, more - (waits() - before)) / 1e6  # others' requests have waited in that time too


def quantiles(times):
    """The median, and the 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


def test_what_is_added_is_what_users_wait(api, proxy_server, redis_server):
    process, port = api
    programs = (os.getpid(), process.pid, proxy_server.process.pid, redis_server.pid)
    times = {added: [] for added in ADDED_MS}

    def waits():
        return processor_waits.of_processes(programs) + processor_waits.of_machine()

    def use(added, count, offset):
        time.sleep(offset)  # else they are all answered at the same time, and wait for each other
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for asked in (added, 0):
            ask(connection, asked, waits)  # the API connects to Redis
        for _ in range(count):
            for asked in (added, 0):
                times[asked].append(ask(connection, asked, waits))
        return connection  # no thread ends while others count what it has waited

    with concurrent.futures.ThreadPoolExecutor(sum(users for users, _ in LOAD.values())) as pool:
        futures = [pool.submit(use, added, count, added / 1000 / users * number)
                   for added, (users, count) in LOAD.items() for number in range(users)]
        for connection in [each.result() for each in futures]:
            connection.close()
    seen = {added: quantiles(times[added]) for added in ADDED_MS}
    print(seen)
    for added in LOAD:
        for more, without in zip(seen[added], seen[0]):
            assert more - without <= NEAR_MS, seen

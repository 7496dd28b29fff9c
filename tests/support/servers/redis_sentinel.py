"""A throw-away Redis with two replicas, watched by three sentinels."""

import shutil
import tempfile

from servers.redis_node import RedisNode
from servers.waiting import wait_until

NAME = "orders"
_DOWN_AFTER_MS = 500


class RedisSentinels:
    """`servers`, the first of which is the master at the beginning, and the `sentinels`, which call
    it NAME."""

    def __init__(self):
        self._folder = tempfile.mkdtemp(prefix="aconite-redis-sentinel-")
        self.servers = []
        self.sentinels = []
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self):
        self.servers.append(RedisNode(self._folder, "server-0"))
        port = self.servers[0].port
        for number in (1, 2):
            self.servers.append(RedisNode(self._folder, f"server-{number}",
                                          (f"replicaof 127.0.0.1 {port}",)))
        for each in self.servers:
            each.wait()
        for each in self.servers[1:]:
            wait_until(lambda one=each: one.call("ROLE")[3] == b"connected", "replicas", 30)
        for number in range(3):
            self.sentinels.append(RedisNode(
                self._folder, f"sentinel-{number}",
                (f"sentinel monitor {NAME} 127.0.0.1 {port} 2",
                 f"sentinel down-after-milliseconds {NAME} {_DOWN_AFTER_MS}",
                 f"sentinel failover-timeout {NAME} 3000"), sentinel=True))
        for each in self.sentinels:
            each.wait()
            wait_until(lambda one=each: self._knows_all(one), "sentinels that know each other", 30)

    @staticmethod
    def _knows_all(sentinel):
        told = sentinel.call("SENTINEL", "MASTER", NAME)
        about = dict(zip(told[::2], told[1::2]))
        return about[b"num-slaves"] == b"2" and about[b"num-other-sentinels"] == b"2"

    def master(self):
        """The server that the sentinels call so."""
        port = int(self.sentinels[0].call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)[1])
        return next(each for each in self.servers if each.port == port)

    def ports(self):
        return {each.port for each in self.servers + self.sentinels}

    def addresses(self):
        return {each.address for each in self.servers + self.sentinels}

    def pids(self):
        return [each.pid for each in self.servers + self.sentinels]

    def close(self):
        for each in self.sentinels + self.servers:
            each.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

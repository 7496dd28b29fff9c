#!/usr/bin/env python3
"""Writes what clients and Redis say to each other into tests/fuzz/corpus/redis, in the form that
session_corpus.py tells of: record_redis.py, without arguments. Needs what `./dev test` does.

Recorded are a server, a cluster and a sentinel, with RESP2 and RESP3: what tells addresses and what
is asked most.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from servers.recorder import Recorder  # noqa: E402
from servers.redis_cluster import RedisCluster  # noqa: E402
from servers.redis_sentinel import NAME, RedisSentinels  # noqa: E402
from servers.redis_server import RedisServer  # noqa: E402
from servers.resp import RespConnection, encode  # noqa: E402
from session_corpus import SessionCorpus  # noqa: E402

PLAIN = ("SET a 1", "GET a", "MSET a 1 b 2", "MGET a b c", "MULTI", "INCR a", "EXEC", "HSET h f v",
         "HGETALL h", "LPUSH h x", "SELECT 1", "EVAL return{1,{2}} 0",
         "INFO replication", "ROLE", "RESET")
CLUSTER = ("CLUSTER SLOTS", "CLUSTER SHARDS", "CLUSTER NODES", "INFO replication", "ROLE",
           *(f"SET key:{number} x" for number in range(6)), "MULTI", "GET key:1", "EXEC")
SENTINEL = tuple(f"SENTINEL {words}" for words in (
    f"GET-MASTER-ADDR-BY-NAME {NAME}", "MASTERS", f"MASTER {NAME}", f"REPLICAS {NAME}",
    f"SENTINELS {NAME}")) + ("INFO sentinel", "ROLE")


def ask(port, version, commands):
    """All at once, and waits for the last answer."""
    with RespConnection("127.0.0.1", port) as through:
        for command in (f"HELLO {version}", *commands, "PING"):
            through.send(encode(*command.split(" ")))
        through.receive_until(b"+PONG\r\n")


def listen(port, sentinels):
    """A failover, as a client hears of it."""
    with RespConnection("127.0.0.1", port) as through:
        through.call("PSUBSCRIBE", "*")
        sentinels.sentinels[1].call("SENTINEL", "FAILOVER", NAME)
        while through.reply()[2] != b"+switch-master":
            pass


def record(corpus, name, port, act):
    with Recorder(port) as recorder:
        act(recorder.port)
    corpus.keep(name, recorder.sessions)


def record_versions(corpus, name, port, commands):
    for version in (2, 3):
        record(corpus, f"{name}-{version}", port, lambda at, as_=version: ask(at, as_, commands))


def main():
    corpus = SessionCorpus("redis")
    server, cluster, sentinels = RedisServer(), RedisCluster(), RedisSentinels()
    try:
        record_versions(corpus, "server", server.port, PLAIN)
        record_versions(corpus, "node", cluster.masters()[0].port, CLUSTER)
        record_versions(corpus, "sentinel", sentinels.sentinels[0].port, SENTINEL)
        record(corpus, "events", sentinels.sentinels[0].port,
               lambda port: listen(port, sentinels))
    finally:
        sentinels.close()
        cluster.close()
        server.stop()
    corpus.tell()


if __name__ == "__main__":
    main()

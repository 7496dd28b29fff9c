#!/usr/bin/env python3
"""Writes what clients and Redis say to each other into tests/fuzz/corpus/redis, in the form that
hostile_session.hpp reads (see record_corpus.py): record_redis.py, without arguments. Needs what
`./dev test` does.

Recorded are a server, a cluster and a sentinel, with RESP2 and RESP3: what tells addresses and what
is asked most.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from servers.recorder import Recorder  # noqa: E402
from servers.redis_cluster import RedisCluster  # noqa: E402
from servers.redis_sentinel import NAME, RedisSentinels  # noqa: E402
from servers.redis_server import RedisServer  # noqa: E402
from servers.resp import RespConnection, encode  # noqa: E402

CORPUS = ROOT / "tests/fuzz/corpus/redis"
#: What the fuzzer takes: ./dev fuzz.
BYTES_MAX = 8192
PIECE_MAX = 64

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


def script(said):
    made = bytearray(1)
    for direction, data in said:
        for at in range(0, len(data), PIECE_MAX):
            piece = data[at:at + PIECE_MAX]
            made.append((len(piece) - 1) << 2 | direction)
            made += piece
    return bytes(made[:BYTES_MAX])


def record(name, port, act):
    with Recorder(port) as recorder:
        act(recorder.port)
    for number, said in enumerate(recorder.sessions):
        (CORPUS / f"{name}-{number}").write_bytes(script(said))


def record_versions(name, port, commands):
    for version in (2, 3):
        record(f"{name}-{version}", port, lambda at, as_=version: ask(at, as_, commands))


def main():
    shutil.rmtree(CORPUS, ignore_errors=True)
    CORPUS.mkdir(parents=True)
    server, cluster, sentinels = RedisServer(), RedisCluster(), RedisSentinels()
    try:
        record_versions("server", server.port, PLAIN)
        record_versions("node", cluster.masters()[0].port, CLUSTER)
        record_versions("sentinel", sentinels.sentinels[0].port, SENTINEL)
        record("events", sentinels.sentinels[0].port, lambda port: listen(port, sentinels))
    finally:
        sentinels.close()
        cluster.close()
        server.stop()
    sizes = [each.stat().st_size for each in CORPUS.iterdir()]
    print(f"{len(sizes)} sessions, {sum(sizes)} bytes")


if __name__ == "__main__":
    main()

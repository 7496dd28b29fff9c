"""A client that counts, as a process of its own: redis_load.py KIND PORT, with redis-py.

KIND is `cluster`: PORT is where it begins; or `sentinel`: there a sentinel is. It increments keys
one after the other, until its input ends, and says `counted N` after each hundred. Then it says
what was acknowledged of each key, and which kinds of errors it met, as JSON.
"""

import collections
import json
import logging
import sys
import threading
import time

import redis
from redis.cluster import RedisCluster
from redis.sentinel import Sentinel

KEYS = 300


def client_of(kind, port):
    if kind == "cluster":
        return RedisCluster("127.0.0.1", port, socket_timeout=5)
    sentinel = Sentinel([("127.0.0.1", port)], socket_timeout=5)
    return sentinel.master_for("orders", socket_timeout=5)


def main(kind, port):
    logging.disable()
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    client = client_of(kind, int(port))
    acknowledged, errors = collections.Counter(), collections.Counter()
    counted = 0
    while not over.is_set():
        key = f"count:{counted % KEYS}"
        try:
            client.incr(key)
        except redis.exceptions.RedisError as error:
            errors[type(error).__name__] += 1
            time.sleep(0.02)
            continue
        acknowledged[key] += 1
        counted += 1
        if counted % 100 == 0:
            print("counted", counted, flush=True)
    print(json.dumps({"acknowledged": acknowledged, "errors": errors}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

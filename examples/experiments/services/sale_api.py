"""The front of a flash sale: takes a unit from the stock in Redis, puts the order on Kafka.

The environment says where: REDIS and KAFKA as host:port, PORT, and SALE, which names the keys and
the topic. `sale_api.py --open 100` opens the sale with so many units first.

Two stores and no transaction over both: what happens between them is what the experiments are for.
"""

import json
import os
import sys
import uuid

import redis

from topic import Topic
from web import serve

SALE = os.environ.get("SALE", "sale")
STOCK = f"{SALE}:stock"
#: One round trip, and one decision for all instances: how often a customer may ask, and whether
#: there is a unit left.
BUY = """
local asked = redis.call('INCR', KEYS[2])
if asked == 1 then redis.call('EXPIRE', KEYS[2], 60) end
if asked > tonumber(ARGV[1]) then return -2 end
if tonumber(redis.call('GET', KEYS[1]) or '0') < 1 then return -1 end
return redis.call('DECR', KEYS[1])
"""
ASKS_A_MINUTE = 1_000_000
PATIENCE_S = 0.4  # with Redis
KAFKA_PATIENCE_S = float(os.environ.get("KAFKA_PATIENCE_S", "10"))


def main():
    host, port = os.environ.get("REDIS", "127.0.0.1:6379").rsplit(":", 1)
    store = redis.Redis(host=host, port=int(port), socket_timeout=PATIENCE_S,
                        socket_connect_timeout=PATIENCE_S)
    take = store.register_script(BUY)
    orders = Topic(os.environ.get("KAFKA", "127.0.0.1:9092"), SALE, KAFKA_PATIENCE_S)
    if sys.argv[1:2] == ["--open"]:
        store.set(STOCK, int(sys.argv[2]), ex=86400)

    def buy(body):
        customer = (body or {}).get("customer", "anyone")
        left = take(keys=[STOCK, f"{SALE}:asked:{customer}"], args=[ASKS_A_MINUTE])
        if left == -2:
            return 429, {"status": "too many requests"}
        if left == -1:
            return 200, {"status": "sold out"}
        order = str(uuid.uuid4())
        # From here to the broker's answer the unit is gone and there is no order yet.
        orders.publish(order, json.dumps({"order": order, "customer": customer}))
        return 202, {"status": "accepted", "order": order}

    serve(os.environ.get("PORT", "8082"), {
        ("POST", "/buy"): buy,
        ("GET", "/health"): lambda _: (200, {"status": "up"})})


if __name__ == "__main__":
    main()

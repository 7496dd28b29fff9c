"""redis-py, led by a test: see tests/support/servers/redis_drivers.py."""

import redis
from lines import lead
from redis.backoff import ConstantBackoff
from redis.retry import Retry


class Calls:
    """Its own number of attempts, with pauses that a test can wait for."""

    def open(self, port, timeout_ms):
        self.client = redis.Redis(
            port=int(port), socket_timeout=int(timeout_ms) / 1000, decode_responses=True,
            retry=Retry(ConstantBackoff(0.02), 3))

    def get(self, key):
        return self.client.get(key)

    def incr(self, key):
        return self.client.incr(key)

    def pipeline(self, *keys, transaction=False):
        pipe = self.client.pipeline(transaction=transaction)
        for key in keys:
            pipe.incr(key)
        return pipe.execute(raise_on_error=transaction)

    def transaction(self, *keys):
        return self.pipeline(*keys, transaction=True)

    def pop(self, key):
        found = self.client.blpop([key], timeout=0.2)
        return found and found[1]

    def subscribe(self, channel):
        self.listener = self.client.pubsub(ignore_subscribe_messages=True)
        self.listener.subscribe(channel)
        self.listener.get_message(timeout=5)

    def message(self, milliseconds):
        found = self.listener.get_message(timeout=int(milliseconds) / 1000)
        return found and found["data"]

    def ping(self):
        return self.client.ping()

    def close(self):
        self.client.close()


calls = Calls()
lead(lambda name, *words: getattr(calls, name)(*words))

"""redis-py over asyncio, led by a test: see tests/support/servers/redis_drivers.py."""

import asyncio

import redis.asyncio as redis
from lines import lead
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff


class Calls:
    """Its own number of attempts, with pauses that a test can wait for."""

    async def open(self, port, timeout_ms):
        self.client = redis.Redis(
            port=int(port), socket_timeout=int(timeout_ms) / 1000, decode_responses=True,
            retry=Retry(ConstantBackoff(0.02), 3))

    async def get(self, key):
        return await self.client.get(key)

    async def incr(self, key):
        return await self.client.incr(key)

    async def pipeline(self, *keys, transaction=False):
        async with self.client.pipeline(transaction=transaction) as pipe:
            for key in keys:
                pipe.incr(key)
            return await pipe.execute(raise_on_error=transaction)

    async def transaction(self, *keys):
        return await self.pipeline(*keys, transaction=True)

    async def pop(self, key):
        found = await self.client.blpop([key], timeout=0.2)
        return found and found[1]

    async def subscribe(self, channel):
        self.listener = self.client.pubsub(ignore_subscribe_messages=True)
        await self.listener.subscribe(channel)
        await self.listener.get_message(timeout=5)

    async def message(self, milliseconds):
        found = await self.listener.get_message(timeout=int(milliseconds) / 1000)
        return found and found["data"]

    async def ping(self):
        return await self.client.ping()

    async def close(self):
        await self.client.aclose()


calls = Calls()
with asyncio.Runner() as runner:
    lead(lambda name, *words: runner.run(getattr(calls, name)(*words)))

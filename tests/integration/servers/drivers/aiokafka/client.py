"""One client of Kafka, aiokafka's, led by a test: see tests/support/servers/kafka_drivers.py."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener


class Assignments(ConsumerRebalanceListener):
    """Counts them."""

    count = 0

    async def on_partitions_assigned(self, assigned):
        self.count += 1

    async def on_partitions_revoked(self, revoked):
        pass


class Client:
    """A producer or a consumer, as the first call says."""

    def __init__(self):
        self.client = None
        self.assignments = Assignments()

    async def producer(self, call):
        # It gives up a message when one request for it has run out of time, so there is no other.
        acks = call["acks"]
        self.client = AIOKafkaProducer(
            bootstrap_servers=call["server"], client_id=call["client_id"],
            enable_idempotence=call["idempotent"], acks=acks if acks == "all" else int(acks),
            transactional_id=call["transactional_id"], request_timeout_ms=call["request_ms"])
        await self.client.start()

    async def send(self, call):
        results = []
        for key, value in call["messages"]:
            try:
                sent = await self.client.send_and_wait(
                    call["topic"], value.encode(), key and key.encode())
                results.append(getattr(sent, "offset", -1))
            except Exception as error:
                results.append(type(error).__name__)
        return {"results": results}

    async def transaction(self, call):
        async with self.client.transaction():
            for topic in call["topics"]:
                for key, value in call["messages"]:
                    await self.client.send(topic, value.encode(), key and key.encode())

    async def consumer(self, call):
        self.client = AIOKafkaConsumer(
            bootstrap_servers=call["server"], client_id=call["client_id"], group_id=call["group"],
            request_timeout_ms=call["request_ms"], auto_offset_reset="earliest",
            enable_auto_commit=False, heartbeat_interval_ms=200, fetch_max_wait_ms=100,
            isolation_level="read_committed")
        self.client.subscribe([call["topic"]], listener=self.assignments)
        await self.client.start()

    async def take(self, call):
        """Until `count` records came or `seconds` have passed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + call["seconds"]
        records, errors = [], []
        while len(records) < call["count"] and len(errors) < 20 and loop.time() < end:
            try:
                taken = await self.client.getmany(timeout_ms=100)
                records += [[each.partition, each.offset, each.key and each.key.decode(),
                             each.value.decode()] for some in taken.values() for each in some]
            except Exception as error:
                errors.append(type(error).__name__)
        return {"records": records, "errors": errors, "assignments": self.assignments.count}

    async def commit(self, _):
        await self.client.commit()

    async def close(self, _):
        await self.client.stop()


async def main():
    client, loop = Client(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        call = json.loads(line)
        try:
            answer = await getattr(client, call["call"])(call) or {}
        except Exception as error:
            answer = {"error": type(error).__name__, "text": str(error)}
        print(json.dumps(answer), flush=True)


asyncio.run(main())

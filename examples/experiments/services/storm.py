"""So many orders at once: `storm.py 10000`, onto the topic SALE of the brokers at KAFKA.

Ends with 0 when the broker has every one of them.
"""

import json
import os
import sys
import uuid

from confluent_kafka import Producer

failed = []
producer = Producer({"bootstrap.servers": os.environ.get("KAFKA", "127.0.0.1:9092"),
                     "message.timeout.ms": 20000, "acks": "all"})
for number in range(int(sys.argv[1])):
    order = str(uuid.uuid4())
    producer.produce(os.environ.get("SALE", "sale"), key=order,
                     value=json.dumps({"order": order, "customer": f"storm {number}"}),
                     on_delivery=lambda error, _: failed.append(error) if error else None)
    producer.poll(0)
left = producer.flush(30)
print(f"{sys.argv[1]} orders, {left + len(failed)} of them not taken")
sys.exit(1 if left or failed else 0)

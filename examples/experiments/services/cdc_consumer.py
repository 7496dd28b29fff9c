"""The second half of a CDC pipeline: takes events from Kafka and applies them to the store.

The environment says where: KAFKA and SINK as host:port, TOPIC, and PORT, where /metrics and
/health are. An offset is committed when its event is in the store; what comes twice the store
leaves out.
"""

import collections
import http.client
import json
import os
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaException

from web import Server

BATCH = 500
PAUSE_S = 0.1
PATIENCE_S = 5
#: How far back the latency's percentile looks.
WINDOW_S = 30


class Numbers:
    """What /metrics tells. Any thread may."""

    def __init__(self):
        self._lock = threading.Lock()
        self._processed = self._failed = self._connections = self._lag = 0
        self.joined = False
        self._times = collections.deque()

    def processed(self, begun):
        now = time.time()
        with self._lock:
            self._processed += len(begun)
            self._times.extend((now, now - each) for each in begun)

    def failed(self, count):
        with self._lock:
            self._failed += count

    def of_client(self, text):
        """The statistics that the Kafka client tells of itself."""
        told = json.loads(text)
        connections = sum(each["state"] == "UP" for each in told["brokers"].values())
        lags = [each["consumer_lag"] for topic in told["topics"].values()
                for number, each in topic["partitions"].items() if number != "-1"]
        with self._lock:
            self._connections = connections
            self._lag = max([0, *lags])

    def health(self, _):
        """Well is who has events to wait for: it takes a moment to join the group."""
        return (200, {"status": "up"}) if self.joined else (503, {"status": "joins"})

    def text(self, _):
        with self._lock:
            while self._times and self._times[0][0] < time.time() - WINDOW_S:
                self._times.popleft()
            times = sorted(each for _, each in self._times)
            p95_ms = times[int(len(times) * 0.95)] * 1000 if times else 0
            lines = (("cdc_events_processed_total", "counter", self._processed),
                     ("cdc_events_failed_total", "counter", self._failed),
                     ("cdc_e2e_latency_p95", "gauge", round(p95_ms, 1)),
                     ("kafka_consumer_connection_count", "gauge", self._connections),
                     ("kafka_consumer_records_lag_max", "gauge", self._lag))
        return 200, "".join(f"# TYPE {name} {kind}\n{name} {number}\n"
                            for name, kind, number in lines)


class Sink:
    """One connection to the store, made anew when it broke."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address, timeout=PATIENCE_S)

    def apply(self, changes):
        """OSError or HTTPException unless the store has them."""
        try:
            self._connection.request("POST", "/apply", json.dumps(changes))
            answer = self._connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise http.client.HTTPException(f"status {answer.status}")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise


def run(numbers):
    topic = os.environ.get("TOPIC", "cdc")
    source = Consumer({
        "bootstrap.servers": os.environ.get("KAFKA", "127.0.0.1:9092"),
        "group.id": topic, "group.instance.id": f"{topic}-consumer", "session.timeout.ms": 45000,
        "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "topic.metadata.refresh.interval.ms": 500, "allow.auto.create.topics": True,
        "reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 500, "socket.timeout.ms": 10000,
        "statistics.interval.ms": 200, "stats_cb": numbers.of_client})
    source.subscribe([topic], on_assign=lambda *_: setattr(numbers, "joined", True))
    sink = Sink(os.environ.get("SINK", "127.0.0.1:27018"))
    while True:
        messages = [each for each in source.consume(BATCH, timeout=0.1) if not each.error()]
        if not messages:
            continue
        changes = [json.loads(each.value()) for each in messages]
        while True:
            try:
                sink.apply(changes)
                break
            except (OSError, http.client.HTTPException) as error:
                print("again:", repr(error), file=sys.stderr, flush=True)
                numbers.failed(len(changes))
                time.sleep(PAUSE_S)
        numbers.processed([each["at"] for each in changes])
        try:
            source.commit(message=messages[-1], asynchronous=True)
        except KafkaException as error:
            print("commit:", error, file=sys.stderr, flush=True)


def main():
    numbers = Numbers()
    server = Server(os.environ.get("PORT", "9400"), {
        ("GET", "/metrics"): numbers.text,
        ("GET", "/health"): numbers.health})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    run(numbers)


if __name__ == "__main__":
    main()

"""What is measured: the loads, and the numbers that are read off them."""

import contextlib
import dataclasses
from collections.abc import Callable

from peers import DIRECT
from rows import Metric
from toxics import control_rows, protocol_rows, real_rows, stream_rows
from toxics.subject import SERVERS, Subject

REAL_PEERS = (DIRECT, "aconite", "haproxy-splice", "toxiproxy")


@dataclasses.dataclass(frozen=True)
class Workload:
    """One load. `take` is called with a peer's name, the server that `start` gave, and seconds."""

    name: str
    take: Callable[[str, object, float], dict]
    peers: tuple = tuple(SERVERS)
    start: Callable = contextlib.nullcontext


def _toxic(name, act):
    def take(peer, _server, seconds):
        with Subject(peer) as subject:
            return act(subject, seconds)

    return Workload(name, take)


#: What is set of a proxy that follows PostgreSQL's protocol, and what is asked through it.
SETTINGS = ("followed", "toxic")
QUERIES = ("simple", "extended", "prepared")
COPIES = {"copy-out": protocol_rows.copy_out, "copy-in": protocol_rows.copy_in}


def _protocol(setting):
    for mode in QUERIES:
        yield f"{setting}-{mode}", protocol_rows.as_set(setting, real_rows.pgbench(mode))
    for name, copy in COPIES.items():
        yield f"{setting}-{name}", protocol_rows.as_set(setting, copy)


RATES = {"10k": 10, "100k": 100, "1m": 1000, "10m": 10_000, "100m": 100_000, "1g": 1_000_000}
_WORKLOADS = (
    _toxic("latency-5", stream_rows.latency_error(5, 1)),
    _toxic("latency-50", stream_rows.latency_error(50, 10)),
    _toxic("bulk-100", stream_rows.bulk_through_latency(100)),
    _toxic("bulk-1000", stream_rows.bulk_through_latency(1000)),
    _toxic("pingpong-500", stream_rows.latency_error(10, 500)),
    _toxic("messages", stream_rows.small_messages),
    *(_toxic(f"bandwidth-{name}", stream_rows.bandwidth(rate)) for name, rate in RATES.items()),
    _toxic("slicer-10000", stream_rows.slicer(10_000, 10_000)),
    _toxic("slicer-1000", stream_rows.slicer(1000, 30_000)),
    _toxic("slicer-100", stream_rows.slicer(100, 30_000)),
    _toxic("switching", stream_rows.switching),
    _toxic("toggle-1", control_rows.toggle(1)),
    _toxic("toggle-4", control_rows.toggle(4)),
    _toxic("get-1", control_rows.read_one(1)),
    _toxic("get-4", control_rows.read_one(4)),
    _toxic("get-all", control_rows.read_thousand),
    _toxic("idle", control_rows.idle_thousand),
    Workload("redis-1", real_rows.redis_benchmark(1, 40_000), REAL_PEERS, real_rows.redis),
    Workload("redis-16", real_rows.redis_benchmark(16, 300_000), REAL_PEERS, real_rows.redis),
    Workload("pgbench", real_rows.pgbench(), REAL_PEERS, real_rows.postgres),
    *(Workload(name, take, protocol_rows.PEERS, real_rows.postgres)
      for setting in SETTINGS for name, take in _protocol(setting)),
    *(Workload(f"redis-{setting}",
               protocol_rows.as_set(f"redis-{setting}", real_rows.redis_benchmark(16, 300_000)),
               protocol_rows.REDIS_PEERS, real_rows.redis) for setting in SETTINGS),
    Workload("kafka", real_rows.kafka_tools, REAL_PEERS, real_rows.kafka),
    *(Workload(f"kafka-{setting}", protocol_rows.kafka(f"kafka-{setting}"),
               protocol_rows.KAFKA_PEERS, real_rows.kafka) for setting in SETTINGS),
)
WORKLOADS = {workload.name: workload for workload in _WORKLOADS}


def _metric(workload, key, title, unit, digits=0, more=False) -> Metric:
    return Metric(f"{workload}.{key}", workload, title, unit,
                  lambda sample: sample["load"].get(key), more, digits)


def _error(workload, what):
    return (_metric(workload, "error_p50_us", f"{what}: error over it, p50", "us"),
            _metric(workload, "error_p99_us", "- p99", "us"))


def _bulk(workload, what):
    return (_metric(workload, "rate_mb_s", what, "MB/s", more=True),
            _metric(workload, "cpu_s_per_gb", "- CPU of the proxy", "s/GB", 2),
            _metric(workload, "peak_mb", "- most memory", "MB"),
            _metric(workload, "lost_bytes", "- bytes lost", "bytes"),
            _metric(workload, "breaks", "- breaks of the content", "breaks"))


def _rate(name, rate):
    workload = f"bandwidth-{name}"
    return (_metric(workload, "error_pct", f"bandwidth {rate:,} KB/s: error", "%", 2),
            _metric(workload, "variation", "- variation over 50 ms", "of the mean", 3),
            _metric(workload, "first_second_extra_ms", "- first second over the rate", "ms"),
            _metric(workload, "breaks", "- breaks of the content", "breaks"),
            _metric(workload, "cpu_s", "- CPU of the proxy", "s", 3))


def _slicer(delay):
    workload = f"slicer-{delay}"
    return (_metric(workload, "exact_share", f"slicer, 1000 bytes, {delay:,} us: exact pieces",
                    "share", 2, more=True),
            _metric(workload, "gap_error_pct", "- error of the mean gap", "%", 1),
            _metric(workload, "gap_within_10pct_share", "- gaps within 10 %", "share", 2,
                    more=True))


def _requests(workload, what):
    return (_metric(workload, "cycles_s", what, "1/s", more=True),
            _metric(workload, "failed", "- failed requests", "requests"))


def _real(workload, rates, cpu, cpu_unit):
    return (*(_metric(workload, key, title, unit, more=True) for key, title, unit in rates),
            _metric(workload, cpu, "- CPU of the proxy", cpu_unit, 2))


def _redis(pipeline, row=None, what=""):
    titles = ((f"{name.lower()}_s", f"redis-benchmark -c 50 -P {pipeline}, {name}{what}", "1/s")
              for name in ("SET", "GET"))
    return _real(row or f"redis-{pipeline}", titles, "cpu_us_per_request", "us/request")


SET = {"followed": "followed", "toxic": "followed, a toxic that matches nothing"}


def _followed_kafka(setting):
    name, what = f"kafka-{setting}", SET[setting]
    yield _metric(name, "producer_mb_s", f"Kafka producer, {what}", "MB/s", more=True)
    yield _metric(name, "producer_p99_ms", "- p99", "ms")
    yield from _real(name, [("consumer_mb_s", f"Kafka consumer, {what}", "MB/s")], "cpu_s_per_gb",
                     "s/GB")


def _followed(setting):
    what = SET[setting]
    for mode in QUERIES:
        yield from _real(f"{setting}-{mode}",
                         [("transactions_s", f"pgbench -S -M {mode}, {what}", "1/s")],
                         "cpu_us_per_request", "us/transaction")
    for name in COPIES:
        yield from _real(f"{setting}-{name}", [("rate_mb_s", f"1 GB of {name}, {what}", "MB/s")],
                         "cpu_s_per_gb", "s/GB")
        yield _metric(f"{setting}-{name}", "peak_mb", "- most memory", "MB", 1)


METRICS = (
    *_error("latency-5", "latency 5 ms, ping-pong"),
    *_error("latency-50", "latency 50 ms, ping-pong"),
    *_bulk("bulk-100", "bulk through 100 ms"),
    *_bulk("bulk-1000", "bulk through 1,000 ms"),
    _metric("pingpong-500", "requests_s", "500 connections through 10 ms", "requests/s",
            more=True),
    _metric("messages", "p50_error_ms", "20,000 messages/s through 100 ms: error, p50", "ms", 2),
    _metric("messages", "p99_error_ms", "- p99", "ms", 2),
    _metric("messages", "lost", "- messages lost", "messages"),
    *(metric for name, rate in RATES.items() for metric in _rate(name, rate)),
    *(metric for delay in (10_000, 1000, 100) for metric in _slicer(delay)),
    *_bulk("switching", "bulk, toxics switched 10 times a second")[:1],
    *_bulk("switching", "")[3:],
    _metric("switching", "slowest_change_ms", "- slowest change", "ms"),
    *_requests("toggle-1", "add and remove a toxic, 1 connection"),
    *_requests("toggle-4", "add and remove a toxic, 4 connections"),
    *_requests("get-1", "GET a proxy, 1 connection"),
    *_requests("get-4", "GET a proxy, 4 connections"),
    _metric("get-all", "p50_ms", "GET /proxies with 1,000 proxies", "ms", 2),
    _metric("idle", "resident_mb", "1,000 proxies with a toxic: memory", "MB", 1),
    _metric("idle", "idle_cpu_ms", "- CPU over 5 idle seconds", "ms", 1),
    *_redis(1),
    *_redis(16),
    *_real("pgbench", [("transactions_s", "pgbench -S -c 8", "1/s")], "cpu_us_per_request",
           "us/transaction"),
    *(metric for setting in SETTINGS for metric in _followed(setting)),
    *(metric for setting in SETTINGS
      for metric in _redis(16, f"redis-{setting}", f", {SET[setting]}")),
    *_real("kafka", [("producer_mb_s", "Kafka producer", "MB/s"),
                     ("consumer_mb_s", "Kafka consumer", "MB/s")], "cpu_s_per_gb", "s/GB"),
    *(metric for setting in SETTINGS for metric in _followed_kafka(setting)),
)

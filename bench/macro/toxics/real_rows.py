"""Real servers under the load that their own tools make, through each proxy in turn."""

import contextlib
import csv
import os
import re
import subprocess
import sys

import measure
import ports
import programs
from peers import DIRECT, PEERS
from toxics.subject import cpu_s, memory_mb

from servers.kafka_jars import kafka_jars
from servers.kafka_server import KafkaServer
from servers.postgres_server import PostgresServer, pg_environment, psql
from servers.process import require
from servers.redis_server import RedisServer

_RECORDS = 250_000
_RECORD_BYTES = 1000


def _announce(line):
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def _started(server):
    try:
        yield server
    finally:
        server.stop()


def redis():
    return _started(RedisServer())


@contextlib.contextmanager
def postgres():
    with _started(PostgresServer()) as server:
        _run([require("pgbench", "postgresql-15"), "-i", "-q", "-s", 5, "-p", server.port],
             pg_environment())
        yield server


@contextlib.contextmanager
def kafka():
    """A broker that is warm: the first that measures would find it slow."""
    with _started(KafkaServer(_announce)) as server:
        produce(server.direct, "warm")
        yield server


def prepare():
    """Fetches what the network is needed for."""
    kafka_jars(_announce)


def _run(command, environment=None) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          env=environment or os.environ, timeout=300)
    if done.returncode != 0:
        raise measure.Failed(f"{command[0]}: {(done.stdout + done.stderr)[-500:].strip()}")
    return done.stdout


def through(peer, upstream, listen, act):
    """Calls `act` with the port of the proxy, or of the server itself; adds the proxy's time."""
    if peer == DIRECT:
        return act(upstream)
    with measure.running(PEERS[peer], [(listen, upstream)]) as pid:
        before = cpu_s(pid)
        found = act(listen)
        return found | {"cpu_s": cpu_s(pid) - before, "peak_mb": memory_mb(pid, "VmHWM")}


def redis_benchmark(pipeline, requests_s):
    """SET and GET of redis-benchmark; `requests_s` decides how many requests a second takes."""

    def measured(peer, server, seconds):
        count = int(requests_s * seconds)

        def act(port):
            said = _run([require("redis-benchmark", "redis-tools"), "-h", "127.0.0.1",
                         "-p", port, "-c", 50, "-P", pipeline, "-n", count, "-t", "set,get",
                         "--csv"])
            rates = {row["test"]: float(row["rps"]) for row in csv.DictReader(said.splitlines())}
            return {"set_s": rates["SET"], "get_s": rates["GET"]}

        found = through(peer, server.port, ports.free_port(), act)
        return cpu_per(found, "cpu_us_per_request", 2 * count, 1e6)

    return measured


def pgbench(mode="simple"):
    """Reads of single rows, asked for in this mode of the protocol."""

    def measured(peer, server, seconds):
        def act(port):
            said = _run([require("pgbench", "postgresql-15"), "-S", "-n", "-c", 8, "-j", 1,
                         "-M", mode, "-T", max(1, round(seconds)), "-p", port], pg_environment())
            return {"transactions_s": float(re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)[1]),
                    "count": int(re.search(r"processed: (\d+)", said)[1])}

        found = through(peer, server.port, ports.free_port(), act)
        return cpu_per(found, "cpu_us_per_request", found["count"], 1e6)

    return measured


def _kafka_tool(name, *arguments) -> str:
    return _run([require("java", "openjdk-17-jre-headless"), "-Xmx256m", "-XX:+UseSerialGC",
                 "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                 "-cp", f"{kafka_jars(_announce)}/*", f"org.apache.kafka.tools.{name}",
                 *arguments])


def produce(broker, topic) -> tuple[float, float]:
    """MB/s, and the 99th percentile of the time to an acknowledgement in ms."""
    said = _kafka_tool("ProducerPerformance", "--topic", topic, "--num-records", _RECORDS,
                       "--record-size", _RECORD_BYTES, "--throughput", -1, "--producer-props",
                       f"bootstrap.servers={broker}", "batch.size=65536", "linger.ms=5")
    rate, p99 = re.findall(r"records sent, ([\d.]+) records/sec.* (\d+) ms 99th", said)[-1]
    return _megabytes(rate), float(p99)


def consume(broker, topic) -> float:
    said = _kafka_tool("ConsumerPerformance", "--topic", topic, "--messages", _RECORDS,
                       "--bootstrap-server", broker, "--timeout", 60_000)
    head, values = ([word.strip() for word in line.split(",")]
                    for line in said.splitlines() if "," in line)
    return _megabytes(dict(zip(head, values))["fetch.nMsg.sec"])


def _megabytes(records: str) -> float:
    return float(records) * _RECORD_BYTES / 1e6


def kafka_tools(peer, server, _seconds):
    """A topic is filled and read by Kafka's own tools, which measure without their start."""

    def act(port):
        broker = server.direct if peer == DIRECT else f"127.0.0.1:{port}"
        topic = f"through-{peer}"
        return {"producer_mb_s": produce(broker, topic)[0], "consumer_mb_s": consume(broker, topic)}

    upstream = int(server.address.rpartition(":")[2])
    found = through(peer, upstream, server.proxy_port, act)
    return kafka_cpu(found)


def kafka_cpu(found) -> dict:
    """With the time of the proxy for what was produced and consumed."""
    return cpu_per(found, "cpu_s_per_gb", 2 * _RECORDS * _RECORD_BYTES / 1e9, 1)


def cpu_per(found, name, count, scale) -> dict:
    if "cpu_s" not in found:
        return found
    return found | {name: found["cpu_s"] * scale / count}

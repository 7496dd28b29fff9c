"""What it costs to follow a protocol: the servers' own tools, beside the same proxy without it."""

import subprocess
import time

import peers
import ports
from toxics import real_rows
from toxics.real_rows import pg_environment, psql, require

PLAIN = "aconite-plain"
PGBOUNCER = "pgbouncer"
#: The one that is judged, and what it is measured beside.
PEERS = (peers.ACONITE, PLAIN, PGBOUNCER)

_ROWS = 1_000_000
_ROW_BYTES = 1000

KAFKA_PROXY = "kafka-proxy"
#: Of Kafka; the last keeps clients inside too.
KAFKA_PEERS = (peers.ACONITE, PLAIN, KAFKA_PROXY)

#: A toxic that is asked about every statement, and acts on none.
NEVER = {"type": "postgres", "attributes": {"preset": "deadlock"}, "match": {"query": "^no such"}}

#: And one for every request.
KAFKA_NEVER = {"type": "kafka", "attributes": {"preset": "lost_event"},
               "match": {"topic": "no-such-topic"}}

#: And one for every command of Redis.
REDIS_NEVER = {"type": "redis", "attributes": {"preset": "loading"}, "match": {"key": "no-such-key"}}
#: The last two read each command as well, and have one connection to the server for all clients.
REDIS_PEERS = (peers.ACONITE, PLAIN, "envoy-redis", "nutcracker")


def add_peers():
    """The same proxy as it may be set, each a peer of its own."""
    peers.add(peers.aconite_with(PLAIN, "aconite without a protocol", {}))
    peers.add(peers.aconite_with("followed", "aconite", {"protocol": "postgres"}))
    peers.add(peers.aconite_with("toxic", "aconite", {"protocol": "postgres", "toxics": [NEVER]}))
    peers.add(peers.aconite_with("kafka-followed", "aconite", {"protocol": "kafka"}))
    peers.add(peers.aconite_with("kafka-toxic", "aconite",
                                 {"protocol": "kafka", "toxics": [KAFKA_NEVER]}))
    peers.add(peers.aconite_with("redis-followed", "aconite", {"protocol": "redis"}))
    peers.add(peers.aconite_with("redis-toxic", "aconite",
                                 {"protocol": "redis", "toxics": [REDIS_NEVER]}))
    peers.add(peers.pgbouncer())
    peers.add(peers.kafka_proxy())
    peers.add(peers.envoy_redis())
    peers.add(peers.nutcracker())


def as_set(setting, measured):
    """`measured`, where aconite is the one with that setting."""

    def take(peer, server, seconds):
        return measured(setting if peer == peers.ACONITE else peer, server, seconds)

    return take


def copy_out(peer, server, _seconds):
    """1 GB of rows to the client."""
    sql = f"COPY (SELECT repeat('x', {_ROW_BYTES - 1}) FROM generate_series(1, {_ROWS})) TO STDOUT"
    return _copied(peer, server, sql, subprocess.DEVNULL)


def copy_in(peer, server, _seconds):
    """1 GB of rows to the server, which reads them and stores none."""
    psql(server.port, "CREATE TABLE IF NOT EXISTS sink (text text)", check=True)
    rows = subprocess.Popen(["yes", "x" * (_ROW_BYTES - 1)], stdout=subprocess.PIPE)
    some = subprocess.Popen(["head", "-n", str(_ROWS)], stdin=rows.stdout, stdout=subprocess.PIPE)
    with rows, some:
        rows.stdout.close()
        return _copied(peer, server, "COPY sink FROM STDIN WHERE false", None, some.stdout)


def _copied(peer, server, sql, output, source=subprocess.DEVNULL):
    def act(port):
        began = time.monotonic()
        subprocess.run([require("psql", "postgresql-client-15"), "-XAtq", "-p", str(port),
                        "-c", sql], stdin=source, stdout=output, env=pg_environment(), check=True,
                       timeout=300)
        return {"rate_mb_s": _ROWS * _ROW_BYTES / 1e6 / (time.monotonic() - began)}

    found = real_rows.through(peer, server.port, ports.free_port(), act)
    return real_rows.cpu_per(found, "cpu_s_per_gb", _ROWS * _ROW_BYTES / 1e9, 1)


def kafka(setting):
    """Kafka's own tools. The plain proxy is where the broker says that it is; the others keep
    clients inside by themselves, of a broker that does not know of them."""

    def measured(peer, server, _seconds):
        keeps = peer != PLAIN
        known = server.direct if keeps else server.address
        listen = ports.free_port() if keeps else server.proxy_port

        def act(port):
            broker, topic = f"127.0.0.1:{port}", f"{setting}-{peer}"
            rate, p99 = real_rows.produce(broker, topic)
            return {"producer_mb_s": rate, "producer_p99_ms": p99,
                    "consumer_mb_s": real_rows.consume(broker, topic)}

        found = real_rows.through(setting if peer == peers.ACONITE else peer,
                                  int(known.rpartition(":")[2]), listen, act)
        return real_rows.kafka_cpu(found)

    return measured

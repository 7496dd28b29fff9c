"""Each experiment of examples/experiments comes to its verdict, for the reason that it gives."""

import subprocess

from experiment_kit.done import held, not_held
from experiment_kit.plans import CDC, KAFKA, OTHERS, experiment

pytest_plugins = ["experiment_kit.example_fixtures"]


def test_all_files_are_right(aconite, examples):
    files = [*examples.glob("*.yaml")]
    files.remove(examples / "compose.yaml")
    scenarios = [each for each in (examples / "cdc").glob("*.yaml")
                 if each.name != "environment.yaml"]
    assert len(files) >= 20 and len(scenarios) == 6
    for command in ([*files], [*scenarios, "--with", examples / "cdc/environment.yaml"]):
        done = subprocess.run([aconite, "validate", *command], capture_output=True, text=True,
                              timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@experiment("lost-event.yaml", lane=KAFKA)
def test_lost_event(example):
    not_held(example, "each order has its event")
    assert (example.delta("db.orders"), example.last("kafka.created")) == (10, 9)
    assert example.load()["by_error"] == {"HTTP 500": 1}


@experiment("lost-event-outbox.yaml", lane=KAFKA)
def test_lost_event_with_an_outbox(example):
    held(example)
    assert (example.delta("db.orders"), example.last("kafka.created")) == (10, 10)
    assert example.load()["errors"] == 0


@experiment("lost-event-preset.yaml", lane=KAFKA)
def test_lost_event_that_was_acknowledged(example):
    not_held(example, "each order has its event")
    assert (example.delta("db.orders"), example.last("kafka.created")) == (20, 17)
    assert example.load()["errors"] == 0
    assert [each["hits"] for each in example.report["actions"]] == [3]


@experiment("lost-event-preset.yaml", lane=KAFKA, WAY="outbox")
def test_lost_event_that_was_acknowledged_to_an_outbox(example):
    not_held(example, "each order has its event")
    assert (example.delta("db.orders"), example.last("kafka.created")) == (20, 17)


@experiment("phantom-event.yaml", lane=CDC)
def test_phantom_event(example):
    not_held(example, "each event has its order")
    assert len(example.checks()) == 11
    assert (example.delta("db.orders"), example.last("kafka.created")) == (60, 70)
    assert [each["hits"] for each in example.report["actions"]] == [10]


@experiment("phantom-event-outbox.yaml", lane=CDC)
def test_phantom_event_with_an_outbox(example):
    held(example)
    assert (example.delta("db.orders"), example.last("kafka.created")) == (60, 60)
    assert [each["hits"] for each in example.report["actions"]] == [10]


@experiment("kafka-unavailable.yaml", lane=CDC)
def test_kafka_unavailable(example):
    not_held(example, "stock and orders agree")
    errors = example.load()["by_error"]
    # Each purchase that failed took a unit; a few of them reached Kafka after all.
    lost = 10000 - float(example.last("redis.stock")) - example.delta("db.orders")
    assert set(errors) == {"HTTP 500"} and 0 < lost <= errors["HTTP 500"]


@experiment("broker-silence.yaml", lane=KAFKA, scale=0.3)
def test_broker_silence(example):
    held(example)
    assert example.load()["errors"] == 0


@experiment("worker-crash.yaml", lane=OTHERS, scale=0.2, STOCK=100)
def test_worker_crash(example):
    held(example)
    assert (example.delta("db.orders"), float(example.last("redis.stock"))) == (100, 0)


@experiment("database-unavailable.yaml", lane=OTHERS, scale=0.2)
def test_database_unavailable(example):
    held(example)
    assert example.delta("db.orders") == 100000 - float(example.last("redis.stock")) > 0


@experiment("memory-leak.yaml", lane=OTHERS, scale=0.3, LEAK_KB=256)
def test_memory_leak(example):
    held(example)
    assert example.delta("db.orders") == 1000000 - float(example.last("redis.stock")) > 0


@experiment("event-storm.yaml", lane=OTHERS, scale=0.2)
def test_event_storm(example):
    held(example)
    assert example.delta("db.orders") == example.last("kafka.orders") >= 10000


@experiment("api-instance-killed.yaml", lane=OTHERS, scale=0.15)
def test_api_instance_killed(example):
    held(example)
    assert example.load()["errors"] <= 10


@experiment("redis-latency.yaml", lane=OTHERS, scale=0.25)
def test_redis_latency(example):
    held(example)
    p50 = {each["phase"]: each["p50_ms"] for each in example.report["load"][0]["phases"]}
    assert 50 <= p50["plus_50ms"] < 100 <= p50["plus_100ms"] < 200
    assert example.load(phase="plus_500ms")["error_rate"] > 0.5


@experiment("api-redis-partition.yaml", lane=OTHERS, scale=0.3)
def test_api_redis_partition(example):
    held(example)
    assert "HTTP 500" in example.load()["by_error"]


@experiment("discovery-failure.yaml", lane=OTHERS, scale=0.2)
def test_discovery_failure(example):
    held(example)
    assert example.load()["errors"] == 0


@experiment("slow-service.yaml", lane=OTHERS, scale=0.4)
def test_slow_service(example):
    held(example)
    assert {"HTTP 503", "HTTP 504"} == set(example.load("inventory")["by_error"])
    assert example.load("prices")["errors"] == 0


@experiment("packet-loss.yaml", lane=OTHERS, scale=0.2)
def test_packet_loss(example):
    held(example)
    assert example.report["actions"][0]["hits"] > 0


@experiment("split-brain.yaml", lane=OTHERS, scale=0.3)
def test_split_brain(example):
    held(example)


@experiment("split-brain.yaml", lane=OTHERS, scale=0.3, FENCING="no")
def test_split_brain_without_a_fence(example):
    not_held(example, "never two: terms only go up")


@experiment("connection-exhaustion.yaml", lane=OTHERS, scale=0.3, alone=True)
def test_connection_exhaustion(example):
    held(example)
    assert set(example.load()["by_error"]) == {"HTTP 500"}


@experiment("connection-exhaustion-refused.yaml", lane=OTHERS, scale=0.2)
def test_connection_exhaustion_as_one_service_sees_it(example):
    held(example)
    assert set(example.load()["by_error"]) == {"HTTP 500"}

"""The scenarios of the CDC plan, as they were written, on a small pipeline that is real."""

from experiment_kit.done import held
from experiment_kit.lanes import FOLDER
from experiment_kit.plans import CDC, experiment

pytest_plugins = ["experiment_kit.example_fixtures"]


def scenario(name):
    return experiment(f"cdc/{name}.yaml", "--with", FOLDER / "cdc/environment.yaml", lane=CDC,
                      scale=0.05)


def nothing_is_lost(done):
    held(done)
    assert done.delta("source.rows") == done.delta("sink.documents") > 0


@scenario("kafka-partition")
def test_kafka_partition(example):
    nothing_is_lost(example)
    assert example.report["actions"][0]["hits"] > 0


@scenario("mongodb-failure")
def test_mongodb_failure(example):
    nothing_is_lost(example)


@scenario("consumer-restart")
def test_consumer_restart(example):
    nothing_is_lost(example)


@scenario("network-delay")
def test_network_delay(example):
    nothing_is_lost(example)
    assert [each["hits"] > 0 for each in example.report["actions"]] == [True] * 4


@scenario("cpu-stress")
def test_cpu_stress(example):
    nothing_is_lost(example)


@scenario("memory-stress")
def test_memory_stress(example):
    nothing_is_lost(example)

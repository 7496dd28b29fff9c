"""A pytest plugin: a test with @experiment has what became of that in the fixture `example`."""

import os
import sys
from pathlib import Path

import pytest

from compat_kit.installs import prepared, run
from experiment_kit.lanes import SECONDS, Lanes
from servers.postgres_server import PostgresServer

#: Has librdkafka in it. Debian 12's is 1.7, of 2021.
CLIENT = "confluent-kafka==2.16.1"


def fetch_client(folder):
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--target", folder, CLIENT)


@pytest.fixture(scope="session")
def postgres_of_examples():
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def lanes(request, aconite, tmp_path_factory, redis_server, postgres_of_examples):
    """Experiments of all tests that were chosen begin with the first of them."""
    client = prepared("experiments-client", Path(__file__), make=fetch_client)
    made = Lanes(aconite, tmp_path_factory.mktemp, postgres_of_examples, redis_server, client)
    if "PYTEST_XDIST_WORKER" not in os.environ:  # else each worker would run all of them
        for item in request.session.items:
            if plan := getattr(item, "callspec", None) and item.callspec.params.get("example"):
                made.begin(plan)
    yield made
    made.stop()


@pytest.fixture
def example(request, lanes):
    """What became of this test's experiment."""
    done = lanes.begin(request.param).result(timeout=10 * SECONDS)
    print(done.output)
    return done

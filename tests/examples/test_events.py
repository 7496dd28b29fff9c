"""The example of lost and phantom events passes its own tests, and these tests can fail.

With them runs a copy of those of the outbox in which the service publishes within its transaction.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest

from compat_kit.installs import prepared, run
from conftest import ROOT
from servers.postgres_server import PostgresServer, pg_environment
from servers.proxy_server import binary

pytest_plugins = ["kafka_broker"]

EXAMPLE = ROOT / "examples/events"
#: Has librdkafka in it. Debian 12's is 1.7, of 2021.
CLIENT = "confluent-kafka==2.16.1"
#: What the copy cannot pass, and what it does: an answer that is lost makes no phantom.
FAIL = {"test_outbox_tells_of_nothing_that_was_rolled_back",
        "test_outbox_sends_the_event_when_kafka_is_back"}
PASS = {"test_outbox_sends_the_event_of_a_commit_without_answer"}


def fetch_client(folder):
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--target", folder, CLIENT)


@pytest.fixture
def environment(kafka_broker):
    """Where the example finds its servers and what it imports."""
    client = prepared("events-example", Path(__file__), make=fetch_client)
    postgres = PostgresServer()
    yield {**pg_environment(), "POSTGRES_ADDRESS": postgres.address,
           "KAFKA_ADDRESS": kafka_broker.direct,
           # Where somebody has built the client, its metadata would register the plugin once more.
           "PYTHONPATH": f"{ROOT / 'clients/python/src'}:{client}",
           "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    postgres.stop()


@pytest.fixture
def outcomes(environment, tmp_path):
    """A function: runs tests in a file, and has by name whether they passed."""
    def run_tests(file, *more):
        report = tmp_path / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", file, "-p", "aconite.pytest_plugin",
             "-p", "no:cacheprovider", f"--aconite-bin={binary().absolute()}",
             f"--junitxml={report}", *more],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=240, check=False)
        print(done.stdout)
        cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
        return {case.get("name").partition("[")[0]: len(case) == 0 for case in cases}
    return run_tests


def test_events(outcomes):
    tests = EXAMPLE / "tests/test_events.py"
    written = re.findall(r"^def (test_\w+)", tests.read_text(), re.MULTILINE)
    assert outcomes(tests) == dict.fromkeys(written, True) != {}


def test_events_can_fail(outcomes, tmp_path):
    (tmp_path / "tests").mkdir()
    for file in ("orders.py", "service.py", "tests/test_events.py"):
        text = (EXAMPLE / file).read_text()
        (tmp_path / file).write_text(text.replace('of_service("outbox")',
                                                  'of_service("publish_first")'))
    names = " or ".join(FAIL | PASS)
    assert outcomes(tmp_path / "tests/test_events.py", "-k", names) == {
        **dict.fromkeys(FAIL, False), **dict.fromkeys(PASS, True)}

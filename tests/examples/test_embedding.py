"""The example of the C++ library passes its own tests, with real servers."""

import contextlib
import re
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/compat"), str(ROOT / "tests/support")]

from compat_kit.installs import run  # noqa: E402
from cpp_project import build  # noqa: E402
from servers.postgres_server import PostgresServer, pg_environment  # noqa: E402
from servers.redis_server import RedisServer  # noqa: E402

pytest_plugins = ["kafka_broker"]
EXAMPLE = ROOT / "examples/embedding"


@pytest.fixture
def program(tmp_path, installed_library):
    """The example's tests, built as its README says, on the library of the release build."""
    build(EXAMPLE, tmp_path / "build", installed_library)
    return tmp_path / "build/orders_test"


@pytest.fixture
def environment(kafka_broker):
    """Where the example finds its servers."""
    with contextlib.ExitStack() as stack:
        def running(server):
            stack.callback(server.stop)
            return server

        postgres, redis = running(PostgresServer()), running(RedisServer())
        yield {**pg_environment(), "POSTGRES_ADDRESS": postgres.address,
               "REDIS_ADDRESS": redis.address, "KAFKA_ADDRESS": kafka_broker.direct}


def test_embedding(program, environment, tmp_path):
    run(program, f"--gtest_output=xml:{tmp_path / 'report.xml'}", env=environment)
    report = xml.etree.ElementTree.parse(tmp_path / "report.xml").getroot()
    written = len(re.findall(r"^TEST_F\(", (EXAMPLE / "tests/orders_test.cpp").read_text(),
                             re.MULTILINE))
    passed = [test for test in report.iter("testcase")
              if test.get("result") == "completed" and len(test) == 0]
    assert len(passed) == int(report.get("tests")) == written > 0

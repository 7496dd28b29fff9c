"""The example of the C++ library passes its own tests, with real servers."""

import contextlib
import os
import re
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/compat"), str(ROOT / "tests/support")]

from compat_kit.installs import run  # noqa: E402
from servers.kafka_server import KafkaServer  # noqa: E402
from servers.postgres_server import PostgresServer, pg_environment  # noqa: E402
from servers.process import require  # noqa: E402
from servers.redis_server import RedisServer  # noqa: E402

EXAMPLE = ROOT / "examples/embedding"


@pytest.fixture
def program(tmp_path):
    """The example's tests, built as its README says, on the library of the release build."""
    prefix, build = tmp_path / "prefix", tmp_path / "build"
    run("cmake", "--install", ROOT / "build/release", "--prefix", prefix, "--component", "dev")
    run("cmake", "-S", EXAMPLE, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER_LAUNCHER={require('ccache', 'ccache')}",
        "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")
    # The compiler cache knows the files again in another folder.
    run("cmake", "--build", build, env={**os.environ, "CCACHE_BASEDIR": str(tmp_path)})
    return build / "orders_test"


@pytest.fixture
def environment():
    """Where the example finds its servers."""
    with contextlib.ExitStack() as stack:
        def running(server):
            stack.callback(server.stop)
            return server

        postgres, redis = running(PostgresServer()), running(RedisServer())
        kafka = running(KafkaServer(print))
        yield {**pg_environment(), "POSTGRES_ADDRESS": postgres.address,
               "REDIS_ADDRESS": redis.address, "KAFKA_ADDRESS": kafka.address,
               "KAFKA_PROXY_ADDRESS": f"127.0.0.1:{kafka.proxy_port}"}


def test_embedding(program, environment, tmp_path):
    run(program, f"--gtest_output=xml:{tmp_path / 'report.xml'}", env=environment)
    report = xml.etree.ElementTree.parse(tmp_path / "report.xml").getroot()
    written = len(re.findall(r"^TEST_F\(", (EXAMPLE / "tests/orders_test.cpp").read_text(),
                             re.MULTILINE))
    passed = [test for test in report.iter("testcase")
              if test.get("result") == "completed" and len(test) == 0]
    assert len(passed) == int(report.get("tests")) == written > 0

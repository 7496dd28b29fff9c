"""Real servers for the example projects, and what these need from their registries."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/compat"), str(ROOT / "tests/support")]

from compat_kit.installs import run  # noqa: E402
from servers.fixtures import proxy_server, redis_server  # noqa: E402, F401


@pytest.fixture(scope="session")
def installed_library(tmp_path_factory):
    """Where the C++ library of the release build is installed."""
    prefix = tmp_path_factory.mktemp("library")
    run("cmake", "--install", ROOT / "build/release", "--prefix", prefix, "--component", "dev")
    return prefix


@pytest.fixture
def environment(proxy_server, redis_server):
    """Where the examples find both."""
    return {**os.environ, "ACONITE_URL": f"http://127.0.0.1:{proxy_server.port}",
            "REDIS_ADDRESS": redis_server.address}

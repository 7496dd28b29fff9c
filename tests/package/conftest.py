"""Fixtures of the package tests: aconite as it is installed, and programs built on it."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "compat")]

from release_build import release  # noqa: E402,F401
from servers.proxy_server import ProxyServer  # noqa: E402


@pytest.fixture
def server_url(tmp_path):
    """Of a running server."""
    server = ProxyServer(tmp_path)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()

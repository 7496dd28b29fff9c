"""Fixtures that several folders of tests import into their conftest.py."""

import pytest

from servers.proxy_server import ProxyServer
from servers.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis_server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def proxy_server(tmp_path):
    """A proxy server for one test, which must still be alive at its end and leave with status 0."""
    server = ProxyServer(tmp_path)
    yield server
    server.stop()

"""The page in Chromium, a server of its own for each test, and something behind the proxies."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from servers.fixtures import proxy_server  # noqa: E402, F401
from servers.process import ServerError  # noqa: E402

try:
    from browser import Browser
except ModuleNotFoundError as missing:
    if missing.name != "selenium":
        raise
    Browser = None
from traffic import EchoServer  # noqa: E402


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; a skip, with the reason, where there is none."""
    if Browser is None:
        pytest.skip("no Debian package python3-selenium")
    try:
        browser = Browser("about:blank")
    except ServerError as reason:
        pytest.skip(str(reason))
    yield browser
    browser.close()


@pytest.fixture
def api(proxy_server):
    return proxy_server.api


@pytest.fixture
def page(chromium, proxy_server):
    """The page of a server without proxies, loaded. Any complaint of the console fails the test."""
    chromium.url = f"http://localhost:{proxy_server.port}/"
    chromium.errors()
    chromium.requested()
    chromium.open()
    yield chromium
    complaints = chromium.errors()
    chromium.driver.get("about:blank")
    assert complaints == []


@pytest.fixture
def echo():
    server = EchoServer()
    yield server
    server.close()

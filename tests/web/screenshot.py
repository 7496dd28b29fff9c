"""Makes docs/web-page.png anew: the page with a minute of real traffic and faults on it.

    /usr/bin/python3 tests/web/screenshot.py [FILE.png]
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from servers.proxy_server import ProxyServer  # noqa: E402

from browser import Browser  # noqa: E402
from traffic import EchoServer, Pings  # noqa: E402

WIDTH = 1000
HEIGHT = 1130


def act(api, orders):
    """A minute in the life of a test."""
    time.sleep(15)
    api.json("POST", "/marks", {"text": "test_checkout_survives_a_slow_database"})
    orders.add("latency", latency=80, jitter=30)
    time.sleep(18)
    orders.update("latency_downstream", latency=200)
    time.sleep(12)
    orders.remove("latency_downstream")
    orders.add("bandwidth", rate=8)
    time.sleep(12)
    orders.remove("bandwidth_downstream")
    orders.add("latency", latency=40)
    time.sleep(8)


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/web-page.png"
    with tempfile.TemporaryDirectory() as folder:
        server = ProxyServer(folder)
        upstream = EchoServer()
        browser = Browser(f"http://localhost:{server.port}/")
        try:
            orders = server.api.create_proxy("orders-db", upstream.address)
            cache = server.api.create_proxy("cache", upstream.address)
            browser.command("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT,
                            deviceScaleFactor=1, mobile=False)
            browser.open()
            with Pings(orders.host, orders.port), Pings(cache.host, cache.port, 500):
                act(server.api, orders)
                target.write_bytes(browser.picture())
        finally:
            browser.close()
            upstream.close()
            server.stop()
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Whom the server serves: what a real browser really sends, from where it really is."""

import http.server
import threading

import pytest

OWN = {"Aconite-Page": "1"}


@pytest.fixture
def chromium(chromium):
    yield chromium
    chromium.driver.get("about:blank")


class _Blank(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def other_site():
    """The URL of a site that has no policy, as an attacker's has none."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Blank) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def fetched(browser, url, **options):
    """Status, or "refused" if the browser did not give the answer to the page that asked."""
    return browser.driver.execute_async_script(
        "const [url, options, done] = arguments;"
        "fetch(url, options).then((answer) => done(answer.status), () => done('refused'));",
        url, options)


def test_the_own_page_is_told_by_its_header(chromium, proxy_server):
    page = f"http://localhost:{proxy_server.port}/"
    chromium.open(page)
    assert fetched(chromium, page + "version", headers=OWN) == 200
    assert fetched(chromium, page + "version") == 403


def test_another_site_can_read_nothing_and_change_nothing(chromium, proxy_server, other_site):
    proxy = proxy_server.api.create_proxy("kept", "127.0.0.1:1")
    proxy.add("latency", latency=1)
    chromium.driver.get(other_site)
    for host in ("localhost", "127.0.0.1"):
        api = f"http://{host}:{proxy_server.port}/"
        assert fetched(chromium, api + "version", headers=OWN) == "refused"
        assert fetched(chromium, api + "reset", method="POST", headers=OWN) == "refused"
        # This one needs no preflight and arrives. The answer to it, a 403, is kept from the site.
        assert fetched(chromium, api + "reset", method="POST", mode="no-cors") == 0
    assert len(proxy_server.api.json("GET", "/proxies/kept/toxics")) == 1


def test_the_page_works_by_the_name_of_a_container(chromium, proxy_server):
    proxy_server.api.create_proxy("seen", "127.0.0.1:1")
    chromium.open(f"http://toxiproxy:{proxy_server.port}/")
    # Over plain HTTP to such a host a browser says nothing of where a request comes from.
    assert chromium.script("return isSecureContext") is False
    chromium.wait(lambda: chromium.text("article h3") == "seen", "the proxy")
    chromium.wait(lambda: chromium.all("#journal li.control"), "the journal")
    chromium.press("Reset all")
    chromium.press("Reset", "dialog")
    chromium.dialog_closed()


def test_a_name_that_was_made_to_point_here_gets_nothing(chromium, proxy_server):
    proxy = proxy_server.api.create_proxy("kept", "127.0.0.1:1")
    proxy.add("latency", latency=1)
    rebound = f"http://rebound.example:{proxy_server.port}/"
    chromium.driver.get(rebound)
    chromium.wait(lambda: "by an IP address" in chromium.text("#health"), "the page to say why")
    for method, path in (("GET", "proxies"), ("POST", "reset"), ("DELETE", "proxies/kept")):
        assert fetched(chromium, rebound + path, method=method, headers=OWN) == 403
    assert len(proxy_server.api.json("GET", "/proxies/kept/toxics")) == 1

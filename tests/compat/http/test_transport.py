"""Routing, headers and HTTP itself."""

import http.client
import json
import re
import socket

import pytest

from compat_kit.peers import receive_all

ROUTES = [
    ("GET", "/version"),
    ("GET", "/proxies"),
    ("POST", "/reset"),
    ("GET", "/proxies/p"),
    ("GET", "/proxies/p/toxics"),
    ("GET", "/proxies/p/toxics/t"),
]


def raw(port, text: bytes) -> bytes:
    """Sends bytes as they are and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(text)
        return receive_all(connection)


def test_version_is_the_release_that_clients_parse(api):
    answer = api.get("/version")
    assert answer.status == 200
    assert answer.json() == {"version": "2.12.0"}
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"


@pytest.mark.parametrize("path", ["/nope", "/proxies/", "/version/", "/proxies/p/x", "/Proxies"])
def test_an_unknown_path_is_404_in_plain_text(api, path):
    answer = api.get(path)
    assert answer.status == 404
    assert answer.text == "404 page not found\n"
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Toxiproxy-Request-Id"] is None


@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", "/version"),
        ("DELETE", "/proxies"),
        ("PUT", "/proxies"),
        ("GET", "/populate"),
        ("GET", "/reset"),
        ("PUT", "/proxies/p"),
        ("PATCH", "/proxies/p/toxics"),
        ("PUT", "/proxies/p/toxics/t"),
        ("HEAD", "/version"),
        ("OPTIONS", "/proxies"),
    ],
)
def test_a_wrong_method_is_405_without_body(api, method, path):
    answer = api.request(method, path)
    assert answer.status == 405
    assert answer.body == b""
    assert answer.headers["Allow"] is None
    assert answer.headers["X-Toxiproxy-Request-Id"] is None


@pytest.mark.parametrize("method, path", ROUTES)
def test_every_matched_route_has_a_request_id(api, method, path):
    ids = {api.request(method, path).headers["X-Toxiproxy-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch(r"[0-9a-zA-Z]{20}", each) for each in ids), ids


@pytest.mark.parametrize("method, path", ROUTES)
def test_a_browser_is_turned_away(api, method, path):
    answer = api.request(method, path, headers={"User-Agent": "Mozilla/5.0 (X11)"})
    assert answer.status == 403
    assert answer.text == "User agent not allowed\n"
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_only_the_exact_browser_prefix_is_turned_away(api):
    for agent in ("mozilla/5.0", "not Mozilla/5.0", "toxiproxy-cli", ""):
        assert api.get("/proxies", headers={"User-Agent": agent}).status == 200, agent


def test_a_browser_gets_404_and_405_like_others(api):
    browser = {"User-Agent": "Mozilla/5.0"}
    assert api.get("/nope", headers=browser).status == 404
    assert api.request("PUT", "/proxies", headers=browser).status == 405


def test_a_rejected_browser_changes_nothing(api, proxy):
    answer = api.delete(proxy.path, headers={"User-Agent": "Mozilla/5.0"})
    assert answer.status == 403
    assert api.get(proxy.path).status == 200


def test_the_query_string_is_ignored(api):
    assert api.get("/proxies?x=1").json() == {}
    assert api.get("/version?").status == 200


def test_success_is_json_with_length_and_date(api, proxy):
    answer = api.get(proxy.path)
    assert answer.headers["Content-Type"] == "application/json"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Date"]


def test_an_error_is_json_with_the_status_inside(api):
    answer = api.get("/proxies/p")
    assert answer.status == 404
    assert answer.json() == {"error": "proxy not found", "status": 404}
    assert answer.body.endswith(b"\n")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", None])
def test_the_content_type_of_a_request_is_ignored(api, upstream, kind):
    headers = {"Content-Type": kind} if kind else {}
    body = json.dumps({"name": "p", "listen": "127.0.0.1:0", "upstream": upstream.address})
    assert api.post("/proxies", body.encode(), headers=headers).status == 201


def test_a_connection_serves_many_requests(api):
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=10)
    connection.request("GET", "/version")
    connection.getresponse().read()
    first = connection.sock.getsockname()
    for _ in range(3):
        connection.request("GET", "/proxies")
        assert connection.getresponse().read() == b"{}"
    assert connection.sock.getsockname() == first
    connection.close()


def test_pipelined_requests_are_answered_in_order(api):
    get = b"GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
    text = raw(
        api.port,
        get % (b"/version", b"")
        + get % (b"/proxies/p", b"")
        + get % (b"/proxies", b"Connection: close\r\n"),
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", text) == [b"200", b"404", b"200"]


def test_http_1_0_is_answered_and_closed(api):
    text = raw(api.port, b"GET /version HTTP/1.0\r\n\r\n")
    assert re.match(rb"HTTP/1.[01] 200", text)
    assert b'"2.12.0"' in text


def test_a_chunked_request_body_is_read(api):
    body = b'{"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}'
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (body[:10], body[10:]))
    text = raw(
        api.port,
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n",
    )
    assert text.startswith(b"HTTP/1.1 201")


def test_expect_100_continue_is_answered_before_the_body(api):
    body = b'{"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}'
    with socket.create_connection(("127.0.0.1", api.port), timeout=10) as connection:
        connection.sendall(
            b"POST /proxies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert b"HTTP/1.1 201" in receive_all(connection)


def test_no_body_has_no_content(api, proxy):
    answer = api.delete(proxy.path)
    assert answer.status == 204
    assert answer.body == b""
    assert answer.headers["X-Toxiproxy-Request-Id"]


def test_many_clients_at_once_are_served(api):
    connections = []
    for _ in range(50):
        connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=10)
        connection.request("GET", "/proxies")
        connections.append(connection)
    for connection in connections:
        assert connection.getresponse().read() == b"{}"
        connection.close()

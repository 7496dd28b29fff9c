"""Input that the reference takes badly or dies of: against aconite alone by default.

Each of these fails on the reference: run with --against reference to see it.
"""

import json
import os
import socket
import subprocess

import pytest

from compat_kit.peers import receive_all
from servers.ports import reserve_port


@pytest.mark.parametrize(
    "kind, attributes, field",
    [
        ("bandwidth", {"rate": -1}, "rate"),
        ("latency", {"latency": 1, "jitter": 2**62 + 1}, "jitter"),
        ("slicer", {"average_size": 10, "size_variation": 20}, "size_variation"),
        ("latency", {"latency": -1}, "latency"),
        ("latency", {"jitter": -1}, "jitter"),
        ("slow_close", {"delay": -1}, "delay"),
        ("timeout", {"timeout": -1}, "timeout"),
        ("reset_peer", {"timeout": -1}, "timeout"),
        ("slicer", {"average_size": -1}, "average_size"),
        ("slicer", {"average_size": 10, "delay": -1}, "delay"),
        ("limit_data", {"bytes": -1}, "bytes"),
    ],
)
def test_an_impossible_value_is_400_and_names_its_field(api, proxy, kind, attributes, field):
    answer = api.post(proxy.path + "/toxics", {"type": kind, "attributes": attributes})
    assert answer.status == 400
    assert field in answer.json()["error"]
    assert api.get(proxy.path + "/toxics").json() == []
    name = proxy.add(kind, **({"average_size": 10} if kind == "slicer" else {}))
    before = api.get(f"{proxy.path}/toxics/{name}").json()
    answer = api.patch(f"{proxy.path}/toxics/{name}", {"attributes": attributes})
    assert answer.status == 400
    assert field in answer.json()["error"]
    assert api.get(f"{proxy.path}/toxics/{name}").json() == before


def test_a_rejected_toxic_update_is_not_half_applied(api, proxy):
    name = proxy.add("latency", latency=100, jitter=10)
    before = api.get(f"{proxy.path}/toxics/{name}").json()
    body = '{"toxicity":0.5,"attributes":{"latency":999,"jitter":"x"}}'
    assert api.patch(f"{proxy.path}/toxics/{name}", body).status == 400
    assert api.get(f"{proxy.path}/toxics/{name}").json() == before


def test_an_empty_upstream_is_rejected_on_update(api, proxy):
    before = proxy.fields()
    answer = api.post(proxy.path, {"upstream": ""})
    assert answer.status == 400
    assert "upstream" in answer.json()["error"]
    assert proxy.fields() == before


def test_a_name_with_a_slash_can_be_addressed(api, upstream):
    proxy = api.create(upstream.address, name="a/b")
    assert proxy.path == "/proxies/a%2Fb"
    assert proxy.fields()["name"] == "a/b"
    assert proxy.add("latency", name="x/y", latency=1) == "x/y"
    assert api.delete(proxy.path + "/toxics/x%2Fy").status == 204
    proxy.delete()
    assert api.get("/proxies").json() == {}


def test_populate_of_nothing_answers_an_empty_list(api):
    answer = api.post("/populate", [])
    assert (answer.status, answer.json()) == (201, {"proxies": []})


@pytest.mark.parametrize("level", ["warn", "warning", "WARNING"])
def test_both_spellings_of_the_warning_level_are_accepted(start, level):
    server = start(env={**os.environ, "LOG_LEVEL": level})
    server.api.get("/proxies")
    server.terminate()
    assert server.log() == []
    if level == "warn":
        # The reference knows this one; what it lacks is the other.
        server = start(env={**os.environ, "LOG_LEVEL": "warning"})
        assert server.log() == []


def test_a_busy_api_port_ends_the_process_with_one_clear_line(program_folder, upstream):
    done = subprocess.run(
        [program_folder / "toxiproxy-server", "-port", str(upstream.port)],
        capture_output=True,
        text=True,
        timeout=10,
        env={**os.environ, "LOG_LEVEL": "error"},
    )
    assert done.returncode not in (0, 2)
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1
    assert "address already in use" in lines[0]
    assert str(upstream.port) in lines[0]


def test_a_body_over_a_megabyte_is_413(api):
    body = json.dumps({"name": "p", "upstream": "x:1", "padding": "x" * (1 << 20)})
    text = raw(
        api,
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body.encode(),
    )
    assert text.startswith(b"HTTP/1.1 413")
    assert api.get("/proxies").json() == {}


def test_a_chunked_body_over_a_megabyte_is_413(api):
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    text = raw(
        api,
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk * 20
        + b'2\r\n{}\r\n0\r\n\r\n',
    )
    assert text.startswith(b"HTTP/1.1 413")


def test_a_body_just_under_a_megabyte_is_read(api):
    body = {"name": "p", "upstream": "x:1", "listen": "127.0.0.1:0", "padding": ""}
    body["padding"] = "x" * ((1 << 20) - len(json.dumps(body)) - 100)
    assert api.post("/proxies", body).status == 201


def test_headers_over_64_kilobytes_are_431(api):
    text = raw(api, b"GET /version HTTP/1.1\r\nHost: x\r\nX-Pad: " + b"x" * 70_000 + b"\r\n\r\n")
    assert text.startswith(b"HTTP/1.1 431")
    assert api.get("/version").status == 200


def raw(api, request: bytes) -> bytes:
    """Sends a request and returns the beginning of the answer, or b"" after a reset."""
    with socket.create_connection(("127.0.0.1", api.port), timeout=10) as connection:
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # answered and closed before all was sent: the answer is there to read
        try:
            return connection.recv(4096)
        except ConnectionResetError:
            return b""


TOXICS = [{"type": "limit_data", "name": "cut", "attributes": {"bytes": 3}}]


def first_connection(proxy_listen, upstream, connect) -> bytes:
    host, port = proxy_listen.split(":")
    client = connect((host, int(port)))
    upstream.accept().sendall(b"123456")
    return receive_all(client)


@pytest.mark.parametrize("path", ["/proxies", "/populate"])
def test_toxics_of_a_new_proxy_are_in_force_at_once(api, upstream, connect, path):
    entry = {"name": "p", "listen": "127.0.0.1:0", "upstream": upstream.address, "toxics": TOXICS}
    answer = api.post(path, entry if path == "/proxies" else [entry])
    assert answer.status == 201
    made = answer.json() if path == "/proxies" else answer.json()["proxies"][0]
    assert [each["name"] for each in made["toxics"]] == ["cut"]
    assert first_connection(made["listen"], upstream, connect) == b"123"


def test_toxics_of_the_config_file_are_in_force_before_the_first_accept(
    start, tmp_path, upstream, connect
):
    port = reserve_port()
    entry = {"name": "p", "listen": f"127.0.0.1:{port}", "upstream": upstream.address}
    path = tmp_path / "config.json"
    path.write_text(json.dumps([{**entry, "toxics": TOXICS}]))
    server = start("-config", str(path))
    assert first_connection(f"127.0.0.1:{port}", upstream, connect) == b"123"
    assert server.api.get("/proxies/p/toxics/cut").json()["stream"] == "downstream"


@pytest.mark.parametrize(
    "content, place, text",
    [
        (None, "", "no such file"),
        ("{ broken", ":1:", "syntax"),
        ('[]\n[{"name":"a","upstream":"x:1"}]', ":2:1:", "expected end of input"),
        ('[{"name":"a"}]', "", "missing required field: upstream at proxy 1"),
        ('[{"name":"a","upstream":"x:1","listen":"nope"}]', "", "missing port in address"),
    ],
)
def test_a_bad_config_file_ends_the_process_with_one_clear_line(
    program_folder, tmp_path, content, place, text
):
    path = tmp_path / "config.json"
    if content is not None:
        path.write_text(content)
    done = subprocess.run(
        [program_folder / "toxiproxy-server", "-port", str(reserve_port()), "-config", path],
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"{path}{place}" in done.stderr
    assert text in done.stderr.lower()


@pytest.mark.parametrize("path", ["/proxies", "/populate"])
def test_a_bad_toxic_in_a_new_proxy_creates_nothing(api, path):
    toxics = [{"type": "nope"}]
    entry = {"name": "p", "listen": "127.0.0.1:0", "upstream": "x:1", "toxics": toxics}
    answer = api.post(path, entry if path == "/proxies" else [entry])
    assert answer.status == 400
    assert answer.json()["error"].startswith("invalid toxic type")
    assert api.get("/proxies").json() == {}

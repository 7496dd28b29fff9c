"""Which address a proxy listens on, and which one it reports."""

import re

import pytest

from compat_kit.peers import connect as open_socket
from compat_kit.peers import receive
from servers.ports import reserve_port


@pytest.mark.parametrize(
    "listen, expected",
    [
        ("localhost:0", r"127\.0\.0\.1:\d+"),
        ("127.0.0.1:0", r"127\.0\.0\.1:\d+"),
        (":0", r"\[::\]:\d+"),
        ("0.0.0.0:0", r"\[::\]:\d+"),
        ("[::]:0", r"\[::\]:\d+"),
        ("", r"\[::\]:\d+"),
        ("[::1]:0", r"\[::1\]:\d+"),
    ],
)
def test_the_real_address_is_reported_and_works(api, echo, connect, listen, expected):
    proxy = api.create(echo.address, listen=listen)
    assert re.fullmatch(expected, proxy.listen)
    assert int(proxy.listen.rpartition(":")[2]) > 0
    addresses = [("::1" if "::1" in proxy.listen else "127.0.0.1", proxy.address[1])]
    if proxy.listen.startswith("[::]"):
        addresses.append(("::1", proxy.address[1]))
    for address in addresses:
        client = connect(address)
        client.sendall(b"ping")
        assert receive(client, 4) == b"ping"


def test_no_listen_field_is_a_wildcard(api):
    answer = api.post("/proxies", {"name": "p", "upstream": "127.0.0.1:1"})
    assert answer.status == 201
    assert re.fullmatch(r"\[::\]:\d+", answer.json()["listen"])


def test_a_given_port_is_kept(api):
    port = reserve_port()
    assert api.create("127.0.0.1:1", listen=f"localhost:{port}").listen == f"127.0.0.1:{port}"
    port = reserve_port()
    assert api.create("127.0.0.1:1", name="w", listen=f":{port}").listen == f"[::]:{port}"


@pytest.mark.parametrize("same", ["127.0.0.1:%d", "localhost:%d"])
def test_an_equal_address_does_not_restart(api, proxy, link, same):
    client, server = link()
    body = proxy.update(listen=same % proxy.address[1], upstream=proxy.fields()["upstream"])
    assert body["listen"] == proxy.listen
    client.sendall(b"alive")
    assert server.recv(10) == b"alive"


def test_an_unchanged_enabled_does_not_restart(proxy, link):
    client, server = link()
    proxy.update(enabled=True)
    client.sendall(b"alive")
    assert server.recv(10) == b"alive"


@pytest.mark.parametrize("given", ["0.0.0.0:%d", ":%d"])
def test_a_wildcard_is_never_equal_and_restarts(api, upstream, connect, given):
    port = reserve_port()
    proxy = api.create(upstream.address, listen=given % port)
    client = connect(proxy.address)
    upstream.accept()
    body = proxy.update(listen=given % port)
    assert body["listen"] == f"[::]:{port}"
    assert body["enabled"] is True
    assert client.recv(1) == b""
    open_socket(proxy.address).close()


def test_port_zero_is_never_equal_and_moves(proxy, link):
    client, _ = link()
    body = proxy.update(listen="127.0.0.1:0")
    assert client.recv(1) == b""
    open_socket(("127.0.0.1", int(body["listen"].rpartition(":")[2]))).close()


@pytest.mark.parametrize("listen", ["0.0.0.0", "localhost"])
def test_toggling_with_the_whole_object_works(api, echo, connect, listen):
    port = reserve_port()
    proxy = api.create(echo.address, listen=f"{listen}:{port}")
    for _ in range(3):
        for enabled in (False, True):
            body = proxy.update(
                name="p", listen=f"{listen}:{port}", upstream=echo.address, enabled=enabled
            )
            assert body["enabled"] is enabled
            assert body["listen"].endswith(f":{port}")
    client = connect(("127.0.0.1", port))
    client.sendall(b"ping")
    assert receive(client, 4) == b"ping"

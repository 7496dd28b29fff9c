"""Starting, stopping, moving and deleting proxies with live connections."""

import pytest

from compat_kit.peers import Upstream, ending, refused
from servers.ports import reserve_port


def test_disable_refuses_at_once_and_closes_both_ends(proxy, link):
    client, server = link()
    proxy.disable()
    assert refused(proxy.address)
    assert ending(client, 2) != "open"
    assert ending(server, 2) != "open"


def test_enable_listens_on_the_same_port_at_once(proxy, upstream, connect):
    for _ in range(10):
        proxy.disable()
        assert refused(proxy.address)
        proxy.enable()
        client = connect(proxy.address)
        client.sendall(b"x")
        assert upstream.accept().recv(1) == b"x"
    assert proxy.fields()["listen"] == proxy.listen


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_both_methods_toggle(api, proxy, method):
    assert api.request(method, proxy.path, {"enabled": False}).json()["enabled"] is False
    assert refused(proxy.address)
    assert api.request(method, proxy.path, {"enabled": True}).json()["enabled"] is True
    assert not refused(proxy.address)


def test_disable_twice_is_fine(proxy):
    for enabled in (False, False, True, True):
        assert proxy.update(enabled=enabled)["enabled"] is enabled


def test_delete_refuses_at_once_and_closes_both_ends(proxy, link):
    client, server = link()
    proxy.delete()
    assert refused(proxy.address)
    assert ending(client, 2) != "open"
    assert ending(server, 2) != "open"


def test_a_new_upstream_closes_the_old_connections(proxy, link, closing, connect):
    client, server = link()
    other = closing(Upstream())
    proxy.update(upstream=other.address)
    assert ending(client, 2) != "open"
    assert ending(server, 2) != "open"
    client = connect(proxy.address)
    client.sendall(b"x")
    assert other.accept().recv(1) == b"x"


def test_a_new_listen_address_frees_the_old_one(proxy):
    port = reserve_port()
    assert proxy.update(listen=f"127.0.0.1:{port}")["listen"] == f"127.0.0.1:{port}"
    assert refused(proxy.address)
    assert not refused(("127.0.0.1", port))


def test_values_and_enabled_change_in_one_call(proxy):
    port = reserve_port()
    body = proxy.update(listen=f"127.0.0.1:{port}", enabled=False)
    assert body["enabled"] is False
    assert refused(proxy.address)
    assert refused(("127.0.0.1", port))
    proxy.enable()
    assert not refused(("127.0.0.1", port))


def test_a_disabled_proxy_takes_values_without_starting(api):
    proxy = api.create("127.0.0.1:1", enabled=False)
    port = reserve_port()
    proxy.update(listen=f"127.0.0.1:{port}", upstream="127.0.0.1:2")
    assert proxy.fields()["enabled"] is False
    assert proxy.fields()["upstream"] == "127.0.0.1:2"
    assert refused(("127.0.0.1", port))


def test_enable_on_a_busy_port_is_500_and_can_be_retried(api, proxy, closing):
    proxy.disable()
    other = api.create("127.0.0.1:1", name="other", listen=proxy.listen)
    answer = api.post(proxy.path, {"enabled": True})
    assert answer.status == 500
    assert answer.json()["error"] == f"listen tcp {proxy.listen}: bind: address already in use"
    assert proxy.fields()["enabled"] is False
    other.delete()
    proxy.enable()
    assert not refused(proxy.address)


def test_proxies_do_not_disturb_each_other(api, proxy, upstream, link):
    client, server = link()
    for turn in range(5):
        other = api.create(upstream.address, name="other")
        other.add("timeout", timeout=1)
        other.disable()
        other.delete()
        client.sendall(b"%d" % turn)
        assert server.recv(10) == b"%d" % turn

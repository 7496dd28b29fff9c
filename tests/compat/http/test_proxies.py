"""The endpoints that create, read, change and delete proxies."""

import socket

import pytest

from compat_kit.peers import connect as open_socket
from compat_kit.peers import refused
from servers.ports import reserve_port

KEYS = {"name", "listen", "upstream", "enabled", "toxics"}


def error(answer):
    body = answer.json()
    assert body["status"] == answer.status
    return answer.status, body["error"]


def test_there_are_no_proxies_at_first(api):
    answer = api.get("/proxies")
    assert (answer.status, answer.text) == (200, "{}")


def test_create_answers_the_whole_proxy(api):
    answer = api.post(
        "/proxies", {"name": "p", "listen": "127.0.0.1:0", "upstream": "example.invalid:80"}
    )
    assert answer.status == 201
    body = answer.json()
    assert KEYS <= set(body)
    assert body["name"] == "p"
    assert body["upstream"] == "example.invalid:80"
    assert body["enabled"] is True
    assert body["toxics"] == []
    host, port = body["listen"].split(":")
    assert host == "127.0.0.1" and int(port) > 0
    assert not refused((host, int(port)))


def test_create_disabled_does_not_listen(api):
    port = reserve_port()
    proxy = api.create("127.0.0.1:1", listen=f"localhost:{port}", enabled=False)
    assert proxy.fields()["enabled"] is False
    assert proxy.fields()["listen"] == f"localhost:{port}"
    assert refused(("127.0.0.1", port))
    assert proxy.update(enabled=True)["listen"] == f"127.0.0.1:{port}"
    assert proxy.update(enabled=False)["listen"] == f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    "body, field",
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"upstream": "a:1"}, "name"),
        ({"name": "p"}, "upstream"),
        ({"name": "p", "upstream": ""}, "upstream"),
    ],
)
def test_create_needs_name_and_upstream(api, body, field):
    assert error(api.post("/proxies", body)) == (400, f"missing required field: {field}")
    assert api.get("/proxies").json() == {}


def test_create_twice_is_a_conflict_even_on_a_busy_port(api, proxy):
    body = {"name": "p", "listen": proxy.listen, "upstream": "127.0.0.1:1"}
    assert error(api.post("/proxies", body)) == (409, "proxy already exists")


@pytest.mark.parametrize(
    "listen, text",
    [
        ("nope", "listen tcp: address nope: missing port in address"),
        ("127.0.0.1:99999", "listen tcp: address 99999: invalid port"),
        ("192.0.2.1:4000", "listen tcp 192.0.2.1:4000: bind: cannot assign requested address"),
    ],
)
def test_a_bad_listen_address_is_500_and_creates_nothing(api, listen, text):
    answer = api.post("/proxies", {"name": "p", "listen": listen, "upstream": "a:1"})
    assert error(answer) == (500, text)
    assert api.get("/proxies").json() == {}


def test_a_busy_listen_address_is_500_with_the_known_text(api, upstream):
    body = {"name": "p", "listen": upstream.address, "upstream": "a:1"}
    assert error(api.post("/proxies", body)) == (
        500,
        f"listen tcp {upstream.address}: bind: address already in use",
    )
    assert api.get("/proxies/p").status == 404


def test_the_upstream_is_free_text(api):
    for name, upstream in (("a", "nope"), ("b", "no.such.host.invalid:1"), ("c", "[::1]:99999")):
        assert api.create(upstream, name=name).fields()["upstream"] == upstream


def test_list_is_a_map_by_name(api):
    for name in ("b", "a", "c"):
        api.create("127.0.0.1:1", name=name)
    listed = api.get("/proxies").json()
    assert set(listed) == {"a", "b", "c"}
    assert all(key == value["name"] and KEYS <= set(value) for key, value in listed.items())
    assert all(value["toxics"] == [] for value in listed.values())


def test_a_proxy_shows_its_toxics(api, proxy):
    proxy.add("latency", latency=5)
    toxic = {
        "name": "latency_downstream",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 1,
        "attributes": {"latency": 5, "jitter": 0},
    }
    assert proxy.fields()["toxics"] == [toxic]
    assert api.get("/proxies").json()["p"]["toxics"] == [toxic]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_an_unknown_proxy_is_404_whatever_the_body(api, method):
    body = None if method in ("GET", "DELETE") else "{ broken"
    assert error(api.request(method, "/proxies/nope", body)) == (404, "proxy not found")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_update_changes_what_is_given(api, proxy, method):
    answer = api.request(method, proxy.path, {"upstream": "127.0.0.1:2"})
    assert answer.status == 200
    assert answer.json()["upstream"] == "127.0.0.1:2"
    assert answer.json()["listen"] == proxy.listen
    assert answer.json()["enabled"] is True
    answer = api.request(method, proxy.path, {"enabled": False})
    assert answer.json()["enabled"] is False
    assert answer.json()["upstream"] == "127.0.0.1:2"
    assert KEYS <= set(answer.json())


def test_update_ignores_name_and_toxics(api, proxy):
    answer = api.post(proxy.path, {"name": "other", "toxics": [{"type": "latency"}]})
    assert answer.status == 200
    assert answer.json()["name"] == "p"
    assert answer.json()["toxics"] == []
    assert api.get("/proxies/other").status == 404


def test_update_takes_the_whole_object_back(api, proxy):
    proxy.add("latency", latency=5)
    whole = proxy.fields()
    assert proxy.update(**whole) == whole


@pytest.mark.parametrize("body", ["", "{", '{"enabled":"no"}', '{"listen":5}'])
def test_a_bad_update_is_400_and_changes_nothing(api, proxy, body):
    before = proxy.fields()
    status, text = error(api.post(proxy.path, body))
    assert status == 400 and text.startswith("bad request body: ")
    assert proxy.fields() == before


def test_an_update_to_an_address_without_port_changes_nothing(api, proxy):
    before = proxy.fields()
    answer = api.post(proxy.path, {"listen": "nope", "upstream": "127.0.0.1:2"})
    assert error(answer) == (500, "address nope: missing port in address")
    assert proxy.fields() == before
    assert not refused(proxy.address)


def test_an_update_to_a_busy_address_disables_and_can_be_retried(api, proxy):
    other = socket.create_server(("127.0.0.1", 0))
    open_port = other.getsockname()[1]
    answer = api.post(proxy.path, {"listen": f"127.0.0.1:{open_port}"})
    assert error(answer) == (
        500,
        f"listen tcp 127.0.0.1:{open_port}: bind: address already in use",
    )
    assert proxy.fields()["enabled"] is False
    assert proxy.fields()["listen"] == f"127.0.0.1:{open_port}"
    assert refused(proxy.address)
    other.close()
    assert proxy.update(enabled=True)["enabled"] is True
    assert not refused(("127.0.0.1", open_port))


def test_delete_removes_it(api, proxy):
    answer = api.delete(proxy.path)
    assert (answer.status, answer.body) == (204, b"")
    assert api.get(proxy.path).status == 404
    assert error(api.delete(proxy.path)) == (404, "proxy not found")


@pytest.mark.parametrize("name", ["a b", "a:8666", "ü", "a%b", "a?b", "a+b", "..a", "[x]"])
def test_names_are_percent_decoded_once(api, name):
    proxy = api.create("127.0.0.1:1", name=name)
    assert proxy.fields()["name"] == name
    proxy.delete()
    assert api.get("/proxies").json() == {}


def test_a_colon_needs_no_escape(api):
    api.create("127.0.0.1:1", name="redis:6379")
    assert api.get("/proxies/redis:6379").status == 200


def test_a_new_proxy_takes_over_a_freed_port_at_once(api, upstream):
    port = reserve_port()
    for _ in range(5):
        proxy = api.create(upstream.address, listen=f"127.0.0.1:{port}")
        client = open_socket(proxy.address)
        upstream.accept()
        proxy.delete()
        client.close()

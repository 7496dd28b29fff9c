"""POST /populate: what it creates, keeps and replaces."""

import pytest

from compat_kit.peers import refused, silent
from servers.ports import reserve_port


def entry(name, upstream="127.0.0.1:1", listen="127.0.0.1:0", **more):
    return {"name": name, "listen": listen, "upstream": upstream, **more}


def test_populate_creates_in_order_and_answers_only_proxies(api):
    answer = api.post("/populate", [entry("b"), entry("a"), entry("c", enabled=False)])
    assert answer.status == 201
    body = answer.json()
    assert set(body) == {"proxies"}
    assert [each["name"] for each in body["proxies"]] == ["b", "a", "c"]
    assert [each["enabled"] for each in body["proxies"]] == [True, True, False]
    assert all(each["toxics"] == [] for each in body["proxies"])
    assert answer.headers["Content-Type"] == "application/json"
    assert set(api.get("/proxies").json()) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "second, text",
    [
        ({"upstream": "a:1"}, "missing required field: name at proxy 2"),
        ({"name": "x"}, "missing required field: upstream at proxy 2"),
    ],
)
def test_a_missing_field_anywhere_creates_nothing(api, second, text):
    answer = api.post("/populate", [entry("a"), second])
    assert answer.status == 400
    assert answer.json()["error"] == text
    assert answer.json()["status"] == 400
    assert api.get("/proxies").json() == {}


def test_a_listen_error_keeps_the_earlier_and_stops(api, upstream):
    answer = api.post(
        "/populate", [entry("a"), entry("b", listen=upstream.address), entry("c")]
    )
    assert answer.status == 500
    body = answer.json()
    assert body["error"].endswith("bind: address already in use")
    assert body["status"] == 500
    assert [each["name"] for each in body["proxies"]] == ["a"]
    assert set(api.get("/proxies").json()) == {"a"}


def test_an_equal_proxy_is_kept_with_toxics_and_connections(api, proxy, upstream, link):
    proxy.add("noop")
    client, server = link()
    answer = api.post("/populate", [entry("p", upstream.address, proxy.listen)])
    assert answer.status == 201
    assert answer.json()["proxies"][0]["toxics"][0]["name"] == "noop_downstream"
    assert answer.json()["proxies"][0]["enabled"] is True
    assert proxy.fields()["toxics"] != []
    client.sendall(b"still")
    assert server.recv(10) == b"still"


def test_localhost_equals_its_resolved_address(api, upstream, connect):
    port = reserve_port()
    first = api.create(upstream.address, listen=f"localhost:{port}")
    client = connect(first.address)
    upstream.accept()
    api.post("/populate", [entry("p", upstream.address, f"localhost:{port}")])
    assert silent(client, 0.2)


@pytest.mark.parametrize("change", ["upstream", "listen"])
def test_a_different_proxy_is_replaced_without_toxics(api, proxy, upstream, link, change):
    proxy.add("noop")
    client, _ = link()
    new = entry("p", upstream.address, proxy.listen)
    new[change] = "127.0.0.1:0" if change == "listen" else "127.0.0.1:2"
    answer = api.post("/populate", [new])
    assert answer.status == 201
    assert answer.json()["proxies"][0]["toxics"] == []
    assert client.recv(1) == b""
    assert proxy.fields()["upstream"] == new["upstream"]
    assert refused(proxy.address) == (change == "listen")


def test_others_are_left_alone(api, proxy, link):
    client, _ = link()
    assert api.post("/populate", [entry("q")]).status == 201
    assert set(api.get("/proxies").json()) == {"p", "q"}
    assert silent(client, 0.2)


def test_the_same_list_twice_is_idempotent(api):
    port = reserve_port()
    first = api.post("/populate", [entry("a", listen=f"127.0.0.1:{port}")])
    again = api.post("/populate", [entry("a", listen=f"127.0.0.1:{port}")])
    assert again.status == first.status == 201
    assert again.json()["proxies"][0]["listen"] == first.json()["proxies"][0]["listen"]


def test_populate_of_nothing_is_201(api):
    assert api.post("/populate", []).status == 201

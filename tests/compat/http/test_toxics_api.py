"""The endpoints for toxics: creation, defaults, updates, errors, order."""

import pytest

from compat_kit.peers import silent

TYPES = {
    "latency": ["latency", "jitter"],
    "bandwidth": ["rate"],
    "slow_close": ["delay"],
    "timeout": ["timeout"],
    "reset_peer": ["timeout"],
    "slicer": ["average_size", "size_variation", "delay"],
    "limit_data": ["bytes"],
    "noop": [],
}


def error(answer):
    body = answer.json()
    assert body["status"] == answer.status
    return answer.status, body["error"]


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_has_its_attributes_and_zero_defaults(api, proxy, kind):
    answer = api.post(proxy.path + "/toxics", {"type": kind})
    assert answer.status == 200
    assert answer.json() == {
        "name": f"{kind}_downstream",
        "type": kind,
        "stream": "downstream",
        "toxicity": 1,
        "attributes": dict.fromkeys(TYPES[kind], 0),
    }
    assert api.get(f"{proxy.path}/toxics/{kind}_downstream").json() == answer.json()


@pytest.mark.parametrize("kind", [each for each in TYPES if TYPES[each]])
def test_every_attribute_is_stored_and_updated(api, proxy, kind):
    values = {name: 40 + place for place, name in enumerate(reversed(TYPES[kind]))}
    name = proxy.add(kind, "upstream", "t", 0.5, **values)
    path = f"{proxy.path}/toxics/{name}"
    assert api.get(path).json()["attributes"] == values
    for attribute in TYPES[kind]:
        values[attribute] += 7
        answer = api.patch(path, {"attributes": {attribute: values[attribute]}})
        assert answer.status == 200
        assert answer.json()["attributes"] == values
        assert answer.json()["toxicity"] == 0.5
    assert api.get(path).json() == {
        "name": "t",
        "type": kind,
        "stream": "upstream",
        "toxicity": 0.5,
        "attributes": values,
    }
    proxy.remove(name)
    assert api.get(path).status == 404


def test_an_empty_name_is_the_default_name(api, proxy):
    answer = api.post(proxy.path + "/toxics", {"name": "", "type": "noop", "stream": "upstream"})
    assert answer.json()["name"] == "noop_upstream"


def test_the_stream_matches_in_any_case(api, proxy):
    for stream in ("UPSTREAM", "Downstream"):
        body = {"type": "noop", "stream": stream, "name": stream}
        answer = api.post(proxy.path + "/toxics", body)
        assert answer.status == 200
        assert answer.json()["stream"].lower() == stream.lower()


@pytest.mark.parametrize("stream", ["", "up", "downstream "])
def test_an_unknown_stream_is_400(api, proxy, stream):
    answer = api.post(proxy.path + "/toxics", {"type": "noop", "stream": stream})
    assert error(answer) == (400, "stream was invalid, can be either upstream or downstream")
    assert api.get(proxy.path + "/toxics").json() == []


@pytest.mark.parametrize("kind", ["", "nope", "Latency", "down"])
def test_an_unknown_type_is_400(api, proxy, kind):
    answer = api.post(proxy.path + "/toxics", {"type": kind})
    assert error(answer) == (400, "invalid toxic type")
    assert api.post(proxy.path + "/toxics", {"name": "x"}).status == 400
    assert api.get(proxy.path + "/toxics").json() == []


def test_the_stream_is_checked_before_the_type(api, proxy):
    answer = api.post(proxy.path + "/toxics", {"type": "nope", "stream": "nope"})
    assert "stream was invalid" in answer.json()["error"]


def test_the_type_is_checked_before_the_name(api, proxy):
    proxy.add("noop", name="t")
    answer = api.post(proxy.path + "/toxics", {"type": "nope", "name": "t"})
    assert error(answer) == (400, "invalid toxic type")


def test_the_name_is_checked_before_the_attributes(api, proxy):
    proxy.add("noop", name="t")
    body = {"type": "latency", "name": "t", "attributes": {"latency": "x"}}
    assert error(api.post(proxy.path + "/toxics", body)) == (409, "toxic already exists")


def test_a_name_is_unique_over_both_streams(api, proxy):
    proxy.add("latency", "upstream", "same")
    body = {"type": "noop", "stream": "downstream", "name": "same"}
    assert error(api.post(proxy.path + "/toxics", body)) == (409, "toxic already exists")
    other = api.create("127.0.0.1:1", name="other")
    assert other.add("noop", name="same") == "same"


def test_the_same_type_twice_needs_a_name(api, proxy):
    proxy.add("latency")
    answer = api.post(proxy.path + "/toxics", {"type": "latency"})
    assert error(answer) == (409, "toxic already exists")
    assert proxy.add("latency", name="second") == "second"
    assert proxy.add("latency", "upstream") == "latency_upstream"


def test_the_list_has_upstream_first_each_in_order_of_creation(api, proxy):
    for name in ("d1", "u2", "d0", "u1"):
        proxy.add("noop", "upstream" if name[0] == "u" else "downstream", name)
    listed = api.get(proxy.path + "/toxics")
    assert listed.status == 200
    assert [each["name"] for each in listed.json()] == ["u2", "u1", "d1", "d0"]
    assert [each["name"] for each in proxy.fields()["toxics"]] == ["u2", "u1", "d1", "d0"]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_update_merges_and_ignores_name_type_and_stream(api, proxy, method):
    name = proxy.add("latency", latency=100, jitter=10)
    body = {
        "name": "x",
        "type": "noop",
        "stream": "upstream",
        "toxicity": 0.25,
        "attributes": {"jitter": 5},
    }
    answer = api.request(method, f"{proxy.path}/toxics/{name}", body)
    assert answer.status == 200
    assert answer.json() == {
        "name": name,
        "type": "latency",
        "stream": "downstream",
        "toxicity": 0.25,
        "attributes": {"latency": 100, "jitter": 5},
    }
    answer = api.request(method, f"{proxy.path}/toxics/{name}", {})
    assert answer.json()["toxicity"] == 0.25
    assert answer.json()["attributes"] == {"latency": 100, "jitter": 5}


@pytest.mark.parametrize("body", ["", "{", '{"toxicity":"x"}', '{"attributes":{"latency":1.5}}'])
def test_a_bad_update_is_400(api, proxy, body):
    name = proxy.add("latency", latency=100)
    status, text = error(api.patch(f"{proxy.path}/toxics/{name}", body))
    assert status == 400 and text.startswith("bad request body: ")
    assert proxy.fields()["toxics"][0]["attributes"]["latency"] == 100


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_what_does_not_exist_is_404(api, proxy, method):
    body = None if method in ("GET", "DELETE") else "{ broken"
    assert error(api.request(method, "/proxies/x/toxics/t", body)) == (404, "proxy not found")
    assert error(api.request(method, "/proxies/p/toxics/t", body)) == (404, "toxic not found")


def test_toxics_of_an_unknown_proxy_are_404(api):
    assert error(api.get("/proxies/x/toxics")) == (404, "proxy not found")
    assert error(api.post("/proxies/x/toxics", "{ broken")) == (404, "proxy not found")


def test_delete_answers_204_and_frees_the_name(api, proxy):
    name = proxy.add("latency", latency=5)
    answer = api.delete(f"{proxy.path}/toxics/{name}")
    assert (answer.status, answer.body) == (204, b"")
    assert error(api.delete(f"{proxy.path}/toxics/{name}")) == (404, "toxic not found")
    assert proxy.add("latency", latency=6) == name


def test_a_name_with_special_characters_can_be_addressed(api, proxy):
    proxy.add("noop", name="a b:c%")
    path = proxy.path + "/toxics/a%20b:c%25"
    assert api.get(path).json()["name"] == "a b:c%"
    assert api.delete(path).status == 204


def test_reset_removes_every_toxic_and_enables_every_proxy(api, proxy, link):
    client, server = link()
    other = api.create("127.0.0.1:1", name="other", enabled=False)
    proxy.add("latency", latency=5)
    proxy.add("noop", "upstream")
    other.add("noop")
    answer = api.post("/reset", "this is ignored")
    assert (answer.status, answer.body) == (204, b"")
    for each in api.get("/proxies").json().values():
        assert each["enabled"] is True
        assert each["toxics"] == []
    client.sendall(b"alive")
    assert server.recv(10) == b"alive"
    assert silent(client, 0.1)


def test_toxics_survive_disable_enable_and_moving(api, proxy):
    proxy.add("latency", latency=5)
    toxics = proxy.fields()["toxics"]
    proxy.disable()
    assert proxy.fields()["toxics"] == toxics
    proxy.enable()
    assert proxy.update(listen="127.0.0.1:0")["toxics"] == toxics


def test_toxics_of_a_disabled_proxy_can_be_changed(api):
    proxy = api.create("127.0.0.1:1", enabled=False)
    name = proxy.add("latency", latency=5)
    assert proxy.edit(name, latency=6)["attributes"]["latency"] == 6
    proxy.remove(name)
    assert proxy.fields()["toxics"] == []

"""How request bodies are decoded and answers are written."""

import re

import pytest

LISTEN = '"listen":"127.0.0.1:0","upstream":"127.0.0.1:1"'


def test_field_names_match_in_any_case(api):
    answer = api.post("/proxies", '{"NAME":"p","Listen":"127.0.0.1:0","upSTREAM":"127.0.0.1:1"}')
    assert answer.status == 201
    assert answer.json()["upstream"] == "127.0.0.1:1"


def test_attribute_names_match_in_any_case(api, proxy):
    answer = api.post(proxy.path + "/toxics", '{"TYPE":"latency","Attributes":{"LATENCY":7}}')
    assert answer.status == 200
    assert answer.json()["attributes"] == {"latency": 7, "jitter": 0}


def test_unknown_fields_are_ignored(api, proxy):
    answer = api.post("/proxies", '{"name":"q",%s,"colour":"red","Logger":{}}' % LISTEN)
    assert answer.status == 201
    body = {"type": "latency", "nope": 1, "attributes": {"latency": 3, "nope": 1}}
    answer = api.post(proxy.path + "/toxics", body)
    assert answer.status == 200
    assert answer.json()["attributes"] == {"latency": 3, "jitter": 0}


def test_the_last_of_two_equal_fields_wins(api):
    answer = api.post("/proxies", '{"name":"first","name":"second",%s}' % LISTEN)
    assert answer.json()["name"] == "second"


def test_null_is_as_if_absent(api, proxy):
    answer = api.post("/proxies", '{"name":"q","enabled":null,%s,"toxics":null}' % LISTEN)
    assert answer.status == 201
    assert answer.json()["enabled"] is True
    body = '{"name":null,"type":"latency","stream":null,"toxicity":null,"attributes":null}'
    answer = api.post(proxy.path + "/toxics", body)
    assert answer.status == 200
    assert answer.json() == {
        "name": "latency_downstream",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 1,
        "attributes": {"latency": 0, "jitter": 0},
    }


def test_a_body_of_null_is_an_empty_object(api, proxy):
    answer = api.post("/proxies", "null")
    assert (answer.status, answer.json()["error"]) == (400, "missing required field: name")
    assert api.post("/populate", "null").status == 201
    assert api.patch(proxy.path, "null").status == 200


def test_what_follows_the_first_value_is_ignored(api):
    assert api.post("/proxies", '{"name":"p",%s} trailing' % LISTEN).status == 201


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "x",
        "[]",
        '"text"',
        "5",
        '{"name":5}',
        '{"name":"p","enabled":"yes"}',
        '{"name":"p" "listen":"x"}',
        '{"name":"p",}',
        "{'name':'p'}",
    ],
)
def test_a_bad_body_is_400(api, body):
    answer = api.post("/proxies", body)
    assert answer.status == 400
    assert answer.json()["error"].startswith("bad request body: ")
    assert answer.json()["status"] == 400
    assert api.get("/proxies").json() == {}


@pytest.mark.parametrize("body", ["", "{}", "{", '"x"', '[{"name":5}]', "[1]"])
def test_a_bad_populate_body_is_400(api, body):
    answer = api.post("/populate", body)
    assert answer.status == 400
    assert answer.json()["error"].startswith("bad request body: ")


@pytest.mark.parametrize(
    "value", ["5.5", '"5"', "1e3", "100.0", "true", "[]", "99999999999999999999"]
)
def test_an_attribute_is_an_integer(api, proxy, value):
    answer = api.post(
        proxy.path + "/toxics", '{"type":"latency","attributes":{"latency":%s}}' % value
    )
    assert answer.status == 400
    assert answer.json()["error"].startswith("bad request body: ")
    assert api.get(proxy.path + "/toxics").json() == []


def test_large_integers_survive(api, proxy):
    value = 2**53 + 1
    answer = api.post(
        proxy.path + "/toxics", '{"type":"limit_data","attributes":{"bytes":%d}}' % value
    )
    assert answer.status == 200
    assert '"bytes":%d' % value in answer.text.replace(" ", "")


@pytest.mark.parametrize("text", ["0.2", "0.1", "0.75", "0.333", "0.9999", "0"])
def test_toxicity_reads_back_as_written(api, proxy, text):
    answer = api.post(proxy.path + "/toxics", '{"type":"noop","toxicity":%s}' % text)
    assert answer.status == 200
    read = api.get(proxy.path + "/toxics/noop_downstream").text
    assert re.search(r'"toxicity": ?([^,}]+)', read)[1] == text


def test_whole_numbers_have_no_fraction(api, proxy):
    api.post(proxy.path + "/toxics", '{"type":"latency","attributes":{"latency":100}}')
    text = api.get(proxy.path + "/toxics").text.replace(" ", "")
    assert '"latency":100,' in text or '"latency":100}' in text
    assert '"toxicity":1,' in text or '"toxicity":1}' in text


def test_html_characters_are_escaped(api):
    answer = api.post("/proxies", '{"name":"<a>&",%s}' % LISTEN)
    assert answer.status == 201
    assert "\\u003ca\\u003e\\u0026" in answer.text
    assert answer.json()["name"] == "<a>&"


def test_unicode_and_escapes_survive(api):
    answer = api.post("/proxies", '{"name":"\\u00fc \\ud83d\\ude00 \\"q\\"",%s}' % LISTEN)
    assert answer.status == 201
    assert answer.json()["name"] == 'ü 😀 "q"'
    assert api.get("/proxies/%C3%BC%20%F0%9F%98%80%20%22q%22").status == 200


def test_a_broken_toxic_body_is_400(api, proxy):
    for body in ("", "{", "[]", '{"type":5}', '{"type":"latency","toxicity":"1"}'):
        answer = api.post(proxy.path + "/toxics", body)
        assert answer.status == 400, body
        assert answer.json()["error"].startswith("bad request body: ")

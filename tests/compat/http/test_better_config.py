"""/config: all proxies at once, changed by difference; JSON and YAML."""

import json

import pytest

from compat_kit.config import Traffic, changes, entry, exchange
from compat_kit.peers import receive, refused

YAML = {"Content-Type": "application/yaml"}

# One of every type, with what aims and times them.
TOXICS = [
    {
        "type": "latency",
        "stream": "upstream",
        "attributes": {"latency": 5, "jitter": 2, "distribution": "normal", "correlation": 0.25},
        "match": {"client": "10.0.0.0/8", "every": 3},
        "trigger": {"after_ms": 10, "times": 2},
    },
    {"type": "latency", "name": "table", "attributes": {"table": {"p50": 1, "p99.9": 2.5}}},
    {"type": "bandwidth", "attributes": {"rate": 100, "shared": True, "burst": 1000}},
    {"type": "slow_close", "toxicity": 0.2, "attributes": {"delay": 10}},
    {"type": "timeout", "attributes": {"timeout": 10}, "ttl": 900_000_000},
    {"type": "reset_peer", "stream": "upstream", "attributes": {"timeout": 7}, "seed": 11},
    {"type": "slicer", "attributes": {"average_size": 5, "size_variation": 2, "delay": 10}},
    {"type": "limit_data", "attributes": {"bytes": 5}},
    {"type": "limit_time", "attributes": {"time": 900_000_000, "close": "rst"}},
    {
        "type": "stall",
        "attributes": {"duration": 5},
        "schedule": [
            {"at": 800_000_000, "add": True},
            {"at": 800_000_001, "update": {"toxicity": 0.5, "attributes": {"duration": 6}}},
            {"at": 900_000_000, "remove": True},
        ],
    },
    {"type": "partition", "stream": "both", "attributes": {"duration": 5}},
    {"type": "loss", "attributes": {"gemodel": {"p": 0.01, "r": 0.3}}},
    {"type": "accept", "stream": "upstream", "attributes": {"mode": "delay", "delay": 1}},
    {"type": "corrupt", "attributes": {"rate": 1e-7}},
    {"type": "packet_loss", "attributes": {"loss": 10}},
    {"type": "noop", "name": 'a: "b" - # &x *y'},
]


def apply(api, *entries) -> dict:
    return changes(api.post("/config", list(entries)))


def test_bytes_of_an_equal_proxy_go_on_over_a_change_of_the_others(api, echo, connect, closing):
    apply(api, entry("kept", echo.address), entry("moved", echo.address), entry("gone"))
    listens = {name: each["listen"] for name, each in api.get("/proxies").json().items()}
    traffic = closing(Traffic(connect(("127.0.0.1", int(listens["kept"].split(":")[1])))))
    moved = connect(("127.0.0.1", int(listens["moved"].split(":")[1])))
    traffic.more()
    for upstream in ("127.0.0.1:2", echo.address, "127.0.0.1:2"):
        kept = entry("kept", echo.address)
        done = apply(api, entry("new", upstream), entry("moved", upstream), kept)
        assert "kept" in done["unchanged"]
        traffic.more()
    assert receive(moved, 1) == b""
    assert refused(("127.0.0.1", int(listens["gone"].split(":")[1])))
    assert set(api.get("/proxies").json()) == {"kept", "moved", "new"}


def test_every_kind_of_change_is_told(api, upstream):
    assert apply(api, entry("a"), entry("b"), entry("c"), entry("d")) == {
        "created": ["a", "b", "c", "d"]
    }
    assert apply(
        api,
        entry("e"),
        entry("c", enabled=False),
        entry("b", toxics=[{"type": "noop"}]),
        entry("a"),
    ) == {"created": ["e"], "updated": ["c", "b"], "removed": ["d"], "unchanged": ["a"]}
    assert api.get("/proxies/c").json()["enabled"] is False
    assert [each["name"] for each in api.get("/proxies/b/toxics").json()] == ["noop_downstream"]
    assert apply(api, entry("a", label="x")) == {"updated": ["a"], "removed": ["b", "c", "e"]}
    assert apply(api) == {"removed": ["a"]}


def test_a_toxic_changes_on_live_connections(api, upstream, connect):
    def toxics(ms):
        return [{"type": "latency", "attributes": {"latency": ms}}]

    apply(api, entry("p", upstream.address, toxics=toxics(60_000)))
    client = connect(("127.0.0.1", int(api.get("/proxies/p").json()["listen"].split(":")[1])))
    server = upstream.accept()
    server.sendall(b"late")
    assert apply(api, entry("p", upstream.address, toxics=toxics(0))) == {"updated": ["p"]}
    assert receive(client, 4) == b"late"
    exchange(client, server)


@pytest.mark.parametrize(
    "body, text",
    [
        ("", "1:1: EOF"),
        ("[\n {]", "2:3: "),
        ("{}", "the body must be an array"),
        ('[{"name":"q","upstream":"u:1"},{"name":5}]', "/1/name must be a string"),
        ('[{"name":"q"}]', "missing required field: upstream at proxy 1"),
        ('[{"upstream":"u:1"}]', "missing required field: name at proxy 1"),
        (json.dumps([entry("q"), entry("q")]), "'q' is used twice at proxy 2"),
        (json.dumps([entry("q", listen="nope")]), "'listen' must be host:port"),
        (json.dumps([entry("q", listen="a.invalid:1")]), "'listen': lookup a.invalid"),
        (json.dumps([entry("q", toxics=[{"type": "nope"}])]), "invalid toxic type at toxic 1"),
        (json.dumps([entry("q", toxics=[{"type": "noop", "lease": "x"}])]), "'lease' must be"),
        (
            json.dumps([entry("q", toxics=[{"type": "bandwidth", "attributes": {"rate": -1}}])]),
            "attribute 'rate' must be between 0 and",
        ),
    ],
)
def test_a_bad_configuration_changes_nothing(api, proxy, link, body, text):
    proxy.add("noop")
    client, server = link()
    before = api.get("/proxies").json()
    answer = api.post("/config", body)
    assert answer.status == 400
    assert text in answer.json()["error"]
    assert api.get("/proxies").json() == before
    exchange(client, server)


def test_unknown_fields_are_named(api):
    answer = api.post("/config", [entry("a", listn="x")])
    assert changes(answer) == {"created": ["a"]}
    assert answer.headers["Aconite-Warning"] == "ignored unknown fields: /0/listn"


def test_a_proxy_that_cannot_listen_is_told_and_the_others_are_in_force(api, upstream):
    apply(api, entry("a"), entry("b"))
    wanted = [entry("a", listen=upstream.address), entry("b"), entry("c")]
    answer = api.post("/config", wanted)
    error = f"listen tcp {upstream.address}: bind: address already in use"
    assert changes(answer, 500) == {
        "created": ["c"],
        "unchanged": ["b"],
        "failed": [{"name": "a", "error": error}],
        "error": f"a: {error}",
        "status": 500,
    }
    assert api.get("/proxies/a").json()["enabled"] is False
    upstream.close()
    assert changes(api.post("/config", wanted)) == {"updated": ["a"], "unchanged": ["b", "c"]}


@pytest.mark.parametrize("how", ["json", "yaml", "accept"])
def test_what_runs_can_be_loaded_back(start, tmp_path, how):
    first = start()
    apply(
        first.api,
        entry("a", toxics=TOXICS, seed=5, label='x "y"'),
        entry("b: c", "[::1]:1", enabled=False, listen="localhost:1"),
    )
    if how == "accept":
        answer = first.api.get("/config", headers={"Accept": "text/x, application/yaml;q=0.9"})
    else:
        answer = first.api.get(f"/config?format={how}")
    assert answer.status == 200
    yaml = how != "json"
    assert answer.headers["Content-Type"] == ("application/yaml" if yaml else "application/json")
    names = ["a", "b: c"]
    headers = {"Content-Type": answer.headers["Content-Type"]}
    assert changes(first.api.post("/config", answer.text, headers=headers)) == {"unchanged": names}
    running = first.api.get("/config").json()
    assert [len(each["toxics"]) for each in running] == [len(TOXICS), 0]
    assert not running[0]["listen"].endswith(":0")
    assert first.api.post("/populate", running).json()["proxies"] == [
        first.api.get("/proxies/a").json(),
        first.api.get("/proxies/b%3A%20c").json(),
    ]

    first.terminate()
    path = tmp_path / ("config.yml" if yaml else "config.json")
    path.write_text(answer.text)
    second = start("-config", str(path))
    assert second.api.get("/config").json() == running
    second.api.post("/config", [])
    assert changes(second.api.post("/config", running)) == {"created": names}
    assert second.api.get("/config").json() == running
    second.api.post("/config", [])
    assert second.api.post("/populate", running).status == 201
    assert second.api.get("/config").json() == running


def test_toxics_of_a_lease_are_no_configuration(api, proxy):
    lease = api.post("/leases", {"ttl": 900_000_000}).json()["id"]
    api.post(proxy.path + "/toxics", {"type": "noop", "lease": lease})
    dump = api.get("/config").json()
    assert dump[0]["toxics"] == []
    assert apply(api, *dump) == {"unchanged": ["p"]}
    assert len(proxy.fields()["toxics"]) == 1


@pytest.mark.parametrize("query", ["?format=xml", "?format=", "?format=YAML"])
def test_another_format_is_400(api, query):
    answer = api.get("/config" + query)
    assert answer.status == 400
    assert "'format' must be json or yaml" in answer.json()["error"]


def test_yaml_is_read_with_aliases(api):
    text = """
      - name: "1"
        listen: localhost:0
        upstream: :5432   # a comment
        toxics: &slow
          - {type: latency, attributes: {latency: 100}}
          - type: timeout
            toxicity: 0.5
      - {name: b, listen: "127.0.0.1:0", upstream: 'x:1', enabled: false, toxics: *slow}
    """
    assert changes(api.post("/config", text, headers=YAML)) == {"created": ["1", "b"]}
    running = api.get("/config").json()
    assert running[0]["toxics"] == running[1]["toxics"]
    assert [each["toxicity"] for each in running[0]["toxics"]] == [1, 0.5]
    assert [each["enabled"] for each in running] == [True, False]


@pytest.mark.parametrize(
    "text, error",
    [
        ("", "1:1: EOF"),
        ("---\n", "1:1: EOF"),
        ("- name: a\n  upstream: [x\n", "3:1: "),
        ("- name: a\n upstream: b\n", "2:2: "),
        ("- name: 5\n  upstream: u:1\n", "/0/name must be a string, not the number 5"),
        ("- {name: a, upstream: 'u:1', enabled: yes}", "/0/enabled must be true or false"),
        ("- {name: a, upstream: u:1, enabled: 'true'}", "/0/enabled must be true or false"),
        pytest.param("[" * 100_000, "1:1: ", id="brackets"),
        pytest.param("- " * 100_000, "nested deeper than 32 levels", id="deep"),
        pytest.param("&a [" * 100_000, "1:1: ", id="anchors"),
        pytest.param(
            "- &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"- &{b} [" + f"*{a}," * 10 + "]\n" for a, b in zip("abcdefgh", "bcdefghi")),
            "more than 16 MB",
            id="aliases",
        ),
    ],
)
def test_bad_yaml_is_400_and_changes_nothing(api, proxy, text, error):
    answer = api.post("/config", text, headers=YAML)
    assert answer.status == 400
    assert answer.json()["error"].startswith("bad request body: ")
    assert error in answer.json()["error"]
    assert list(api.get("/proxies").json()) == ["p"]


def test_variables_are_not_expanded_over_http(api):
    apply(api, entry("$${HOME}", "${HOME}:1"))
    assert api.get("/config").json()[0]["name"] == "$${HOME}"
    assert api.get("/config").json()[0]["upstream"] == "${HOME}:1"


def test_there_is_none_without_extras(start):
    api = start("-no-extras").api
    for answer in (api.get("/config"), api.post("/config", [])):
        assert (answer.status, answer.text) == (404, "404 page not found\n")

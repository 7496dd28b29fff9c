"""Where and when a toxic acts, which the reference knows nothing of: what the API takes and tells.

What it does to connections: test_better_aim_effects.py.
"""

import pytest

TIME_MAX = 10**12
COUNT_MAX = 10**15

EXAMPLE = {
    "type": "loss",
    "stream": "downstream",
    "toxicity": 1.0,
    "attributes": {"rate": 0.05, "burst": 3},
    "match": {"every": 2, "client": "10.0.0.0/8"},
    "trigger": {"after_hits": 10, "times": 1},
    "ttl": 500_000,
    "seed": 42,
}

STEPS = [
    {"at": 400_000, "add": True},
    {"at": 400_000, "update": {"toxicity": 0.5, "attributes": {"rate": 0.1}}},
    {"at": 500_000, "remove": True},
]


@pytest.fixture
def toxics(proxy):
    return proxy.path + "/toxics"


@pytest.fixture
def lease(api):
    return api.post("/leases", {"ttl": 60_000}).json()["id"]


def has(told: dict, asked: dict) -> bool:
    """Whether `told` has all members of `asked`, attributes that were left out excepted."""
    rest = {name: told.get(name) for name in asked if name != "attributes"}
    without = {name: value for name, value in asked.items() if name != "attributes"}
    return rest == without and asked.get("attributes", {}).items() <= told["attributes"].items()


def test_the_whole_of_it_is_accepted_and_comes_back(api, proxy, toxics, lease):
    asked = {**EXAMPLE, "schedule": STEPS, "lease": lease}
    answer = api.post(toxics, asked)
    assert answer.status == 200
    assert "Aconite-Warning" not in answer.headers
    made = answer.json()
    assert has(made, asked)
    assert made["active"] is False  # until the step that adds it
    assert api.get(f"{toxics}/{made['name']}").json() == made
    assert api.get(toxics).json() == proxy.fields()["toxics"] == [made]


@pytest.mark.parametrize(
    "aim",
    [
        {},
        {"match": {}, "trigger": {}, "schedule": [], "ttl": 0, "lease": ""},
        {"match": None, "trigger": None, "schedule": None, "ttl": None, "seed": None},
        {"match": {"every": 1, "client": "", "label": ""}, "trigger": {"every": 1, "times": 0}},
        {"match": {"ordinal": -1, "ordinals": ""}},
        {"trigger": {"scope": "toxic", "after_ms": 0, "after_bytes": 0, "after_hits": 0}},
    ],
)
def test_what_is_not_set_is_not_told(api, proxy, toxics, aim):
    made = api.post(toxics, {"type": "latency", **aim}).json()
    assert set(made) == {"name", "type", "stream", "toxicity", "attributes"}
    assert set(proxy.fields()) == {"name", "listen", "upstream", "enabled", "toxics"}


@pytest.mark.parametrize("path", ["/proxies", "/populate"])
def test_a_new_proxy_may_bring_it_along(api, lease, path):
    toxic = {**EXAMPLE, "schedule": STEPS, "lease": lease}
    entry = {"name": "p", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9", "toxics": [toxic]}
    entry.update(seed=7, label="checkout")
    answer = api.post(path, entry if path == "/proxies" else [entry])
    assert answer.status == 201
    made = answer.json() if path == "/proxies" else answer.json()["proxies"][0]
    assert has(made["toxics"][0], toxic)
    assert (made["seed"], made["label"]) == (7, "checkout")
    assert api.get("/proxies/p").json() == made


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_what_was_told_can_be_sent_back(api, toxics, lease, method):
    asked = {**EXAMPLE, "schedule": STEPS, "lease": lease, "name": "l"}
    made = api.post(toxics, asked).json()
    answer = api.request(method, f"{toxics}/l", made)
    assert (answer.status, answer.json()) == (200, made)
    assert "Aconite-Warning" not in answer.headers
    assert api.delete(f"{toxics}/l").status == 204
    answer = api.post(toxics, made)
    assert (answer.status, answer.json()) == (200, made)
    assert "Aconite-Warning" not in answer.headers


def test_a_proxy_with_it_can_be_sent_back(api, lease):
    fields = {"toxics": [{**EXAMPLE, "schedule": STEPS, "lease": lease}], "seed": 7, "label": "a"}
    proxy = api.create("127.0.0.1:9", **fields)
    made = proxy.fields()
    answer = api.post(proxy.path, made)
    assert (answer.status, answer.json()) == (200, made)
    assert "Aconite-Warning" not in answer.headers
    proxy.delete()
    answer = api.post("/populate", [made])
    assert (answer.status, answer.json()) == (201, {"proxies": [made]})
    assert "Aconite-Warning" not in answer.headers


def test_an_update_changes_what_it_names(api, toxics):
    toxic = api.post(toxics, EXAMPLE).json()
    path = f"{toxics}/{toxic['name']}"
    for patch, now in [
        ({"match": {"every": 3}}, {"match": {"client": "10.0.0.0/8", "every": 3}}),
        ({"match": {"client": ""}}, {"match": {"every": 3}}),
        ({"trigger": {"times": 2}}, {"trigger": {"after_hits": 10, "times": 2}}),
        ({"trigger": {"after_hits": 0}}, {"trigger": {"times": 2}}),
        ({"ttl": 90_000}, {"ttl": 90_000}),
        ({"schedule": STEPS}, {"schedule": STEPS, "active": False}),
        ({"toxicity": 0.5}, {"toxicity": 0.5}),
    ]:
        answer = api.patch(path, patch)
        assert answer.status == 200
        toxic.update(now)
        assert answer.json() == toxic == api.get(path).json()
    for patch, gone in [
        ({"match": {"every": 1}}, ["match"]),
        ({"trigger": {"times": 0}}, ["trigger"]),
        ({"ttl": 0}, ["ttl"]),
        ({"schedule": []}, ["schedule", "active"]),
    ]:
        answer = api.patch(path, patch)
        for name in gone:
            del toxic[name]
        assert answer.json() == toxic == api.get(path).json()


def between(low, high):
    return f"between {low} and {high}"


# What is sent, and what the refusal must say: the field and its bound.
REFUSED = [
    ({"match": 5}, "/match must be an object, not the number 5"),
    ({"match": {"every": "2"}}, "/match/every must be a whole number"),
    ({"match": {"every": 1.5}}, "/match/every must be a whole number"),
    ({"match": {"every": 0}}, "'match.every' must be " + between(1, TIME_MAX)),
    ({"match": {"every": TIME_MAX + 1}}, "'match.every' must be " + between(1, TIME_MAX)),
    ({"match": {"ordinal": True}}, "/match/ordinal must be a whole number"),
    ({"match": {"ordinal": -2}}, "'match.ordinal' must be " + between(-1, TIME_MAX)),
    ({"match": {"ordinal": TIME_MAX + 1}}, "'match.ordinal' must be " + between(-1, TIME_MAX)),
    ({"match": {"ordinals": 3}}, "/match/ordinals must be a string"),
    ({"match": {"ordinals": "1,x"}}, "'match.ordinals' must be made of ordinals and ranges"),
    ({"match": {"ordinals": "3-2"}}, "not '3-2'"),
    ({"match": {"ordinals": "0,2" + ",4" * 999}}, "'match.ordinals' must have at most 1000"),
    ({"match": {"label": 5}}, "/match/label must be a string"),
    ({"match": {"client": 5}}, "/match/client must be a string"),
    ({"match": {"client": "10.0.0.0/33"}}, "'match.client' must be made of addresses and subnets"),
    ({"match": {"client": "::1/129"}}, "'match.client' must be made of addresses and subnets"),
    ({"match": {"client": "10.0.0/8"}}, "not '10.0.0/8'"),
    ({"match": {"client": "10.0.0.0/-1"}}, "not '10.0.0.0/-1'"),
    ({"match": {"client": "10.0.0.1/"}}, "not '10.0.0.1/'"),
    ({"match": {"client": "::1,localhost"}}, "not 'localhost'"),
    ({"match": {"zone": "a"}}, "/match/zone is not known there"),
    ({"trigger": []}, "/trigger must be an object, not an array"),
    ({"trigger": {"after_ms": "1"}}, "/trigger/after_ms must be a whole number"),
    ({"trigger": {"after_ms": -1}}, "'trigger.after_ms' must be " + between(0, TIME_MAX)),
    ({"trigger": {"after_ms": TIME_MAX + 1}}, "'trigger.after_ms' must be " + between(0, TIME_MAX)),
    ({"trigger": {"after_bytes": -1}}, "'trigger.after_bytes' must be " + between(0, COUNT_MAX)),
    ({"trigger": {"after_bytes": COUNT_MAX + 1}}, "'trigger.after_bytes' must be "),
    ({"trigger": {"after_bytes": 0.5}}, "/trigger/after_bytes must be a whole number"),
    ({"trigger": {"after_hits": -1}}, "'trigger.after_hits' must be " + between(0, COUNT_MAX)),
    ({"trigger": {"after_hits": COUNT_MAX + 1}}, "'trigger.after_hits' must be "),
    ({"trigger": {"after_hits": {}}}, "/trigger/after_hits must be a whole number"),
    ({"trigger": {"every": 0}}, "'trigger.every' must be " + between(1, COUNT_MAX)),
    ({"trigger": {"every": COUNT_MAX + 1}}, "'trigger.every' must be " + between(1, COUNT_MAX)),
    ({"trigger": {"every": "x"}}, "/trigger/every must be a whole number"),
    ({"trigger": {"times": -1}}, "'trigger.times' must be " + between(0, COUNT_MAX)),
    ({"trigger": {"times": COUNT_MAX + 1}}, "'trigger.times' must be " + between(0, COUNT_MAX)),
    ({"trigger": {"times": False}}, "/trigger/times must be a whole number"),
    ({"trigger": {"scope": "proxy"}}, "'trigger.scope' must be "),
    ({"trigger": {"scope": 1}}, "/trigger/scope must be a string"),
    ({"trigger": {"afterHits": 1}}, "/trigger/afterHits is not known there"),
    ({"ttl": -1}, "'ttl' must be " + between(1, TIME_MAX)),
    ({"ttl": TIME_MAX + 1}, "'ttl' must be " + between(1, TIME_MAX)),
    ({"ttl": "5s"}, "/ttl must be a whole number"),
    ({"ttl": 0.5}, "/ttl must be a whole number"),
    ({"seed": -1}, "/seed must be " + between(0, 2**63 - 1)),
    ({"seed": 2**63}, "/seed must be a whole number of 64 bits"),
    ({"seed": "42"}, "/seed must be a whole number of 64 bits"),
    ({"lease": 5}, "/lease must be a string"),
    ({"lease": "nobody"}, "'lease' "),
    ({"schedule": {}}, "/schedule must be an array"),
    ({"schedule": [5]}, "/schedule/0 must be an object"),
    ({"schedule": [{"add": True}]}, "/schedule/0 must have at"),
    ({"schedule": [{"at": 5}]}, "/schedule/0 must have at and one of add"),
    ({"schedule": [{"at": 5, "add": False}]}, "/schedule/0 must have at and one of add"),
    ({"schedule": [{"at": 5, "add": 1}]}, "/schedule/0/add must be true or false"),
    ({"schedule": [{"at": 5, "add": True, "remove": True}]}, "/schedule/0 must have at and one of"),
    ({"schedule": [{"at": 5, "add": True, "update": {}}]}, "/schedule/0 must have at and one of"),
    ({"schedule": [{"at": 5, "add": True, "why": 1}]}, "/schedule/0/why is not known there"),
    ({"schedule": [{"at": "5", "add": True}]}, "/schedule/0/at must be a whole number"),
    ({"schedule": [{"at": -1, "add": True}]}, "'schedule/0/at' must be " + between(0, TIME_MAX)),
    (
        {"schedule": [{"at": 5, "add": True}, {"at": TIME_MAX + 1, "remove": True}]},
        "'schedule/1/at' must be " + between(5, TIME_MAX),
    ),
    (
        {"schedule": [{"at": 5, "add": True}, {"at": 4, "remove": True}]},
        "'schedule/1/at' must be " + between(5, TIME_MAX) + " ms, in ascending order, not 4",
    ),
    ({"schedule": [{"at": 5, "update": 5}]}, "/schedule/0/update must be an object"),
    ({"schedule": [{"at": 5, "update": {"ttl": 5}}]}, "/schedule/0/update/ttl is not known there"),
    (
        {"schedule": [{"at": 5, "update": {"attributes": {"speed": 1}}}]},
        "/schedule/0/update/attributes/speed is not known there",
    ),
    (
        {"schedule": [{"at": 5, "update": {"attributes": {"rate": 2}}}]},
        "'rate' must be between 0 and 1",
    ),
    ({"schedule": [{"at": 0, "add": True}] * 1001}, "'schedule' must have at most 1000 steps"),
]


@pytest.mark.parametrize("aim, text", REFUSED, ids=[str(aim)[:70] for aim, _ in REFUSED])
def test_what_makes_no_sense_is_400_and_named(api, toxics, aim, text):
    answer = api.post(toxics, {"type": "loss", **aim})
    assert answer.status == 400
    assert text in answer.json()["error"]
    assert api.get(toxics).json() == []

    made = api.post(toxics, {"type": "loss", "name": "l"}).json()
    answer = api.patch(f"{toxics}/l", {"toxicity": 0.5, **aim})
    assert answer.status == 400
    assert text in answer.json()["error"]
    assert api.get(f"{toxics}/l").json() == made


@pytest.mark.parametrize("path", ["/proxies", "/populate"])
def test_a_proxy_with_what_makes_no_sense_is_not_created(api, path):
    entry = {"name": "p", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}
    for fields, text in [
        ({"toxics": [{"type": "noop", "match": {"zone": 1}}]}, "/toxics/0/match/zone"),
        ({"toxics": [{"type": "noop", "ttl": -1}]}, "'ttl' must be between 1 and"),
        ({"toxics": [{"type": "noop", "lease": "nobody"}]}, "'lease' must be"),
        ({"seed": -1}, "/seed must be between 0 and"),
        ({"label": 5}, "/label must be a string"),
    ]:
        body = {**entry, **fields}
        answer = api.post(path, body if path == "/proxies" else [body])
        assert answer.status == 400
        assert text in answer.json()["error"]
        assert api.get("/proxies").json() == {}


@pytest.mark.parametrize("change", [{"seed": 43}, {"lease": "another"}])
def test_seed_and_lease_of_a_toxic_cannot_be_changed(api, toxics, lease, change):
    made = api.post(toxics, {**EXAMPLE, "name": "l", "lease": lease}).json()
    answer = api.patch(f"{toxics}/l", {"toxicity": 0.5, **change})
    assert answer.status == 400
    assert f"'{list(change)[0]}' cannot be changed" in answer.json()["error"]
    assert api.get(f"{toxics}/l").json() == made


def test_the_largest_values_are_taken(api, toxics):
    asked = {
        "type": "noop",
        "match": {"ordinal": TIME_MAX, "every": TIME_MAX, "client": "::/0,0.0.0.0/0,1.2.3.4/32"},
        "trigger": dict.fromkeys(["after_bytes", "after_hits", "every", "times"], COUNT_MAX),
        "ttl": TIME_MAX,
        "seed": 2**63 - 1,
        "schedule": [{"at": TIME_MAX, "remove": True}] * 1000,
    }
    asked["trigger"]["after_ms"] = TIME_MAX
    answer = api.post(toxics, asked)
    assert answer.status == 200
    assert has(answer.json(), asked)

"""Proxies that follow a protocol, and toxics of that protocol: what the API takes and tells.

What they do to real sessions: tests/integration/servers/test_postgres_operations.py.
"""

import pytest

TOXIC = {"type": "postgres", "attributes": {"preset": "lose_commit_ack", "rate": 0.5},
         "match": {"query": "^UPDATE a, b", "command": "commit,insert", "client": "10.0.0.0/8"}}
WHAT_TO_WRITE = '"protocol": "postgres" (--protocol postgres)'


@pytest.fixture
def made(api):
    def make(name="db", **more):
        return api.post("/proxies", {"name": name, "listen": "127.0.0.1:0",
                                     "upstream": "127.0.0.1:1", **more})
    return make


def error(answer):
    return answer.json()["error"]


def test_a_protocol_is_told(api, made):
    assert made(protocol="postgres").json()["protocol"] == "postgres"
    assert api.get("/proxies/db").json()["protocol"] == "postgres"
    assert "protocol" not in made("plain").json()
    assert "protocol" not in made("empty", protocol="").json()


@pytest.mark.parametrize("protocol", ["Postgres", "mysql", "postgres "])
def test_one_that_is_not_known_is_refused(api, made, protocol):
    answer = made(protocol=protocol)
    assert answer.status == 400
    assert error(answer) == ("bad request body: 'protocol' must be one of kafka, mongodb, postgres, redis, or "
                             f"empty, not '{protocol}'")
    assert api.get("/proxies").json() == {}


def test_it_has_to_be_a_text(made):
    assert made(protocol=1).status == 400


def test_its_toxic_comes_back_as_it_was_sent(api, made):
    made(protocol="postgres")
    answer = api.post("/proxies/db/toxics", TOXIC)
    assert answer.status == 200
    told = answer.json()
    assert (told["name"], told["stream"]) == ("postgres_both", "both")
    assert {name: told[name] for name in TOXIC} == TOXIC
    assert api.get("/proxies/db/toxics").json() == [told]


def test_it_is_created_along_with_the_proxy(api, made):
    assert made(protocol="postgres", toxics=[TOXIC]).json()["toxics"][0]["type"] == "postgres"


def test_its_toxic_needs_it(api, made):
    made()
    for answer in (api.post("/proxies/db/toxics", TOXIC), made("other", toxics=[TOXIC])):
        assert answer.status == 409
        assert WHAT_TO_WRITE in error(answer)
    assert list(api.get("/proxies").json()) == ["db"]


def test_it_can_be_changed_unless_toxics_need_it(api, made):
    made()
    assert api.patch("/proxies/db", {"protocol": "postgres"}).json()["protocol"] == "postgres"
    api.post("/proxies/db/toxics", TOXIC)
    answer = api.patch("/proxies/db", {"protocol": ""})
    assert answer.status == 409
    assert "toxic 'postgres_both' has to be removed first" in error(answer)
    api.delete("/proxies/db/toxics/postgres_both")
    assert "protocol" not in api.patch("/proxies/db", {"protocol": ""}).json()
    assert api.patch("/proxies/db", {"protocol": "ftp"}).status == 400


def test_what_a_match_has_not_is_refused_by_name(api, made):
    made(protocol="postgres")
    for match, text in (
            ({"table": "a"}, "/match/table is not known there"),
            ({"query": "("}, "'match.query' must be a regular expression (RE2): missing ): ("),
            ({"state": "asleep"}, "'match.state' must be one of"),
            ({"phase": ""}, "'match.phase' must be one of"),
            ({"command": 1}, "/match/command")):
        answer = api.post("/proxies/db/toxics", {**TOXIC, "match": match})
        assert answer.status == 400, match
        assert text in error(answer)
    assert api.get("/proxies/db/toxics").json() == []


def test_other_toxics_do_not_match_operations(api, made):
    made(protocol="postgres")
    answer = api.post("/proxies/db/toxics", {"type": "latency", "match": {"query": "a"}})
    assert answer.status == 400
    assert "/match/query is not known there" in error(answer)


def test_a_patch_changes_what_it_names(api, made):
    made(protocol="postgres", toxics=[TOXIC])
    changed = api.patch("/proxies/db/toxics/postgres_both",
                        {"attributes": {"rate": 1}, "match": {"query": ""}}).json()
    assert changed["attributes"] == {"preset": "lose_commit_ack"}
    assert changed["match"] == {"command": "commit,insert", "client": "10.0.0.0/8"}


def test_a_configuration_with_another_protocol_makes_the_proxy_anew(api, made):
    made(protocol="postgres", toxics=[TOXIC])
    config = api.get("/config").json()
    assert config[0]["protocol"] == "postgres"
    assert api.post("/config", config).json()["unchanged"] == ["db"]
    del config[0]["protocol"]
    assert api.post("/config", config).status == 409
    config[0]["toxics"] = []
    assert api.post("/config", config).json()["updated"] == ["db"]
    assert "protocol" not in api.get("/proxies/db").json()


def test_populate_replaces_one_that_differs_in_it(api, made):
    made(label="old")
    told = api.post("/populate", [{"name": "db", "listen": api.get("/proxies/db").json()["listen"],
                                   "upstream": "127.0.0.1:1", "protocol": "postgres"}]).json()
    assert told["proxies"][0]["protocol"] == "postgres"
    assert "label" not in told["proxies"][0]


def test_the_types_tell_what_they_match(api):
    types = {each["name"]: each for each in api.get("/toxic-types").json()["toxics"]}
    assert types["postgres"]["protocol"] == "postgres"
    assert [row["name"] for row in types["postgres"]["match"]] == [
        "query", "command", "user", "database", "application_name", "state", "phase"]
    assert "protocol" not in types["latency"]
    kinds = {row["name"]: row["kind"] for row in types["postgres"]["match"]}
    assert (kinds["query"], kinds["command"], kinds["state"]) == ("pattern", "list", "choice")


FRAMES = {"frame": "length", "bytes": 3, "order": "little", "includes": -1}
FRAME = {"type": "frame", "stream": "upstream", "attributes": {"fault": "drop"}, "match": {"frame": "0,2-5", "hex": "^00"}}


def test_frames_are_told_as_they_were_given(api, made):
    assert made(protocol=FRAMES).json()["protocol"] == FRAMES
    assert api.get("/proxies/db").json()["protocol"] == FRAMES
    told = api.post("/proxies/db/toxics", FRAME).json()
    assert told["name"] == "frame_upstream"
    assert {name: told[name] for name in FRAME} == FRAME
    config = api.get("/config").json()
    assert config[0]["protocol"] == FRAMES
    assert api.post("/config", config).json()["unchanged"] == ["db"]
    config[0]["protocol"] = {"frame": "fixed", "bytes": 3}
    assert api.post("/config", config).status == 200
    assert api.get("/proxies/db").json()["protocol"] == {"frame": "fixed", "bytes": 3}


def test_frames_can_be_changed(api, made):
    made(protocol=FRAMES)
    lines = {"frame": "delimiter", "text": "\r\n"}
    assert api.patch("/proxies/db", {"protocol": lines}).json()["protocol"] == lines
    assert api.post("/proxies/db/toxics", FRAME).status == 200
    assert api.patch("/proxies/db", {"protocol": FRAMES}).json()["protocol"] == FRAMES
    assert api.patch("/proxies/db", {"protocol": "redis"}).status == 409


def test_what_needs_frames_says_so(api, made):
    made()
    answer = api.post("/proxies/db/toxics", FRAME)
    assert answer.status == 409
    assert error(answer).endswith('give the proxy "protocol": {"frame": ...}')


@pytest.mark.parametrize("protocol, said", [
    ("frame", "'protocol' must be one of kafka, mongodb, postgres, redis, or empty, not 'frame'"),
    ({}, '/protocol must name frames, as {"frame": "length"}'),
    ({"bytes": 3, "frame": None}, '/protocol must name frames, as {"frame": "length"}'),
    ({"frame": "tree"}, "'protocol.frame' must be one of length, delimiter, fixed, not 'tree'"),
    ({"frame": "length", "bytes": 9}, "'protocol.bytes' must be between 1 and 8 bytes for a length, not 9"),
    ({"frame": "delimiter"}, "'protocol.text' must be 1 to 64 bytes for a delimiter, or 'hex' the digits of so many in its place"),
    ({"frame": "fixed", "bytes": True}, "/protocol/bytes must be a string, not a boolean"),
    ({"frame": "length", "colour": "red"}, "unknown 'protocol.colour'")])
def test_what_cannot_be_frames_is_refused(api, made, protocol, said):
    answer = made(protocol=protocol)
    assert (answer.status, error(answer)) == (400, f"bad request body: {said}")
    assert api.get("/proxies").json() == {}

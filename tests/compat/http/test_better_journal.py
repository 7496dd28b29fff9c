"""What happened: /journal, /events, /marks, /stats."""

import http.client
import json
import threading

import pytest

from compat_kit.peers import receive
from compat_kit.wait import wait_until


def journal(api, query="") -> list:
    answer = api.get(f"/journal{query}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def kinds(api, query="") -> list:
    return [record["kind"] for record in journal(api, query)]


@pytest.fixture
def echoing(api, echo):
    return api.create(echo.address)


def ping(connect, proxy):
    client = connect(proxy.address)
    client.sendall(b"ping")
    assert receive(client, 4) == b"ping"
    return client


def test_it_has_a_connection_and_each_hit(api, echoing, connect):
    echoing.add("latency", latency=10)
    ping(connect, echoing).close()
    wait_until(lambda: "close" in kinds(api), 5, "the end of the connection")
    records = journal(api)
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    by_kind = {record["kind"]: record for record in records}
    assert by_kind["open"]["client"].startswith("127.0.0.1:")
    hit = by_kind["hit"]
    assert (hit["proxy"], hit["toxic"], hit["ordinal"]) == ("p", "latency_downstream", 0)
    assert (hit["stream"], hit["offset"], hit["bytes"], hit["delay_ms"]) == ("downstream", 0, 4, 10)
    close = by_kind["close"]
    assert close["connection"] == by_kind["open"]["connection"] == hit["connection"]
    assert close["received_bytes"] == {"upstream": 4, "downstream": 4}
    assert (close["by"], close["how"]) == ("client", "fin")
    added = [record for record in records if record.get("action") == "toxic added"][0]
    assert added["config"]["attributes"]["latency"] == 10
    assert "seed" in added["config"]


def test_it_goes_on_from_where_it_was_read(api, echoing, connect):
    first = api.get("/journal")
    following = f"?since={first.headers['Aconite-Journal-Next']}"
    assert journal(api, following) == []
    ping(connect, echoing)
    assert kinds(api, following) == ["open"]
    assert first.headers["Aconite-Journal-Missed"] == "0"


def test_it_is_filtered(api, echo, echoing, connect):
    other = api.create(echo.address, name="other")
    ping(connect, echoing)
    ping(connect, other)
    assert kinds(api, "?kind=open") == ["open", "open"]
    assert [record["proxy"] for record in journal(api, "?kind=open,close&proxy=other")] == ["other"]
    assert len(journal(api, "?limit=2")) == 2
    assert journal(api, "?proxy=nobody") == []


def test_its_newest_records_are_told(api):
    for text in "abc":
        api.post("/marks", {"text": text})
    answer = api.get("/journal?tail=2&kind=mark")
    assert [json.loads(line)["text"] for line in answer.text.splitlines()] == ["b", "c"]
    assert answer.headers["Aconite-Journal-Missed"] == "0"
    behind = answer.headers["Aconite-Journal-Next"]
    assert journal(api, f"?since={behind}") == []
    assert kinds(api, "?tail=100") == kinds(api)
    last = journal(api)[-1]["seq"]
    assert [record["seq"] for record in journal(api, f"?tail=9&since={last - 1}")] == [last]


@pytest.mark.parametrize(
    "query,named",
    [
        ("since=-1", "'since'"),
        ("since=x", "'since'"),
        ("limit=0", "'limit'"),
        ("limit=100001", "100000"),
        ("tail=0", "'tail'"),
        ("kind=hits", "'hits'"),
        ("proxies=p", "'proxies'"),
        ("proxy=%zz", "escape"),
    ],
)
def test_a_wrong_query_is_named(api, query, named):
    for path in ("/journal", "/events"):
        answer = api.get(f"{path}?{query}")
        assert answer.status == 400 and named in answer.json()["error"], answer


def test_marks_tell_where_a_test_is(api):
    assert api.post("/marks", {"text": "begin of test"}).status == 204
    assert api.get("/version", headers={"Aconite-Mark": "by header"}).status == 200
    assert [record["text"] for record in journal(api, "?kind=mark")] == [
        "begin of test",
        "by header",
    ]


@pytest.mark.parametrize(
    "body,named",
    [
        ({}, "text"),
        ({"text": ""}, "1000"),
        ({"text": "x" * 1001}, "1000"),
        ({"text": 1}, "/text"),
        ({"text": "a", "txt": "a"}, "/txt"),
    ],
)
def test_a_wrong_mark_is_refused(api, body, named):
    answer = api.post("/marks", body)
    assert answer.status == 400 and named in answer.json()["error"], answer
    assert journal(api, "?kind=mark") == []


@pytest.fixture
def events(api, closing):
    """Opens the event stream: events(query) returns a list that fills by itself."""

    def follow(query="", headers=None):
        connection = closing(http.client.HTTPConnection("127.0.0.1", api.port, timeout=20))
        connection.request("GET", f"/events{query}", headers=headers or {})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/event-stream")
        seen = []

        def read():
            event = {}
            try:
                for line in answer:
                    name, _, value = line.decode().rstrip("\n").partition(": ")
                    if name:
                        event[name] = value
                    elif event:
                        seen.append(event)
                        event = {}
            except (OSError, ValueError):
                pass  # closed at the end of the test

        threading.Thread(target=read, daemon=True).start()
        return seen

    return follow


def test_events_come_as_they_happen(api, echoing, connect, events):
    api.post("/marks", {"text": "before"})
    seen = events("?kind=open,mark")
    api.post("/marks", {"text": "now"})
    wait_until(lambda: len(seen) == 1, 5, "the mark")
    ping(connect, echoing)
    wait_until(lambda: len(seen) == 2, 5, "the connection")
    assert [event["event"] for event in seen] == ["mark", "open"]
    assert json.loads(seen[0]["data"])["text"] == "now"
    data = json.loads(seen[1]["data"])
    assert (data["seq"], data["proxy"]) == (int(seen[1]["id"]), "p")


@pytest.mark.parametrize("by_header", [True, False])
def test_events_go_on_behind_the_last_one(api, events, by_header):
    for text in "abc":
        api.post("/marks", {"text": text})
    first = journal(api, "?kind=mark")[0]["seq"]
    if by_header:
        seen = events("?kind=mark", headers={"Last-Event-ID": str(first)})
    else:
        seen = events(f"?kind=mark&since={first}")
    wait_until(lambda: len(seen) == 2, 5, "the marks behind the first")
    assert [json.loads(event["data"])["text"] for event in seen] == ["b", "c"]


def test_events_begin_with_the_newest(api, events):
    for text in "abc":
        api.post("/marks", {"text": text})
    seen = events("?kind=mark&tail=1")
    for text in "de":
        api.post("/marks", {"text": text})
    wait_until(lambda: len(seen) == 3, 5, "the last mark and those behind it")
    assert [json.loads(event["data"])["text"] for event in seen] == ["c", "d", "e"]


def test_the_server_stops_under_those_who_listen(server, events):
    seen = events()
    assert server.terminate() == 0
    assert seen is not None


def test_stats_prove_that_a_fault_happened(api, echoing, connect):
    idle = api.get(echoing.path + "/stats").json()
    assert (idle["hits"], idle["toxics"], idle["connections"]["total"]) == (0, [], 0)
    echoing.add("latency", latency=5)
    ping(connect, echoing)
    stats = api.get(echoing.path + "/stats").json()
    assert stats["connections"] == {"open": 1, "total": 1, "refused": 0, "dial_errors": 0,
                                    "not_followed": 0}
    assert stats["received_bytes"] == {"upstream": 4, "downstream": 4}
    (toxic,) = stats["toxics"]
    assert (toxic["hits"], toxic["connections"], toxic["bytes"]) == (1, 1, 4)
    assert toxic["first_hit"] == toxic["last_hit"] != None  # noqa: E711
    assert toxic["added_delay_ms"] == 5
    assert api.get("/stats").json() == [stats]
    assert api.get("/proxies/nobody/stats").status == 404


def test_a_server_without_extras_has_none_of_it(start):
    api = start("-no-extras").api
    for path in ("/journal", "/events", "/stats", "/ready", "/wait?hits>=0"):
        assert api.get(path).status == 404, path
    assert api.post("/assert", {}).status == 404

"""What tests wait for and insist on: /ready, /wait, /assert."""

import http.client
import threading

import pytest

from compat_kit.peers import receive
from compat_kit.wait import Stopwatch, wait_until


@pytest.fixture
def echoing(api, echo):
    return api.create(echo.address)


@pytest.fixture
def later(closing):
    """Runs a request in the background: later(call) returns a list that gets the answer."""

    def run(call):
        answers = []
        threading.Thread(target=lambda: answers.append(call()), daemon=True).start()
        return answers

    return run


def ping(connect, proxy):
    client = connect(proxy.address)
    client.sendall(b"ping")
    assert receive(client, 4) == b"ping"
    return client


def test_ready_tells_of_the_proxies(api, echoing):
    echoing.disable()
    assert api.get("/ready").json() == {"ready": True, "proxies": 1, "enabled": 0}


@pytest.mark.parametrize("query", ["connections>=1", "connections%3E%3D1", "open=1", "bytes>7"])
def test_wait_ends_when_it_holds(api, echoing, connect, later, query):
    answers = later(lambda: api.get(f"/wait?proxy=p&{query}&timeout=9s"))
    assert api.get(f"/wait?proxy=p&{query}&timeout=0").status == 417
    client = ping(connect, echoing)
    wait_until(lambda: answers, 5, "the answer")
    assert answers[0].status == 200 and answers[0].json()["held"], answers
    client.close()


def test_wait_gives_up_and_says_what_it_saw(api, echoing):
    watch = Stopwatch()
    answer = api.get("/wait?proxy=p&connections>=2&timeout=300ms")
    assert answer.status == 417
    assert 0.3 <= watch.seconds < 5
    assert answer.json()["error"] == "connections of proxy p is 0, not >= 2"
    assert answer.json()["seen"] == {"connections": 0}


def test_wait_is_patient_with_what_is_not_there_yet(api, echo, later):
    answers = later(lambda: api.get("/wait?proxy=p&ready&timeout=9s"))
    late = later(lambda: api.get("/wait?proxy=nobody&ready&timeout=200ms"))
    wait_until(lambda: late, 5, "the end of the time")
    assert late[0].status == 404
    assert answers == []
    api.create(echo.address)
    wait_until(lambda: answers, 5, "the answer")
    assert answers[0].status == 200


def test_wait_for_a_toxic(api, echoing, connect, later):
    answers = later(lambda: api.get("/wait?toxic=slow&hits>=1&timeout=9s"))
    echoing.add("latency", name="slow", latency=1)
    ping(connect, echoing)
    wait_until(lambda: answers, 5, "the answer")
    assert answers[0].json() == {"held": True, "seen": {"hits": 1}}


def test_many_wait_while_others_are_served(api, echoing, connect, later):
    waiting = [later(lambda: api.get("/wait?proxy=p&connections>=1&timeout=9s")) for _ in range(20)]
    assert api.get("/version").status == 200
    ping(connect, echoing)
    wait_until(lambda: all(waiting), 5, "all answers")
    assert {answers[0].status for answers in waiting} == {200}


def test_the_server_stops_under_those_who_wait(server, api):
    waiting = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    waiting.request("GET", "/wait?connections>=1&timeout=60s")
    wait_until(lambda: api.get("/ready").status == 200)  # asked later, so the other was read
    watch = Stopwatch()
    assert server.terminate() == 0
    assert watch.seconds < 5
    assert waiting.getresponse().read()
    waiting.close()


@pytest.mark.parametrize(
    "query,named",
    [
        ("", "nothing to wait for"),
        ("proxy=p", "nothing to wait for"),
        ("ready", "'proxy'"),
        ("hit>=1", "'hit'"),
        ("hits>=x", "'x'"),
        ("hits>=-1", "'-1'"),
        ("hits", "'hits'"),
        ("hits>=1&timeout=2h", "'timeout'"),
        ("hits>=1&timeout=61m", "'timeout'"),
        ("hits>=1&timeout=-1s", "'timeout'"),
        ("proxy=p&toxic=t&open>=1", "'open'"),
    ],
)
def test_a_wrong_wait_is_named(api, echoing, query, named):
    answer = api.get(f"/wait?{query}")
    assert answer.status == 400 and named in answer.json()["error"], answer


def test_assert_says_whether_a_fault_happened(api, echoing, connect):
    echoing.add("latency", name="slow", latency=1)
    wanted = {"proxy": "p", "toxic": "slow", "hits": {">=": 1}, "connections": 1}
    answer = api.post("/assert", wanted)
    assert answer.status == 417
    assert answer.json()["error"] == "hits of toxic slow of proxy p is 0, not >= 1"
    ping(connect, echoing)
    answer = api.post("/assert", wanted)
    assert (answer.status, answer.json()) == (
        200,
        {"held": True, "seen": {"hits": 1, "connections": 1}},
    )
    api.delete(echoing.path + "/toxics/slow")
    assert api.post("/assert", wanted).status == 200, "what it did stays"


@pytest.mark.parametrize(
    "body,status,named",
    [
        ([], 400, "object"),
        ({}, 400, "nothing"),
        ({"proxy": 1, "hits": 1}, 400, "proxy"),
        ({"hits": "1"}, 400, "'hits'"),
        ({"hits": -1}, 400, "'hits'"),
        ({"hits": {"=>": 1}}, 400, "=>"),
        ({"hits": {">": 1.5}}, 400, "'hits'"),
        ({"hits": {}}, 400, "'hits'"),
        ({"hit": 1}, 400, "'hit'"),
        ({"proxy": "nobody", "hits": 1}, 404, "proxy"),
        ({"proxy": "p", "toxic": "nobody", "hits": 1}, 404, "toxic"),
    ],
)
def test_a_wrong_assert_is_named(api, echoing, body, status, named):
    answer = api.post("/assert", body)
    assert answer.status == status and named in answer.json()["error"], answer

"""One command for several servers: aconite --server URL,URL."""

import json
import socket
import time

import pytest

from servers.ports import reserve_port


@pytest.fixture
def two(start):
    return start(), start()


def names(*servers) -> list:
    return [f"http://127.0.0.1:{server.port}" for server in servers]


@pytest.fixture
def on(cli_of):
    """Runs the program for servers: on(urls)(*arguments)."""
    # What TOXIPROXY_URL says is not asked.
    return lambda urls: lambda *arguments: cli_of(9)("--server", ",".join(urls), *arguments)


def test_each_server_does_it_and_is_told_by_its_url(on, two):
    urls = names(*two)
    cli = on(urls)
    status, out, err = cli("create", "db", "-l", "127.0.0.1:0", "-u", "127.0.0.1:9")
    assert (status, err) == (0, "")
    assert out == "\n".join(f"{url}\nCreated new proxy db\n" for url in urls)
    assert [list(one.api.get("/proxies").json()) for one in two] == [["db"], ["db"]]

    status, out, err = cli("list", "-o", "json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        url: one.api.get("/proxies").json() for url, one in zip(urls, two)
    }

    status, out, _ = cli("journal", "--proxy", "db", "-o", "json")
    assert status == 0
    journals = json.loads(out)
    assert set(journals) == set(urls)
    assert [[one["action"] for one in records][:1] for records in journals.values()] == [
        ["proxy created"]
    ] * 2


def test_a_dead_server_stops_no_other_and_is_the_status(on, two):
    urls = [f"http://127.0.0.1:{reserve_port()}", *names(*two)]
    cli = on(urls)
    status, out, err = cli("reset")
    assert status == 1
    assert out.splitlines()[::3] == urls[1:]
    assert err.startswith(f"{urls[0]}: Failed to reset: cannot reach")
    assert err.count("\n") == 1

    status, out, _ = cli("reset", "-o", "json")
    assert status == 1
    answers = json.loads(out)
    assert list(answers[urls[0]]) == ["error"]
    assert [answers[url] for url in urls[1:]] == [{"reset": True}] * 2


def test_silent_servers_are_waited_for_at_the_same_time(on, server):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
    try:
        silent = [f"127.0.0.1:{one.getsockname()[1]}" for one in listeners]
        began = time.monotonic()
        status, _, err = on([*names(server), *silent])("health")
    finally:
        for one in listeners:
            one.close()
    assert time.monotonic() - began < 4  # one after the other: more than five seconds
    assert status == 1
    assert [line.split(": ")[0] for line in err.splitlines()] == silent


def test_conditions_hold_on_all_servers(on, two):
    cli = on(names(*two))
    two[0].api.create("127.0.0.1:9", name="db")
    status, out, err = cli("assert", "db", "ready")
    assert (status, out) == (1, "")
    assert err.startswith(f"{names(two[1])[0]}: ")
    two[1].api.create("127.0.0.1:9", name="db")
    assert cli("assert", "db", "ready") == (0, "", "")
    assert cli("wait", "db", "ready", "--timeout", "5s") == (0, "", "")


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["journal", "--follow"], "journal --follow takes one server, not 2"),
        (["lease", "run", "--", "true"], "lease run takes one server, not 2"),
        (["serve"], "serve stands first"),
        (["demo"], "demo stands first"),
    ],
)
def test_what_needs_one_server_says_so(on, arguments, complaint):
    status, out, err = on(["localhost:1", "localhost:2"])(*arguments)
    assert (status, out) == (2, "")
    assert complaint in err


@pytest.mark.parametrize(
    "urls, complaint",
    [
        (["localhost:1", "ftp://x"], "ftp://x"),
        (["localhost:1", "localhost:1"], "localhost:1 is named twice"),
    ],
)
def test_servers_that_make_no_sense(on, urls, complaint):
    status, out, err = on(urls)("list")
    assert (status, out) == (2, "")
    assert "--server: " in err
    assert complaint in err


def test_one_server_is_no_list(on, server):
    status, out, err = on(names(server))("list", "-o", "json")
    assert (status, out, err) == (0, "{}\n", "")

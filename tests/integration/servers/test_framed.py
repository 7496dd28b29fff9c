"""Toxics on single frames of protocols of which nothing else is known, on real servers."""

import http.client
import socket
import time

import pymysql
import pytest

from operations import hits, journal, not_followed
from servers.framed import MariaDbServer, NatsServer, NginxServer

MYSQL = {"frame": "length", "bytes": 3, "order": "little", "includes": -1}
LINES = {"frame": "delimiter", "text": "\r\n", "wait": 20}


@pytest.fixture(scope="module")
def started():
    servers = {}

    def start(kind):
        if kind not in servers:
            servers[kind] = kind()
        return servers[kind]

    yield start
    for each in servers.values():
        each.stop()


@pytest.fixture
def through(proxy_server, started):
    """A proxy in front of such a server."""
    return lambda kind, protocol: proxy_server.api.create_proxy(
        "framed", started(kind).address, protocol=protocol)


def add(proxy, match=None, trigger=None, stream="downstream", name="fault", kind="frame",
        **attributes):
    body = {"type": kind, "name": name, "attributes": attributes, "stream": stream,
            "match": match or {}, "trigger": trigger or {}}
    return proxy.api.json("POST", f"/proxies/{proxy.name}/toxics", body)["name"]


def mysql(proxy):
    return pymysql.connect(host="127.0.0.1", port=proxy.port, user="root", read_timeout=10)


def asked(session, statement):
    with session.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_a_statement_of_mariadb_fails_with_an_sqlstate(through):
    proxy = through(MariaDbServer, MYSQL)
    with mysql(proxy) as session:
        assert asked(session, "SELECT 1") == ((1,),)
        # A server's first packet of an answer has the number 1.
        error = (1213).to_bytes(2, "little") + b"#40001deadlock"
        add(proxy, {"hex": "^......01"}, {"times": 1}, fault="replace", keep=4,
            hex="ff" + error.hex())
        with pytest.raises(pymysql.err.OperationalError) as raised:
            asked(session, "SET @x = 1")
        assert raised.value.args == (1213, "deadlock")
        assert asked(session, "SELECT 2") == ((2,),)
    (hit,) = journal(proxy, "hit")
    assert hit["stream"] == "downstream" and hit["operation"]["hex"].startswith("07000001")
    assert (hits(proxy), not_followed(proxy)) == (1, (0, []))


def test_large_rows_of_mariadb_pass_whole(through):
    proxy = through(MariaDbServer, MYSQL)
    add(proxy, {"bytes": "no such row"}, stream="both", fault="drop")
    with mysql(proxy) as session:
        ((row,),) = asked(session, "SELECT REPEAT('x', 3000000)")
        assert row == "x" * 3_000_000
        assert len(asked(session, "WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 1000) SELECT i, REPEAT('y', 100) FROM n")) == 1000
    assert not_followed(proxy) == (0, [])


def test_a_commit_of_mariadb_is_done_and_its_answer_lost(through):
    proxy = through(MariaDbServer, MYSQL)
    add(proxy, {"bytes": "(?i)^.{4}\\x03INSERT"}, stream="upstream", fault="lose_reply")
    with mysql(proxy) as session:
        asked(session, "CREATE DATABASE IF NOT EXISTS d")
        asked(session, "CREATE OR REPLACE TABLE d.t (id int)")
        session.autocommit(True)
        with pytest.raises(pymysql.err.OperationalError):
            asked(session, "INSERT INTO d.t VALUES (1)")
    proxy.api.text("POST", "/reset")
    with mysql(proxy) as session:
        assert asked(session, "SELECT id FROM d.t") == ((1,),)


@pytest.fixture
def nats(through):
    proxy = through(NatsServer, LINES)
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as connection:
        lines = connection.makefile("rwb")

        def say(text):
            lines.write(text.encode())
            lines.flush()

        say("CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPING\r\n")
        assert lines.readline().startswith(b"INFO ")
        assert lines.readline() == b"PONG\r\n"
        yield proxy, say, lambda: lines.readline().decode().strip()


def test_messages_of_nats_come_twice_late_and_not_at_all(nats):
    proxy, say, hear = nats
    add(proxy, {"bytes": "^PUB a 1"}, name="renamed", stream="upstream", fault="replace",
        text="PUB a 2", trigger={"times": 1})
    say("PUB a 1\r\nxy\r\nPING\r\n")
    assert [hear(), hear(), hear()] == ["MSG a 1 2", "xy", "PONG"]
    add(proxy, {"bytes": "^PONG"}, {"times": 1}, name="twice", fault="duplicate", copies=2)
    say("PING\r\n")
    assert [hear(), hear(), hear()] == ["PONG"] * 3
    add(proxy, {"bytes": "^PONG"}, {"times": 1}, name="gone", fault="drop")
    say("PING\r\nPUB a 1\r\nz\r\n")
    assert [hear(), hear()] == ["MSG a 1 1", "z"]
    add(proxy, {"bytes": "^PONG"}, name="late", delay=300)
    began = time.monotonic()
    say("PING\r\n")
    assert hear() == "PONG"
    assert 0.3 <= time.monotonic() - began < 5
    assert not_followed(proxy) == (0, [])


def get(proxy, path):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_status_line_of_nginx_is_another(through):
    proxy = through(NginxServer, LINES)
    assert get(proxy, "/a") == (200, "/a\n")
    add(proxy, {"bytes": "^HTTP/1.1 200"}, {"times": 1}, fault="replace",
        text="HTTP/1.1 503 Service Unavailable")
    assert get(proxy, "/a")[0] == 503
    assert get(proxy, "/a") == (200, "/a\n")
    add(proxy, {"bytes": "^GET /b "}, stream="upstream", name="lost", fault="lose_reply", cut="fin")
    with pytest.raises(http.client.RemoteDisconnected):
        get(proxy, "/b")
    assert get(proxy, "/c") == (200, "/c\n")


def test_a_body_of_nginx_is_another_without_any_frames(through):
    proxy = through(NginxServer, "")
    add(proxy, kind="substitute", pattern="/se(\\w+)\\n", replacement="/op\\1\n")
    assert get(proxy, "/secret") == (200, "/opcret\n")
    add(proxy, kind="coalesce", name="merged", size=1000, delay=50)
    began = time.monotonic()
    assert get(proxy, "/secret") == (200, "/opcret\n")
    assert time.monotonic() - began >= 0.05


def test_what_has_no_such_frames_passes_and_says_so(through):
    proxy = through(NginxServer, {"frame": "length", "largest": 1000})
    add(proxy, stream="both", fault="drop")
    assert get(proxy, "/a") == (200, "/a\n")
    assert not_followed(proxy) == (1, ["what the client sends has no such frames"])

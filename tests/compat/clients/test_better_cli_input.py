"""What people type, and what servers answer, that the command line must not take for something else."""

import json
import os
import socket
import subprocess
import threading

import pytest

from compat_kit.server import Server

HOSTILE = "a\x1b[31m\nb"


@pytest.fixture
def db(api):
    return api.create("127.0.0.1:9", name="db")


def test_a_time_may_have_a_unit(cli, api, db):
    assert cli("toxic", "add", "db", "-t", "latency", "-n", "l", "--ttl", "90s",
               "-a", "latency=1.5s,jitter=20", "--trigger", "after_ms=2s")[0] == 0
    made = api.get(f"{db.path}/toxics/l").json()
    assert (made["ttl"], made["attributes"]["latency"]) == (90_000, 1500)
    assert made["trigger"]["after_ms"] == 2000
    assert cli("toxic", "update", "db", "-n", "l", "-a", "latency=2s", "--ttl", "5000")[0] == 0
    made = api.get(f"{db.path}/toxics/l").json()
    assert (made["ttl"], made["attributes"]["latency"]) == (5000, 2000)
    assert cli("lease", "run", "--ttl", "1m", "--", "true") == (0, "", "")


@pytest.mark.parametrize("protocol, typed, match", [
    ("redis", "database=2", {"database": 2}), ("postgres", "database=2", {"database": "2"}),
    ("kafka", "acks=1", {"acks": "1"}), ("kafka", "acks=all", {"acks": "all"})])
def test_a_match_is_read_as_its_toxic_has_it(cli, api, protocol, typed, match):
    """A database is a number of Redis and a name of PostgreSQL; a choice may look like a number."""
    made = api.create("127.0.0.1:9", name="db", protocol=protocol)
    attributes = "fault=delay,delay=1"
    assert cli("toxic", "add", "db", "-t", protocol, "-n", "x", "-a", attributes,
               "--match", typed)[0] == 0
    assert api.get(f"{made.path}/toxics/x").json()["match"] == match
    assert cli("toxic", "update", "db", "-n", "x", "--match", typed)[0] == 0
    assert api.get(f"{made.path}/toxics/x").json()["match"] == match


def test_a_proxy_is_created_disabled(cli, api):
    arguments = ["-l", "127.0.0.1:0", "-u", "127.0.0.1:9"]
    assert cli("create", "db", "--disabled", *arguments) == (0, "Created new proxy db\n", "")
    assert api.get("/proxies/db").json()["enabled"] is False
    assert cli("toggle", "db") == (0, "Proxy db is now enabled\n", "")


# Each line with a number that is none, and what is said of it.
NUMBERS = [
    (["toxic", "add", "db", "-t", "latency", "-a", "latency=1,000"],
     "attribute 'latency=1,000': a number has no comma in it."),
    (["toxic", "add", "db", "-t", "latency", "-a", "latency=5 s"],
     "attribute 'latency' must be a number of ms, not '5 s'."),
    (["toxic", "add", "db", "-t", "latency", "-a", "table.p50=1x,table.p99=9"],
     "attribute 'table.p50' must be a number of ms, not '1x'."),
    (["toxic", "add", "db", "-t", "noop", "--match", "every=1,000"],
     "match 'every=1,000': a number has no comma in it."),
    (["toxic", "add", "db", "-t", "noop", "--ttl", "5 s"], "--ttl: must be a time"),
    (["toxic", "add", "db", "-t", "noop", "--ttl", ""], "--ttl: must be a time"),
    (["toxic", "add", "db", "-t", "noop", "--seed", "18446744073709551616"], "--seed: must be a whole"),
    (["toxic", "add", "db", "-t", "noop", "--seed", "7x"], "--seed: must be a whole number"),
    (["create", "x", "-l", "127.0.0.1:0", "-u", "a:1", "--seed", "1e3"], "--seed: must be a whole"),
    (["journal", "--tail", "5x"], "--tail: must be a whole number of at least 0, not '5x'"),
    (["journal", "--since", "-1"], "--since: must be a whole number"),
    (["wait", "ready", "--timeout", "10sec"], "--timeout: must be a time"),
    (["lease", "run", "--ttl", "0", "--", "true"], "--ttl: must be a time from 1 to"),
    (["-h", "127.0.0.1:70000", "list"], "the port is not a number from 1 to 65535"),
    (["-h", "127.0.0.1:84x", "list"], "the port is not a number from 1 to 65535"),
    (["demo", "--port", "70000"], "--port: must be a whole number from 1 to 65535, not '70000'"),
    (["demo", "--port", "0x50"], "--port: must be a whole number"),
    (["wait", "hits>=1x"],
     "'hits' must be compared with a whole number from 0 to 18446744073709551615, not '1x'"),
]


@pytest.mark.parametrize("arguments, complaint", NUMBERS)
def test_no_number_is_half_read(cli, api, db, arguments, complaint):
    status, out, err = cli(*arguments)
    assert status in (1, 2)
    assert complaint in err
    assert out == ""
    assert api.get(f"{db.path}/toxics").json() == []


@pytest.mark.parametrize("words", [
    ["hits >= 0"], ["db", "hits >=0"], ["db", "hits", ">=", "0"], ["db", "hits", ">=0", "ready"],
    ["hits >= 0", "open", "<", "1"],
])
def test_conditions_may_have_blanks(cli, db, words):
    assert cli("wait", *words, "--timeout", "5s") == (0, "", "")
    assert cli("assert", *words) == (0, "", "")


def run(program, *arguments, port=9):
    environment = {**os.environ, "TOXIPROXY_URL": f"http://127.0.0.1:{port}"}
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("platform", ["", "-linux-amd64", "-linux-arm64", "-darwin-arm64"])
def test_the_program_works_under_the_names_of_releases(program_folder, tmp_path, platform, closing):
    for name in ("toxiproxy-server", "toxiproxy-cli"):
        (tmp_path / (name + platform)).symlink_to(program_folder / "aconite")
    server = closing(Server(tmp_path / f"toxiproxy-server{platform}")).wait_ready()
    cli = tmp_path / f"toxiproxy-cli{platform}"
    assert run(cli, "--version") == (0, "toxiproxy-cli version 2.12.0\n", "")
    made = run(cli, "create", "-l", "127.0.0.1:0", "-u", "a:1", "db", port=server.port)
    assert made == (0, "Created new proxy db\n", "")


def test_the_server_reads_a_file_that_is_named_behind_serve(program_folder, tmp_path, closing):
    file = tmp_path / "proxies.json"
    file.write_text('[{"name": "db", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}]')
    script = tmp_path / "serve"  # which is given -port behind the file
    script.write_text(f"#!/bin/sh\nexec '{program_folder}/aconite' serve '{file}' \"$@\"\n")
    script.chmod(0o755)
    server = closing(Server(script)).wait_ready()
    assert list(server.api.get("/proxies").json()) == ["db"]
    for more in ([file], ["-config", "other.json"]):
        status, out, err = run(program_folder / "aconite", "serve", str(file), *more)
        assert (status, out) == (2, "")
        assert err.startswith(f"aconite serve: there are several configurations, {file} and ")


@pytest.mark.parametrize("name, verbs", [
    ("aconite", [["create", "x", "-l", "127.0.0.1:0", "-u", "a:1"],
                 ["toxic", "add", "db", "-t", "latency", "-a", "latancy=100"],
                 ["list", "-o", "json"]]),
    ("toxiproxy-cli", [["toxic", "add", "db", "-t", "latency", "-a", "latancy=100"]]),
])
def test_what_the_server_warns_of_is_printed(program_folder, server, db, name, verbs):
    for verb in verbs:
        status, out, err = run(program_folder / name, *verb, port=server.port)
        assert status == 0 and out
        wanted = "warning: ignored unknown fields: /attributes/latancy\n" if "add" in verb else ""
        assert err == wanted


@pytest.fixture
def answering(closing):
    """A server that gives each request the same answer: answering(head and body) returns its port."""

    class Answering:
        def __init__(self, answer):
            self._answer = answer
            self._socket = socket.create_server(("127.0.0.1", 0))
            self.port = self._socket.getsockname()[1]
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

        def _run(self):
            while True:
                try:
                    peer, _ = self._socket.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(65536)
                    peer.sendall(self._answer)

        def close(self):
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._thread.join()

    def start_one(body, head="HTTP/1.1 200 OK"):
        body = body.encode()
        text = f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        return closing(Answering(text)).port

    return start_one


VERBS = [["list"], ["inspect", "db"], ["toggle", "db"], ["journal"], ["stats"], ["version"],
         ["config", "get"], ["config", "get", "--yaml"], ["wait", "ready"], ["health"], ["doctor"],
         ["toxic", "add", "-t", "noop", "db"], ["delete", "db"], ["reset"], ["mark", "x"],
         ["lease", "run", "--", "true"]]
ANSWERS = ["", "x", "{", "[]", "{}", "null", "1", '"\x1b[2J"', '{"proxies": 1}', "\x1b]0;x\x07",
           '{"db": {"name": 1, "enabled": "yes", "toxics": {}}}', "[" * 100_000]


@pytest.mark.parametrize("verb", VERBS)
def test_any_answer_ends_well_and_prints_nothing_that_steers(cli_of, answering, verb):
    warned = answering("\x1b[2J", "HTTP/1.1 500 X\r\nAconite-Warning: \x1b[2J")
    for port in (warned, *map(answering, ANSWERS)):
        status, out, err = cli_of(port)(*verb)
        assert 0 <= status <= 2
        assert not set(out + err) & set(map(chr, [*range(9), *range(11, 32), 127]))
        assert "exception" not in out + err
        if "--yaml" in verb:
            continue
        status, out, err = cli_of(port)("-o", "json", *verb)
        assert 0 <= status <= 2
        for text in out.splitlines() if verb == ["journal"] and status == 0 else [out]:
            assert text == "" or json.loads(text) is not Ellipsis


def test_output_that_cannot_be_written_is_a_failure(program_folder, server, db):
    with open("/dev/full", "w") as full:
        done = subprocess.run([program_folder / "aconite", "-h", f"127.0.0.1:{server.port}", "list"],
                              stdout=full, stderr=subprocess.PIPE, text=True, timeout=30)
    assert done.returncode == 1
    assert done.stderr == "aconite: cannot write: No space left on device\n"

"""Flags, config file, log, signals."""

import json
import os
import re
import signal
import subprocess

import pytest

from compat_kit.peers import refused, silent
from servers.ports import reserve_port


@pytest.fixture
def run(program_folder):
    """Runs the server program to its end: run(*args) returns the finished process."""

    def run_it(*args, timeout=10):
        return subprocess.run(
            [program_folder / "toxiproxy-server", *args],
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return run_it


@pytest.mark.parametrize("flag", ["-version", "--version", "-version=true", "-version=1"])
def test_version_is_printed_and_ends(run, flag):
    done = run(flag)
    assert done.returncode == 0
    assert re.fullmatch(r"toxiproxy-server version \S+\n", done.stdout)


@pytest.mark.parametrize("flag", ["-h", "-help", "--help"])
def test_help_is_usage_on_stderr(run, flag):
    done = run(flag)
    assert done.returncode == 0
    assert done.stdout == ""
    for each in ("-host", "-port", "-config", "-seed", "-proxy-metrics", "-runtime-metrics"):
        assert each in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["-nope"],
        ["--nope=1"],
        ["-seed", "x"],
        ["-seed=1.5"],
        ["-proxy-metrics=maybe"],
        ["-port"],
        ["---port", "1"],
        ["-=x"],
    ],
)
def test_a_bad_flag_is_usage_and_status_2(run, args):
    done = run(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "-host" in done.stderr and "-port" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["-host", "127.0.0.1"],
        ["--host=127.0.0.1"],
        ["-host=localhost"],
        ["-seed=-5"],
        ["-seed", "0x10"],
        ["-proxy-metrics=f", "-runtime-metrics=FALSE"],
        ["-host", "192.0.2.1", "-host", "127.0.0.1"],
        ["-host=127.0.0.1", "rest", "-nope"],
        ["-host=127.0.0.1", "--", "-nope"],
    ],
)
def test_flags_are_read_as_go_reads_them(start, args):
    assert start(*args).api.get("/version").status == 200


def test_the_last_of_two_ports_wins(start, program_folder):
    unused = reserve_port()
    server = start("-port=%d" % (last := reserve_port()), ready=False)
    server.port = last
    server.api.port = last
    server.wait_ready()
    assert refused(("127.0.0.1", unused))


def test_a_wildcard_host_serves_both_families(start, connect):
    server = start("-host=0.0.0.0")
    connect(("127.0.0.1", server.port))
    connect(("::1", server.port))


def config(tmp_path, content):
    path = tmp_path / "config.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_a_config_proxy_is_up_when_the_api_answers(start, tmp_path, upstream, connect):
    port = reserve_port()
    entries = [
        {"name": "a", "listen": f"127.0.0.1:{port}", "upstream": upstream.address},
        {"name": "b", "listen": "[::]:0", "upstream": "x:1", "enabled": False},
    ]
    server = start("-config", config(tmp_path, entries))
    connect(("127.0.0.1", port))
    upstream.accept()
    listed = server.api.get("/proxies").json()
    assert listed["a"]["enabled"] is True
    assert listed["b"]["enabled"] is False
    assert server.logged("Populated proxies from file", level="info")[0]["proxies"] == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_with_status_0(start, upstream, connect, number):
    server = start()
    proxy = server.api.create(upstream.address)
    client = connect(proxy.address)
    upstream.accept()
    assert silent(client, 0.1)
    assert server.terminate(number) == 0
    assert server.logged("Shutdown started", level="info")
    assert refused(("127.0.0.1", server.port))
    assert refused(proxy.address)


def test_an_idle_keep_alive_connection_does_not_hold_the_end_up(start, connect):
    server = start()
    client = connect(("127.0.0.1", server.port))
    client.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.recv(1000)
    assert server.terminate(timeout=5) == 0


def test_the_log_is_json_with_the_messages_that_scripts_look_for(start, upstream, connect):
    server = start()
    proxy = server.api.create(upstream.address, name="db")
    client = connect(proxy.address)
    upstream.accept()
    port = client.getsockname()[1]
    accepted = server.wait_logged("Accepted client", level="info", name="db")
    assert accepted["client"] == f"127.0.0.1:{port}"
    proxy.delete()
    for message in ("Started proxy", "Terminated proxy"):
        line = server.wait_logged(message, level="info", name="db")
        assert line["upstream"] == upstream.address
        assert line["listen"].startswith("127.0.0.1:")

    first = server.log()[0]
    assert (first["message"], first["level"]) == ("Starting Toxiproxy", "info")
    assert first["version"]
    api_line = server.logged("Starting Toxiproxy HTTP server", level="info")[0]
    assert api_line["address"].endswith(f":{server.port}")
    for line in server.log():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["time"])
        assert line["level"] in ("trace", "debug", "info", "warn", "error")
        assert line["caller"]


def test_a_failed_dial_is_logged(start, connect):
    server = start()
    proxy = server.api.create(f"127.0.0.1:{reserve_port()}", name="db")
    connect(proxy.address)
    line = server.wait_logged("Unable to open connection to upstream", level="error", name="db")
    assert line["error"]


def test_requests_are_in_the_log_at_debug(start):
    server = start()
    answer = server.api.get("/proxies/x", headers={"User-Agent": "me/1"})
    line = server.wait_logged("", level="debug", url="/proxies/x")
    assert line["request_id"] == answer.headers["X-Toxiproxy-Request-Id"]
    assert (line["method"], line["status"]) == ("GET", 404)
    assert line["user_agent"] == "me/1"
    assert line["size"] == len(answer.body)
    assert line["client"].startswith("127.0.0.1")
    assert {"duration", "handler"} <= set(line)


@pytest.mark.parametrize(
    "level, seen",
    [
        (None, {"debug", "info"}),
        ("debug", {"debug", "info"}),
        ("INFO", {"info"}),
        ("error", set()),
        ("disabled", set()),
        ("1", {"info"}),
        ("0", {"debug", "info"}),
    ],
)
def test_log_level_chooses(start, level, seen):
    environment = {key: value for key, value in os.environ.items() if key != "LOG_LEVEL"}
    if level is not None:
        environment["LOG_LEVEL"] = level
    server = start(env=environment)
    server.api.create("127.0.0.1:1")
    server.api.get("/proxies")
    server.terminate()
    assert {line["level"] for line in server.log()} - {"trace"} == seen


def test_an_unknown_log_level_is_an_error_line_and_goes_on(start):
    server = start(env={**os.environ, "LOG_LEVEL": "loud"})
    assert server.api.get("/version").status == 200
    assert any(line["level"] == "error" for line in server.log())
    assert server.logged("Starting Toxiproxy")

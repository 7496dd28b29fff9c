"""aconite doctor: what is wrong here, and what to do about it."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from compat_kit.wait import wait_until
from servers.ports import reserve_port

# Seconds. Two for the server and two for the upstreams, whatever does not answer.
LONGEST = 6


@pytest.fixture
def doctor(cli):
    """Runs it: doctor(*arguments) returns its status and the checks by their name."""

    def run(*arguments):
        status, out, err = cli("doctor", "-o", "json", *arguments)
        assert err == ""
        told = json.loads(out)
        checks = {one["check"]: one for one in told["checks"]}
        grades = {one["status"] for one in checks.values()}
        assert grades <= {"ok", "warning", "problem"}
        assert ("problem" in grades) == (told["status"] == "problem") == (status == 1)
        for one in checks.values():
            assert ("advice" in one) == (one["status"] != "ok"), one
        return status, checks

    return run


@pytest.fixture
def full_listener(closing):
    """An address whose queue is full: nobody who connects gets an answer."""
    listener = closing(socket.create_server(("127.0.0.1", 0), backlog=0))
    address = listener.getsockname()

    def one_more_waits():
        waiting = closing(socket.socket())
        waiting.settimeout(0.2)
        try:
            waiting.connect(address)
        except TimeoutError:
            return True

    wait_until(one_more_waits, 10, "a full queue")
    return f"127.0.0.1:{address[1]}"


def test_all_is_well(doctor, api, upstream):
    proxy = api.create(upstream.address, name="db")
    status, checks = doctor()
    assert status == 0
    for check in ("program", "processors", "open files", "CAP_NET_ADMIN", "pipes", "server", "server version"):
        assert check in checks
    assert checks["server"]["status"] == checks["server version"]["status"] == "ok"
    assert "taken" in checks["port of db"]["found"]
    assert f"reached from {socket.gethostname()}" in checks["upstream of db"]["found"]
    # It went past the proxy: no connection is counted.
    assert api.get(f"{proxy.path}/stats").json()["connections"]["total"] == 0


def test_people_get_a_table(cli):
    status, out, err = cli("doctor")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["CHECK", "STATE", "FOUND"]
    assert lines[-1].startswith("problems: 0, warnings: ")


def test_upstreams_that_do_not_answer(doctor, api, full_listener):
    api.create(f"127.0.0.1:{reserve_port()}", name="down")
    api.create(full_listener, name="silent")
    api.create("no-such-name.invalid:1", name="nameless")
    began = time.monotonic()
    status, checks = doctor()
    assert time.monotonic() - began < LONGEST
    assert status == 1
    for name in ("down", "silent", "nameless"):
        assert checks[f"upstream of {name}"]["status"] == "problem"
        assert checks[f"port of {name}"]["status"] == "ok"
    assert "Connection refused" in checks["upstream of down"]["found"]

    status, checks = doctor("down", "nobody")
    assert status == 1
    assert "upstream of silent" not in checks
    assert checks["proxy nobody"]["status"] == "problem"


def test_ports(doctor, api, upstream, closing):
    proxies = [api.create(upstream.address, name=name) for name in ("free", "stolen", "refusing")]
    for proxy in proxies[:2]:
        api.post(proxy.path, {"enabled": False})
    listen = api.get(proxies[1].path).json()["listen"]
    closing(socket.create_server(("127.0.0.1", int(listen.rpartition(":")[2]))))
    api.post(f"{proxies[2].path}/toxics", {"type": "accept", "attributes": {"mode": "refuse"}})
    status, checks = doctor()
    assert status == 0
    assert "free" in checks["port of free"]["found"]
    assert checks["port of stolen"]["status"] == "warning"
    assert "accept toxic" in checks["port of refusing"]["found"]


def test_a_ring_of_proxies(doctor, api, upstream):
    first = api.create(upstream.address, name="first")
    second = api.create(first.listen, name="second")
    assert not [check for check in doctor()[1] if check.startswith("ring")]
    api.post(first.path, {"upstream": second.listen})
    status, checks = doctor()
    assert status == 1
    assert "first -> second -> first" in checks["ring at first"]["found"]


def test_without_a_server(program_folder):
    began = time.monotonic()
    done = subprocess.run(
        [program_folder / "aconite", "--server", f"localhost:{reserve_port()}", "doctor"],
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert time.monotonic() - began < LONGEST
    assert (done.returncode, done.stderr) == (1, "")
    assert "start aconite serve" in done.stdout
    assert "open files" in done.stdout


def test_something_else_has_the_port(cli_of, closing):
    other = closing(socket.create_server(("127.0.0.1", 0)))
    status, out, _ = cli_of(other.getsockname()[1])("doctor", "-o", "json")
    assert status == 1
    assert "no aconite" in json.loads(out)["checks"][-1]["found"]


def test_a_name_server_that_is_silent_does_not_hang_it(program_folder, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("a name server of one's own needs root")
    tried = subprocess.run(["unshare", "-mn", "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no mounts and network of one's own here: {tried.stderr.strip()}")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    script = tmp_path / "silent.py"
    script.write_text(
        "import socket, subprocess, sys\n"
        "silent = socket.socket(type=socket.SOCK_DGRAM)\n"
        "silent.bind(('127.0.0.1', 53))\n"
        "sys.exit(subprocess.call(sys.argv[1:]))\n"
    )
    inside = f"ip link set lo up && mount --bind {tmp_path}/resolv.conf /etc/resolv.conf"
    began = time.monotonic()
    done = subprocess.run(
        ["unshare", "-mn", "sh", "-c", f'{inside} && exec "$@"', "sh"]
        + [sys.executable, script, program_folder / "aconite"]
        + ["--server", "aconite.example", "doctor"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert time.monotonic() - began < LONGEST
    assert (done.returncode, done.stderr) == (1, "")
    assert "no answer within 2000 ms" in done.stdout


def test_an_unprivileged_user_gets_an_answer_too(program_folder, server):
    if os.geteuid() != 0:
        pytest.skip("who is no root has run all other tests so")
    done = subprocess.run(
        ["setpriv", "--reuid", "65534", "--clear-groups", program_folder / "aconite"]
        + ["--server", f"127.0.0.1:{server.port}", "doctor"],
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "mode kernel is refused" in done.stdout

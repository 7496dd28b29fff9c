"""The configuration file, read again on SIGHUP; environment variables; the command line."""

import json
import os
import signal
import subprocess

import pytest

from compat_kit.config import Traffic, changes, entry, exchange
from compat_kit.wait import wait_until
from servers.ports import reserve_port


@pytest.fixture
def file(tmp_path):
    """A config file, written at once as editors and deployments do."""

    class File:
        path = tmp_path / "config.json"

        def write(self, *entries, text=None):
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps(entries) if text is None else text)
            fresh.rename(self.path)

    return File()


@pytest.fixture
def reload():
    """Sends SIGHUP and returns the log line of that reload."""

    def ask(server, message="Reloaded configuration"):
        before = len(server.logged(message))
        server.process.send_signal(signal.SIGHUP)
        lines = wait_until(lambda: server.logged(message)[before:], 5, message)
        return lines[0]

    return ask


def test_toxics_stay_if_those_of_bodies_are_ignored(start, file, reload):
    file.write(entry("p", toxics=[{"type": "noop"}]))
    server = start("-ignore-body-toxics", "-config", str(file.path))
    assert server.api.get("/proxies/p/toxics").json() == []
    server.api.post("/proxies/p/toxics", {"type": "noop", "name": "mine"})
    assert changes(server.api.post("/config", [entry("p")])) == {"unchanged": ["p"]}
    assert reload(server)["unchanged"] == 1
    assert len(server.api.get("/proxies/p/toxics").json()) == 1


def test_sighup_reads_the_file_again(start, file, reload, echo, connect, closing):
    port = reserve_port()
    kept = entry("kept", echo.address, f"127.0.0.1:{port}")
    file.write(kept, entry("gone"))
    server = start("-config", str(file.path))
    server.api.create("127.0.0.1:1", name="of the API")
    traffic = closing(Traffic(connect(("127.0.0.1", port))))
    traffic.more()
    file.write(kept, entry("new"))
    line = reload(server)
    counts = {key: line[key] for key in ("created", "updated", "removed", "unchanged", "failed")}
    assert counts == {"created": 1, "updated": 0, "removed": 2, "unchanged": 1, "failed": 0}
    assert (line["level"], line["config"]) == ("info", str(file.path))
    assert set(server.api.get("/proxies").json()) == {"kept", "new"}
    traffic.more()


def test_many_sighups_in_a_row_do_no_harm(start, file, reload):
    file.write(entry("a"))
    server = start("-config", str(file.path))
    for _ in range(50):
        server.process.send_signal(signal.SIGHUP)
    file.write(entry("b"))
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: list(server.api.get("/proxies").json()) == ["b"], 5, "the last file")
    assert server.terminate() == 0


def test_a_bad_file_changes_nothing_and_is_told(start, file, reload, link_of):
    failed = "Failed to reload configuration"
    port = reserve_port()
    file.write(entry("p", link_of.upstream.address, f"127.0.0.1:{port}"))
    server = start("-config", str(file.path))
    client, peer = link_of(port)
    for text, error in (
        ("[", "unexpected EOF"),
        ("", ":1:1: EOF"),
        ('[{"name":"p"}]', "missing required field: upstream at proxy 1"),
        (json.dumps([entry("${ACO_UNSET}")]), "/0/name: the environment variable ACO_UNSET"),
        (json.dumps([entry("q"), entry("q")]), "'q' is used twice"),
    ):
        file.write(text=text)
        line = reload(server, failed)
        assert line["level"] == "error"
        assert error in line["error"] and str(file.path) in line["error"]
        exchange(client, peer)
    file.path.unlink()
    assert "No such file" in reload(server, failed)["error"]
    exchange(client, peer)
    assert list(server.api.get("/proxies").json()) == ["p"]
    file.write(entry("q"))
    assert reload(server)["created"] == 1
    assert server.terminate() == 0


@pytest.fixture
def link_of(upstream, connect):
    """Opens a connection to a port of a proxy: (client's end, server's end)."""

    def open_one(port):
        return connect(("127.0.0.1", port)), upstream.accept()

    open_one.upstream = upstream
    return open_one


def test_a_proxy_of_the_file_that_cannot_listen_is_told(start, file, reload, upstream):
    file.write(entry("p"))
    server = start("-config", str(file.path))
    file.write(entry("p", listen=upstream.address), entry("q"))
    line = reload(server)
    assert (line["created"], line["failed"]) == (1, 1)
    told = server.logged("Unable to put proxy in force", name="p", level="error")
    assert "address already in use" in told[0]["error"]


def test_a_file_that_nobody_writes_does_not_hold_the_end_up(start, file):
    file.write(entry("p"))
    server = start("-config", str(file.path))
    file.path.unlink()
    os.mkfifo(file.path)
    server.process.send_signal(signal.SIGHUP)
    # The reload has opened the pipe once somebody can open the other end without waiting.
    writer = wait_until(lambda: opened_for_writing(file.path), 5, "the reload")
    assert server.api.get("/proxies/p").status == 200
    assert server.terminate() == 0
    os.close(writer)


def opened_for_writing(path):
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def test_without_a_file_sighup_ends_the_process_as_before(start):
    assert start().terminate(signal.SIGHUP) == -signal.SIGHUP


def test_variables_stand_in_the_file(start, tmp_path, upstream):
    path = tmp_path / "config.YAML"
    path.write_text(
        "- name: ${NAME}-$${x}-$5\n"
        "  listen: 127.0.0.1:0\n"
        '  upstream: "${UPSTREAM:-nobody:1}"\n'
        "  label: ${LABEL:-none}\n"
    )
    environment = {**os.environ, "NAME": "a", "UPSTREAM": upstream.address, "LABEL": ""}
    running = start("-config", str(path), env=environment).api.get("/config").json()
    assert running[0]["name"] == "a-${x}-$5"
    assert running[0]["upstream"] == upstream.address
    assert running[0]["label"] == "none"


def test_the_environment_names_the_file_unless_a_flag_does(start, tmp_path, reload):
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(json.dumps([entry(name)]))
    environment = {**os.environ, "ACONITE_CONFIG": str(tmp_path / "a.json")}
    server = start(env=environment)
    assert list(server.api.get("/proxies").json()) == ["a"]
    assert reload(server)["unchanged"] == 1
    other = start("-config", str(tmp_path / "b.json"), env=environment)
    assert list(other.api.get("/proxies").json()) == ["b"]


def test_the_environment_has_proxies_beside_those_of_the_file(start, file, reload):
    environment = {**os.environ, "ACONITE_PROXIES": "pg=127.0.0.1:0->u:1\n redis=:0->u:2\n"}
    alone = start(env=environment)
    assert list(alone.api.get("/proxies").json()) == ["pg", "redis"]
    assert alone.logged("Populated proxies from ACONITE_PROXIES")[0]["proxies"] == 2
    file.write(entry("a"))
    server = start("-config", str(file.path), env=environment)
    assert list(server.api.get("/proxies").json()) == ["a", "pg", "redis"]
    assert reload(server)["unchanged"] == 3


@pytest.mark.parametrize(
    "proxies, text",
    [
        ("pg", 'ACONITE_PROXIES: entry 1: "pg" must be NAME=LISTEN->UPSTREAM'),
        ("b=:0->u:1,b=:0->u:2", "ACONITE_PROXIES: 'name' must be unique, and 'b' is used twice"),
        ("a=:0->u:1", "ACONITE_PROXIES: 'name' must be unique, and 'a' is used twice"),
        ("b=nope->u:1", "missing port in address"),
        ("b=:0->u:1;c=:0->u:2", 'ACONITE_PROXIES: entry 1, character 10: ";" cannot stand'),
        ("b=:0->u:1\n'c=:0->u:2'", "ACONITE_PROXIES: entry 2, character 1: \"'\" cannot stand"),
        ("b={taken}->u:1", "ACONITE_PROXIES: proxy 'b': listen tcp {taken}: bind: address already"),
    ],
)
def test_bad_proxies_of_the_environment_end_the_process(
    program_folder, file, upstream, proxies, text
):
    file.write(entry("a"))
    taken = upstream.address
    done = subprocess.run(
        [program_folder / "toxiproxy-server", "-port", str(reserve_port()), "-config", file.path],
        capture_output=True,
        text=True,
        timeout=10,
        env={**os.environ, "ACONITE_PROXIES": proxies.replace("{taken}", taken)},
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert text.replace("{taken}", taken) in done.stderr


@pytest.fixture
def aconite(program_folder, server):
    """Runs the command line against the server: (status, output, errors)."""

    def run(*args, **env):
        done = subprocess.run(
            [program_folder / "aconite", "--host", f"127.0.0.1:{server.port}", *args],
            capture_output=True,
            text=True,
            timeout=10,
            env={**os.environ, **env},
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_the_command_line_gets_checks_and_applies(aconite, api, tmp_path, file):
    path = tmp_path / "config.yaml"
    path.write_text(
        "- {name: a, listen: '127.0.0.1:0', upstream: '${HOST}:1', toxics: [{type: noop}]}\n"
    )
    checked = aconite("config", "check", str(path), HOST="h")
    assert checked == (0, f"{path}: 1 proxies, 1 toxics\n", "")
    assert aconite("config", "apply", str(path), HOST="h") == (0, "created: a\n", "")
    assert api.get("/config").json()[0]["upstream"] == "h:1"
    status, text, _ = aconite("config", "get")
    assert (status, json.loads(text)) == (0, api.get("/config").json())
    status, text, _ = aconite("config", "get", "--yaml")
    assert (status, text) == (0, api.get("/config?format=yaml").text)
    file.write(*api.get("/config").json())
    assert aconite("config", "apply", str(file.path)) == (0, "unchanged: a\n", "")
    status, text, _ = aconite("config", "apply", "-o", "json", str(file.path))
    assert (status, json.loads(text)["unchanged"]) == (0, ["a"])


def test_the_command_line_tells_what_is_wrong(aconite, api, tmp_path, file, upstream):
    file.write(text="[\n {")
    for verb in ("check", "apply"):
        status, out, error = aconite("config", verb, str(file.path))
        assert (status, out) == (1, "")
        assert f"{file.path}:2:2: unexpected EOF" in error
    file.write(entry("a", listn="x"))
    status, out, error = aconite("config", "check", str(file.path))
    assert (status, error) == (0, f"{file.path}: /0/listn is not known and ignored\n")
    file.write(entry("a", listen=upstream.address))
    status, out, error = aconite("config", "apply", str(file.path))
    assert status == 1
    assert f"HTTP 500: a: listen tcp {upstream.address}: bind: address already in use" in error
    assert aconite("config", "check", str(tmp_path / "none.json"))[0] == 1
    assert aconite("config", "check")[2] == "A file is missing.\n"

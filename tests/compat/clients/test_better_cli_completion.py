"""aconite completion: real shells complete what is typed, and run it."""

import os
import pty
import select
import shutil
import signal
import subprocess
import time

import pytest

from servers.ports import reserve_port

PROMPT = "ready> "
SHELLS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        f"PS1='{PROMPT}'; . <(aconite completion bash)",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        f"PROMPT='{PROMPT}'; autoload -Uz compinit; compinit -D; . <(aconite completion zsh)",
    ),
}


class Terminal:
    """An interactive shell that a test types into."""

    def __init__(self, command, environment, folder):
        self.shown = ""
        pid, self._fd = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self._pid = pid

    def type(self, text):
        os.write(self._fd, text.encode())

    def _read(self):
        ready, _, _ = select.select([self._fd], [], [], 0.1)
        if ready:
            self.shown += os.read(self._fd, 65536).decode(errors="replace")

    def wait_for(self, condition, what):
        """What `condition` returns as soon as that is something true."""
        deadline = time.monotonic() + 15
        while not (value := condition()):
            assert time.monotonic() < deadline, f"{what}: {self.shown!r}"
            self._read()
        return value

    def wait_to_show(self, text):
        self.wait_for(lambda: text in self.shown, f"{text!r} is not shown")

    def close(self):
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)


@pytest.fixture
def environment(program_folder, server):
    return {
        "PATH": f"{program_folder}:{os.environ['PATH']}",
        "TOXIPROXY_URL": f"http://127.0.0.1:{server.port}",
        "TERM": "dumb",
        "HOME": "/nonexistent",
    }


@pytest.fixture(params=SHELLS)
def terminal(request, closing, environment, tmp_path):
    command, setup = SHELLS[request.param]
    assert shutil.which(command[0]), f"{command[0]} is not installed"
    shell = closing(Terminal(command, environment, tmp_path))
    # Typed in two parts, so that what is waited for is no echo.
    shell.type(f"{setup}; echo all''set\n")
    shell.wait_to_show("allset")
    return shell


def test_what_a_shell_completes_does_what_it_says(terminal, api, upstream):
    proxy = api.create(upstream.address, name="redis")
    terminal.type("aconite tox\tad\tred\t-t laten\t-n made -a latency=7,jit\t5,distr\tno\t\n")

    def made():
        return api.get(f"{proxy.path}/toxics").json()

    toxics = terminal.wait_for(made, "no toxic is there")
    assert (toxics[0]["name"], toxics[0]["type"]) == ("made", "latency")
    wanted = {"latency": 7, "jitter": 5, "distribution": "normal"}
    assert wanted.items() <= toxics[0]["attributes"].items()

    # Behind a colon and an equals sign, with the reference's name, and a toxic's name.
    terminal.type(f"toxiproxy-cli --host=http://localhost:{api.port} t rem\t-n ma\tredis\n")
    terminal.wait_for(lambda: not made(), "the toxic is still there")


def test_a_name_is_no_command_of_the_shell(terminal, api, upstream, tmp_path):
    api.create(upstream.address, name="x;touch made;$(touch made) y")
    api.create(upstream.address, name="z\x1b[2J\n")
    terminal.type("aconite inspect x\t-o json\n")
    terminal.wait_to_show('"name"')
    assert not (tmp_path / "made").exists()
    terminal.type("aconite inspect z\t && echo don''e\n")
    terminal.wait_to_show("Failed to retrieve proxy z:")


def test_names_of_files_are_left_to_the_shell(terminal, tmp_path):
    (tmp_path / "example.json").write_text("[]")
    terminal.type("aconite config che\texam\t\n")
    terminal.wait_to_show("0 proxies")


def test_several_candidates_are_shown(terminal):
    terminal.type("aconite to\t\t")
    terminal.wait_to_show("toggle")
    terminal.wait_to_show("toxic")


def test_fish_completes(environment, program_folder, api, upstream, tmp_path):
    api.create(upstream.address, name="redis")
    (tmp_path / "example.json").touch()

    def complete(line):
        script = "aconite completion fish | source; complete -C $argv[1]"
        done = subprocess.run(
            ["fish", "--no-config", "-c", script, line],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            cwd=tmp_path,
            env={**environment, "HOME": str(tmp_path)},
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    assert complete("aconite insp") == ["inspect\tshow a proxy's toxics"]
    assert complete("aconite inspect ")[0].startswith("redis\t")
    assert [line.split("\t")[0] for line in complete("toxiproxy-cli to")] == ["toggle", "toxic"]
    assert [line.split("\t")[0] for line in complete("aconite config apply ex")] == [
        "example.json"
    ]


@pytest.fixture
def candidates(program_folder):
    """What the program says of a line: candidates(url, *words) are the words that may stand."""

    def ask(url, *words):
        done = subprocess.run(
            [program_folder / "aconite", "__complete", "aconite", *words],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env={"TOXIPROXY_URL": url},
        )
        assert (done.returncode, done.stderr) == (0, "")
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    return ask


def test_nothing_is_said_where_no_server_is(candidates):
    began = time.monotonic()
    assert candidates(f"localhost:{reserve_port()}", "inspect", "") == []
    assert candidates("no-such-name.invalid:1", "inspect", "") == []
    assert candidates("nonsense://", "inspect", "") == []
    assert time.monotonic() - began < 3


def test_every_verb_type_and_attribute_is_there(candidates, cli, api):
    url = f"http://127.0.0.1:{api.port}"
    shown = cli("--help")[1].partition("Subcommands:\n")[2].splitlines()
    assert candidates(url, "") == [line.split()[0].rstrip(",") for line in shown if line.strip()]
    types = api.get("/toxic-types").json()["toxics"]
    add = ["toxic", "add"]
    assert sorted(candidates(url, *add, "-t", "")) == sorted(one["name"] for one in types)
    for one in types:
        keys = [key[:-1] for key in candidates(url, *add, "-t", one["name"], "-a", "")]
        assert sorted(keys) == sorted(row["name"] for row in one["attributes"])

"""toxiproxy-cli: the real one against the server, and the one beside the server against the real.

Everything runs without a terminal, so the output is the plain one that scripts read.
"""

import os
import subprocess

import pytest

from servers.ports import reserve_port

UPSTREAM = "127.0.0.1:9"

# Each step: arguments, status, output, errors. {port} is the proxy's listening port.
STEPS = [
    ("list", 0, "", ""),
    ("create --listen 127.0.0.1:{port} --upstream 127.0.0.1:9 db", 0, "Created new proxy db\n", ""),
    (
        "create -l 127.0.0.1:0 -u 127.0.0.1:9 db",
        1,
        "",
        "Failed to create proxy: Create: HTTP 409: proxy already exists\n",
    ),
    ("list", 0, "db\t127.0.0.1:{port}\t127.0.0.1:9\tenabled\t0\n", ""),
    ("inspect db", 0, "", ""),
    (
        "toxic add -t latency -a latency=200 -a jitter=5 db",
        0,
        "Added downstream latency toxic 'latency_downstream' on proxy 'db'\n",
        "",
    ),
    (
        "toxic add --type bandwidth --toxicName slow --upstream --toxicity 0.25 -a rate=100 db",
        0,
        "Added upstream bandwidth toxic 'slow' on proxy 'db'\n",
        "",
    ),
    (
        "inspect db",
        0,
        "slow\ttype=bandwidth\tstream=upstream\ttoxicity=0.25\tattributes=[\trate=100\t]\n"
        "latency_downstream\ttype=latency\tstream=downstream\ttoxicity=1.00\t"
        "attributes=[\tjitter=5\tlatency=200\t]\n",
        "",
    ),
    ("l", 0, "db\t127.0.0.1:{port}\t127.0.0.1:9\tenabled\t2\n", ""),
    (
        "toxic add -t latency db",
        1,
        "",
        "Failed to add toxic: failed to add toxic to proxy db: "
        "AddToxic: HTTP 409: toxic already exists\n",
    ),
    (
        "toxic add -t nope db",
        1,
        "",
        "Failed to add toxic: failed to add toxic to proxy db: "
        "AddToxic: HTTP 400: invalid toxic type\n",
    ),
    (
        "toxic update -n slow --toxicity 0.5 -a rate=200 db",
        0,
        "Updated toxic 'slow' on proxy 'db'\n",
        "",
    ),
    (
        "t u -n latency_downstream -a latency=7 db",
        0,
        "Updated toxic 'latency_downstream' on proxy 'db'\n",
        "",
    ),
    (
        "i db",
        0,
        "slow\ttype=bandwidth\tstream=upstream\ttoxicity=0.50\tattributes=[\trate=200\t]\n"
        "latency_downstream\ttype=latency\tstream=downstream\ttoxicity=1.00\t"
        "attributes=[\tjitter=5\tlatency=7\t]\n",
        "",
    ),
    (
        "toxic update -n nobody -a rate=1 db",
        1,
        "",
        "Failed to update toxic: failed to update toxic 'nobody' of proxy 'db': "
        "HTTP 404: toxic not found\n",
    ),
    ("toxic remove -n slow db", 0, "Removed toxic 'slow' on proxy 'db'\n", ""),
    (
        "toxic delete --toxicName latency_downstream db",
        0,
        "Removed toxic 'latency_downstream' on proxy 'db'\n",
        "",
    ),
    (
        "t r -n nobody db",
        1,
        "",
        "Failed to remove toxic: failed to remove toxic 'nobody' from proxy 'db': "
        "HTTP 404: toxic not found\n",
    ),
    ("t a -t noop -d -n n db", 0, "Added downstream noop toxic 'n' on proxy 'db'\n", ""),
    ("inspect db", 0, "n\ttype=noop\tstream=downstream\ttoxicity=1.00\tattributes=[\t]\n", ""),
    ("toggle db", 0, "Proxy db is now disabled\n", ""),
    ("ls", 0, "db\t127.0.0.1:{port}\t127.0.0.1:9\tdisabled\t1\n", ""),
    ("tog db", 0, "Proxy db is now enabled\n", ""),
    ("new -l 127.0.0.1:{port2} -u a:1 another", 0, "Created new proxy another\n", ""),
    (
        "li",
        0,
        "another\t127.0.0.1:{port2}\ta:1\tenabled\t0\n"
        "db\t127.0.0.1:{port}\t127.0.0.1:9\tenabled\t1\n",
        "",
    ),
    ("delete db", 0, "Deleted proxy db\n", ""),
    ("d another", 0, "Deleted proxy another\n", ""),
    ("inspect db", 1, "", "Failed to retrieve proxy db: HTTP 404: proxy not found\n"),
    ("toggle db", 1, "", "Failed to retrieve proxy db: HTTP 404: proxy not found\n"),
    ("delete db", 1, "", "Failed to retrieve proxy db: HTTP 404: proxy not found\n"),
]

# What is wrong on the command line itself: usage is printed, whose wording is free.
MISUSES = [
    "inspect",
    "create db",
    "create -l 127.0.0.1:0 db",
    "create -u a:1 db",
    "create -l 127.0.0.1:0 -u a:1",
    "toggle",
    "delete",
    "toxic add db",
    "toxic add -t latency",
    "toxic add -t latency -u -d db",
    "toxic add -t latency --toxicity 2 db",
    "toxic add -t latency --toxicity x db",
    "toxic update db",
    "toxic remove db",
]


def call(program, server, arguments, by_environment=False):
    """Runs one command line and returns its finished process."""
    url = f"http://127.0.0.1:{server.port}"
    environment = {key: value for key, value in os.environ.items() if key != "TOXIPROXY_URL"}
    host = ["--host", url]
    if by_environment:
        environment["TOXIPROXY_URL"] = url
        host = []
    return subprocess.run(
        [program, *host, *arguments.split()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        env=environment,
    )


def play(program, server):
    """Runs every step and compares status, output and errors (but for empty lines after one)."""
    ports = {"port": reserve_port(), "port2": reserve_port()}
    for number, (arguments, status, output, errors) in enumerate(STEPS):
        done = call(program, server, arguments.format(**ports), by_environment=number % 2 == 1)
        expected = (arguments, status, output.format(**ports), errors.rstrip("\n"))
        seen = (arguments, done.returncode, done.stdout, done.stderr.rstrip("\n"))
        assert seen == expected


def test_the_real_cli_works_with_the_server(server, reference_folder):
    play(reference_folder / "toxiproxy-cli", server)


def test_the_cli_beside_the_server_says_what_the_real_one_says(server, program_folder):
    play(program_folder / "toxiproxy-cli", server)


@pytest.mark.parametrize("arguments", MISUSES)
def test_misuse_fails_as_with_the_real_cli(server, program_folder, reference_folder, arguments):
    server.api.create(UPSTREAM, name="db")
    ours = call(program_folder / "toxiproxy-cli", server, arguments)
    real = call(reference_folder / "toxiproxy-cli", server, arguments)
    assert ours.returncode == real.returncode == 1
    assert ours.stderr
    assert server.api.get("/proxies/db/toxics").json() == []
    assert list(server.api.get("/proxies").json()) == ["db"]


def test_an_unreachable_server_is_an_error(server, program_folder):
    server.terminate()
    done = call(program_folder / "toxiproxy-cli", server, "list")
    assert done.returncode == 1
    assert "connection refused" in done.stderr.lower()


@pytest.mark.parametrize("flag, start", [("--version", "toxiproxy-cli version "), ("--help", "")])
def test_version_and_help_are_on_stdout(program_folder, flag, start):
    done = subprocess.run(
        [program_folder / "toxiproxy-cli", flag], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0
    assert done.stdout.startswith(start)
    assert "toxi" in done.stdout.lower()


def test_the_user_agent_names_the_cli(server, program_folder):
    call(program_folder / "toxiproxy-cli", server, "list")
    line = server.wait_logged("", level="debug", url="/proxies")
    assert line["user_agent"].startswith("toxiproxy-cli/")

"""Fixtures of the compatibility tests: the server under test, and peers that are cleaned up."""

import os
import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from compat_kit import binaries, peers  # noqa: E402
from compat_kit.server import Server  # noqa: E402

SERVERS = ("aconite", "reference")


def pytest_addoption(parser):
    parser.addoption(
        "--against",
        default=os.environ.get("COMPAT_AGAINST", ""),
        help="servers to test, with commas: aconite,reference "
        "(default: both, and aconite alone where the reference has the fault)",
    )


def pytest_generate_tests(metafunc):
    if "server_kind" not in metafunc.fixturenames:
        return
    better = metafunc.module.__name__.rpartition(".")[2].startswith("test_better")
    default = "aconite" if better else ",".join(SERVERS)
    chosen = (metafunc.config.getoption("--against") or default).split(",")
    unknown = set(chosen) - set(SERVERS)
    if unknown:
        raise pytest.UsageError(f"--against: no such server: {', '.join(sorted(unknown))}")
    metafunc.parametrize("server_kind", chosen, scope="session")


@pytest.fixture(scope="session")
def reference_folder():
    """The folder with the reference's programs. Skips, with the reason, without them."""
    try:
        return binaries.reference_folder()
    except binaries.Unavailable as reason:
        pytest.skip(f"no reference: {reason}")


@pytest.fixture(scope="session")
def program_folder(server_kind, request):
    """The folder with toxiproxy-server and toxiproxy-cli of the server under test."""
    if server_kind == "reference":
        return request.getfixturevalue("reference_folder")
    folder = binaries.aconite_folder()
    assert (folder / "toxiproxy-server").exists(), f"build aconite first: nothing in {folder}"
    return folder


@pytest.fixture
def start(program_folder):
    """Starts servers: start(*flags, env=..., preexec=..., ready=True)."""
    servers = []

    def start_one(*args, ready=True, **more):
        server = Server(program_folder / "toxiproxy-server", args, **more)
        servers.append(server)
        return server.wait_ready() if ready else server

    yield start_one
    for server in servers:
        server.close()


@pytest.fixture
def server(start):
    return start()


@pytest.fixture
def api(server):
    return server.api


@pytest.fixture
def closing():
    """Registers things with a close(): they are closed when the test is over."""
    things = []

    def register(thing):
        things.append(thing)
        return thing

    yield register
    for thing in reversed(things):
        thing.close()


@pytest.fixture
def upstream(closing):
    return closing(peers.Upstream())


@pytest.fixture
def echo(closing):
    return closing(peers.Echo())


@pytest.fixture
def proxy(api, upstream):
    return api.create(upstream.address)


@pytest.fixture
def connect(closing):
    """Connects and registers the socket for closing."""

    def connect_to(address, **more):
        return closing(peers.connect(address, **more))

    return connect_to


@pytest.fixture
def link(proxy, upstream, connect):
    """Opens a connection through the proxy: link() returns (client's end, server's end)."""

    def open_one():
        client = connect(proxy.address)
        return client, upstream.accept()

    return open_one

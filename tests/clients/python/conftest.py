"""Fixtures of the Python client's tests: a real server, something behind its proxies, and the
package as pip installs it."""

import shutil
import socket
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "clients/python"
sys.path[:0] = [str(PACKAGE / "src"), str(ROOT / "tests/compat"), str(ROOT / "tests/support")]

import aconite  # noqa: E402
from compat_kit import binaries  # noqa: E402
from compat_kit.installs import run  # noqa: E402
from compat_kit.peers import Echo  # noqa: E402
from servers.ports import reserve_port  # noqa: E402
from servers.process import Process  # noqa: E402
from servers.proxy_server import binary  # noqa: E402
from servers.waiting import wait_until  # noqa: E402


@pytest.fixture(scope="session")
def aconite_binary():
    return str(binary())


@pytest.fixture
def process(aconite_binary):
    with aconite.ServerProcess(aconite_binary) as started:
        yield started


@pytest.fixture
def server(process):
    return process.server


@pytest.fixture(scope="session")
def echo():
    """The address of an upstream that sends back what it receives."""
    upstream = Echo()
    yield upstream.address
    upstream.close()


@pytest.fixture
def proxy(server, echo):
    return server.create_proxy("echo", echo)


@pytest.fixture
def talk():
    """Sends something through a proxy and returns what came back, and after how many seconds."""

    def once(proxy, data=b"hello"):
        began = time.monotonic()
        with socket.create_connection(proxy.address, timeout=10) as connection:
            connection.sendall(data)
            return connection.recv(len(data)), time.monotonic() - began

    return once


@pytest.fixture(scope="session")
def toxiproxy(tmp_path_factory):
    """Toxiproxy itself, as an aconite.Server. Skips, with the reason, without it."""
    try:
        folder = binaries.reference_folder()
    except binaries.Unavailable as reason:
        pytest.skip(f"no Toxiproxy: {reason}")
    port = reserve_port()
    process = Process("toxiproxy", [folder / "toxiproxy-server", "-host", "127.0.0.1", "-port",
                                    port], tmp_path_factory.mktemp("toxiproxy") / "log")
    server = aconite.Server(f"http://127.0.0.1:{port}")

    def answers():
        process.check()
        try:
            return server.version()
        except aconite.Unreachable:
            return None

    wait_until(answers, "Toxiproxy")
    yield server
    process.stop()


@pytest.fixture(scope="session")
def package_copy(tmp_path_factory):
    """The package's sources, where a build may leave its traces."""
    return shutil.copytree(
        PACKAGE, tmp_path_factory.mktemp("sources") / "python",
        ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))


@pytest.fixture(scope="session")
def wheel(package_copy, tmp_path_factory):
    """The wheel, made without any download."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps",
        "--no-build-isolation", "--wheel-dir", folder, package_copy)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="session")
def empty_python(tmp_path_factory):
    """Makes environments that have Debian's packages, pytest among them, and nothing else."""

    def make():
        folder = tmp_path_factory.mktemp("venv")
        run(sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", folder)
        return folder / "bin/python"

    return make


@pytest.fixture(scope="session")
def installed_python(empty_python, wheel):
    """A Python with the wheel installed."""
    python = empty_python()
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    return python


@pytest.fixture
def clean_environment(monkeypatch, aconite_binary):
    """The plugin finds the binary under test by ACONITE_BIN and nothing else."""
    for name in ("ACONITE_URL", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ACONITE_BIN", aconite_binary)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture
def run_tests(pytester, installed_python, echo, clean_environment):
    """Runs a test file by pytest in a process of its own, with the installed plugin.

    The file has the upstream's address as ECHO, and `talk` as here.
    """

    def run_file(text, *arguments):
        pytester.makepyfile(HEAD.format(echo=echo) + text)
        return pytester.run(installed_python, "-m", "pytest", "-p", "no:cacheprovider",
                            *arguments, timeout=60)

    return run_file


HEAD = '''
import os, signal, socket, time
import pytest
import aconite

ECHO = "{echo}"

def talk(proxy):
    began = time.monotonic()
    with socket.create_connection(proxy.address, timeout=10) as connection:
        connection.sendall(b"hello")
        assert connection.recv(5) == b"hello"
    return time.monotonic() - began

'''

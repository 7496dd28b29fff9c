"""Fixtures of the package tests: aconite as it is installed, and programs built on it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/compat")]

from debian_root import Root, prepared  # noqa: E402
from docker_kit.base_image import base_tar  # noqa: E402
from servers.proxy_server import ProxyServer  # noqa: E402
from servers.reporting import progress  # noqa: E402,F401


def run(*command, **options) -> str:
    """What the command printed; its whole output is the error's text if it fails."""
    done = subprocess.run([str(part) for part in command], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


@pytest.fixture
def server_url(tmp_path):
    """Of a running server."""
    server = ProxyServer(tmp_path)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture(scope="session")
def release():
    """The release build that ./dev made."""
    folder = ROOT / "build/release"
    assert (folder / "CMakeCache.txt").is_file(), "no release build: ./dev build makes it"
    return folder


@pytest.fixture(scope="session")
def debs(release, tmp_path_factory):
    """The Debian packages by name, made from that build."""
    folder = tmp_path_factory.mktemp("packages")
    run("cpack", "--config", release / "CPackConfig.cmake", "-B", folder)
    return {deb.name.split("_")[0]: deb for deb in folder.glob("*.deb")}


@pytest.fixture(scope="session")
def root(progress):
    """A Debian without any of aconite's dependencies, in memory: 0.4 GB for as long as it lives."""
    assert os.geteuid() == 0, "a root folder can be made by root only"
    with tempfile.TemporaryDirectory(prefix="aconite-root-", dir="/dev/shm") as folder:
        subprocess.run(["tar", "-xf", base_tar(progress), "-C", folder], check=True, timeout=60)
        yield prepared(Root(Path(folder)))

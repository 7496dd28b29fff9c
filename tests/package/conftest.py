"""Fixtures of the package tests: aconite as it is installed, and programs built on it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/compat")]

from servers.proxy_server import ProxyServer  # noqa: E402


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

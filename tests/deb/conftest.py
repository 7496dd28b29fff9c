"""Fixtures of the Debian packages' tests."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "compat")]

from compat_kit.installs import run  # noqa: E402
from debian_root import unpacked  # noqa: E402
from docker_kit.base_image import base_tar  # noqa: E402
from release_build import release  # noqa: E402,F401
from servers.reporting import progress  # noqa: E402,F401


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
        yield unpacked(base_tar(progress), Path(folder))

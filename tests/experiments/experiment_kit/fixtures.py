"""Fixtures that both folders of experiments' tests import."""

from pathlib import Path

import pytest

from servers.proxy_server import ROOT, binary


@pytest.fixture(scope="session")
def aconite():
    """The program under test."""
    return binary().absolute()


@pytest.fixture(scope="session")
def examples():
    return Path(ROOT) / "examples/experiments"

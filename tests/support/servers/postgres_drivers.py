"""Small programs that use PostgreSQL as applications do, each with another driver, fetched and built
once into the build folder."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from servers.maven import maven_that_fetches
from servers.process import ServerError, require
from servers.proxy_server import ROOT

PROBES = ROOT / "tests/integration/servers/drivers"
_BUILD = ROOT / "build/drivers"
_PGJDBC = "42.7.4"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def _run(*command, **more):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True,
                          timeout=570, **more)
    if done.returncode != 0:
        raise ServerError(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def _prepared(name, make):
    """build/drivers/NAME, made by make(folder) unless it is newer than its sources. Two runs at
    once: the second waits."""
    _BUILD.mkdir(parents=True, exist_ok=True)
    target = _BUILD / name
    newest = max(each.stat().st_mtime for each in (PROBES / name).iterdir())
    with open(_BUILD / f"{name}.lock", "w") as lock, contextlib.ExitStack() as cleanup:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir() and target.stat().st_mtime >= newest:
            return target
        shutil.rmtree(target, ignore_errors=True)
        new = Path(cleanup.enter_context(tempfile.TemporaryDirectory(dir=_BUILD))) / name
        shutil.copytree(PROBES / name, new)
        make(new)
        os.utime(new)
        os.rename(new, target)
    return target


def _make_node(folder):
    _run(require("npm", "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)


def _make_go(folder):
    _run(require("go", "golang-go"), "build", "-o", "probe", ".", cwd=folder,
         env={**os.environ, "GOTOOLCHAIN": os.environ.get("GOTOOLCHAIN", "auto")})


def _make_java(folder):
    _run(*maven_that_fetches(), _PLUGIN, f"-Dartifact=org.postgresql:postgresql:{_PGJDBC}",
         f"-DoutputDirectory={folder}", cwd=folder)
    _run(require("javac", "openjdk-17-jdk-headless"), "-d", folder, folder / "Probe.java")


def _make_rust(folder):
    _run(require("cargo", "cargo-web"), "build", "--quiet", cwd=folder)


def _make_libpq(folder):
    _run(sys.executable, "-m", "venv", folder)
    _run(folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "-r", folder / "requirements.txt")


def _node():
    return [require("node", "nodejs"), str(_prepared("node", _make_node) / "probe.js")]


def _go():
    return [str(_prepared("go", _make_go) / "probe")]


def _rust():
    return [str(_prepared("rust", _make_rust) / "target/debug/probe")]


def _java():
    folder = _prepared("java", _make_java)
    # It lives for a second: no need to compile it well.
    return [require("java", "openjdk-17-jdk-headless"), "-XX:TieredStopAtLevel=1", "-cp",
            f"{folder}:{folder}/postgresql-{_PGJDBC}.jar", "Probe"]


#: By the driver's name: the command, and what stands behind its arguments.
DRIVERS = {
    "node-postgres": (_node, []),
    "pgx": (_go, []),
    "sqlx": (_rust, []),
    "pgjdbc": (_java, ["extended"]),
    "pgjdbc, simple queries": (_java, ["simple"]),
}


def probe(driver, port, scenario, number):
    """What the application saw: connected, told ("committed", or nothing), sqlstate, and whether its
    connection is well afterwards."""
    command, more = DRIVERS[driver]
    return json.loads(_run(*command(), port, scenario, number, *more))


def libpq_probe(port, scenario, number=0, environment=None, **options):
    """The same with psycopg over libpq 18, which also tells `protocol` and `tls`; `options` are
    libpq's own. TLS and GSSAPI are not asked for if they do not say so. `environment` is added
    to the runner's."""
    folder = _prepared("libpq", _make_libpq)
    more = [f"{name}={value}" for name, value in options.items()]
    return json.loads(_run(folder / "bin/python", folder / "probe.py", port, scenario, number,
                           *more, env={**os.environ, **(environment or {})}))

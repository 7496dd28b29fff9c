"""PostgreSQL as applications use it, each with another driver."""

import json
import os

from servers.drivers import make_go, make_node, make_python, make_rust, prepared, run
from servers.maven import maven_that_fetches
from servers.process import require

_PGJDBC = "42.7.4"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def _make_java(folder):
    run(*maven_that_fetches(), _PLUGIN, f"-Dartifact=org.postgresql:postgresql:{_PGJDBC}",
        f"-DoutputDirectory={folder}", cwd=folder)
    run(require("javac", "openjdk-17-jdk-headless"), "-d", folder, folder / "Probe.java")


def _node():
    return [require("node", "nodejs"), str(prepared("node", make_node) / "probe.js")]


def _go():
    return [str(prepared("go", make_go) / "probe")]


def _rust():
    return [str(prepared("rust", make_rust) / "target/debug/probe")]


def _java():
    folder = prepared("java", _make_java)
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
    return json.loads(run(*command(), port, scenario, number, *more))


def libpq_probe(port, scenario, number=0, environment=None, **options):
    """The same with psycopg over libpq 18, which also tells `protocol` and `tls`; `options` are
    libpq's own. TLS and GSSAPI are not asked for if they do not say so. `environment` is added
    to the runner's."""
    folder = prepared("libpq", make_python)
    more = [f"{name}={value}" for name, value in options.items()]
    return json.loads(run(folder / "bin/python", folder / "probe.py", port, scenario, number,
                          *more, env={**os.environ, **(environment or {})}))

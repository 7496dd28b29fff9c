"""PostgreSQL's own tests, directly and through a proxy that follows them: the same is printed.

They come with its source: ACONITE_POSTGRES_SOURCE is the folder that `apt-get source postgresql-15`
unpacks, which the account postgres has to be able to read. Both take some minutes.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from operations import add, hits, journal
from servers.postgres_server import PostgresServer, pg_environment, pg_tool
from servers.process import require

SOURCE = os.environ.get("ACONITE_POSTGRES_SOURCE")
PROGRAMS = Path("/usr/lib/postgresql/15/lib/pgxs/src/test")
SUITES = {"regress": ("regress/pg_regress", "parallel_schedule"),
          "isolation": ("isolation/pg_isolation_regress", "isolation_schedule")}

pytestmark = pytest.mark.skipif(
    not SOURCE, reason="ACONITE_POSTGRES_SOURCE does not say where PostgreSQL's source is")


@pytest.fixture
def server():
    """Of its own: the tests make roles and databases."""
    server = PostgresServer()
    yield server
    server.stop()


def run(suite, port):
    """Runs the suite; what each of its tests printed, and its own last lines."""
    program, schedule = SUITES[suite]
    source = Path(SOURCE, "src/test", suite)
    with tempfile.TemporaryDirectory(prefix="aconite-postgres-own-") as name:
        folder = Path(name)
        results = folder / "results"
        results.mkdir()
        for each in (folder, results):
            each.chmod(0o777)  # the server writes there too
        done = subprocess.run(
            [require(str(PROGRAMS / program), "postgresql-client-15"), "--host=127.0.0.1",
             f"--port={port}", "--user=postgres", f"--bindir={Path(pg_tool('psql')).parent}",
             f"--inputdir={source}", f"--outputdir={folder}", f"--dlpath={source}",
             f"--schedule={source / schedule}", "--max-connections=10"],
            env=pg_environment(), cwd=folder, capture_output=True, text=True, timeout=1500)
        return {each.stem: each.read_text(errors="replace").replace(name, "FOLDER")
                for each in results.glob("*.out")}, done.stdout


@pytest.mark.parametrize("suite", SUITES)
def test_the_same_is_printed(proxy_server, server, progress, suite):
    proxy = proxy_server.api.create_proxy("postgres", server.address, protocol="postgres")
    add(proxy, preset="deadlock", match={"query": "never said by any test"})
    direct, said = run(suite, server.port)
    through, said_through = run(suite, proxy.port)
    assert len(direct) > 50, said
    progress(f"{suite}: directly {summary(said)}, through the proxy {summary(said_through)}")
    different = [name for name in direct if direct[name] != through.get(name)]
    assert different == []
    assert hits(proxy) == 0
    assert journal(proxy, "not_followed") == []


def summary(said):
    return re.search(r"(\d+ of \d+|All \d+) tests (failed|passed)", said)[0]

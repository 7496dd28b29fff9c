"""A throw-away PostgreSQL."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from servers.ports import reserve_port
from servers.process import Process, ServerError, require
from servers.waiting import succeeds, wait_until

_BIN = Path("/usr/lib/postgresql/15/bin")


def pg_tool(name):
    """The path of a program of the server package."""
    return require(str(_BIN / name), "postgresql-15")


def pg_environment():
    """What psql and pgbench need: neither TLS nor GSS, so the first message is the startup."""
    return {**os.environ, "PGUSER": "postgres", "PGDATABASE": "postgres", "PGHOST": "127.0.0.1",
            "PGSSLMODE": "disable", "PGGSSENCMODE": "disable", "PGCONNECT_TIMEOUT": "30"}


class PostgresServer:
    """PostgreSQL 15 on 127.0.0.1:`port`, by default a free one; superuser postgres, no password.

    It refuses to run as root; when the tests do, it runs as the account postgres. A class derived
    from it may have other programs and more settings.
    """

    def __init__(self, port=None):
        self.port = port or reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = tempfile.mkdtemp(prefix="aconite-postgres-")
        self._process = None
        try:
            self._give(self._folder)
            self._initialise()
            settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "",
                        "fsync": "off", "synchronous_commit": "off", "shared_buffers": "16MB",
                        **self._settings()}
            options = [f"--{name}={value}" for name, value in settings.items()]
            self._process = Process(
                "postgres",
                [self._tool("postgres"), "-D", f"{self._folder}/data", "-p", self.port, *options],
                f"{self._folder}/log", stop_signal=signal.SIGINT, user=self._user,
                **self._environment())
            wait_until(self._answers, "PostgreSQL answering")
        except BaseException:
            self.stop()
            raise

    def _tool(self, name):
        """The path of one of its programs."""
        return pg_tool(name)

    def _settings(self):
        """More of them, by name; asked for when the data folder is there."""
        return {}

    def _environment(self):
        """What its processes have beside the runner's."""
        return {}

    def _give(self, path):
        """To the account that it runs as."""
        if self._user is not None:
            shutil.chown(path, self._user, self._user)

    def _initialise(self):
        user = self._user
        command = [self._tool("initdb"), "-D", f"{self._folder}/data", "-U", "postgres",
                   "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        if user is not None:
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--",
                       *command]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True,
                              timeout=60)
        if done.returncode != 0:
            raise ServerError(f"initdb failed\n{done.stdout}{done.stderr}")

    def _answers(self):
        self._process.check()
        return succeeds([pg_tool("pg_isready"), "-q", "-p", str(self.port)], env=pg_environment())

    def query(self, sql):
        """Runs SQL on a direct connection, not through the proxy; returns psql's output."""
        return psql(self.port, sql, check=True).stdout.strip()

    def stop(self):
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def psql(port, sql, stdin=None, check=False, seconds=60):
    """Runs psql with one command; returns the finished process, output as text."""
    return subprocess.run(
        [require("psql", "postgresql-client-15"), "-XAtq", "-v", "ON_ERROR_STOP=1",
         "-p", str(port), "-c", sql],
        input=stdin, env=pg_environment(), capture_output=True, text=True, check=check,
        timeout=seconds)

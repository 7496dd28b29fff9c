"""A psql that stays connected while the test changes the proxy under it."""

import os
import selectors
import subprocess
import time

from servers.postgres_server import pg_environment
from servers.process import require


class PsqlSession:
    """psql on a pipe, a context manager; its error texts come mixed into the output."""

    MARK = "--end of answer--"

    def __init__(self, port):
        self._psql = subprocess.Popen(
            [require("psql", "postgresql-client-15"), "-XAtq", "-p", str(port)],
            env=pg_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._psql.stdout, selectors.EVENT_READ)
        self._text = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._selector.close()
        self._psql.stdin.close()
        self._psql.kill()
        self._psql.wait()
        self._psql.stdout.close()

    def send(self, sql):
        """Hands SQL to psql without waiting for its answer."""
        self._psql.stdin.write(f"{sql};\n\\echo {self.MARK}\n".encode())
        self._psql.stdin.flush()

    def quiet(self, seconds):
        """Watches for `seconds`; true when psql printed nothing and did not end."""
        return not self._text and not self._selector.select(seconds)

    def answer(self, seconds=30):
        """What psql printed for the oldest send() not yet answered, or until it ended."""
        deadline = time.monotonic() + seconds
        while f"{self.MARK}\n" not in self._text:
            if not self._selector.select(max(0, deadline - time.monotonic())):
                raise TimeoutError(f"no answer from psql within {seconds} s: {self._text!r}")
            data = os.read(self._psql.stdout.fileno(), 1 << 16)
            if not data:
                ended, self._text = self._text, ""
                return ended.strip()
            self._text += data.decode()
        text, self._text = self._text.split(f"{self.MARK}\n", 1)
        return text.strip()

    def query(self, sql):
        """send() and answer() in one."""
        self.send(sql)
        return self.answer()

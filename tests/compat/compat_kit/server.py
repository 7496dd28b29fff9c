"""Starts and stops the servers under test."""

import json
import pathlib
import signal
import subprocess
import tempfile

from servers.ports import reserve_port

from .api import Api
from .wait import wait_until


class Server:
    """One running server process on a port of its own, with its log in a temporary folder."""

    def __init__(self, binary: pathlib.Path, args=(), env=None, preexec=None, port=None):
        self._binary = binary
        self._folder = tempfile.TemporaryDirectory(prefix="aconite-compat-")
        self._log = pathlib.Path(self._folder.name) / "stdout"
        self._errors = pathlib.Path(self._folder.name) / "stderr"
        self.port = port or reserve_port()
        self.api = Api(self.port)
        with self._log.open("wb") as out, self._errors.open("wb") as err:
            self.process = subprocess.Popen(
                [binary, "-port", str(self.port), *args],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=env,
                preexec_fn=preexec,
            )

    def wait_ready(self) -> "Server":
        """Returns when the API answers. Fails when the process ends before that."""

        def ready():
            code = self.process.poll()
            assert code is None, f"server ended with {code}: {self.output}{self.error_output}"
            try:
                return self.api.get("/version", timeout=2).status == 200
            except OSError:
                return False

        wait_until(ready, 15, "the API")
        return self

    @property
    def output(self) -> str:
        return self._log.read_text()

    @property
    def error_output(self) -> str:
        return self._errors.read_text()

    def log(self) -> list:
        """The complete lines logged until now, decoded."""
        lines = self.output.split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def logged(self, message, **fields) -> list:
        """The lines with this message and these fields."""
        return [
            line
            for line in self.log()
            if line.get("message", "") == message
            and all(line.get(key) == value for key, value in fields.items())
        ]

    def wait_logged(self, message, **fields) -> dict:
        return wait_until(lambda: self.logged(message, **fields), 5, f"log line {message!r}")[0]

    def alive(self) -> bool:
        return self.process.poll() is None

    def terminate(self, number=signal.SIGTERM, timeout=10) -> int:
        """Sends a signal and returns the exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout)

    def close(self):
        if self.alive():
            self.process.kill()
        self.process.wait()
        self._folder.cleanup()

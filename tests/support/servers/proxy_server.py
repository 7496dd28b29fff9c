"""The proxy under test: aconite, or any other toxiproxy-server."""

import os
from pathlib import Path

from servers.ports import reserve_port
from servers.process import Process, ServerError
from servers.rest import RestClient
from servers.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]


def binary():
    """The binary under test: ACONITE_BIN, or the release build of this tree."""
    path = Path(os.environ.get("ACONITE_BIN", ROOT / "build/release/bin/aconite"))
    if not os.access(path, os.X_OK):
        raise ServerError(f"{path} is not there: build it, or set ACONITE_BIN")
    return path


class ProxyServer:
    """A running server with an empty list of proxies; `api` is its RestClient.

    It listens on 127.0.0.1:`port`, by default a free one. `flags` are added to its own; `prefix`
    is a command that runs the server's.
    """

    def __init__(self, folder, *flags, port=None, prefix=()):
        path = binary()
        command = [path, "serve"] if path.name == "aconite" else [path]
        self.port = port or reserve_port()
        self.api = RestClient(self.port)
        self.process = Process(
            "proxy server",
            [*prefix, *command, "-host", "127.0.0.1", "-port", str(self.port), "-proxy-metrics",
             *flags],
            Path(folder) / "proxy-server.log", LOG_LEVEL=os.environ.get("LOG_LEVEL", "info"))
        try:
            wait_until(self._answers, "the proxy server's /version")
        except BaseException:
            self.process.stop()
            raise

    def _answers(self):
        self.process.check()
        try:
            return self.api.json("GET", "/version")
        except ConnectionError:
            return None

    def stop(self):
        """Asks the server to stop; raises ServerError unless it was alive and ends with 0."""
        alive = self.process.alive()
        status = self.process.stop()
        if not alive or status != 0:
            raise ServerError(f"the proxy server {'ended' if alive else 'had died'} with status "
                              f"{status}\n{self.process.log_tail()}")

"""Where the session's server comes from."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Optional

import pytest

from .. import NotStarted, Server, ServerProcess


class UsageProblem(Exception):
    """Options that contradict each other."""


class Source:
    """Starts a server, or finds the one that runs, by the options of a session."""

    def __init__(self, config: pytest.Config) -> None:
        self._url: Optional[str] = config.getoption("--aconite-url")
        self._option: Optional[str] = config.getoption("--aconite-bin")
        self._ini: str = config.getini("aconite_bin")
        self._folder: Path = config.rootpath
        self._process: Optional[ServerProcess] = None
        if self._url and self._option:
            raise UsageProblem("--aconite-url and --aconite-bin: only one of them can be meant")
        if not self._url and not self._option:
            self._url = os.environ.get("ACONITE_URL")
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        #: What tells this worker's proxies from those of others at the same server; "" if alone.
        self.suffix = f"_{worker}" if self._url and worker else ""

    def start(self) -> Server:
        """Called once. NotStarted or Unreachable if there is none."""
        if self._url:
            server = Server(self._url)
            server.version()
            return server
        self._process = ServerProcess(self._binary())
        return self._process.server

    def _binary(self) -> str:
        if self._option:
            return os.path.expanduser(self._option)
        if self._ini:
            return str(self._folder / os.path.expanduser(self._ini))
        found = os.environ.get("ACONITE_BIN") or shutil.which("aconite")
        if not found:
            raise NotStarted(
                "there is no aconite: say where it is by --aconite-bin, aconite_bin in the ini "
                "file, ACONITE_BIN or PATH; or name one that runs by --aconite-url or ACONITE_URL")
        return found

    def ended(self) -> Optional[str]:
        """How the server that was started here ended; None while it lives, or of another."""
        return self._process.ended() if self._process else None

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

"""A server of our own, which ends with us."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from typing import Optional

from .errors import NotStarted
from .server import Server

#: The server tells its address in its log, as it chose its port itself.
_LISTENS = re.compile(rb'"address":"([^"]+)"')
#: Replaces itself by the server, which the kernel then kills when our thread ends, however it does.
_LAUNCH = """
import ctypes, os, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
_LOG_LINES_SHOWN = 5


class ServerProcess:
    """An `aconite serve` on a free port of 127.0.0.1; `server` is its handle.

    A context manager, or to be stopped by `stop`. It dies with the thread that started it, also if
    that is killed. NotStarted if it does not serve within `timeout` seconds.
    """

    def __init__(self, binary: str, *flags: str, timeout: float = 10.0) -> None:
        if not os.access(binary, os.X_OK) or os.path.isdir(binary):
            raise NotStarted(f"{binary} is not a program")
        environment = {**os.environ, "LOG_LEVEL": "info"}
        for name in ("ACONITE_CONFIG", "ACONITE_PROXIES"):  # it shall begin empty
            environment.pop(name, None)
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), os.path.abspath(binary),
             "serve", "-host", "127.0.0.1", "-port", "0", *flags],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT, env=environment,
            start_new_session=True)  # Ctrl-C is for us, who then stop it
        try:
            self.server = Server(self._address(timeout))
            self.server.version()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def _address(self, timeout: float) -> str:
        deadline = time.monotonic() + timeout
        while True:
            found = _LISTENS.search(os.pread(self._log.fileno(), 65536, 0))
            if found is not None:
                return found[1].decode()
            ended = self.ended()
            if ended is not None:
                raise NotStarted(ended)
            if time.monotonic() > deadline:
                raise NotStarted(f"aconite does not serve after {timeout:g} s{self._log_tail()}")
            time.sleep(0.005)

    def _log_tail(self) -> str:
        if self._log.closed:
            return ""
        size = os.fstat(self._log.fileno()).st_size
        tail = os.pread(self._log.fileno(), 4096, max(0, size - 4096)).decode(errors="replace")
        lines = tail.splitlines()[-_LOG_LINES_SHOWN:]
        return "; its log ends with\n" + "\n".join(lines) if lines else ""

    def ended(self) -> Optional[str]:
        """How it ended, and the end of its log; None while it lives."""
        status = self._process.poll()
        if status is None:
            return None
        how = f"status {status}" if status >= 0 else signal.Signals(-status).name
        return f"aconite (pid {self.pid}) ended with {how}{self._log_tail()}"

    def stop(self, timeout: float = 10.0) -> None:
        """Asks it to end, and kills it after `timeout` seconds. May be repeated."""
        self._process.terminate()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

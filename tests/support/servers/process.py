"""Server processes that never outlive the test run."""

import os
import shutil
import signal
import subprocess
from pathlib import Path


class ServerError(RuntimeError):
    """A server did not start, or ended badly; the text holds the tail of its log."""


def require(tool, package):
    """Returns the path of `tool`; raises ServerError naming the Debian package it comes in."""
    path = shutil.which(tool)
    if path is None:
        raise ServerError(f"{tool} is not installed (Debian package {package})")
    return path


class Process:
    """A server in a process group of its own, its output in one log file.

    Ctrl-C reaches only the test runner, which then stops the servers; should the runner itself be
    killed, the kernel sends `stop_signal` (PR_SET_PDEATHSIG). `user` runs the command as that
    account and needs root; `environment` is added to the runner's own.
    """

    #: Every process started and not yet stopped, oldest first.
    running = []

    def __init__(self, name, command, log, stop_signal=signal.SIGTERM, user=None, **environment):
        self.name = name
        self.log = Path(log)
        self._stop_signal = stop_signal
        wrapper = [require("setpriv", "util-linux")]
        if user is not None:
            wrapper += [f"--reuid={user}", f"--regid={user}", "--init-groups"]
        wrapper += [f"--pdeathsig={signal.Signals(stop_signal).name[3:]}", "--"]
        with open(self.log, "ab") as output:
            self._child = subprocess.Popen(
                wrapper + [str(word) for word in command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, **environment})
        Process.running.append(self)

    @property
    def pid(self):
        return self._child.pid

    def alive(self):
        return self._child.poll() is None

    def log_tail(self, lines=12, columns=240):
        """The last `lines` lines of the log, cut at `columns`, as text."""
        tail = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(line[:columns] for line in tail)

    def check(self):
        """Raises ServerError when the process has ended."""
        if not self.alive():
            raise ServerError(
                f"{self.name} ended with status {self._child.returncode}\n{self.log_tail()}")

    def stop(self, seconds=15):
        """Stops the group, by force after `seconds`; returns the exit status. May be repeated."""
        if self in Process.running:
            Process.running.remove(self)
        if self.alive():
            self._child.send_signal(self._stop_signal)
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return self._child.wait()

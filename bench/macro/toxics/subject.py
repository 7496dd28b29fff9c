"""A proxy server under measurement, and the load program that measures it."""

import json
import subprocess
import time
from pathlib import Path

import programs
from compat_kit.server import Server
from ports import free_port

#: Program and flags of each server. aconite gets one data thread, the reference what it takes.
SERVERS = {
    "aconite": (lambda: programs.built("toxiproxy-server"), ["-threads", "1"]),
    "toxiproxy": (programs.toxiproxy, []),
}


def cpu_s(pid: int) -> float:
    """Processor time of all threads of a process until now, to the nanosecond."""
    clock = (~pid << 3) | 2  # what clock_getcpuclockid(3) computes
    return time.clock_gettime(clock)


def memory_mb(pid: int, which: str) -> float:
    """What the status of a process says of its memory: VmRSS, VmHWM."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(which + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError(f"{which} is not in the status of the process")


class Subject:
    """A server of its own for one measurement, a context manager. Times in s, memory in MB."""

    def __init__(self, peer: str):
        program, flags = SERVERS[peer]
        self._server = Server(program(), flags, port=free_port())
        self._pid = self._server.process.pid
        self.api = self._server.api
        self.api.timeout = 60

    def __enter__(self) -> "Subject":
        try:
            self._server.wait_ready()
        except BaseException:
            self._server.close()
            raise
        return self

    def __exit__(self, *_):
        self._server.close()

    def cpu_s(self) -> float:
        return cpu_s(self._pid)

    def memory_mb(self, which="VmRSS") -> float:
        """Resident memory now, or with VmHWM the most there ever was."""
        return memory_mb(self._pid, which)

    def line(self) -> "Line":
        """Creates a proxy to a port where the load program will listen."""
        return Line(self, free_port())


class Line:
    """A proxy with the load program on both of its sides."""

    def __init__(self, subject: Subject, upstream: int):
        self._subject = subject
        self._upstream = upstream
        self.proxy = subject.api.create(f"127.0.0.1:{upstream}")

    def load(self, command: str, seconds: float, skip=0.0, **options) -> dict:
        """Runs one measurement; adds the processor time that the server took for it."""
        before = self._subject.cpu_s()
        found = load(command, listen=self._upstream, connect=self.proxy.address[1],
                     seconds=seconds, skip=skip, **options)
        return found | {"cpu_s": self._subject.cpu_s() - before}


def load(command: str, *, seconds: float, steps=(), **options) -> dict:
    """Runs aconite_toxic_load, which stands beside aconite, and returns what it found."""
    words = [str(programs.built("aconite_toxic_load")), command, "--seconds", str(seconds)]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    for step in steps:
        words += ["--step", step]
    limit = seconds + options.get("skip", 0) + 90
    done = subprocess.run(words, capture_output=True, text=True, timeout=limit, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout)

"""How long threads were ready to run and no processor was free, as the kernel counts it.

What a busy machine adds to a time that is measured, and the measured program does not.
"""

from pathlib import Path

_TICK_NS = 10_000_000


def of_processes(pids):
    """Nanoseconds so far, of all threads that they have."""
    return sum(int((thread / "schedstat").read_text(encoding="ascii").split()[1])
               for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir())


def of_machine():
    """Nanoseconds so far for which another machine had its processors, to 10 ms."""
    with open("/proc/stat", encoding="ascii") as stat:
        return int(stat.readline().split()[8]) * _TICK_NS

"""What processes and the machine spend: CPU time and memory, from /proc."""

import dataclasses
import os
import pathlib
import resource
import time

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """The process and all its living descendants."""
    found = [root]
    for parent in found:  # grows while it is walked
        for thread in _entries(f"/proc/{parent}/task"):
            children = _read(f"/proc/{parent}/task/{thread}/children")
            found += [int(child) for child in children.split()]
    return found


def seconds(root: int) -> float:
    """User and system time of the tree, with the children that it has waited for."""
    total = 0
    for pid in tree(root):
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        total += sum(int(ticks) for ticks in fields[11:15])  # utime stime cutime cstime
    return total / TICKS


def data_memory(root: int) -> int:
    """Bytes of resident memory of the tree without what is mapped from files.

    A page that processes share counts once. The pages of libraries would count less as soon as
    the load has them too.
    """
    total = 0
    for pid in tree(root):
        for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
            name, _, value = line.partition(":")
            if name in ("Pss_Anon", "Pss_Shmem"):
                total += int(value.split()[0]) * 1024
    return total


@dataclasses.dataclass
class Watch:
    """How much of the machine something else used since this was made.

    `proxy` is the process whose tree counts as our own, beside this process and the children that
    it has waited for meanwhile.
    """

    proxy: int | None

    def __post_init__(self):
        self._began = time.monotonic()
        self._machine = _machine_busy()
        self._proxy = self._proxy_seconds()
        self._own = _own_seconds()

    def proxy_seconds(self) -> float:
        return self._proxy_seconds() - self._proxy

    def foreign_share(self) -> float:
        """0 is nothing, 1 all CPUs of the machine; stolen time counts as foreign."""
        wall = time.monotonic() - self._began
        ours = self.proxy_seconds() + _own_seconds() - self._own
        return max(0.0, (_machine_busy() - self._machine - ours) / (wall * os.cpu_count()))

    def _proxy_seconds(self) -> float:
        return seconds(self.proxy) if self.proxy else 0.0


def _machine_busy() -> float:
    user, nice, system, _, _, irq, softirq, steal = map(int, _read("/proc/stat").split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def _own_seconds() -> float:
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in times)


def _read(path: str) -> str:
    """The file's text, nothing if the process has just ended."""
    try:
        return pathlib.Path(path).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _entries(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except (FileNotFoundError, ProcessLookupError):
        return []

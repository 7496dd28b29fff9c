"""One measurement: a fresh proxy, a load on it, and what both of them say afterwards."""

import contextlib
import ctypes
import json
import os
import pathlib
import resource
import signal
import subprocess
import tempfile

import cpu
import programs
from peers import Peer, Routes
from ports import free_ports, wait_listening
from rows import IDLE, MESH, Workload

LOAD = "aconite_load"
FOREIGN_LIMIT = 0.12  # of the machine: a sample disturbed more than that is taken again
ATTEMPTS = 3


class Failed(Exception):
    """The proxy or the load did not do its work; the text says what it printed."""


def take(peer: Peer | None, workload: Workload, seconds: float) -> dict:
    """Of up to ATTEMPTS samples the least disturbed one. No peer: the load without a proxy.

    Memory is what it is on a busy machine too: taken once.
    """
    best = None
    for attempt in range(1, ATTEMPTS + 1):
        sample = _sample(peer, workload, seconds)
        if best is None or sample["foreign_share"] < best["foreign_share"]:
            best = sample
        if best["foreign_share"] <= FOREIGN_LIMIT or workload.name == IDLE:
            break
    return {**best, "attempts": attempt}


def _sample(peer, workload, seconds) -> dict:
    routes = _routes(workload.nodes)
    proxy_core, load_core = _cores() if workload.pinned else (None, None)
    with contextlib.ExitStack() as stack:
        proxy = None
        if workload.name == IDLE:
            stack.enter_context(_small_pages())
        if peer:
            peer = peer.by_default() if workload.by_default else peer
            proxy = stack.enter_context(running(peer, routes, proxy_core))
        else:
            routes = [(upstream, upstream) for _, upstream in routes]
        watch = cpu.Watch(proxy)
        targets, upstreams = zip(*routes)
        arguments = [
            *workload.arguments, "--listen", _listed(set(upstreams)), "--target", _listed(targets)
        ]
        if workload.name == IDLE:
            result = _load_idle(arguments, peer.idle_steps, proxy)
        elif workload.name == MESH:
            result = _load_mesh([*arguments, "--seconds", seconds], proxy)
        else:
            result = _load([*arguments, "--seconds", seconds], load_core, seconds + 60)
        if not workload.keep_distribution:
            result.pop("distribution", None)
        return {
            "load": result,
            "cpu_seconds": round(watch.proxy_seconds(), 3) if proxy else None,
            "foreign_share": round(watch.foreign_share(), 4),
        }


def _routes(nodes: int) -> Routes:
    """One way through the proxy to one node, or to each of several from each other one."""
    ports = free_ports(nodes + max(1, nodes * (nodes - 1)))
    upstreams, listens = ports[:nodes], iter(ports[nodes:])
    if nodes == 1:
        return [(next(listens), upstreams[0])]
    return [(next(listens), to) for at in upstreams for to in upstreams if to != at]


@contextlib.contextmanager
def running(peer: Peer, routes: Routes, core: int | None = None):
    """The proxy's process number, while it runs; it listens already."""
    with tempfile.TemporaryDirectory(prefix="aconite-bench-") as name:
        folder = pathlib.Path(name)
        command = [peer.program(), *peer.command(folder, routes)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                _on_core(core, command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                env={**os.environ, **peer.environment},
                start_new_session=True,
            )
        try:
            for listen, _ in routes:
                wait_listening(listen, lambda: process.poll() is None)
            yield process.pid
        except (Failed, RuntimeError, OSError) as error:
            said = (folder / "log").read_text(errors="replace")[-500:].strip()
            raise Failed(f"{error}; {peer.name} said: {said or 'nothing'}") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _wait_for_orphans(process.pid)


def adopt_orphans():
    """From now on this process is the parent of what the proxies forked, once they are gone."""
    set_child_subreaper = 36
    _prctl(set_child_subreaper, 1)


def allow_descriptors():
    """For this process and all that it starts: as many as the system lets it have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.contextmanager
def _small_pages():
    """What is started meanwhile gets no huge pages: of a huge one that was counted before, a
    thousand connections might cost nothing."""
    set_thp_disable = 41
    _prctl(set_thp_disable, 1)
    try:
        yield
    finally:
        _prctl(set_thp_disable, 0)


def _prctl(option: int, value: int):
    if ctypes.CDLL(None).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(f"prctl({option}, {value}) failed")


def _wait_for_orphans(group: int):
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-group, 0)


def _load(arguments: list, core: int | None, patience: float) -> dict:
    command = _on_core(core, [programs.built(LOAD), *arguments])
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"the load did not end within {patience} s") from error
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or f"the load ended with {done.returncode}")
    return json.loads(done.stdout)


def _load_idle(arguments: list, steps: tuple, proxy: int) -> dict:
    """The proxy's memory before, with each number of open connections, and after traffic."""
    result = {"connections": steps[-1], "before": cpu.data_memory(proxy), "steps": []}
    for said in _talk([*arguments, "--steps", _listed(steps)]):
        used = cpu.data_memory(proxy)
        if "open" in said:
            result["steps"].append([said["open"], used])
            result["open"] = used
        else:
            result["passed"] = used
    return result


def _load_mesh(arguments: list, proxy: int | None) -> dict:
    """What the load says, and the proxy's memory while all connections stand."""
    result = {}
    for said in _talk(arguments):
        result = said | ({"memory": cpu.data_memory(proxy)} if proxy else {})
    return result


def _talk(arguments: list):
    """What a load says that waits after each of its lines until it is looked at."""
    with subprocess.Popen(
        [str(part) for part in [programs.built(LOAD), *arguments]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as load:
        try:
            for line in load.stdout:
                yield json.loads(line)
                load.stdin.write("\n")
                load.stdin.flush()
            if load.wait() != 0:
                raise Failed(load.stderr.read().strip())
        finally:
            load.kill()


def _listed(numbers) -> str:
    return ",".join(map(str, numbers))


def _cores() -> tuple:
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise Failed("pinning needs two cores")
    return allowed[0], allowed[1]


def _on_core(core: int | None, command: list) -> list:
    prefix = [] if core is None else ["taskset", "-c", str(core)]
    return prefix + [str(part) for part in command]

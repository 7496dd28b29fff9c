"""What is told and left when a run, its disk, its server or the system itself does not go on."""

import json
import os
import signal
import subprocess
import time

import pytest

from servers.ports import reserve_port
from servers.proxy_server import ProxyServer
from servers.waiting import wait_until
from test_restore import state_of

PROXIED = """
name: {name}
servers: {{main: "http://127.0.0.1:{server}"}}
proxies: [{{name: cache, listen: "127.0.0.1:{port}", upstream: "{redis}"}}]
targets: {{cache: {{proxy: cache}}}}
load: {{redis: [PING], server: "127.0.0.1:{port}", rate: 50/s, connections: 2}}
phases:
  - {{name: calm, duration: 500ms}}
  - {{name: slow, duration: {duration}, actions: [{action}]}}
validation: [{{expect: load.requests > 0}}]
"""
SHORT = """
name: {name}
phases: [{{name: p, duration: 10ms}}]
validation: [{{expect: 1 == 1}}]
"""
SLOW = "{toxic: {type: latency, attributes: {latency: 5}}, target: cache}"


class Place:
    """A folder with experiments, and the runs in it."""

    def __init__(self, folder, aconite):
        self.folder, self._aconite, self._running = folder, aconite, []

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def start(self, *words, prefix=(), state="state"):
        """Begins a run; what it says is in a file of its own."""
        output = open(self.folder / f"said{len(self._running)}", "w+")
        self._running.append(subprocess.Popen(
            [*prefix, self._aconite, "run", "--plain", "--state", state, *words],
            cwd=self.folder, stdout=output, stderr=output))
        self._running[-1].said = lambda: (self.folder / output.name).read_text()
        return self._running[-1]

    def restore(self):
        return subprocess.run([self._aconite, "restore", "--state", "state"], cwd=self.folder,
                              capture_output=True, text=True, timeout=60, check=False)

    def report(self, name):
        found = [json.loads(each.read_text()) for each in
                 (self.folder / "aconite-reports").glob(f"{name}-*/report.json")]
        assert len(found) == 1
        return found[0]

    def number_in(self, name):
        """The number that a process writes there once it runs."""
        file = self.folder / name
        wait_until(lambda: file.exists() and file.read_text().endswith("\n"), name, 30)
        return int(file.read_text())

    def end(self):
        for each in self._running:
            if each.poll() is None:
                each.kill()
                each.wait()


@pytest.fixture
def place(tmp_path, aconite):
    made = Place(tmp_path, aconite)
    yield made
    made.end()


def codes(report):
    return {each["code"] for each in report["codes"]}


def has_ended(pid):
    return state_of(pid) in (None, "Z")


@pytest.mark.parametrize("how", [["--cool-down", "60s", "a.yaml", "b.yaml"],
                                 ["--repeat", "1000", "a.yaml"]])
def test_runs_that_a_signal_kept_from_beginning_did_not_hold(place, how):
    for name in "ab":
        place.write(f"{name}.yaml", SHORT.format(name=name))
    run = place.start(*how)
    wait_until(lambda: "a: HELD" in run.said(), "the first run's end", 30)
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 3
    assert "did not begin" in run.said()


def test_of_several_one_that_did_not_hold_is_the_worst(place):
    place.write("a.yaml", """
name: a
phases: [{name: p, duration: 10ms}]
probes: {one: {command: "echo 1"}}
validation: [{expect: "one == 2"}]
""")
    place.write("b.yaml", """
name: b
phases: [{name: p, duration: 10ms}]
probes: {none: {command: "false"}}
validation: [{expect: "none == 1"}]
""")
    run = place.start("a.yaml", "b.yaml")
    assert run.wait(60) == 1, run.said()
    assert "a: DID NOT HOLD" in run.said() and "b: INCONCLUSIVE" in run.said()


def test_a_full_disk_takes_the_report_and_not_the_verdict(place):
    place.write("x.yaml", SHORT.format(name="x"))
    run = place.start("x.yaml", prefix=["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=2000"])
    assert run.wait(30) == 3
    assert "x: HELD" in run.said() and "File too large" in run.said()


def test_a_signal_ends_a_command_that_lasts_and_undoes_it(place):
    place.write("x.yaml", """
name: x
phases:
  - name: p
    duration: 10ms
    actions: [{command: "echo $$ > begun; exec sleep 1000", timeout: 1h, undo: "touch undone"}]
""")
    run = place.start("x.yaml")
    pid = place.number_in("begun")
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 3
    assert "stopped by a signal; all was undone" in run.said()
    assert has_ended(pid) and (place.folder / "undone").exists()


@pytest.mark.parametrize("is_killed", [False, True])
def test_what_a_load_has_started_is_gone_behind_it(place, is_killed):
    place.write("x.yaml", f"""
name: x
load: {{command: "setsid sleep 1000 & echo $! > away; sleep 1000 & echo $! > near; wait"}}
phases: [{{name: p, duration: {"60s" if is_killed else "500ms"}}}]
validation: [{{expect: 1 == 1}}]
""")
    run = place.start("x.yaml")
    pids = [place.number_in(name) for name in ("away", "near")]
    if is_killed:
        run.kill()
        run.wait()
        assert place.restore().returncode == 0
    else:
        assert run.wait(30) == 0, run.said()
    assert all(has_ended(pid) for pid in pids)


def test_a_service_that_does_not_come_back_did_not_hold(place):
    place.write("alive", "1\n")
    place.write("x.yaml", """
name: x
interval: 100ms
probes: {service: {command: "cat alive"}}
phases:
  - {name: calm, duration: 500ms}
  - {name: fault, duration: 200ms, actions: [{command: "rm alive"}, {kill: job}]}
targets: {job: {process: {command: [sleep, "1000"], run: true}}}
validation: [{name: it answers, expect: "service == 1"}]
""")
    run = place.start("x.yaml")
    assert run.wait(60) == 1, run.said()
    check = place.report("x")["checks"][0]
    assert check["state"] == "failed" and "No such file" in check["actual"]


def start_slow(place, server, redis_server, *others, duration="3s"):
    """A run, and others behind it, whose fault is in force for that long."""
    place.write("x.yaml", PROXIED.format(
        name="x", server=server.port, port=reserve_port(), redis=redis_server.address,
        duration=duration, action=SLOW))
    run = place.start("x.yaml", *others)
    wait_until(lambda: "is in force" in run.said(), "the fault in force", 30)
    return run


def test_a_server_that_was_started_anew_proves_nothing(place, redis_server, tmp_path):
    server = ProxyServer(tmp_path)
    try:
        run = start_slow(place, server, redis_server)
        server.process.stop()
        server = ProxyServer(tmp_path, port=server.port)
        assert run.wait(60) == 2, run.said()
    finally:
        server.process.stop()
    report = place.report("x")
    assert codes(report) >= {"EVIDENCE_MISSING"}
    assert "has ended the lease" in run.said()


def test_one_whose_proxy_somebody_removes_proves_nothing(place, proxy_server, redis_server):
    run = start_slow(place, proxy_server, redis_server)
    proxy_server.api.json("DELETE", "/proxies/cache")
    assert run.wait(60) == 2, run.said()
    assert codes(place.report("x")) >= {"EVIDENCE_MISSING"}


def test_one_whose_toxic_somebody_removes_proves_nothing(place, proxy_server, redis_server):
    run = start_slow(place, proxy_server, redis_server)
    proxy_server.api.json("DELETE", "/proxies/cache/toxics/experiment-latency-1")
    assert run.wait(60) == 2, run.said()
    assert codes(place.report("x")) >= {"EVIDENCE_MISSING"}
    assert "was removed before its time" in run.said()


def test_a_pause_of_one_that_dies_proves_nothing(place):
    place.write("x.yaml", """
name: x
targets: {job: {process: {command: [sh, -c, "echo $$ > pid; exec sleep 1000"], run: true, cwd: .}}}
phases: [{name: p, duration: 2s, actions: [{pause: job}]}]
validation: [{expect: 1 == 1}]
""")
    run = place.start("x.yaml")
    wait_until(lambda: "is in force" in run.said(), "the fault in force", 30)
    os.kill(place.number_in("pid"), signal.SIGKILL)
    assert run.wait(60) == 2, run.said()
    assert codes(place.report("x")) == {"TARGET_GONE"}
    assert "ended while it was paused" in run.said()


def test_a_target_that_is_not_there_is_found_before_the_load(place, proxy_server):
    phases = """
phases:
  - {name: calm, duration: 30s}
  - name: fault
    duration: 1s
    actions:
      - %s
"""
    place.write("proxy.yaml", f"""
name: proxy
servers: {{main: "http://127.0.0.1:{proxy_server.port}"}}
""" + phases % "{down: nowhere}")
    place.write("process.yaml", """
name: process
targets: {job: {process: {command: [sh, -c, "exit 3"], run: true}}}
""" + phases % "{kill: job}")
    for name, line, why in (("proxy", 10, "proxy 'nowhere': proxy not found"),
                            ("process", 10, "target 'job' does not run: it ended with status 3")):
        run = place.start(f"{name}.yaml")
        assert run.wait(20) == 3, run.said()
        said = " ".join(run.said().split())
        assert f"line {line}: " in said and why in said and "phase" not in said, said


def test_a_pause_that_is_refused_is_told_and_leaves_nothing(place):
    place.write("x.yaml", """
name: x
targets: {job: {process: {pid: 1}}}
phases: [{name: p, duration: 2s, actions: [{pause: job}]}]
""")
    run = place.start("x.yaml")
    assert run.wait(20) == 3, run.said()
    assert "it gets no signal" in " ".join(run.said().split())
    assert "not all could be undone" not in run.said()
    assert not list((place.folder / "state").glob("*.undo"))


def test_nothing_that_is_checked_proves_nothing(place):
    place.write("x.yaml", "name: x\nphases: [{name: p, duration: 10ms}]\nlearning: much\n")
    run = place.start("x.yaml")
    assert run.wait(20) == 2, run.said()
    assert codes(place.report("x")) == {"NOTHING_CHECKED"} and "much" not in run.said()


def test_the_load_of_the_control_is_in_the_report(place, proxy_server, redis_server):
    place.write("x.yaml", PROXIED.format(
        name="x", server=proxy_server.port, port=reserve_port(), redis=redis_server.address,
        duration="500ms", action=SLOW))
    run = place.start("--control", "x.yaml")
    assert run.wait(60) == 0, run.said()
    load, = place.report("x")["load"]
    assert load["control"]["ok"] > 10 and load["control"]["p50_ms"] < load["phases"][1]["p50_ms"]


def test_a_load_that_nobody_answered_before_the_fault_proves_nothing(place, proxy_server):
    place.write("x.yaml", PROXIED.format(
        name="x", server=proxy_server.port, port=reserve_port(), redis="127.0.0.1:1",
        duration="500ms", action=SLOW))
    run = place.start("x.yaml")
    assert run.wait(60) == 2, run.said()
    report = place.report("x")
    assert "STEADY_STATE_MISSING" in codes(report)
    assert report["load"][0]["phases"][0]["p50_ms"] is None


def test_a_proxy_that_another_run_has_made_is_left_to_it(place, proxy_server, redis_server):
    port = reserve_port()
    for name in ("first", "second"):
        place.write(f"{name}.yaml", PROXIED.format(
            name=name, server=proxy_server.port, port=port, redis=redis_server.address,
            duration="4s", action=SLOW))
    first = place.start("first.yaml")
    wait_until(lambda: "phase calm" in first.said(), "the first one's begin", 30)
    second = place.start("second.yaml", state="other")
    assert second.wait(60) == 3
    assert "the proxy cache was made by the run" in second.said(), second.said()
    assert "phase" not in second.said()
    assert first.wait(60) == 0, first.said()
    assert proxy_server.api.json("GET", "/proxies") == {}
    assert place.start("second.yaml").wait(60) == 0  # its turn


def test_of_two_that_begin_at_once_one_is_refused_and_takes_nothing_away(place, proxy_server,
                                                                         redis_server):
    port = reserve_port()
    place.write("x.yaml", PROXIED.format(
        name="x", server=proxy_server.port, port=port, redis=redis_server.address,
        duration="2s", action=SLOW))
    for _ in range(3):
        runs = [place.start("x.yaml", state=state) for state in ("one", "other")]
        assert sorted(run.wait(60) for run in runs) == [0, 3], [run.said() for run in runs]
    assert proxy_server.api.json("GET", "/proxies") == {}


def assert_restored(place, server):
    done = place.restore()
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.api.json("GET", "/proxies") == {}


@pytest.mark.parametrize("since_when", ["long before", "just before"])
def test_a_signal_beside_a_frozen_server_is_heeded_within_seconds(place, redis_server, tmp_path,
                                                                  since_when):
    server = ProxyServer(tmp_path)
    try:
        run = start_slow(place, server, redis_server, duration="60s")
        os.kill(server.process.pid, signal.SIGSTOP)
        if since_when == "long before":
            wait_until(lambda: "! " in run.said(),
                       "the runner to notice", 30)
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 3, run.said()
        took = time.monotonic() - began
        os.kill(server.process.pid, signal.SIGCONT)
        assert took < 12, f"{took:.1f} s\n{run.said()}"
        assert "not all could be undone" in run.said()
        assert_restored(place, server)
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
        server.process.stop()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_server_that_is_gone_ends_the_run_and_proves_nothing(place, redis_server, tmp_path, how):
    server = ProxyServer(tmp_path)
    try:
        run = start_slow(place, server, redis_server, duration="60s")
        began = time.monotonic()
        os.kill(server.process.pid, how)
        assert run.wait(60) == 2, run.said()
        took = time.monotonic() - began
        assert took < (12 if how == signal.SIGKILL else 25), f"{took:.1f} s\n{run.said()}"
        report = place.report("x")
        first = report["codes"][0]
        assert first["code"] == "TARGET_GONE"
        assert f"the server at http://127.0.0.1:{server.port} is gone: " in first["text"]
        assert codes(report) == {"TARGET_GONE"}
        check, = report["checks"]
        assert check["state"] == "unknown" and "before its time" in check["text"]
        assert list((place.folder / "state").glob("*.undo"))
        if how == signal.SIGKILL:
            server.process.stop()
            server = ProxyServer(tmp_path, port=server.port)
        else:
            os.kill(server.process.pid, signal.SIGCONT)
        assert_restored(place, server)
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
        server.process.stop()


def test_the_next_run_begins_behind_one_whose_server_is_gone(place, redis_server, tmp_path):
    server = ProxyServer(tmp_path)
    try:
        place.write("y.yaml", SHORT.format(name="y"))
        run = start_slow(place, server, redis_server, "y.yaml", duration="60s")
        os.kill(server.process.pid, signal.SIGKILL)
        assert run.wait(60) == 2, run.said()
        assert "y: HELD" in run.said()
    finally:
        server.process.stop()


def test_a_second_signal_kills_what_does_not_heed_the_first(place):
    place.write("x.yaml", """
name: x
targets:
  job: {process: {command: [sh, -c, "trap '' TERM; echo $$ > pid; while :; do sleep 60; done"],
                  run: true, cwd: .}}
phases: [{name: p, duration: 60s}]
validation: [{expect: 1 == 1}]
""")
    run = place.start("x.yaml")
    pid = place.number_in("pid")
    run.send_signal(signal.SIGINT)
    wait_until(lambda: "another Ctrl-C" in run.said(), "what is waited for", 30)
    assert f"process {pid} does not end by SIGTERM" in run.said()
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 3, run.said()
    assert time.monotonic() - began < 6
    assert "stopped by a signal; all was undone" in " ".join(run.said().split())
    assert has_ended(pid)


def test_without_an_engine_for_its_containers_nothing_begins(place):
    place.write("x.yaml", """
name: x
phases:
  - {name: calm, duration: 30s}
  - {name: gone, duration: 1s, actions: [{kill: job}]}
targets: {job: {container: job}}
""")
    run = place.start("x.yaml", prefix=["env", f"DOCKER_HOST=unix://{place.folder}/none.sock"])
    assert run.wait(20) == 3, run.said()
    said = " ".join(run.said().split())
    assert "none.sock: there is no such socket" in said and "phase" not in said

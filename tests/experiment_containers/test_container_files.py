"""A whole experiment on a container of a real engine: from its steady state to its verdict."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from servers.proxy_server import ROOT
from servers.waiting import wait_until

IMAGE = "debian:bookworm-slim"
PROGRAM = ROOT / "build/release/bin/aconite-experiment"
#: What is done to the container in the middle of it, and what is seen of it while that lasts.
DONE = {
    "pause": ("{pause: job}", "paused"),
    "kill": ("{kill: job}", "exited"),
    "stop": ("{stop: job}", "exited"),
    "update": ("{update: {memory: 64MB, cpus: 0.2}, target: job}", "running"),
    "stress": ("{stress: {cpu: 50%}, target: job}", "running"),
}
FILE = """\
name: A container
interval: 100ms
targets: {job: {container: %(container)s}}
probes: {job: {container: %(container)s}}
steady_state: [{expect: "job == 'running'", within: 5s}]
phases:
  - {name: before, duration: 500ms}
  - name: fault
    duration: 2s
    actions: [%(action)s]
  - {name: after, duration: 1s}
validation:
  - {name: it was seen, expect: "job == '%(state)s'", during: fault}
  - {name: it runs again, expect: "job == 'running'", within: 10s, after_phase: after}
"""


@pytest.fixture
def job(engine):
    engine.docker("run", "--detach", "--name", "job", IMAGE, "sh", "-c",
                  "trap 'exit 3' TERM; while :; do sleep 0.1; done")
    return "job"


def state_of(engine, name):
    return json.loads(engine.docker("inspect", name))[0]["State"]["Status"]


def run(engine, folder, text, *more):
    file = folder / "container.yaml"
    file.write_text(text)
    return engine.run(PROGRAM, "run", file, "--output", folder / "report", "--state",
                      folder / "state", *more, seconds=90, check=False)


@pytest.mark.parametrize("action", DONE)
def test_it_is_seen_and_undone(engine, job, tmp_path, action):
    text, state = DONE[action]
    done = run(engine, tmp_path, FILE % {"action": text, "container": job, "state": state})
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert state_of(engine, job) == "running"
    limits = json.loads(engine.docker("inspect", job))[0]["HostConfig"]
    # The engine has no way back to no limit: the largest that there is stands for it.
    assert limits["Memory"] in (0, 2**53) and limits["NanoCpus"] == 0
    again = engine.run(PROGRAM, "restore", "--state", tmp_path / "state", check=False)
    assert again.returncode == 0, again.stderr
    wait_until(lambda: state_of(engine, job) == "running", "the container")


def test_one_that_stays_dead_did_not_hold(engine, job, tmp_path):
    text = FILE % {"action": "{command: [docker, kill, job]}", "container": job,
                   "state": "exited"}
    done = run(engine, tmp_path, text)
    assert done.returncode == 1, done.stdout[-4000:] + done.stderr[-2000:]
    assert "it runs again" in done.stdout


def test_one_that_somebody_removes_is_told_and_proves_nothing(engine, job, tmp_path):
    """In the middle of a pause; there is nothing to undo then, and nothing fails of that."""
    text = FILE % {"action": "{pause: job}", "container": job, "state": "paused"}
    with ThreadPoolExecutor(1) as others:
        ran = others.submit(run, engine, tmp_path, text)
        wait_until(lambda: state_of(engine, job) == "paused", "the container paused")
        engine.docker("rm", "--force", job)
        done = ran.result()
    assert done.returncode == 2, done.stdout[-4000:] + done.stderr[-2000:]
    assert "TARGET_GONE: the container job was removed" in done.stdout
    assert "TOO_FEW_SAMPLES" not in done.stdout
    assert "could not be undone" not in done.stderr
    again = engine.run(PROGRAM, "restore", "--state", tmp_path / "state", check=False)
    assert again.returncode == 0 and "nothing is left" in again.stdout, again.stderr

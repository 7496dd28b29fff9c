"""Nothing stays changed: the runner ends by itself, by a signal, or is killed in the middle."""

import os
import signal
import subprocess

import pytest

from servers.waiting import wait_until

FILE = """
name: Restore
servers: {{main: "http://127.0.0.1:{port}"}}
proxies: [{{name: made, listen: "127.0.0.1:0", upstream: "127.0.0.1:9"}}]
targets:
  web: {{proxy: web}}
  job: {{process: {{pid_file: "{folder}/job.pid", command: ["sh", "{folder}/job.sh"]}}}}
  own: {{process: {{command: [sleep, "1000"], run: true}}}}
phases:
  - {{name: calm, duration: 100ms}}
  - name: fault
    duration: {duration}
    actions: [{action}]
"""
#: Its number stands in job.pid as soon as it runs.
JOB = 'echo $$ > "{folder}/job.pid.new"; mv "{folder}/job.pid.new" "{folder}/job.pid"; exec sleep 1000\n'
ACTIONS = {
    "toxic": "{toxic: {type: latency, attributes: {latency: 100}}, target: web}",
    "netem": "{netem: {delay: 100ms, loss: 10%}, target: web}",
    "partition": "{partition: web}",
    "down": "{down: web}",
    "kill": "{kill: job}",
    "stop": "{stop: job}",
    "pause": "{pause: job}",
    "stress": "{stress: {cpu: 1%}, target: job}",
    "command": '{command: "touch done", undo: "rm -f done"}',
    "preset": "{preset: loading, target: web}",
}
#: Those that may be in force at the same time.
TOGETHER = ("toxic", "netem", "partition", "preset", "down", "pause", "stress", "command")
#: A run of them says at least so many lines.
LINES = 24


def state_of(pid):
    """The letter of /proc/PID/stat: S sleeps, T is stopped; None if there is none."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


class Scene:
    """A proxy called web, a job that runs, and the experiment's file."""

    def __init__(self, folder, server, aconite):
        self.folder, self.aconite, self.api = folder, aconite, server.api
        self.port = server.port
        self.api.json("POST", "/proxies", {"name": "web", "listen": "127.0.0.1:0",
                                           "upstream": "127.0.0.1:9", "protocol": "redis"})
        (folder / "job.sh").write_text(JOB.format(folder=folder))
        self.job = subprocess.Popen(["sh", folder / "job.sh"], start_new_session=True)
        wait_until((folder / "job.pid").exists, "the job's number")

    def start(self, *actions, duration="60s"):
        (self.folder / "restore.yaml").write_text(FILE.format(
            port=self.port, folder=self.folder, duration=duration,
            action=", ".join(ACTIONS[each] for each in actions)))
        with open(self.folder / "output", "w") as output:
            return subprocess.Popen(
                [self.aconite, "run", "--plain", "restore.yaml", "--state", "state"],
                cwd=self.folder, stdout=output, stderr=output)

    def said(self):
        return (self.folder / "output").read_text()

    def restore(self, *options):
        return subprocess.run([self.aconite, "restore", "--state", "state", *options],
                              cwd=self.folder, capture_output=True, text=True, timeout=60,
                              check=False)

    def assert_unchanged(self):
        proxies = self.api.json("GET", "/proxies")
        assert list(proxies) == ["web"]
        assert (proxies["web"]["enabled"], proxies["web"]["toxics"]) == (True, [])
        # One that was started again writes its number by itself.
        wait_until(lambda: state_of(int((self.folder / "job.pid").read_text())) == "S",
                   "the job asleep as before", 30)
        assert not (self.folder / "done").exists()
        assert not [*(self.folder / "state").glob("*.undo")]
        left = subprocess.run(["pgrep", "-af", f"{self.folder}|ACONITE_STRESS"],
                              capture_output=True, text=True, check=False).stdout
        assert "busy" not in left

    def end(self):
        for pid in {self.job.pid, int((self.folder / "job.pid").read_text())}:
            if state_of(pid):
                os.kill(pid, signal.SIGKILL)
        self.job.wait()


@pytest.fixture
def scene(tmp_path, proxy_server, aconite):
    made = Scene(tmp_path, proxy_server, aconite)
    yield made
    made.end()


@pytest.mark.parametrize("action", ACTIONS)
def test_one_that_was_killed_is_restored(scene, action):
    run = scene.start(action)
    wait_until(lambda: "is in force" in scene.said(), f"{action} in force", 30)
    assert scene.restore().stdout.endswith("runs, left alone\n")
    run.kill()
    run.wait()
    assert "to undo" in scene.restore("--dry-run").stdout
    done = scene.restore()
    assert done.returncode == 0, done.stdout + done.stderr
    scene.assert_unchanged()
    assert "nothing is left" in scene.restore().stdout


@pytest.mark.parametrize("line", range(1, LINES))
def test_one_that_was_killed_behind_any_line_is_restored(scene, line):
    """While actions are put in force, in force, and taken back."""
    run = scene.start(*TOGETHER, duration="300ms")
    wait_until(lambda: scene.said().count("\n") >= line, f"{line} lines", 30)
    run.kill()
    run.wait()
    done = scene.restore()
    assert done.returncode == 0, done.stdout + done.stderr
    scene.assert_unchanged()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("action", ["toxic", "down", "kill", "pause"])
def test_one_that_was_interrupted_has_undone_all(scene, action, how):
    run = scene.start(action)
    wait_until(lambda: "is in force" in scene.said(), f"{action} in force", 30)
    run.send_signal(how)
    assert run.wait(30) == 3
    assert "stopped by a signal; all was undone" in scene.said()
    scene.assert_unchanged()


@pytest.mark.parametrize("action", ["partition", "stop", "stress", "command"])
def test_one_that_ends_by_itself_has_undone_all(scene, action):
    assert scene.start(action, duration="200ms").wait(60) in (0, 2), scene.said()
    scene.assert_unchanged()

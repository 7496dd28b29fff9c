"""Actions on containers of a real engine: what the unit tests' program does there."""

import json
import os
from pathlib import Path

from servers.proxy_server import ROOT

IMAGE = "debian:bookworm-slim"


def program_of_tests():
    path = Path(os.environ.get("ACONITE_EXPERIMENT_TESTS",
                               ROOT / "build/release/bin/aconite_experiment_tests"))
    assert path.exists(), f"{path} is missing: build it, or name it by ACONITE_EXPERIMENT_TESTS"
    return path.absolute()


def test_containers_are_killed_paused_limited_and_put_under_load(engine, tmp_path):
    engine.docker("run", "--detach", "--name", "victim", IMAGE, "sh", "-c",
                  "trap 'exit 3' TERM USR1; while :; do sleep 0.2; done")
    told = tmp_path / "told.json"
    done = engine.run(program_of_tests(), "--gtest_filter=real_docker.*",
                      f"--gtest_output=json:{told}", seconds=300, check=False,
                      environment={"ACONITE_TEST_CONTAINER": "victim"})
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    cases = [case for suite in json.loads(told.read_text())["testsuites"]
             for case in suite["testsuite"]]
    assert len(cases) >= 9
    assert [case["name"] for case in cases if case["result"] != "COMPLETED"] == []
    assert engine.leftovers() == ["victim"]

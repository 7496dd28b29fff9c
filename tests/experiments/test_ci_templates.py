"""The GitHub Action and the GitLab template: the commands that they have, run as they are."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from servers.proxy_server import ROOT

HOLDS = """
name: CI {n}
probes: {{one: {{command: "echo {n}"}}}}
interval: 100ms
phases: [{{name: only, duration: 300ms}}]
validation: [{{expect: "one == 1"}}]
"""


def commands_of(file, key):
    """The block of text behind `key: |` in a file of packaging/ci."""
    text = (Path(ROOT) / "packaging/ci" / file).read_text()
    found = re.search(rf"^( *){key}: \|\n((?:\1 +.*\n|\n)+)", text, re.MULTILINE)
    assert found, f"{file} has no {key}"
    return found[2]


@pytest.fixture
def run(aconite, tmp_path):
    """A function: runs commands as a CI system does, beside two experiments."""
    for n in (1, 2):
        (tmp_path / "experiments").mkdir(exist_ok=True)
        (tmp_path / f"experiments/{n}.yaml").write_text(HOLDS.format(n=n))

    def run_commands(commands, **environment):
        return subprocess.run(
            ["bash", "-e", "-c", commands], cwd=tmp_path, capture_output=True, text=True,
            timeout=60, check=False,
            env={**os.environ, "PATH": f"{aconite.parent}:{os.environ['PATH']}",
                 "XDG_STATE_HOME": str(tmp_path / "state"), **environment})
    return run_commands


@pytest.mark.parametrize("files, status", [("experiments/1.yaml", 0), ("experiments", 1)])
def test_github(run, tmp_path, files, status):
    done = run(commands_of("action.yml", "run"), FILES=files, ARGUMENTS="--time-scale 0.5",
               OUTPUT="reports", GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    assert done.returncode == status, done.stdout + done.stderr
    summary = (tmp_path / "summary.md").read_text()
    assert "CI 1" in summary and ("CI 2" in summary) == (status == 1)


@pytest.mark.parametrize("files, status", [("experiments/1.yaml", 0), ("experiments", 1)])
def test_gitlab(run, tmp_path, files, status):
    done = run(commands_of("gitlab.yml", "script"), ACONITE_FILES=files, ACONITE_ARGUMENTS="")
    assert done.returncode == status, done.stdout + done.stderr
    assert len([*tmp_path.glob("aconite-reports/*/junit.xml")]) == status + 1

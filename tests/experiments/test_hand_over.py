"""`aconite` hands what experiments need over to the program beside it."""

import shutil
import subprocess

import pytest


@pytest.mark.parametrize("verb", ["run", "validate", "init", "restore", "report", "diff"])
def test_a_verb_is_handed_over_and_told_where_it_is_missing(aconite, tmp_path, verb):
    done = subprocess.run([aconite, verb, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and f"aconite {verb}" in done.stdout
    shutil.copy(aconite, tmp_path / "aconite")
    done = subprocess.run([tmp_path / "aconite", verb, "--help"], capture_output=True, text=True,
                          env={"PATH": str(tmp_path)}, check=False)
    assert done.returncode == 3
    assert "cannot start aconite-experiment" in done.stderr

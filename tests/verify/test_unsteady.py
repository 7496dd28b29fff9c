"""A test that is run again: it counts as it ends, and that it failed before is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PLUGINS = TESTS / "support/pytest_plugins"


@pytest.fixture
def tried(tmp_path):
    """Runs a file of tests, each failed one once more: exit status, output, and the sum of it."""

    def run(text, *more):
        (tmp_path / "test_it.py").write_text(f"import pathlib\nHERE = {str(tmp_path)!r}\n{text}")
        result = tmp_path / "result.xml"
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "unsteady",
             "--reruns", "1", "--junitxml", result, *more, tmp_path],
            env={**os.environ, "PYTHONPATH": str(PLUGINS)}, text=True, capture_output=True)
        total = subprocess.run([sys.executable, TESTS / "toolchain/sum_results.py", result],
                               text=True, capture_output=True)
        return ran.returncode, ran.stdout, total.stdout

    return run


ONCE = """
def test_once():
    flag = pathlib.Path(HERE, "flag")
    there = flag.exists()
    flag.touch()
    print("what it printed")
    assert there, "why it failed"
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_one_that_fails_once_passes_and_is_told(tried, workers):
    status, said, total = tried(ONCE, *workers)
    assert status == 0
    assert "test_once failed and was run again" in said
    assert "why it failed" in said and "what it printed" in said
    assert total == "unsteady: test_it.test_once passed at try 2 only\n1 passed, 0 failed, 0 skipped\n"


def test_one_that_cannot_be_set_up_once_is_told_too(tried):
    status, said, total = tried(
        f"import pytest\n{ONCE}\n@pytest.fixture\ndef bad():\n    test_once()\n"
        "def test_with(bad):\n    pass\n", "-k", "test_with")
    assert status == 0 and "why it failed" in said
    assert "unsteady: test_it.test_with passed at try 2 only" in total


def test_one_that_fails_twice_has_failed(tried):
    status, _, total = tried("def test_never():\n    assert False\n")
    assert status == 1
    assert total == "0 passed, 1 failed, 0 skipped\n"


def test_of_one_that_passes_nothing_is_told(tried):
    status, said, total = tried("def test_good():\n    pass\n")
    assert status == 0 and "run again" not in said
    assert total == "1 passed, 0 failed, 0 skipped\n"

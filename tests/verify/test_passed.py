"""What may be left out of the check, and what may not."""

import datetime
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import passed  # noqa: E402
from parts import CHECK, KITS, PARTS, Part  # noqa: E402

TODAY = datetime.date(2030, 1, 15)


@pytest.fixture
def part(tmp_path, monkeypatch):
    """A part that covers the folder `kept` of a repository of its own, and passed today."""
    monkeypatch.setattr(passed, "ROOT", tmp_path)
    monkeypatch.setattr(passed, "FILE", tmp_path / ".ci/passed")
    for name in (".ci/run", "kept/one", "kept/two", "other"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    made = Part("some part, with blanks", ("true",), covers=("kept", ".ci"))
    passed.note(made, passed.hash_of(made), TODAY)
    return made


def test_the_same_files_prove_it(part):
    assert passed.day_of(part, TODAY) == "2030-01-15"


@pytest.mark.parametrize("change", [
    lambda root: (root / "kept/one").write_text("more"),
    lambda root: (root / "kept/one").unlink(),
    lambda root: (root / "kept/one").rename(root / "kept/three"),
    lambda root: (root / "kept/one").chmod(0o755),
    lambda root: (root / "kept/new").write_text(""),
    lambda root: ((root / "kept/one").unlink(), (root / "kept/one").symlink_to("two")),
    lambda root: ((root / "kept/one").write_text("kept/two"), (root / "kept/two").write_text("kept/one")),
    lambda root: (root / ".ci/run").write_text("more"),
], ids=["changed", "removed", "renamed", "executable", "added", "link", "swapped", "check"])
def test_any_change_of_what_it_covers_has_it_run(part, change):
    change(passed.ROOT)
    assert passed.day_of(part, TODAY) is None


def test_another_command_has_it_run(part):
    assert passed.day_of(Part(part.name, ("false",), covers=part.covers), TODAY) is None


def test_what_it_does_not_cover_changes_nothing(part):
    (passed.ROOT / "other").write_text("more")
    assert passed.day_of(part, TODAY) == "2030-01-15"


@pytest.mark.parametrize("days, proved", [(14, True), (15, False), (-1, False)])
def test_it_has_to_run_again_after_two_weeks(part, days, proved):
    found = passed.day_of(part, TODAY + datetime.timedelta(days=days))
    assert (found is not None) == proved


@pytest.mark.parametrize("text", ["", "nonsense\n", "HASH 2030-13-45 some part, with blanks\n",
                                  "HASH\n", "# HASH 2030-01-15 some part, with blanks\n"])
def test_a_line_that_is_wrong_proves_nothing(part, text):
    passed.FILE.write_text(text.replace("HASH", passed.hash_of(part)))
    assert passed.day_of(part, TODAY) is None


def test_a_part_without_files_always_runs(part):
    bare = Part("bare", ("true",))
    passed.note(bare, passed.hash_of(bare), TODAY)
    assert passed.day_of(bare, TODAY) is None


def test_all_that_the_parts_cover_is_there():
    for each in PARTS:
        for pattern in each.covers:
            found = subprocess.run(["git", "-c", f"safe.directory={passed.ROOT}", "ls-files",
                                    "--cached", "--others", "--exclude-standard", "--", pattern],
                                   cwd=passed.ROOT, check=True, capture_output=True, text=True)
            assert found.stdout, pattern


@pytest.mark.parametrize("part", [part for part in PARTS if part.covers and part.command[1] == "test"],
                         ids=lambda part: part.name)
def test_pages_and_examples_that_its_tests_name_are_covered(part):
    root = Path(passed.__file__).resolve().parents[2]
    folders = [root / each for each in part.covers
               if each.startswith("tests/") and each not in (*KITS, *CHECK)]
    text = "".join(file.read_text() for folder in folders for file in folder.rglob("*.py"))
    named = set(re.findall(r"\"(docs/[\w-]+\.md|examples/[\w/-]+)\"", text))
    assert [name for name in sorted(named) if not any(
        name == each or name.startswith(f"{each}/") for each in part.covers)] == []

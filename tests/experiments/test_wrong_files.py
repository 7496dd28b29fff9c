"""Each file of wrong/ has one mistake, and `aconite validate` tells it, where it stands and how to
mend it."""

import re
import subprocess
from pathlib import Path

import pytest

WRONG = Path(__file__).parent / "wrong"
FILES = sorted(WRONG.glob("*.yaml"))


@pytest.fixture(scope="module")
def told(aconite):
    """What is told of each file, as line and text, by one process for all of them."""
    done = subprocess.run([aconite, "validate", *FILES], capture_output=True, timeout=60,
                          check=False)
    assert done.returncode == 1 and done.stdout == b""
    faults = {file.name: [] for file in FILES}
    for line in done.stderr.decode().splitlines():
        file, number, column, text = re.fullmatch(r"(.*?):(\d+):(\d+): (.*)", line).groups()
        assert int(column) > 0
        faults[Path(file).name].append((int(number), text))
    return faults


def test_there_are_files():
    assert len(FILES) >= 50


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_mistake_is_told_once_and_where_it_is(told, file):
    first = file.read_bytes().split(b"\n", 1)[0].decode()
    line, words = re.fullmatch(r"# line (\d+): (.*)", first).groups()
    assert [number for number, _ in told[file.name]] == [int(line)], told[file.name]
    assert words in told[file.name][0][1]


def test_an_empty_file_a_folder_and_no_file(aconite, tmp_path):
    empty = tmp_path / "empty.yaml"
    empty.touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    for argument, words in ((empty, ":1:1: there is nothing in it"),
                            (folder, ": no file in it has phases"),
                            (tmp_path / "none.yaml", ": there is no such file or folder")):
        done = subprocess.run([aconite, "validate", argument], capture_output=True, text=True,
                              timeout=60, check=False)
        assert done.returncode == 1
        assert f"{argument}{words}" in done.stderr


def test_a_long_file_is_refused(aconite, tmp_path):
    file = tmp_path / "long.yaml"
    file.write_text("name: x\n" + "# blah blah blah\n" * 100_000)
    done = subprocess.run([aconite, "validate", file], capture_output=True, text=True, timeout=60,
                          check=False)
    assert (done.returncode, done.stderr) == (1, f"{file}: longer than 1 MB\n")


def test_what_reaches_a_terminal_steers_nothing(aconite, tmp_path):
    file = tmp_path / "escape.yaml"
    file.write_text('name: x\nphases:\n  - {name: a, duration: "\\e[31m"}\n')
    done = subprocess.run([aconite, "validate", file], capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert b"duration must be a time" in done.stderr and b"\x1b" not in done.stderr


def test_several_mistakes_are_told_in_their_order(aconite, tmp_path):
    file = tmp_path / "several.yaml"
    file.write_text("name: x\nhypotesis: y\nphases:\n  - {name: a, duration: 5 parsecs}\n"
                    "validation:\n  - {expect: nothing == 0}\n  - {expect: b ==}\n")
    done = subprocess.run([aconite, "validate", file], capture_output=True, text=True, timeout=60,
                          check=False)
    lines = [int(each.split(":")[1]) for each in done.stderr.splitlines()]
    assert lines == [2, 4, 6, 7]

"""The two lanes of the check."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import passed  # noqa: E402
import verify  # noqa: E402
from parts import Part  # noqa: E402
from servers.waiting import wait_until  # noqa: E402

BUILD = Part("release build", ("true",))


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Runs these parts; what was printed."""
    monkeypatch.setattr(verify, "LOGS", tmp_path)
    monkeypatch.setattr(passed, "FILE", tmp_path / "passed")

    def run(*parts, proved=False, go_on=False):
        made = verify.Check(parts, proved, go_on)
        made.run()
        assert made.failed == go_on
        return made.table()

    return run


def sh(name, text, **more):
    return Part(name, ("sh", "-c", text), **more)


def test_every_part_is_in_the_table(check):
    table = check(BUILD, sh("beside", "true", beside=True), sh("first", "true"),
                  sh("last", "true", needs=("beside",)))
    for name in ("release build", "beside", "first", "last", "all"):
        assert f"| {name} " in table


def test_a_part_waits_for_those_beside_that_it_needs(check, tmp_path):
    made = tmp_path / "made"
    check(BUILD, sh("slow", f"until [ -e {tmp_path}/go ]; do :; done; touch {made}", beside=True),
          sh("lets go", f"touch {tmp_path}/go"), sh("needs it", f"test -e {made}", needs=("slow",)))


@pytest.mark.parametrize("parts", [
    (BUILD, sh("bad", "echo why; false")),
    (BUILD, sh("bad", "echo why; false", beside=True), sh("needs it", "true", needs=("bad",))),
    (BUILD, sh("bad", "echo why; false", beside=True)),
    (BUILD, sh("bad", "false", beside=True), sh("behind", "true", beside=True)),
], ids=["alone", "needed", "beside", "first of two"])
def test_one_that_fails_ends_it(check, parts):
    with pytest.raises(verify.Failed, match="bad"):
        check(*parts)


def test_what_a_failure_printed_is_told(check):
    with pytest.raises(verify.Failed, match="why"):
        check(BUILD, sh("bad", "echo why; false", beside=True))


def test_those_beside_end_with_it(check, tmp_path):
    with pytest.raises(verify.Failed, match="bad"):
        check(BUILD, sh("endless", f"echo $$ >{tmp_path}/pid; exec tail -f /dev/null", beside=True),
              sh("bad", f"until [ -s {tmp_path}/pid ]; do :; done; false"))
    pid = int((tmp_path / "pid").read_text())
    # On a busy machine it takes a while until one with idle processors only gets to end.
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "its end", seconds=300)


def test_one_that_was_just_being_started_ends_with_it(check, tmp_path, monkeypatch, request):
    """The end of all comes when the process is there and nobody holds its number yet."""
    ending, ended = threading.Event(), threading.Event()
    start, stop = subprocess.Popen, verify.Lane.stop

    def slow_start(command, **more):
        process = start(command, **more)
        if "endless" in command[-1]:
            request.addfinalizer(process.kill)
            (tmp_path / "pid").write_text(f"{process.pid}")
            assert ending.wait(60)
            ended.wait(0.5)  # not to come: the end has to wait for this start
        return process

    def told_stop(lane):
        ending.set()
        stop(lane)
        ended.set()

    monkeypatch.setattr(subprocess, "Popen", slow_start)
    monkeypatch.setattr(verify.Lane, "stop", told_stop)
    with pytest.raises(verify.Failed, match="bad"):
        check(BUILD, sh("endless", ": endless; exec tail -f /dev/null", beside=True),
              sh("bad", f"until [ -s {tmp_path}/pid ]; do :; done; false"))
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "its end", seconds=300)


def test_nothing_more_is_told_of_those_beside_after_the_end(check, tmp_path, capsys):
    proved = sh("proved", "true", covers=("tests/verify",), beside=True)
    check(BUILD, proved)
    endless = f"trap 'exit 0' TERM; echo $$ >{tmp_path}/pid; tail -f /dev/null & wait"
    bad = f"until [ -s {tmp_path}/pid ]; do :; done; false"
    with pytest.raises(verify.Failed, match="bad"):
        check(BUILD, sh("endless", endless, beside=True), proved, sh("bad", bad), proved=True)
    wait_until(lambda: all(each.name != "beside the others" for each in threading.enumerate()),
               "the lane's end", seconds=300)
    assert "left out" not in capsys.readouterr().out


def test_a_part_that_passed_is_left_out_only_if_asked(check, tmp_path):
    count = tmp_path / "count"
    part = sh("counted", f"echo x >>{count}", covers=("tests/verify",))
    check(BUILD, part)
    assert "left out" in check(BUILD, part, proved=True)
    assert count.read_text() == "x\n"
    assert "left out" not in check(BUILD, part)
    assert count.read_text() == "x\nx\n"


def test_a_part_beside_the_others_that_passed_is_left_out_only_if_asked(check, tmp_path):
    count = tmp_path / "count"
    part = sh("counted", f"echo x >>{count}", covers=("tests/verify",), beside=True)
    check(BUILD, part)
    assert "left out" in check(BUILD, part, proved=True)
    assert count.read_text() == "x\n"
    check(BUILD, part)
    assert count.read_text() == "x\nx\n"


def test_a_part_that_failed_is_not_left_out(check, tmp_path):
    part = sh("flag", f"test -e {tmp_path}/flag", covers=("tests/verify",))
    with pytest.raises(verify.Failed):
        check(BUILD, part)
    (tmp_path / "flag").touch()
    assert "left out" not in check(BUILD, part, proved=True)


def test_all_others_run_if_it_is_to_go_on(check):
    table = check(BUILD, sh("bad", "false"), sh("good", "true"),
                  sh("bad beside", "false", beside=True), sh("good beside", "true", beside=True),
                  sh("behind", "true", needs=("good beside",)),
                  sh("never", "true", needs=("bad beside",)), go_on=True)
    for name, runs in (("good", True), ("good beside", True), ("behind", True), ("bad", False),
                       ("bad beside", False), ("never", False)):
        assert (f"| {name} " in table) == runs, name


def test_named_parts_run_without_those_they_need(check):
    table = check(sh("alone", "true", needs=("not asked for",)), sh("beside", "true", beside=True))
    assert "| alone " in table and "| beside " in table


def test_parts_are_chosen_by_name(monkeypatch):
    monkeypatch.setattr(verify, "PARTS", (BUILD, sh("a", "true"), sh("b", "true")))
    assert [part.name for part in verify.named(["b", "release build"])] == ["release build", "b"]
    assert len(verify.named([])) == 3
    with pytest.raises(SystemExit, match="no such part: c; there are: release build, a, b"):
        verify.named(["c"])


def test_a_part_that_cannot_even_be_started_ends_it_too(check, tmp_path):
    """Nobody may wait for ever for a lane that has died."""
    with pytest.raises(verify.Failed, match="embedded null"):
        check(BUILD, Part("bad", ("sh", "-c", "true", "\0no such"), beside=True),
              sh("needs it", "true", needs=("bad",)))

"""What is typed wrongly, read from odd places, or cannot be told to anybody."""

import fcntl
import os
import signal
import struct
import subprocess
import termios

import pytest

from servers.waiting import wait_until

EXPERIMENT = """
name: nothing much
phases:
  - {name: one, duration: 100ms}
"""


def aconite_does(aconite, folder, *arguments, **more):
    return subprocess.run([aconite, *arguments], cwd=folder, capture_output="stdout" not in more,
                          text=True, timeout=60, check=False, **more)


def is_drained(pipe):
    left = fcntl.ioctl(pipe, termios.FIONREAD, struct.pack("i", 0))
    return struct.unpack("i", left) == (0,)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.yaml").write_text(EXPERIMENT)
    os.mkfifo(tmp_path / "pipe.yaml")
    return tmp_path


@pytest.mark.parametrize("verb", ["run", "validate"])
def test_a_pipe_that_nobody_writes_to_is_no_file(aconite, folder, verb):
    done = aconite_does(aconite, folder, verb, "pipe.yaml")
    assert done.returncode in (1, 3) and "pipe.yaml: is no regular file" in done.stderr


def test_a_pipe_in_a_folder_is_none_of_its_files(aconite, folder):
    done = aconite_does(aconite, folder, "validate", ".")
    assert (done.returncode, done.stdout) == (0, "./one.yaml: ok\n")


def test_a_file_may_come_from_a_shells_pipe(aconite, folder):
    done = aconite_does(aconite, folder, "validate", "/dev/stdin", input=EXPERIMENT)
    assert (done.returncode, done.stdout) == (0, "/dev/stdin: ok\n")


@pytest.mark.parametrize("verb", ["run", "validate"])
def test_what_never_ends_is_read_no_longer_than_a_signal_lets_it(aconite, folder, verb):
    reader, writer = os.pipe()
    with subprocess.Popen([aconite, verb, "/dev/stdin"], stdin=reader, cwd=folder,
                          stderr=subprocess.DEVNULL) as process:
        os.write(writer, EXPERIMENT.encode())
        try:
            wait_until(lambda: is_drained(reader), "that it reads", 30)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == -signal.SIGTERM
        finally:
            process.kill()
            os.close(writer)
            os.close(reader)


def test_what_can_be_read_once_is_run_several_times(aconite, folder):
    done = aconite_does(aconite, folder, "run", "--plain", "--repeat", "2", "/dev/stdin",
                        input=EXPERIMENT + "validation: [{expect: 1 == 1}]\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("nothing much: HELD") == 2


@pytest.mark.parametrize("verb, status", [("run", 3), ("validate", 1)])
def test_a_map_of_a_target_that_no_file_has_is_refused(aconite, folder, verb, status):
    (folder / "two.yaml").write_text(EXPERIMENT + "targets: {web: {proxy: p}, db: {proxy: q}}\n")
    done = aconite_does(aconite, folder, verb, "one.yaml", "two.yaml", "--map", "wbe=x")
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr == (f"aconite {verb}: --map: no target is called 'wbe'; "
                           "there are: db, web\n")
    done = aconite_does(aconite, folder, verb, "one.yaml", "--map", "x=y")
    assert done.returncode == status and "called 'x'; there are none" in done.stderr
    assert aconite_does(aconite, folder, "validate", ".", "--map", "web=x").returncode == 0


@pytest.mark.parametrize("typed", [("run", "--dry-run"), ("validate",)], ids=" ".join)
def test_a_folder_within_a_folder_is_not_passed_over_in_silence(aconite, folder, typed):
    for name, text in (("inner", EXPERIMENT), ("other", "targets: {}\n"), (".hidden", EXPERIMENT)):
        (folder / name).mkdir()
        (folder / name / "x.yaml").write_text(text)
    done = aconite_does(aconite, folder, *typed, ".")
    assert (done.returncode, done.stderr) == (
        0, f"aconite {typed[0]}: ./inner has experiments too: a folder within a folder is not "
        "looked into, name it as well\n")
    (folder / "one.yaml").unlink()
    done = aconite_does(aconite, folder, *typed, ".")
    assert done.returncode != 0
    assert ".: no file in it has phases; there are such in ./inner" in done.stderr


@pytest.mark.parametrize("typed", [
    ("--repeat", "x"), ("--time-scale", "0"), ("--time-scale", "nan"), ("--set", "A"),
    ("--map", "bp"), ("--cool-down", "5 parsecs"), ("--no-such",)], ids=" ".join)
def test_wrong_use_is_no_run_that_proved_nothing(aconite, folder, typed):
    done = aconite_does(aconite, folder, "run", *typed, "one.yaml")
    assert done.returncode == 3 and typed[0] in done.stderr


def test_a_server_that_is_named_is_the_one_whatever_the_environment_says(aconite, folder,
                                                                        proxy_server):
    (folder / "two.yaml").write_text(
        "name: two\nproxies:\n  - {name: p, listen: '127.0.0.1:0', upstream: '127.0.0.1:9'}\n"
        "phases:\n  - {name: one, duration: 100ms}\n")
    alive, dead = f"http://127.0.0.1:{proxy_server.port}", "http://127.0.0.1:1"
    for named, environment in ((alive, dead), (dead, alive)):
        done = aconite_does(aconite, folder, "run", "two.yaml", "--server", named, "--plain",
                            env={**os.environ, "TOXIPROXY_URL": environment})
        assert done.returncode == (2 if named == alive else 3), done.stderr
        assert ("127.0.0.1:1" in done.stdout + done.stderr) == (named == dead)


def test_a_file_may_stand_behind_any_option(aconite, folder):
    (folder / "more.yaml").write_text("targets: {a: {proxy: a}}\n")
    for option in (("--set", "A=1"), ("--map", "a=b"), ("--with", "more.yaml")):
        done = aconite_does(aconite, folder, "validate", "--with", "more.yaml", *option, "one.yaml")
        assert (done.returncode, done.stdout) == (0, "one.yaml: ok\n"), done.stderr


def test_what_nobody_can_read_was_not_told(aconite, folder):
    with open("/dev/full", "w") as full:
        done = aconite_does(aconite, folder, "validate", "--schema", stdout=full,
                            stderr=subprocess.PIPE)
    assert done.returncode == 3 and "not all could be written" in done.stderr


def test_who_does_not_want_to_hear_it_all_is_no_fault(aconite, folder):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as gone:
        done = aconite_does(aconite, folder, "validate", "--schema", stdout=gone,
                            stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_leads_to_itself_says_so(aconite, folder):
    (folder / "loop").symlink_to("loop")
    done = aconite_does(aconite, folder, "validate", "loop")
    assert done.returncode == 1 and "Too many levels of symbolic links" in done.stderr

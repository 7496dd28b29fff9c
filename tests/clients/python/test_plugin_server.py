"""Where the plugin has its server from, how it ends, and workers side by side."""

import os
import signal
import subprocess

import pytest

from servers.waiting import wait_until

WRITE_PID = '''
@pytest.fixture(scope="session")
def pid(aconite_server):
    children = open(f"/proc/self/task/{os.getpid()}/children").read().split()
    (pid,) = (each for each in children if "serve" in open(f"/proc/{each}/cmdline").read())
    return int(pid)
'''


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_without_a_binary_it_is_told_where_one_is_looked_for(run_tests, monkeypatch):
    monkeypatch.delenv("ACONITE_BIN")
    monkeypatch.setenv("PATH", "/nowhere")
    result = run_tests('''
def test_one(aconite_server): pass
def test_two(proxy): pass
def test_without(): pass
''')
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines([
        "there is no aconite: say where it is by --aconite-bin, aconite_bin in the ini file, "
        "ACONITE_BIN or PATH; or name one that runs by --aconite-url or ACONITE_URL"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_binary_is_found_by_option_ini_environment_and_path(
        run_tests, pytester, monkeypatch, aconite_binary):
    test = "def test_one(aconite_server): assert aconite_server.ready() == (0, 0)"
    monkeypatch.setenv("ACONITE_BIN", "/nowhere/by-environment")
    monkeypatch.setenv("ACONITE_URL", "http://127.0.0.1:9")
    run_tests(test, "--aconite-bin", aconite_binary).assert_outcomes(passed=1)
    monkeypatch.delenv("ACONITE_URL")
    run_tests(test).stdout.fnmatch_lines(["/nowhere/by-environment is not a program"])

    link = pytester.mkdir("tools") / "aconite"
    link.symlink_to(aconite_binary)
    pytester.makeini("[pytest]\naconite_bin = tools/aconite\n")
    run_tests(test).assert_outcomes(passed=1)
    run_tests(test, "--aconite-bin", "/nowhere/by-option").stdout.fnmatch_lines(
        ["/nowhere/by-option is not a program"])

    pytester.makeini("[pytest]\n")
    monkeypatch.delenv("ACONITE_BIN")
    monkeypatch.setenv("PATH", str(link.parent), prepend=os.pathsep)
    run_tests(test).assert_outcomes(passed=1)


def test_a_server_that_runs_is_used_and_stays(run_tests, server, proxy, monkeypatch):
    test = '''
@pytest.mark.toxic("echo", type="latency", attributes={"latency": 120})
def test_one(aconite_server):
    assert talk(aconite_server.proxy("echo")) >= 0.12
'''
    run_tests(test, "--aconite-url", server.url).assert_outcomes(passed=1)
    monkeypatch.setenv("ACONITE_URL", server.url)
    run_tests(test).assert_outcomes(passed=1)
    assert proxy.toxics() == []
    assert len(list(server.journal(kind="mark"))) == 4


def test_two_options_at_once_are_refused(run_tests):
    result = run_tests("", "--aconite-url", "localhost:1", "--aconite-bin", "aconite")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --aconite-url and --aconite-bin: only one of them *"])


def test_nobody_at_the_url_is_told(run_tests):
    result = run_tests("def test_one(proxy): pass", "--aconite-url", "http://127.0.0.1:9")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["no answer from http://127.0.0.1:9: *refused"])


def test_a_server_that_dies_is_told_once_and_then_in_short(run_tests):
    result = run_tests(WRITE_PID + '''
def kill(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

@pytest.mark.parametrize("time", (1, 2))
def test_before(proxy, time):
    talk(proxy("echo", ECHO))

def test_dies(proxy, pid):
    made = proxy("echo", ECHO)
    kill(pid)
    talk(made)

def test_after(proxy):
    proxy("echo", ECHO)
''')
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines([
        "*ERROR at setup of test_after*",
        "this session's server is gone: aconite (pid *) ended with SIGKILL; its log ends with",
        "*_ test_dies _*", "*- aconite server -*", "aconite (pid *) ended with SIGKILL*"])


def test_a_server_that_dies_fails_the_test_that_does_not_notice(run_tests):
    result = run_tests(WRITE_PID + '''
def test_dies(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
''')
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the server ended during this test: aconite (pid *"])


def test_the_server_ends_with_the_session(run_tests, tmp_path):
    note = tmp_path / "pid"
    run_tests(WRITE_PID + f"def test_one(pid): open({str(note)!r}, 'w').write(str(pid))")
    assert not alive(note.read_text())


@pytest.mark.parametrize("number", (signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
def test_the_server_ends_when_pytest_is_killed(
        pytester, installed_python, clean_environment, number):
    pytester.makepyfile("import os, pytest, time\n" + WRITE_PID + '''
def test_hangs(pid):
    with open("pid.new", "w") as note:
        note.write(str(pid))
    os.rename("pid.new", "pid")
    time.sleep(60)
''')
    note = pytester.path / "pid"
    running = subprocess.Popen(
        [installed_python, "-m", "pytest"], stdout=subprocess.DEVNULL,
        # A background job's SIGINT is ignored, by all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        wait_until(note.exists, "the server's start", 30)
        assert alive(note.read_text())
    finally:
        running.send_signal(number)
        running.wait(30)
    wait_until(lambda: not alive(note.read_text()), "the server's end")


WORKERS = '''
@pytest.mark.toxic("echo", type="latency", attributes={"latency": 120})
@pytest.mark.parametrize("number", range(6))
def test_worker(proxy, aconite_server, number):
    made = proxy("echo", ECHO)
    assert talk(made) >= 0.12
    print("server", aconite_server.url, "proxy", made.name, "toxics", len(made.toxics()))
'''


def lines_of(result):
    return {tuple(line.split()[1::2]) for line in result.outlines if line.startswith("server ")}


def test_each_worker_has_a_server_of_its_own(run_tests):
    result = run_tests(WORKERS, "-n", "2", "-rP")
    result.assert_outcomes(passed=6)
    said = lines_of(result)
    assert {name for _, name, _ in said} == {"echo"}
    assert len({url for url, _, _ in said}) == 2


def test_workers_that_share_a_server_do_not_disturb_each_other(run_tests, server, echo):
    others = server.create_proxy("others", echo)
    of_others = others.add_toxic("latency")
    result = run_tests(WORKERS, "-n", "2", "-rP", "--aconite-url", server.url)
    result.assert_outcomes(passed=6)
    assert lines_of(result) == {(server.url, "echo_gw0", "1"), (server.url, "echo_gw1", "1")}
    assert server.proxies().keys() == {"others"}
    assert others.toxics() == [of_others]


def test_a_shared_server_keeps_no_toxic_of_a_worker(run_tests, server, proxy):
    run_tests('''
@pytest.mark.toxic("echo", type="latency", required=False)
def test_one(aconite_server):
    assert len(aconite_server.proxy("echo").toxics()) == 1
''', "-n", "1", "--aconite-url", server.url).assert_outcomes(passed=1)
    assert proxy.toxics() == []


def test_toxiproxy_itself_serves_too(run_tests, toxiproxy):
    result = run_tests('''
@pytest.mark.toxic("echo", type="latency", attributes={"latency": 120}, required=False)
def test_not_required(proxy):
    assert talk(proxy("echo", ECHO)) >= 0.12

@pytest.mark.toxic("echo", type="latency", attributes={"latency": 120})
def test_required(proxy):
    assert talk(proxy("echo", ECHO)) >= 0.12
''', "--aconite-url", toxiproxy.url)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*nobody knows whether the toxic latency_downstream acted: *"])

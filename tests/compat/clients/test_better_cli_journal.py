"""What the command line tells of what happened: journal, stats, list, wait, assert, mark, health."""

import json
import signal
import threading

import pytest

from compat_kit.peers import receive
from compat_kit.server import Server
from compat_kit.wait import wait_until
from servers.ports import reserve_port


@pytest.fixture
def echoing(api, echo):
    return api.create(echo.address)


@pytest.fixture
def ping(connect, echoing):
    def once():
        client = connect(echoing.address)
        client.sendall(b"ping")
        assert receive(client, 4) == b"ping"
        return client

    return once


def lines_of(run) -> list:
    """What the program prints, line by line, as it comes."""
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(run.stdout.readline, "")))
    reader.daemon = True
    reader.start()
    return lines


def test_the_journal_is_told_in_lines(cli, echoing, ping):
    echoing.add("latency", latency=5)
    assert cli("mark", "begin of test") == (0, "Marked 'begin of test'\n", "")
    ping()
    status, out, err = cli("journal")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    # number, time and kind are columns of their own; what follows is for people
    assert [line.split()[2] for line in lines[2:]] == ["control", "mark", "open", "hit"]
    assert [line.split()[0] for line in lines] == [str(n + 1) for n in range(len(lines))]
    assert "toxic added: latency downstream, jitter 0 ms, latency 5 ms" in lines[2]
    assert lines[3].endswith("  begin of test")
    assert "latency_downstream" in lines[5]
    assert lines[5].endswith("downstream at 0, 4 bytes, +5 ms")


def test_for_scripts_it_is_what_the_server_says(cli, api, echoing, ping):
    echoing.add("latency", latency=1)
    ping()
    assert cli("journal", "-o", "json")[1] == api.get("/journal").text
    some = ["--proxy", "p", "--toxic", "latency_downstream", "--kind", "hit,cut"]
    status, out, _ = cli("journal", "-o", "json", *some)
    (hit,) = map(json.loads, out.splitlines())
    assert (status, hit["kind"]) == (0, "hit")
    assert cli("journal", "--since", str(hit["seq"]), *some) == (0, "", "")
    status, out, err = cli("journal", "--kind", "hits")
    assert (status, out) == (1, "") and "HTTP 400" in err and "'hits'" in err


def test_all_pages_of_it_are_read(cli, echoing, connect):
    echoing.add("corrupt", rate=1)
    client = connect(echoing.address)
    count = 10_001  # a page has 10,000
    for _ in range(count):
        client.sendall(b"x")
        receive(client, 1)
    status, out, err = cli("journal", "--kind", "hit", "-o", "json")
    offsets = [json.loads(line)["offset"] for line in out.splitlines()]
    assert (status, offsets, err) == (0, list(range(count)), "")


def test_lost_records_are_told(cli_of, start_cli_of, start, connect, echo):
    server = start("-threads", "1")
    proxy = server.api.create(echo.address)
    proxy.add("corrupt", rate=1)
    proxy.add("corrupt", stream="upstream", rate=1)
    client = connect(proxy.address)
    count = 34_000  # of hits half of 65,536 are kept
    for _ in range(count // 2):
        client.sendall(b"x")
        receive(client, 1)
    status, out, err = cli_of(server.port)("journal", "--kind", "hit", "-o", "json")
    lost = count - len(out.splitlines())
    assert lost > 0
    assert (status, err) == (0, f"{lost} records were overwritten\n")
    run = start_cli_of(server.port)("journal", "--follow", "--kind", "mark")
    told = [int(run.stderr.readline().split()[0])]
    while sum(told) < lost:  # it comes in parts
        told.append(int(run.stderr.readline().split()[0]))
    assert sum(told) == lost


def test_its_newest_records_are_told(start_cli, cli, server):
    for text in "abc":
        cli("mark", text)
    marks = ["--kind", "mark", "-o", "json"]
    out = cli("journal", "--tail", "2", *marks)[1]
    assert [json.loads(line)["text"] for line in out.splitlines()] == ["b", "c"]
    lines = lines_of(start_cli("journal", "-f", "-n", "1", *marks))
    wait_until(lambda: len(lines) == 1, 10, "the last mark")  # it follows from here on
    cli("mark", "d")
    wait_until(lambda: len(lines) == 2, 10, "the one behind it")
    assert [json.loads(line)["text"] for line in lines] == ["c", "d"]


@pytest.mark.parametrize("output", [[], ["-o", "json"]])
def test_it_is_followed_until_interrupted(start_cli, cli, ping, output):
    run = start_cli("journal", "--follow", "--kind", "mark,open", *output)
    lines = lines_of(run)
    cli("mark", "one")
    wait_until(lambda: len(lines) == 1, 10, "the mark")
    ping()
    wait_until(lambda: len(lines) == 2, 10, "the connection")
    if output:
        assert [json.loads(line)["kind"] for line in lines] == ["mark", "open"]
    run.send_signal(signal.SIGINT)
    assert run.wait(10) == 0
    assert run.stderr.read() == ""


def test_following_ends_with_the_server(start_cli, cli, server):
    run = start_cli("journal", "-f")
    lines = lines_of(run)
    cli("mark", "one")
    wait_until(lambda: lines, 10, "the mark")
    server.terminate()
    assert run.wait(10) == 1
    assert "ended the stream" in run.stderr.read()


def test_what_cannot_be_followed_is_said(cli, server):
    status, out, err = cli("journal", "-f", "--kind", "x")
    assert (status, out) == (1, "") and "HTTP 400" in err and "'kind'" in err
    server.terminate()
    status, out, err = cli("journal", "-f")
    assert (status, out) == (1, "") and "Connection refused" in err


def test_stats_tell_what_each_toxic_did(cli, api, echoing, ping):
    echoing.add("latency", latency=5)
    ping()
    # The client may have the answer before it is counted as sent.
    wait_until(lambda: api.get("/stats").json()[0]["sent_bytes"]["downstream"] == 4)
    stats = api.get("/stats").json()
    status, out, err = cli("stats")
    header, row = out.splitlines()
    assert (status, err) == (0, "") and header.startswith("PROXY  TOXIC")
    told = stats[0]["toxics"][0]
    assert row.split() == [
        "p", "latency_downstream", "latency", "downstream", "1", "1", "4", "5", "ms", "in", "1",
        told["first_hit"], told["last_hit"],
    ]  # fmt: skip
    assert cli("stats", "p") == (0, out, "")
    assert json.loads(cli("stats", "-o", "json")[1]) == stats
    assert json.loads(cli("stats", "p", "-o", "json")[1]) == stats[0]
    status, out, err = cli("stats", "nobody")
    assert (status, out) == (1, "") and "proxy not found" in err


def test_list_has_totals(cli, api, echoing, ping):
    echoing.add("latency", latency=1)
    listed = ["p", echoing.listen, echoing.fields()["upstream"], "enabled", "1"]
    assert cli("list")[1].rstrip("\n").split("\t") == [*listed, "0", "0", "0", "0", "0"]
    ping()
    open_one = ping()
    open_one.close()
    wait_until(lambda: api.get("/stats").json()[0]["connections"]["open"] == 1, 5, "the close")
    assert cli("list")[1].rstrip("\n").split("\t") == [*listed, "1", "2", "8", "8", "2"]


def test_a_server_without_extras_is_listed_without_totals(cli_of, start):
    plain = start("-no-extras")
    proxy = plain.api.create("127.0.0.1:9")
    cli = cli_of(plain.port)
    assert cli("list") == (0, f"p\t{proxy.listen}\t127.0.0.1:9\tenabled\t0\n", "")
    assert cli("health") == (0, "", "")
    assert cli("wait", "ready") == (0, "", "")
    for verb in (["journal"], ["journal", "-f"], ["stats"], ["mark", "x"]):
        status, out, err = cli(*verb)
        assert (status, out) == (1, "") and "404" in err, verb


def test_wait_ends_when_all_hold(start_cli, cli, echoing, ping):
    name = echoing.add("latency", latency=1)
    run = start_cli("wait", "p", "connections>=1", "hits==1", "--toxic", name, "--timeout", "20s")
    ping()
    assert run.wait(20) == 0
    assert run.communicate() == ("", "")
    status, out, err = cli("wait", "hits>=1", "connections<2", "-o", "json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {"held": True, "seen": {"hits": 1, "connections": 1}}


def test_wait_says_what_did_not_come(cli, echoing):
    timeout = ["--timeout", "50ms"]
    reason = "connections of proxy p is 0, not >= 1\n"
    assert cli("wait", "p", "connections>=1", *timeout) == (1, "", reason)
    assert cli("wait", "nobody", "ready", *timeout) == (1, "", "proxy not found\n")
    echoing.disable()
    assert cli("wait", "p", "ready", *timeout) == (1, "", "proxy p is disabled\n")
    status, _, err = cli("wait", "p", "visits>=1")
    assert status == 2 and "'visits' is not known" in err


def test_wait_waits_for_the_server_too(program_folder, cli_of, start_cli_of, closing):
    port = reserve_port()
    assert cli_of(port)("wait", "ready", "--timeout", "100ms")[0] == 1
    runs = [start_cli_of(port)("wait", *words) for words in (["ready"], ["p", "ready"])]
    server = closing(Server(program_folder / "toxiproxy-server", port=port)).wait_ready()
    assert runs[0].wait(10) == 0
    server.api.create("127.0.0.1:9")
    assert runs[1].wait(10) == 0


def test_assert_looks_once(cli, echoing, ping):
    name = echoing.add("latency", latency=1)
    reason = f"hits of toxic {name} of proxy p is 0, not >= 1\n"
    assert cli("assert", "p", "hits>=1", "--toxic", name) == (1, "", reason)
    ping()
    assert cli("assert", "p", "hits>=1", "--toxic", name) == (0, "", "")
    assert cli("assert", "p", "hits>=1", "ready") == (0, "", "")
    assert cli("assert", "nobody", "hits>=1") == (1, "", "proxy not found\n")
    assert cli("assert", "p", "hits>=x")[0] == 2


def test_health(cli, server):
    assert cli("health") == (0, "", "")
    server.terminate()
    status, out, err = cli("health")
    assert (status, out) == (1, "")
    assert err.startswith("not healthy: cannot reach") and err.count("\n") == 1


def test_a_server_that_hangs_is_not_healthy(cli_of, upstream):
    status, out, err = cli_of(upstream.port)("health")
    assert (status, out) == (1, "")
    assert err.startswith("not healthy: no answer") and err.count("\n") == 1

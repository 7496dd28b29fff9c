"""aconite replay: the toxics of a journal act again on the same connections, at the same places."""

import json

import pytest

from compat_kit.peers import receive
from compat_kit.wait import wait_until

PING = bytes(range(256)) * 4
ROUNDS = 3


@pytest.fixture
def exchange(connect, echo):
    """Has some connections to a proxy echo; what each of them met: exchange(proxy)."""

    def talk(proxy, count=24):
        met = []
        for _ in range(count):
            client = connect(proxy.address)
            seen = []
            try:
                for _ in range(ROUNDS):
                    client.sendall(PING)
                    seen.append(receive(client, len(PING)))
                client.close()
            except ConnectionResetError:
                seen.append("reset")
            met.append(seen)
        stats = proxy.path + "/stats"
        wait_until(
            lambda: proxy.api.get(stats).json()["connections"]["open"] == 0, 10, "their ends"
        )
        return met

    return talk


def acts(api) -> list:
    """Which toxic acted where, in the order of ordinals and places."""
    wanted = ("ordinal", "toxic", "kind", "stream", "offset", "bytes", "hits", "ends", "delay_ms")
    lines = map(json.loads, api.get("/journal?kind=hit,cut").text.splitlines())
    return sorted(
        ([str(line.get(member)) for member in wanted] for line in lines),
        key=lambda act: (int(act[0]), *act[1:]),
    )


@pytest.fixture
def record(cli_of, tmp_path):
    """Saves a server's journal: record(server) returns the file."""

    def save(server):
        status, out, err = cli_of(server.port)("journal", "-o", "json")
        assert (status, err) == (0, "")
        file = tmp_path / "journal.ndjson"
        file.write_text(out)
        return str(file)

    return save


@pytest.mark.parametrize(
    "toxic",
    [
        {"type": "corrupt", "attributes": {"rate": 0.0004}},
        {"type": "corrupt", "toxicity": 0.5, "attributes": {"rate": 0.001}, "stream": "upstream"},
        {"type": "latency", "toxicity": 0.4, "attributes": {"latency": 3, "jitter": 3}},
        {"type": "reset_peer", "toxicity": 0.3},
        {"type": "reset_peer", "toxicity": 0.5, "trigger": {"after_bytes": 1500}},
        {"type": "latency", "attributes": {"latency": 1}, "trigger": {"after_hits": 18, "times": 2}},
    ],
)
def test_the_same_connections_meet_the_same(start, cli_of, echo, exchange, record, toxic):
    first = start("-seed", "7")
    proxy = first.api.create(echo.address)
    assert first.api.post(proxy.path + "/toxics", toxic).status == 200
    met = exchange(proxy)
    expected = acts(first.api)
    assert expected and len({act[0] for act in expected}) < 24
    file = record(first)

    second = start("-seed", "8")
    proxy = second.api.create(echo.address)
    status, out, err = cli_of(second.port)("replay", file)
    assert (status, err) == (0, "")
    assert out.startswith("Set toxic ") and "match ordinals " in out
    assert exchange(proxy) == met
    assert acts(second.api) == expected


def test_toxics_that_came_and_went_are_aimed_apart(start, cli_of, echo, exchange, record):
    first = start("-seed", "7")
    proxy = first.api.create(echo.address)
    exchange(proxy, 2)
    proxy.remove(proxy.add("corrupt", name="c", rate=0.5))
    proxy.add("corrupt", name="c", rate=0.001)
    met = exchange(proxy, 6)
    proxy.remove("c")
    proxy.add("reset_peer", name="r")
    met += exchange(proxy, 3)
    expected = acts(first.api)
    file = record(first)

    second = start("-seed", "8")
    proxy = second.api.create(echo.address)
    status, out, err = cli_of(second.port)("replay", file, "-o", "json")
    assert (status, err) == (0, "")
    made = {one["toxic"]["name"]: one["toxic"] for one in json.loads(out)["set"]}
    assert made["r"]["match"] == {"ordinals": "8-10"}
    assert set(made) == {"c", "r"}
    assert exchange(proxy, 2) == [[PING] * ROUNDS] * 2
    assert exchange(proxy, 9) == met
    assert acts(second.api) == expected


def test_it_starts_in_the_middle_of_a_connection(start, cli_of, echo, connect, record):
    def meet(proxy, in_the_middle=lambda: None):
        client = connect(proxy.address)
        seen = []
        for round in range(4):
            if round == 2:
                in_the_middle()
            client.sendall(PING)
            seen.append(receive(client, len(PING)))
        client.close()
        return seen

    first = start()
    proxy = first.api.create(echo.address)
    met = meet(proxy, lambda: proxy.add("corrupt", rate=1))
    assert met[1] == PING != met[2]
    file = record(first)
    second = start()
    proxy = second.api.create(echo.address)
    status, out, err = cli_of(second.port)("replay", file)
    assert (status, err) == (0, "") and f"after_bytes {2 * len(PING)}" in out
    assert meet(proxy) == met
    assert acts(second.api) == acts(first.api)


def test_a_proxy_that_is_not_new_is_told_or_made_anew(start, cli_of, echo, exchange, record):
    server = start("-seed", "7")
    proxy = server.api.create(echo.address, seed=9, label="a")
    proxy.add("corrupt", rate=0.001)
    met = exchange(proxy, 6)
    before = proxy.fields()
    file = record(server)
    proxy.remove("corrupt_downstream")
    status, out, err = cli_of(server.port)("replay", file)
    assert status == 0 and "is not new, its next connection has the ordinal 6" in err
    status, out, err = cli_of(server.port)("replay", "--recreate", file)
    assert (status, err) == (0, "")
    after = proxy.fields()
    assert {**after, "toxics": None} == {**before, "toxics": None}
    assert exchange(proxy, 6) == met


def test_what_cannot_be_replayed_is_said(start, cli_of, echo, exchange, record, tmp_path):
    server = start()
    cli = cli_of(server.port)
    proxy = server.api.create(echo.address)
    proxy.add("latency", latency=1)
    exchange(proxy, 2)
    file = record(server)
    proxy.delete()
    status, out, err = cli("replay", file)
    assert status == 1 and "Failed to prepare proxy p: HTTP 404: proxy not found" in err

    lines = open(file).readlines()
    open(file, "w").writelines(lines[4:])
    status, out, err = cli("replay", file)
    assert (status, out) == (0, "No toxic is to be set.\n")
    assert "not replayed: 4 records that the journal does not have\n" in err
    assert "hits of toxics that were added before the journal\n" in err

    open(file, "w").write('{"seq":1}\n')
    status, out, err = cli("replay", file)
    assert (status, out) == (1, "") and "Failed to read the journal" in err and "line 1" in err
    status, out, err = cli("replay", str(tmp_path / "nothing"))
    assert (status, out) == (1, "") and "Failed to open the journal" in err
    assert cli("replay")[0] == 1


def test_a_journal_whose_last_line_is_cut_is_replayed_without_it(
    start, cli_of, echo, exchange, record
):
    first = start("-seed", "7")
    proxy = first.api.create(echo.address)
    proxy.add("corrupt", rate=0.001)
    exchange(proxy, 6)
    file = record(first)
    whole = open(file).read()
    lines = whole.splitlines()
    second = start()
    second.api.create(echo.address)
    cli = cli_of(second.port)
    for cut in (1, len(lines[-1]) // 2, len(lines[-1]) - 1):
        open(file, "w").write("\n".join([*lines[:-1], lines[-1][:cut]]))
        status, out, err = cli("replay", "--recreate", file)
        assert status == 0 and "Set toxic 'corrupt_downstream' on proxy 'p'" in out
        assert err == f"warning: {file}, line {len(lines)}: it is cut and left out\n"
        status, out, err = cli("replay", "--recreate", "-o", "json", file)
        assert status == 0 and len(json.loads(out)["set"]) == 1 and "it is cut" in err


@pytest.mark.parametrize(
    "lines, complaint",
    [
        (['{"seq": 1', '{"seq": 2}'], "line 1: it is not JSON"),
        (['{"seq": 1, "kind": "mark"}', "x", '{"seq": 3, "kind": "mark"}'], "line 2: it is not JSON"),
        (['{"seq": 1}'], "line 1: a member is missing"),
        (['{"seq": "1"}'], "line 1: seq is no whole number from 0 on"),
        (['{"seq": -1}'], "line 1: seq is no whole number from 0 on"),
        (['{"seq": 1.5, "kind": "mark"}'], "line 1: seq is no whole number from 0 on"),
        (['{"seq": 1, "kind": 7}'], "line 1: a member is of the wrong kind"),
        (["[1]", '{"seq": 2}'], "line 1: a member is of the wrong kind"),
    ],
)
def test_a_line_that_is_no_record_is_an_error_with_its_number(cli, tmp_path, lines, complaint):
    file = tmp_path / "journal.ndjson"
    file.write_text("\n".join(lines) + "\n")
    status, out, err = cli("replay", str(file))
    assert (status, out) == (1, "")
    assert err == f"Failed to read the journal: {file}, {complaint}\n"


def test_a_folder_is_no_journal(cli, tmp_path):
    status, out, err = cli("replay", str(tmp_path))
    assert (status, out) == (1, "")
    assert err == f"Failed to read the journal: {tmp_path}\n"

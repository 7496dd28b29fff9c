"""What the command line can do under its own name, aconite."""

import json
import signal

import pytest

from compat_kit.wait import wait_until


@pytest.fixture
def db(api):
    return api.create("127.0.0.1:9", name="db")


def test_a_toxic_is_aimed(cli, api, db):
    lease = api.post("/leases", {"ttl": 60_000}).json()["id"]
    aim = {
        "match": {"client": "10.0.0.0/8,::1", "every": 2, "label": "7"},
        "trigger": {"after_hits": 10, "scope": "connection"},
        "ttl": 60_000,
        "schedule": [{"at": 50_000, "update": {"attributes": {"rate": 0.5}}}],
        "seed": 42,
        "lease": lease,
    }
    arguments = ["--match", "client=10.0.0.0/8,::1,every=2", "--match", "label=7"]
    arguments += ["--trigger", "after_hits=10,scope=connection", "--ttl", "60000"]
    arguments += ["--schedule", json.dumps(aim["schedule"]), "--seed", "42", "--lease", lease]
    status, out, err = cli("toxic", "add", "db", "-t", "loss", "-n", "l", "-o", "json", *arguments)
    assert (status, err) == (0, "")
    made = json.loads(out)
    assert {name: made.get(name) for name in aim} == aim
    assert api.get(f"{db.path}/toxics/l").json() == made

    changes = ["--match", "every=3", "--trigger", "times=1", "--ttl", "0", "--schedule", "[]"]
    status, out, err = cli("toxic", "update", "db", "-n", "l", "-o", "json", *changes)
    assert (status, err) == (0, "")
    changed = json.loads(out)
    assert changed["match"] == {**aim["match"], "every": 3}
    assert changed["trigger"] == {**aim["trigger"], "times": 1}
    assert (changed["seed"], changed["lease"]) == (42, lease)
    assert "ttl" not in changed
    assert "schedule" not in changed


def test_a_proxy_gets_a_seed_and_a_label(cli, api):
    arguments = ["-l", "127.0.0.1:0", "-u", "127.0.0.1:9", "--seed", "7", "--label", "12"]
    assert cli("create", "db", *arguments)[0] == 0
    made = api.get("/proxies/db").json()
    assert (made["seed"], made["label"]) == (7, "12")


def leases(api) -> list:
    return api.get("/leases").json()


def test_a_command_holds_its_lease_as_long_as_it_runs(start_cli, program_folder, api, db):
    script = f"'{program_folder}/aconite' toxic add db -t noop -n n && read wait; exit 7"
    run = start_cli("lease", "run", "--ttl", "1500", "--", "sh", "-c", script)
    assert run.stdout.readline() == "Added downstream noop toxic 'n' on proxy 'db'\n"
    (lease,) = leases(api)
    assert api.get(f"{db.path}/toxics/n").json()["lease"] == lease["id"]

    for _ in range(4):  # heart-beats, which take longer than the lease would live without
        before = leases(api)[0]["left"]

        def renewed():
            nonlocal before
            left = leases(api)[0]["left"]
            before, last = left, before
            return left > last

        wait_until(renewed, 10, "a heart-beat")
    assert leases(api)[0]["id"] == lease["id"]

    out, err = run.communicate("\n", timeout=10)
    assert (run.returncode, out, err) == (7, "", "")
    assert leases(api) == []
    assert api.get(f"{db.path}/toxics").json() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_passed_on_to_the_command(start_cli, api, number):
    script = "trap 'exit 9' TERM INT HUP; echo ready; while :; do sleep 0.01; done"
    run = start_cli("lease", "run", "sh", "-c", script)
    assert run.stdout.readline() == "ready\n"
    run.send_signal(number)
    assert run.wait(10) == 9
    assert leases(api) == []


def test_a_killed_command_is_told_as_a_shell_does(cli, api):
    assert cli("lease", "run", "--", "sh", "-c", "kill -KILL $$") == (128 + 9, "", "")
    assert leases(api) == []


def test_when_it_is_killed_itself_its_toxics_go_by_themselves(start_cli, program_folder, api, db):
    script = f"'{program_folder}/aconite' toxic add db -t noop && read wait"
    run = start_cli("lease", "run", "--ttl", "500", "--", "sh", "-c", script)
    assert run.stdout.readline()
    run.kill()
    wait_until(lambda: leases(api) == [], 10, "the end of the lease")
    assert api.get(f"{db.path}/toxics").json() == []


def test_a_lease_that_ended_before_the_command_is_told(start_cli, api):
    run = start_cli("lease", "run", "--", "sh", "-c", "echo ready; read wait; exit 3")
    assert run.stdout.readline() == "ready\n"
    assert api.post("/reset").status == 204
    _, err = run.communicate("\n", timeout=10)
    assert run.returncode == 3
    assert err == "aconite: the lease did not last until the end: lease not found\n"


def test_a_command_that_cannot_be_run_leaves_no_lease(cli, api):
    status, out, err = cli("lease", "run", "--", "/no/such/program")
    assert (status, out) == (127, "")
    assert err == "aconite: cannot run /no/such/program: No such file or directory\n"
    assert leases(api) == []


def test_without_a_lease_nothing_is_run(cli, server):
    server.terminate()
    status, out, err = cli("lease", "run", "--", "echo", "ran")
    assert (status, out) == (1, "")
    assert "Connection refused" in err

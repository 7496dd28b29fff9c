"""pgbench in its three query modes, while toxics on statements are there, come, change and go.

ACONITE_LOAD_SECONDS is how long each load under changes takes, 4 if it is not set.
"""

import itertools
import os
import re
import subprocess
import threading
import time

import pytest

from operations import add, hits, journal
from servers.postgres_server import pg_environment, pg_tool

SECONDS = float(os.environ.get("ACONITE_LOAD_SECONDS", "4"))
CLIENTS = 8
CHANGES_PER_SECOND = 100
#: As pgbench's own script, but what is read is checked: a wrong value divides by zero, which no
#: client tries again.
SCRIPT = """\
\\set aid random(1, 100000)
\\set tid random(1, 10)
\\set delta random(-5000, 5000)
\\set token random(1, 1000000000)
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid
    RETURNING abalance AS written \\gset
SELECT abalance AS found, :token::int AS said FROM pgbench_accounts WHERE aid = :aid \\gset
\\if :found <> :written or :said <> :token
SELECT 1 / 0;
\\endif
UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = 1;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)
    VALUES (:tid, 1, :aid, :delta, CURRENT_TIMESTAMP);
COMMIT;
"""

modes = pytest.mark.parametrize("mode", ["simple", "extended", "prepared"])


@pytest.fixture
def proxy(proxy_server, postgres):
    subprocess.run([pg_tool("pgbench"), "-i", "-q", "-p", str(postgres.port)], check=True,
                   env=pg_environment(), capture_output=True, timeout=120)
    return proxy_server.api.create_proxy("postgres", postgres.address, protocol="postgres")


def pgbench(port, mode, seconds, *options):
    return subprocess.run(
        [pg_tool("pgbench"), "-n", "-c", str(CLIENTS), "-j", "2", "-T", f"{seconds:.0f}",
         "-p", str(port), "-M", mode, *options],
        env=pg_environment(), capture_output=True, text=True, timeout=seconds + 120)


@modes
def test_toxics_that_match_nothing_disturb_nobody(proxy, mode):
    add(proxy, preset="deadlock", match={"query": "never said"})
    add(proxy, name="other", preset="lose_commit_ack", match={"user": "nobody"})
    done = pgbench(proxy.port, mode, 3)
    assert done.returncode == 0, done.stderr
    assert "number of failed transactions: 0" in done.stdout
    assert hits(proxy) == 0
    assert journal(proxy, "not_followed") == []


class Changes:
    """Adds, changes and removes toxics one by one, and counts what the journal has of them."""

    #: Of these pgbench sees an error each time that they act, and tries again.
    ERRORS = ("deadlock", "serialization_failure")
    SLOW = ({"fault": "delay", "delay": 5}, {"fault": "slow_rows", "rows_per_second": 500})

    def __init__(self, proxy):
        self.done = 0
        self.rounds = 0
        self.errors = 0
        self._proxy = proxy
        self._since = 0

    def run(self, is_over):
        """At their rate until it is over, and to the end of a round."""
        began = time.monotonic()
        for number in itertools.count():
            for change in self._round(number):
                time.sleep(max(0, began + self.done / CHANGES_PER_SECOND - time.monotonic()))
                change()
                self.done += 1
            self._read()
            self.rounds += 1
            if is_over():
                return

    def _round(self, number):
        add_error = {"preset": self.ERRORS[number % 2], "rate": 0.05,
                     "match": {"command": ("UPDATE,COMMIT", "INSERT", "SELECT")[number % 3]}}
        add_slow = {**self.SLOW[number % 2], "match": {"command": "SELECT,COMMIT"}}
        yield lambda: add(self._proxy, name="error", **add_error)
        yield lambda: add(self._proxy, name="slow", **add_slow)
        yield lambda: self._proxy.update("error", rate=0.3, preset=self.ERRORS[(number + 1) % 2])
        yield lambda: self._proxy.update("slow", fault="delay", delay=1)
        for name in ("error", "slow")[::1 if number % 2 else -1]:
            yield lambda: self._proxy.remove(name)

    def _read(self):
        """Counts the hits of the errors since the last time. None may have been overwritten."""
        headers, text = self._proxy.api.headers_and_text(
            "GET", f"/journal?kind=hit&toxic=error&since={self._since}")
        assert headers["Aconite-Journal-Missed"] in (None, "0")
        self._since = int(headers["Aconite-Journal-Next"])
        self.errors += len(text.splitlines())


@modes
def test_each_error_under_changes_is_one_of_the_journal(postgres, proxy, tmp_path, progress, mode):
    """And every client reads what it wrote, and the balances agree."""
    script = tmp_path / "script.sql"
    script.write_text(SCRIPT)
    done = []
    load = threading.Thread(target=lambda: done.append(pgbench(
        proxy.port, mode, SECONDS, "-f", script, "--max-tries", "1000", "--verbose-errors")))
    load.start()
    changes = Changes(proxy)
    changes.run(lambda: not load.is_alive())
    load.join()

    said, errors = done[0].stdout, done[0].stderr
    assert done[0].returncode == 0, errors[-2000:]
    told = re.findall(r"got an error in command.*;\s+ERROR:\s+(.*)", errors)
    assert set(told) <= {"deadlock detected",
                         "could not serialize access due to concurrent update"}
    assert len(told) == changes.errors > 0
    # An error behind the last second is not tried again: one of each client at most.
    assert int(re.search(r"failed transactions: (\d+)", said)[1]) <= CLIENTS
    assert changes.rounds >= 5  # many more, but not on a machine that does much else
    assert journal(proxy, "not_followed") == []
    sums = postgres.query("SELECT (SELECT sum(abalance) FROM pgbench_accounts), "
                          "(SELECT sum(tbalance) FROM pgbench_tellers), "
                          "(SELECT sum(bbalance) FROM pgbench_branches), "
                          "(SELECT sum(delta) FROM pgbench_history)").split("|")
    assert len(set(sums)) == 1, sums
    transactions = re.search(r"actually processed: (\d+)", said)[1]
    if SECONDS > 4:
        progress(f"{mode}: {transactions} transactions, {changes.done} changes in "
                 f"{SECONDS:g} s, {changes.errors} errors, each in the journal")

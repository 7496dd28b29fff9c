"""PostgreSQL behind toxics that destroy nothing: queries, COPY both ways and pgbench."""

import hashlib
import re
import subprocess

import pytest

from servers import toxics
from servers.churn import Churn
from servers.postgres_server import pg_environment, pg_tool, psql
from servers.psql_session import PsqlSession

ROWS = 25_000


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


@pytest.fixture(scope="session")
def copy_text():
    """Some 3 MB as COPY writes them, each row different."""
    return "".join(f"{row}\t{md5(str(row)) * 3}\t{md5(str(-row))[:row % 20]}\n"
                   for row in range(ROWS))


@pytest.fixture
def table(postgres, copy_text):
    """The rows of copy_text in a table, and an empty table of the same shape beside it."""
    postgres.query("CREATE TABLE source (n int PRIMARY KEY, a text, b text);"
                   "CREATE TABLE target (LIKE source)")
    psql(postgres.port, "COPY source FROM STDIN", stdin=copy_text, check=True)


def copy_out(port, table="source"):
    """The MD5 of what COPY writes; ordered, since big tables may be read from their middle."""
    done = psql(port, f"COPY (SELECT * FROM {table} ORDER BY n) TO STDOUT")
    assert done.returncode == 0, done.stderr
    return md5(done.stdout)


def copy_in(postgres, port, text):
    """Sends the rows through `port`; returns the MD5 of what a direct connection reads back."""
    postgres.query("TRUNCATE target")
    done = psql(port, "COPY target FROM STDIN", stdin=text)
    assert done.returncode == 0, done.stderr
    return copy_out(postgres.port, "target")


def prepare_pgbench(postgres):
    subprocess.run([pg_tool("pgbench"), "-i", "-q", "-s", "1", "-p", str(postgres.port)],
                   env=pg_environment(), check=True, capture_output=True, timeout=60)


def run_pgbench(port, transactions, *options):
    """Four clients, `transactions` each; returns the number processed, of which none failed."""
    done = subprocess.run(
        [pg_tool("pgbench"), "-n", "-c", "4", "-j", "1", "-t", str(transactions), "-p", str(port),
         *options],
        env=pg_environment(), capture_output=True, text=True, timeout=120)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "number of failed transactions: 0 " in output, output
    processed = re.search(r"transactions actually processed: (\d+)/(\d+)", output)
    assert processed[1] == processed[2] == str(4 * transactions), output
    return int(processed[1])


def assert_books_balance(postgres, transactions):
    """TPC-B's own invariant: every delta is booked on account, teller, branch and in history."""
    sums = postgres.query("""
        SELECT (SELECT sum(abalance) FROM pgbench_accounts),
               (SELECT sum(tbalance) FROM pgbench_tellers),
               (SELECT sum(bbalance) FROM pgbench_branches),
               (SELECT sum(delta) FROM pgbench_history),
               (SELECT count(*) FROM pgbench_history)""").split("|")
    assert sums[0] == sums[1] == sums[2] == sums[3]
    assert int(sums[4]) == transactions


@pytest.mark.parametrize("toxic_set", toxics.SETS)
def test_queries_and_copy_keep_every_byte(postgres, postgres_proxy, table, copy_text, toxic_set):
    toxics.apply(postgres_proxy, toxic_set)
    with PsqlSession(postgres_proxy.port) as session:
        assert session.query("SELECT string_agg(n::text, ' ' ORDER BY n) FROM source") == \
            " ".join(map(str, range(ROWS)))
    assert copy_out(postgres_proxy.port) == md5(copy_text)
    assert copy_in(postgres, postgres_proxy.port, copy_text) == md5(copy_text)


@pytest.mark.parametrize("toxic_set", toxics.SETS)
def test_pgbench_fails_no_transaction(postgres, postgres_proxy, toxic_set):
    prepare_pgbench(postgres)
    toxics.apply(postgres_proxy, toxic_set)
    run_pgbench(postgres_proxy.port, 100, "-S")
    assert_books_balance(postgres, run_pgbench(postgres_proxy.port, 40))


def test_one_session_keeps_every_answer_while_toxics_change(postgres, postgres_proxy):
    number = 0
    with PsqlSession(postgres_proxy.port) as session:
        backend = session.query("SELECT pg_backend_pid()")
        with Churn(postgres_proxy, seed=1) as churn:
            while churn.steps < 60:
                size = 1 + number * 7_919 % 100_000
                assert session.query(f"SELECT {number}, repeat('ab', {size})") == \
                    f"{number}|{'ab' * size}"
                number += 1
        assert session.query("SELECT pg_backend_pid()") == backend
    churn.check()


def test_copy_keeps_every_byte_while_toxics_change(postgres, postgres_proxy, table, copy_text):
    with Churn(postgres_proxy, seed=2) as churn:
        while churn.steps < 80:
            assert copy_out(postgres_proxy.port) == md5(copy_text)
            assert copy_in(postgres, postgres_proxy.port, copy_text) == md5(copy_text)
    churn.check()


@pytest.mark.parametrize("options", ((), ("-S",)), ids=("tpc_b", "select_only"))
def test_pgbench_fails_no_transaction_while_toxics_change(postgres, postgres_proxy, options):
    prepare_pgbench(postgres)
    total = 0
    with Churn(postgres_proxy, seed=3) as churn:
        while churn.steps < 60:
            total += run_pgbench(postgres_proxy.port, 25, *options)
    if not options:
        assert_books_balance(postgres, total)
    churn.check()

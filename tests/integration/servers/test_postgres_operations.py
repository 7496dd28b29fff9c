"""Toxics on single statements: what drivers see, beside what the database holds."""

import asyncio
import threading
import time

import asyncpg
import psycopg
import pytest
from psycopg.pq import TransactionStatus

from operations import add, hits, ids, journal
from servers.waiting import wait_until

COMMITS = 200


@pytest.fixture
def proxy(proxy_server, postgres):
    return proxy_server.api.create_proxy("postgres", postgres.address, protocol="postgres")


@pytest.fixture
def table(postgres):
    postgres.query("CREATE TABLE notes (id int PRIMARY KEY, text text)")


def connect(port, **more):
    """A statement that takes longer than 30 s is given up: no test has one."""
    return psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres",
                           connect_timeout=30, options="-c statement_timeout=30s", **more)


# ---- errors are as the real ones ----

def seen(connection, error):
    """All of an error that a program may decide by."""
    return (type(error), error.diag.sqlstate, error.diag.severity,
            connection.info.transaction_status)


def caught(connection, *statements):
    with pytest.raises(psycopg.Error) as failure:
        for sql in statements:
            connection.execute(sql)
    return seen(connection, failure.value)


def serialization_failure(port):
    with connect(port) as first, connect(port) as second:
        for each in (first, second):
            each.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            each.execute("SELECT sum(id) FROM notes")
        first.execute("UPDATE notes SET text = 'first' WHERE id = 1")
        first.commit()
        found = caught(second, "UPDATE notes SET text = 'second' WHERE id = 1")
        second.rollback()
        return found


def deadlock(port):
    with connect(port) as first, connect(port) as second:
        first.execute("SET deadlock_timeout = '10s'")
        second.execute("SET deadlock_timeout = '10ms'")
        first.execute("UPDATE notes SET text = 'a' WHERE id = 1")
        second.execute("UPDATE notes SET text = 'b' WHERE id = 2")
        other = threading.Thread(
            target=lambda: first.execute("UPDATE notes SET text = 'a' WHERE id = 2"))
        other.start()
        with connect(port, autocommit=True) as watcher:
            wait_until(lambda: watcher.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0] > 0, "a lock")
        found = caught(second, "UPDATE notes SET text = 'b' WHERE id = 1")
        second.rollback()
        other.join()
        first.rollback()
        return found


def lock_timeout(port):
    with connect(port) as first, connect(port) as second:
        first.execute("LOCK notes")
        found = caught(second, "SET lock_timeout = '10ms'", "SELECT * FROM notes")
        second.rollback()
        return found


def alone(*statements):
    def run(port):
        with connect(port) as connection:
            found = caught(connection, *statements)
            connection.rollback()
            return found
    return run


REAL = {
    "40001": serialization_failure,
    "40P01": deadlock,
    "55P03": lock_timeout,
    "57014": alone("SET statement_timeout = '10ms'", "SELECT pg_sleep(10)"),
    "23505": alone("INSERT INTO notes VALUES (1)"),
    "23502": alone("INSERT INTO notes VALUES (NULL)"),
    "23514": alone("ALTER TABLE notes ADD CHECK (id < 100)", "INSERT INTO notes VALUES (100)"),
    "23503": alone("CREATE TABLE more (id int REFERENCES notes)", "INSERT INTO more VALUES (99)"),
    "25006": alone("SET TRANSACTION READ ONLY", "INSERT INTO notes VALUES (3)"),
    "25P02": alone("SAVEPOINT a", "RELEASE a", "DO $$BEGIN RAISE SQLSTATE '25P02'; END$$"),
    "42P01": alone("SELECT * FROM nowhere"),
    "42703": alone("SELECT nothing FROM notes"),
    "42601": alone("nonsense"),
    "42501": alone("SET ROLE pg_monitor", "SELECT * FROM notes"),
    "42P07": alone("CREATE TABLE notes (id int)"),
    "22012": alone("SELECT 1 / 0"),
    "22P02": alone("SELECT 'x'::int"),
    "22003": alone("SELECT 10000000000::int"),
    "22001": alone("SELECT CAST('x' AS varchar(1)); CREATE TEMP TABLE t (a varchar(1)); "
                   "INSERT INTO t VALUES ('long')"),
    "0A000": alone("SELECT now() AT TIME ZONE INTERVAL '1 month'"),
    "P0001": alone("DO $$BEGIN RAISE EXCEPTION 'mine'; END$$"),
    "53400": alone("DO $$BEGIN RAISE SQLSTATE '53400'; END$$"),
}


@pytest.mark.parametrize("sqlstate", REAL)
def test_an_error_equals_the_real_one(postgres, proxy, table, sqlstate):
    postgres.query("INSERT INTO notes VALUES (1), (2)")
    real = REAL[sqlstate](postgres.port)
    add(proxy, fault="error", sqlstate=real[1], match={"query": "the one"})
    with connect(proxy.port) as connection:
        connection.execute("SELECT 'before'")
        made = caught(connection, "SELECT 'the one'")
        assert made == real
        assert caught(connection, "SELECT 'behind'")[1] == "25P02"
        connection.rollback()
        assert connection.execute("SELECT 'well'").fetchone() == ("well",)
    assert hits(proxy) == 1


def fatal(port, **more):
    with pytest.raises(psycopg.OperationalError) as failure:
        connect(port, **more)
    return type(failure.value), str(failure.value).split("FATAL:")[-1].strip()


def test_too_many_connections_equals_the_real_one(postgres, proxy):
    postgres.query("ALTER ROLE postgres CONNECTION LIMIT -1")
    # A superuser is let in by the real server as long as there is room; its text is PostgreSQL's.
    add(proxy, preset="too_many_connections", connection_limit=1)
    with connect(proxy.port):
        assert fatal(proxy.port) == (psycopg.OperationalError, "sorry, too many clients already")
    wait_until(lambda: proxy.api.json(
        "GET", "/proxies/postgres/stats")["connections"]["open"] == 0, "room")
    connect(proxy.port).close()


def test_a_shutdown_equals_the_real_one(postgres, proxy):
    def ended(connection):
        with pytest.raises(psycopg.Error) as failure:
            connection.execute("SELECT 1")
        return type(failure.value), str(failure.value).split("\n")[0], connection.closed

    real = connect(postgres.port)
    postgres.query(f"SELECT pg_terminate_backend({real.info.backend_pid})")
    through = connect(proxy.port)
    add(proxy, preset="admin_shutdown")
    assert ended(through) == ended(real)


def test_a_failover_goes_through_all_of_its_stages(postgres, proxy, table):
    before = connect(proxy.port, autocommit=True)
    name = add(proxy, preset="failover")
    with pytest.raises(psycopg.OperationalError, match="due to administrator command"):
        before.execute("SELECT 1")
    assert before.closed

    wait_until(lambda: login_fails(proxy, "the database system is starting up"), "it starts")
    wait_until(lambda: not login_fails(proxy, "the database system is starting up"), "it started")
    with connect(proxy.port, autocommit=True) as after:
        assert after.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            after.execute("INSERT INTO notes VALUES (1)")
        wait_until(lambda: name not in toxics(proxy), "all is well")
        after.execute("INSERT INTO notes VALUES (2)")
    assert ids(postgres) == {2}


def toxics(proxy):
    return {each["name"] for each in proxy.api.json("GET", f"/proxies/{proxy.name}/toxics")}


def login_fails(proxy, why):
    try:
        connect(proxy.port).close()
    except psycopg.OperationalError as error:
        assert why in str(error)
        return True
    return False


def test_a_commit_that_fails_is_rolled_back(postgres, proxy, table):
    add(proxy, preset="serialization_failure", match={"command": "COMMIT"}, trigger={"times": 1})
    with connect(proxy.port) as connection:
        connection.execute("INSERT INTO notes VALUES (1)")
        with pytest.raises(psycopg.errors.SerializationFailure):
            connection.commit()
        assert connection.info.transaction_status == TransactionStatus.IDLE
        connection.execute("INSERT INTO notes VALUES (2)")
        connection.commit()
    assert ids(postgres) == {2}


# ---- commits whose answer is lost ----

def insert_many(proxy):
    """Commits one by one; those that were told as committed, and those that were not."""
    told, lost = set(), set()
    connection = None
    for number in range(COMMITS):
        connection = connection or connect(proxy.port)
        try:
            connection.execute("INSERT INTO notes VALUES (%s)", (number,))
            connection.commit()
            told.add(number)
        except psycopg.OperationalError:
            lost.add(number)
            connection.close()
            connection = None
    connection and connection.close()
    return told, lost


def test_a_lost_commit_answer_is_in_the_table(postgres, proxy, table):
    add(proxy, preset="lose_commit_ack", rate=0.3)
    told, lost = insert_many(proxy)
    assert ids(postgres) == told | lost
    assert hits(proxy) == len(lost) > COMMITS // 10
    records = journal(proxy, "hit")
    assert {each["operation"]["command"] for each in records} == {"COMMIT"}
    assert {each["operation"]["state"] for each in records} == {"transaction"}


def test_a_phantom_commit_is_not(postgres, proxy, table):
    add(proxy, preset="phantom_commit", rate=0.3)
    told, lost = insert_many(proxy)
    assert ids(postgres) == told
    assert hits(proxy) == len(lost) > COMMITS // 10


async def insert_with_asyncpg(port, numbers):
    told, lost = set(), set()
    for number in numbers:
        connection = await asyncpg.connect(host="127.0.0.1", port=port, user="postgres",
                                           database="postgres", ssl=False)
        try:
            async with connection.transaction():
                await connection.execute("INSERT INTO notes VALUES ($1)", number)
            told.add(number)
        except (asyncpg.PostgresError, OSError, asyncpg.InterfaceError):
            lost.add(number)
            connection.terminate()
        else:
            await connection.close()
    return told, lost


@pytest.mark.parametrize("preset", ["lose_commit_ack", "phantom_commit"])
def test_the_extended_protocol_and_asyncpg(postgres, proxy, table, preset):
    add(proxy, preset=preset, trigger={"every": 3})
    told, lost = asyncio.run(insert_with_asyncpg(proxy.port, range(30)))
    assert len(lost) == 10
    assert ids(postgres) == (told | lost if preset == "lose_commit_ack" else told)


def test_an_autocommitted_insert_whose_answer_is_lost(postgres, proxy, table):
    add(proxy, fault="lose_reply", match={"command": "INSERT"})
    with pytest.raises(psycopg.OperationalError):
        with connect(proxy.port, autocommit=True) as connection:
            connection.execute("INSERT INTO notes VALUES (%s)", (1,), prepare=True)
    assert ids(postgres) == {1}


# ---- pipelines, COPY, and what else a session has ----

def test_an_error_in_the_middle_of_a_pipeline(postgres, proxy, table):
    add(proxy, preset="deadlock", match={"query": "VALUES .50"})
    with connect(proxy.port, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DeadlockDetected):
            with connection.pipeline():
                for number in range(100):
                    connection.execute(f"INSERT INTO notes VALUES ({number})")
        assert ids(postgres) == set()  # one implicit transaction
        with connection.pipeline():
            for number in range(100, 110):
                connection.execute("INSERT INTO notes VALUES (%s)", (number,))
        assert ids(postgres) == set(range(100, 110))


def test_copy_in_and_out_and_its_failure(postgres, proxy, table):
    rows = [(n, "x" * 1000) for n in range(5000)]
    with connect(proxy.port, autocommit=True) as connection:
        with connection.cursor().copy("COPY notes FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        with connection.cursor().copy("COPY notes TO STDOUT") as copy:
            assert sorted((int(a), b) for a, b in copy.rows()) == rows
        add(proxy, preset="disk_full", match={"phase": "copy"})
        with pytest.raises(psycopg.errors.DiskFull):
            with connection.cursor().copy("COPY notes FROM STDIN") as copy:
                copy.write_row((9999, "no"))
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (5000,)


def test_large_rows_notices_notifications_and_cancel(postgres, proxy):
    with connect(proxy.port, autocommit=True) as connection:
        notices = []
        connection.add_notice_handler(lambda each: notices.append(each.message_primary))
        size = 50_000_000
        assert len(connection.execute(f"SELECT repeat('x', {size})").fetchone()[0]) == size
        connection.execute("DO $$BEGIN RAISE NOTICE 'here'; END$$")
        assert notices == ["here"]
        connection.execute("LISTEN channel")
        postgres.query("NOTIFY channel, 'there'")
        assert next(connection.notifies()).payload == "there"
        timer = threading.Timer(0.3, connection.cancel)
        timer.start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(60)")
    assert journal(proxy, "not_followed") == []


def test_application_name_is_followed(proxy, table):
    add(proxy, preset="deadlock", match={"application_name": "^till$"})
    with connect(proxy.port, autocommit=True, application_name="office") as connection:
        connection.execute("SELECT 1")
        connection.execute("SET application_name = 'till'")
        with pytest.raises(psycopg.errors.DeadlockDetected):
            connection.execute("SELECT 1")


def test_a_delay_is_that_of_its_statement_only(proxy):
    add(proxy, fault="delay", delay=400, match={"query": "slow"})
    with connect(proxy.port, autocommit=True) as connection:
        began = time.monotonic()
        for _ in range(20):
            connection.execute("SELECT 'fast'")
        assert time.monotonic() - began < 0.4
        connection.execute("SELECT 'slow'")
        assert time.monotonic() - began >= 0.4
    stats = proxy.api.json("GET", f"/proxies/{proxy.name}/stats")
    assert [each["added_delay_ms"] for each in stats["toxics"]] == [400]


def test_what_cannot_be_followed_passes_and_is_told(proxy, postgres):
    with connect(proxy.port, replication="database", autocommit=True) as connection:
        connection.execute("IDENTIFY_SYSTEM")
    assert [each["reason"] for each in journal(proxy, "not_followed")] == ["replication"]
    stats = proxy.api.json("GET", "/proxies/postgres/stats")
    assert stats["connections"]["not_followed"] == 1


def test_byte_toxics_go_with_it(proxy, table):
    proxy.add("latency", "downstream", latency=150)
    proxy.add("slicer", "upstream", average_size=3, size_variation=1)
    add(proxy, preset="unique_violation")
    with connect(proxy.port, autocommit=True) as connection:
        began = time.monotonic()
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO notes VALUES (1)")
        assert time.monotonic() - began >= 0.15


def test_another_protocol_is_refused_with_what_to_write(proxy_server, postgres):
    plain = proxy_server.api.create_proxy("plain", postgres.address)
    with pytest.raises(Exception, match='409.*--protocol postgres'):
        add(plain, preset="deadlock")

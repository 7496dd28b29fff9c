"""What an application sees over libpq 18: probe.py PORT SCENARIO NUMBER [NAME=VALUE...].

The last ones go to libpq as they are: sslmode=require, max_protocol_version=3.2.
"""

import json
import selectors
import sys
import threading

import psycopg


def commit(connection, number):
    connection.execute("INSERT INTO notes VALUES (%s)", (number,))
    connection.commit()


def statement(connection, _):
    connection.execute("UPDATE stock SET n = n - %s", (1,))
    connection.commit()


def cancel(connection, number):
    """Asks the server to cancel a statement of so many seconds, as soon as it runs it."""
    over = threading.Event()

    def ask():
        with psycopg.connect(conninfo, autocommit=True) as watcher:
            while not over.is_set() and not watcher.execute(
                    "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'",
                    (connection.info.backend_pid,)).fetchall():
                pass
        try:
            connection.cancel_safe(timeout=20)
        except psycopg.Error as error:
            seen["cancelling"] = str(error)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        connection.execute("SELECT pg_sleep(%s)", (number,))
    finally:
        over.set()
        asking.join()


def is_well(connection):
    try:
        connection.rollback()
        return connection.execute("SELECT %s::int", (1,)).fetchone() == (1,)
    except psycopg.Error:
        return False


# libpq closes a socket on which GSSAPI failed, and the next one has its number. psycopg's epoll
# does not see that when both wait for the same event, and then for nothing: poll asks by number.
psycopg.waiting.DefaultSelector = selectors.PollSelector
port, scenario, number, *more = sys.argv[1:]
conninfo = psycopg.conninfo.make_conninfo(
    host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=20,
    **({"sslmode": "disable", "gssencmode": "disable"} | dict(each.split("=", 1) for each in more)))
seen = {"connected": False, "told": "", "sqlstate": "", "well": False,
        "libpq": psycopg.pq.version()}
try:
    with psycopg.connect(conninfo) as session:
        seen |= {"connected": True, "protocol": session.info.full_protocol_version,
                 "tls": session.pgconn.ssl_in_use}
        try:
            {"commit": commit, "statement": statement, "cancel": cancel}[scenario](
                session, int(number))
            seen["told"] = "committed"
        except psycopg.Error as error:
            seen |= {"sqlstate": error.sqlstate or "", "text": str(error)}
        seen["well"] = is_well(session)
except psycopg.Error as error:
    if not seen["connected"]:
        # A refused login has no SQLSTATE of its own in libpq; its text is the server's.
        seen |= {"sqlstate": error.sqlstate or "", "text": str(error)}
print(json.dumps(seen))

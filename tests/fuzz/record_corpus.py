#!/usr/bin/env python3
"""Writes what drivers and PostgreSQL say to each other into tests/fuzz/corpus/postgres, in the form
that session_corpus.py tells of: record_corpus.py, without arguments. Needs what `./dev test` does.
recorded_test.cpp plays it too.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

import asyncpg  # noqa: E402
import psycopg  # noqa: E402

from servers.postgres_18 import Postgres18  # noqa: E402
from servers.postgres_drivers import DRIVERS, libpq_probe, probe  # noqa: E402
from servers.postgres_server import PostgresServer, pg_environment  # noqa: E402
from servers.process import require  # noqa: E402
from servers.recorder import Recorder  # noqa: E402
from session_corpus import SessionCorpus  # noqa: E402

PSQL = """\
BEGIN; INSERT INTO notes VALUES (1, 'one'); COMMIT;
INSERT INTO notes VALUES (2, 'two')\\; SELECT * FROM notes\\; UPDATE notes SET text = 'three';
BEGIN; SELECT nothing; SELECT 1; ROLLBACK;
COPY notes FROM STDIN;
3\tx
4\ty
\\.
COPY notes FROM STDIN;
no number
\\.
COPY notes TO STDOUT;
PREPARE two AS SELECT $1::int + 1; EXECUTE two(1); DEALLOCATE two;
DO $$BEGIN RAISE NOTICE 'here'; END$$;
LISTEN channel; NOTIFY channel, 'there';
DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(1, 5); FETCH 2 FROM c; CLOSE c;
SET application_name = 'till'; SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
DELETE FROM notes;
"""


def psql(port, sql, *options, **environment):
    subprocess.run([require("psql", "postgresql-client-15"), "-XAtq", "-p", str(port), *options],
                   input=sql, text=True, capture_output=True, check=True, timeout=60,
                   env={**pg_environment(), **environment})


def large_objects(port):
    """psql makes them by calls of functions, which are messages of their own."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"some bytes")
        file.flush()
        psql(port, f"\\lo_import {file.name}\n\\lo_list\n\\lo_unlink :LASTOID\n")


def libpq(port):
    with psycopg.connect(host="127.0.0.1", port=port, user="postgres", sslmode="disable",
                         gssencmode="disable", dbname="postgres", autocommit=True) as connection:
        with connection.pipeline():
            for number in range(10, 14):
                connection.execute("INSERT INTO notes VALUES (%s, 'x')", (number,), prepare=True)
        try:
            with connection.pipeline():
                connection.execute("SELECT 1")
                connection.execute("SELECT 1 / 0")
                connection.execute("SELECT 2")
        except psycopg.Error:
            pass
        with connection.cursor().copy("COPY notes FROM STDIN") as copy:
            copy.write_row((20, "copied"))
        with connection.cursor().copy("COPY notes TO STDOUT (FORMAT BINARY)") as copy:
            list(copy)
        with connection.transaction(), connection.cursor("named") as cursor:
            cursor.itersize = 2
            cursor.execute("SELECT * FROM generate_series(1, 5)")
            cursor.fetchall()


async def with_asyncpg(port):
    connection = await asyncpg.connect(host="127.0.0.1", port=port, user="postgres",
                                       database="postgres", ssl=False)
    async with connection.transaction():
        await connection.executemany("INSERT INTO notes VALUES ($1, $2)", [(30, "a"), (31, "b")])
        async for _ in connection.cursor("SELECT * FROM notes", prefetch=2):
            pass
    try:
        await connection.fetch("SELECT 1 / $1::int", 0)
    except asyncpg.PostgresError:
        pass
    await connection.copy_records_to_table("notes", records=[(40, "c")])
    await connection.close()


def sessions():
    """By name: what is done at a port."""
    yield "psql", lambda port: psql(port, PSQL, "-v", "ON_ERROR_STOP=0")
    yield "psql-objects", large_objects
    yield "psql-prefers-tls", lambda port: psql(port, "SELECT 1;\n", PGSSLMODE="prefer")
    yield "psql-no-role", lambda port: psql(port, "", PGUSER="nobody")
    yield "psycopg", libpq
    yield "asyncpg", lambda port: asyncio.run(with_asyncpg(port))
    yield "cancel", lambda port: libpq_probe(port, "cancel", 60, max_protocol_version="latest")
    yield "libpq-18", lambda port: libpq_probe(port, "statement", max_protocol_version="latest")
    for name in DRIVERS:
        slug = name.replace(", ", "-").replace(" ", "-")
        yield slug, lambda port, name=name: probe(name, port, "statement", 0)
        yield f"{slug}-fails", lambda port, name=name: probe(name, port, "commit", 1)
        if name.startswith("pgjdbc"):
            yield f"{slug}-batch", lambda port, name=name: probe(name, port, "batch", 100)


def record(corpus, server, prefix):
    server.query("CREATE TABLE notes (id int PRIMARY KEY, text text); CREATE TABLE stock (n int); "
                 "INSERT INTO stock VALUES (10); INSERT INTO notes VALUES (1)")
    for name, act in sessions():
        with Recorder(server.port) as recorder:
            try:
                act(recorder.port)
            except subprocess.CalledProcessError:
                pass  # psql says so when its login is refused
        corpus.keep(f"{prefix}-{name}", recorder.sessions)


def main():
    corpus = SessionCorpus("postgres")
    for prefix, start in (("15", PostgresServer), ("18", lambda: Postgres18(print))):
        server = start()
        try:
            record(corpus, server, prefix)
        finally:
            server.stop()
    corpus.tell()


if __name__ == "__main__":
    main()

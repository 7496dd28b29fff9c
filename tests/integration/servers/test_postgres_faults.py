"""What psql and a bare PostgreSQL session see when a toxic destroys the connection."""

import struct
import time

import pytest

from servers.postgres_server import psql
from servers.psql_session import PsqlSession
from servers.raw import RawConnection

# libpq prints the same for an orderly close and for a reset; bare sessions tell them apart.
CLOSED = "server closed the connection unexpectedly"
STREAMS = ("upstream", "downstream")
QUIET_S = 0.5


@pytest.fixture
def session(postgres, postgres_proxy):
    """A psql connected through the proxy, and an empty table for it."""
    postgres.query("CREATE TABLE notes (text text)")
    with PsqlSession(postgres_proxy.port) as session:
        assert session.query("SELECT 'ready'") == "ready"
        yield session


def notes(postgres):
    return postgres.query("SELECT count(*) FROM notes")


class BareSession(RawConnection):
    """The wire protocol by hand, as far as a simple query needs it."""

    def __init__(self, port):
        super().__init__("127.0.0.1", port)
        body = struct.pack("!I", 196_608) + b"user\0postgres\0database\0postgres\0\0"
        self.send(struct.pack("!I", len(body) + 4) + body)

    def until_ready(self):
        kind = b""
        while kind != b"Z":
            kind, size = struct.unpack("!cI", self.receive(5))
            self.receive(size - 4)

    def send_query(self, sql):
        self.send(struct.pack("!cI", b"Q", len(sql) + 5) + sql.encode() + b"\0")


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_closes_a_new_connection_after_its_time(postgres_proxy, stream):
    postgres_proxy.add("timeout", stream, timeout=400)
    start = time.monotonic()
    done = psql(postgres_proxy.port, "SELECT 1")
    assert 0.4 <= time.monotonic() - start < 5
    assert done.returncode == 2
    assert CLOSED in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_closes_a_live_session_after_its_time(postgres, postgres_proxy, session, stream):
    start = time.monotonic()
    postgres_proxy.add("timeout", stream, timeout=400)
    text = session.query("INSERT INTO notes VALUES ('lost?') RETURNING text")
    assert 0.4 <= time.monotonic() - start < 5
    assert CLOSED in text
    assert "lost?" not in text.splitlines()
    # Upstream, the statement was thrown away; downstream, it was executed and its answer lost.
    assert notes(postgres) == ("0" if stream == "upstream" else "1")


@pytest.mark.parametrize("stream", STREAMS)
def test_timeout_zero_holds_until_removed_and_then_closes(postgres, postgres_proxy, session,
                                                          stream):
    toxic = postgres_proxy.add("timeout", stream, timeout=0)
    session.send("INSERT INTO notes VALUES ('lost?') RETURNING text")
    assert session.quiet(QUIET_S)
    postgres_proxy.remove(toxic)
    assert CLOSED in session.answer()
    assert notes(postgres) == ("0" if stream == "upstream" else "1")


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_a_new_connection(postgres_proxy, stream):
    postgres_proxy.add("reset_peer", stream, timeout=0)
    with BareSession(postgres_proxy.port) as bare, pytest.raises(ConnectionResetError):
        bare.until_closed()
    done = psql(postgres_proxy.port, "SELECT 1")
    assert done.returncode == 2
    assert CLOSED in done.stderr


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_ends_a_live_psql_at_its_next_query(postgres, postgres_proxy, session,
                                                          stream):
    postgres_proxy.add("reset_peer", stream, timeout=0)
    assert CLOSED in session.query("INSERT INTO notes VALUES ('lost?')")
    assert notes(postgres) == ("0" if stream == "upstream" else "1")


@pytest.mark.parametrize("stream", STREAMS)
def test_reset_peer_resets_a_live_session(postgres_proxy, stream):
    with BareSession(postgres_proxy.port) as bare:
        bare.until_ready()
        postgres_proxy.add("reset_peer", stream, timeout=0)
        bare.send_query("SELECT 1")
        with pytest.raises(ConnectionResetError):
            bare.until_closed()


@pytest.mark.parametrize("limit", (1, 9, 100))
def test_limit_data_cuts_the_startup_at_its_byte(postgres_proxy, limit):
    postgres_proxy.add("limit_data", "downstream", bytes=limit)
    with BareSession(postgres_proxy.port) as bare:
        reply = bare.until_closed()
    assert len(reply) == limit
    authentication_ok = b"R\0\0\0\x08\0\0\0\0"
    assert reply[:9] == authentication_ok[:limit]


def test_limit_data_is_a_close_for_psql(postgres_proxy):
    postgres_proxy.add("limit_data", "downstream", bytes=100)
    done = psql(postgres_proxy.port, "SELECT 1")
    assert done.returncode == 2
    assert CLOSED in done.stderr


def test_limit_data_cuts_a_copy_short(postgres_proxy):
    postgres_proxy.add("limit_data", "downstream", bytes=200_000)
    done = psql(postgres_proxy.port, "COPY (SELECT generate_series(1, 100000)) TO STDOUT")
    assert done.returncode != 0
    assert CLOSED in done.stderr
    rows = [int(row) for row in done.stdout.split()]
    assert rows == list(range(1, len(rows) + 1))
    # A row of five digits is a CopyData message of 5 + 6 bytes; the startup is under 1,000 bytes.
    assert 198_000 <= sum(6 + len(str(row)) for row in rows) <= 200_000


@pytest.mark.parametrize("streams", (("upstream",), ("downstream",), STREAMS),
                         ids=("upstream", "downstream", "both"))
def test_bandwidth_zero_holds_the_session_and_gives_it_back(postgres, postgres_proxy, session,
                                                            streams):
    backend = session.query("SELECT pg_backend_pid()")
    cuts = [postgres_proxy.add("bandwidth", stream, rate=0) for stream in streams]
    session.send("INSERT INTO notes VALUES ('kept') RETURNING text")
    assert session.quiet(QUIET_S)
    assert notes(postgres) == ("0" if "upstream" in streams else "1")
    for cut in cuts:
        postgres_proxy.remove(cut)
    assert session.answer() == "kept"
    assert session.query("SELECT pg_backend_pid()") == backend
    assert notes(postgres) == "1"

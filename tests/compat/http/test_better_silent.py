"""API clients that say nothing: they keep nobody who speaks waiting. Aconite alone by default."""

import resource

import pytest

from compat_kit.peers import connect, ending
from compat_kit.wait import Stopwatch, wait_until

LIMIT = 1000  # connections of the API at a time
MANY = LIMIT + 200

VERSION = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True)
def descriptors():
    """Room for the sockets of this test, in this process and in the server that it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * MANY
    assert hard in (resource.RLIM_INFINITY,) or hard >= wanted, f"ulimit -n is {hard}"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def crowd(closing):
    """Connects many clients that send no more than `text`: crowd(port, text=b"", count=MANY)."""

    def gather(port, text=b"", count=MANY):
        made = []
        for _ in range(count):
            made.append(closing(connect(("127.0.0.1", port))))
            made[-1].sendall(text)
        return made

    return gather


def answered_at_once(api):
    watch = Stopwatch()
    assert api.get("/version", timeout=5).status == 200
    assert watch.seconds < 1


def answers(client) -> bool:
    """Whether a connection still serves."""
    try:
        client.sendall(VERSION)
        return client.recv(1000).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


@pytest.mark.parametrize(
    "text",
    [b"", b"GET /version HT", VERSION[:-2], b"POST /reset HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"],
    ids=["nothing", "half a line", "half a head", "half a body"],
)
def test_clients_without_a_complete_request_give_way(server, crowd, text):
    clients = crowd(server.port, text)
    answered_at_once(server.api)
    assert ending(clients[0], 5) in ("eof", "reset")
    assert ending(clients[-1], 0.05) == "open"


def test_a_byte_now_and_then_is_no_request(server, crowd):
    clients = crowd(server.port, b"G", LIMIT)
    for letter in (b"E", b"T"):
        for each in clients:
            each.sendall(letter)
    answered_at_once(server.api)


def test_who_is_silent_for_longest_goes_first(server, crowd):
    clients = crowd(server.port, count=LIMIT)
    assert answers(clients[0])  # from now on the second one is
    crowd(server.port, count=1)
    assert ending(clients[1], 5) == "eof"
    assert answers(clients[0])


def test_who_is_being_answered_stays(server, api, crowd, connect):
    stream = connect(("127.0.0.1", server.port))
    stream.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
    assert stream.recv(12) == b"HTTP/1.1 200"
    waiting = connect(("127.0.0.1", server.port))
    waiting.sendall(
        b"GET /wait?proxy=p&ready&timeout=1m HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    crowd(server.port)
    api.create("u:1")
    assert waiting.recv(12) == b"HTTP/1.1 200"
    wait_until(lambda: b"proxy created" in stream.recv(4096), 5, "the event")


def test_where_the_descriptors_end_sooner_the_api_answers_too(start, crowd):
    server = start(preexec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)))
    crowd(server.port, count=400)
    answered_at_once(server.api)

"""Where the reference's log freezes it: against aconite alone by default."""

import fcntl
import os

import pytest

from compat_kit.peers import receive

PROMPT = 3.0
PIPE_BYTES = 4096


@pytest.fixture
def unread():
    """The writing end of a pipe that nobody reads, as small as can be."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    yield writer
    os.close(reader)
    os.close(writer)


def test_a_receiver_of_the_log_that_does_not_read_stops_nothing(start, unread, echo, connect):
    server = start(env={**os.environ, "LOG_LEVEL": "trace"}, preexec=lambda: os.dup2(unread, 1))
    proxy = server.api.create(echo.address)
    for _ in range(100):  # a line for each request: many times what the pipe holds
        assert server.api.get("/proxies", timeout=PROMPT).status == 200
    for _ in range(20):
        client = connect(proxy.address)
        client.sendall(b"ping")
        assert receive(client, 4) == b"ping"
    proxy.add("latency", latency=1)
    assert server.terminate() == 0

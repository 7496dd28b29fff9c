"""Peers that are gone, and peers that overlook an end: what the server's flags say of them."""

import json
import re
import socket
import subprocess

import pytest

from compat_kit.peers import ending
from compat_kit.wait import wait_until


def keep_alive_timers(port):
    """The seconds to the next question, of each established socket with this port on its side."""
    told = subprocess.run(
        ["ss", "-tnoH", "state", "established", f"sport = :{port}"],
        capture_output=True, text=True, timeout=10, check=True,
    ).stdout
    return [
        int(minutes or 0) * 60 + float(seconds or 0)
        for minutes, seconds in re.findall(r"keepalive,(?:(\d+)min)?(?:([\d.]+)sec)?,", told)
    ]


@pytest.mark.parametrize(
    "flags, low, high", [([], 10, 15), (["-keep-alive=77"], 70, 77), (["-keep-alive=0"], 0, 0)]
)
def test_both_sides_are_asked_whether_they_live(start, upstream, connect, flags, low, high):
    api = start(*flags).api
    proxy = api.create(upstream.address)
    connect(proxy.address)
    server = upstream.accept()
    # The upstream's socket gets it once the connection has lasted a second.
    wait_until(lambda: api.get("/connections").json()[0]["age_ms"] > 1_200)

    for port in (proxy.address[1], server.getpeername()[1]):
        timers = wait_until(lambda: keep_alive_timers(port)) if high else keep_alive_timers(port)
        assert len(timers) == (1 if high else 0), timers
        assert all(low <= each <= high for each in timers), timers


def test_a_connection_that_is_half_closed_is_given_up_when_idle(start, upstream, connect):
    api = start("-half-closed-limit=1").api
    proxy = api.create(upstream.address)
    client = connect(proxy.address)
    server = upstream.accept()
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b""

    assert ending(client) == "reset"

    lines = wait_until(lambda: api.get("/journal?kind=close").text.splitlines())
    closed = json.loads(lines[0])
    assert (closed["by"], closed["how"]) == ("proxy", "rst")
    assert closed["reason"] == "half-closed, then idle for too long"
    assert 1000 <= closed["duration_ms"] < 4000

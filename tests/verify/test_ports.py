"""Ports for servers under test: two test processes at once never get the same one."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).resolve().parents[1] / "support"
# Takes all ports of a range and keeps them until its input ends.
HOLDER = """
import sys
from servers import ports
ports._RANGE = range(int(sys.argv[1]), int(sys.argv[1]) + 500)
taken = [port for port in ports._RANGE if ports._reserve(port)]
print(*taken, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def ports(monkeypatch):
    monkeypatch.syspath_prepend(str(SUPPORT))
    from servers import ports

    return ports


def test_what_one_process_took_no_other_gets_before_it_ends(ports, monkeypatch):
    first = 11_000
    monkeypatch.setattr(ports, "_RANGE", range(first, first + 500))
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(first)], text=True, cwd=SUPPORT,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        taken = [int(port) for port in holder.stdout.readline().split()]
        assert len(taken) > 400
        with pytest.raises(RuntimeError, match="no free port"):
            ports.reserve_port()
        holder.stdin.close()
        holder.wait(10)
    assert ports._reserve(taken[-1])


def test_one_process_gets_no_port_twice(ports):
    taken = [ports.reserve_port() for _ in range(2000)]
    assert len(set(taken)) == len(taken)


def test_a_port_that_somebody_listens_on_is_not_free(ports):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert not ports._reserve(listener.getsockname()[1])

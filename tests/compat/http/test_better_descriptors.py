"""Floods of clients and rings of proxies: what is served goes on, and the API answers."""

import contextlib
import resource

import pytest

from compat_kit.peers import connect, ending, receive
from compat_kit.wait import wait_until

FILES = 256
CLIENTS = 400
#: For one call of the API.
AT_ONCE_S = 1.0


def with_few_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


@pytest.fixture
def small(start):
    """A server that may open no more than FILES files."""
    return start(preexec=with_few_files)


def numbers(api, name):
    return api.get(f"/proxies/{name}/stats", timeout=AT_ONCE_S).json()["connections"]


def records(api, kind):
    lines = api.get(f"/journal?kind={kind}", timeout=AT_ONCE_S).text.splitlines()
    return "\n".join(lines)


def fate(address):
    """How a client ends that only connects; "reset" too if it is while it connects."""
    try:
        client = connect(address)
    except ConnectionResetError:
        return "reset"
    with client:
        return ending(client)


def is_served(client):
    """Whether the echo comes back, and not a reset."""
    try:
        client.sendall(b"ping")
        return receive(client, 4) == b"ping"
    except OSError:
        return False


@pytest.fixture
def flood(closing):
    """Opens CLIENTS connections; returns those that are served."""

    def open_all(address):
        served = []
        for _ in range(CLIENTS):
            with contextlib.suppress(OSError):
                client = closing(connect(address))
                if is_served(client):
                    served.append(client)
        return served

    return open_all


def test_a_flood_leaves_the_api_and_the_old_connections_alone(small, echo, flood, connect):
    api = small.api
    proxy = api.create(echo.address)
    served = flood(proxy.address)

    # Two descriptors each, the reserve aside, and nothing is wasted.
    assert FILES / 4 < len(served) < FILES / 2
    assert all(map(is_served, served))
    assert numbers(api, "p")["open"] == len(served)
    assert numbers(api, "p")["dial_errors"] == CLIENTS - len(served)
    assert "too many open files: the rest is reserved" in records(api, "dial_failed")
    other = api.create(echo.address, name="other")
    assert api.post(other.path + "/toxics", {"type": "latency"}, timeout=AT_ONCE_S).status == 200
    assert fate(other.address) == "reset"
    told = small.logged("Turned client away", name="p")
    assert 0 < len(told) < 30

    for _ in range(10):
        served.pop().close()
    wait_until(lambda: numbers(api, "p")["open"] == len(served))
    assert is_served(connect(other.address))


def test_a_proxy_that_leads_to_itself_ends_its_clients(server):
    api = server.api
    proxy = api.create("127.0.0.1:1")
    assert api.post(proxy.path, {"upstream": proxy.listen}).status == 200

    assert fate(proxy.address) == "reset"

    wait_until(lambda: numbers(api, "p")["open"] == 0)
    assert numbers(api, "p")["total"] == 2
    assert "upstream leads back to this proxy" in records(api, "dial_failed")
    assert server.logged("Turned client away", error="upstream leads back to this proxy")


def test_two_proxies_that_lead_to_each_other_end_their_clients(server):
    api = server.api
    first = api.create("127.0.0.1:1", name="first")
    second = api.create(first.listen, name="second")
    assert api.post(first.path, {"upstream": second.listen}).status == 200

    for proxy in (first, second):
        assert fate(proxy.address) == "reset"

    wait_until(lambda: numbers(api, "first")["open"] + numbers(api, "second")["open"] == 0)


def test_a_chain_of_proxies_is_no_ring(server, echo, connect):
    api = server.api
    address = echo.address
    for name in "abcdefgh":
        address = api.create(address, name=name).listen
    host, _, port = address.rpartition(":")
    clients = [connect((host, int(port))) for _ in range(30)]

    assert all(map(is_served, clients))
    assert records(api, "dial_failed") == ""


def test_a_ring_over_two_servers_ends_when_the_descriptors_do(start):
    """Neither can see that the client which comes in is its own."""
    one, two = (start(preexec=with_few_files) for _ in range(2))
    proxy = one.api.create("127.0.0.1:1")
    other = two.api.create(proxy.listen)
    assert one.api.post(proxy.path, {"upstream": other.listen}).status == 200

    assert fate(proxy.address) == "reset"

    for each in (one, two):
        wait_until(lambda api=each.api: numbers(api, "p")["open"] == 0, 5)

"""Where the reference's API hangs or its proxies get stuck: against aconite alone by default.

Each of these fails on the reference: run with --against reference to see it.
"""

import contextlib
import hashlib
import random
import resource
import socket
import threading

import pytest

from compat_kit import peers
from compat_kit.peers import Blackhole, receive, receive_all, refused, send_reset
from compat_kit.wait import Stopwatch, wait_until

# Far above what any of these calls needs, and below the reference's five-second flushes.
PROMPT = 3.0


def stuff(sender, limit=20_000_000) -> bytes:
    """Sends until nothing more is taken for a while, or the limit; returns what was sent."""
    data = random.Random(3).randbytes(limit)
    sender.settimeout(0.5)
    sent = 0
    with contextlib.suppress(TimeoutError):
        while sent < limit:
            sent += sender.send(data[sent : sent + 65536])
    sender.settimeout(10)
    return data[:sent]


@pytest.fixture
def stalled(proxy, upstream, connect):
    """Opens a connection whose client does not read, and fills it: (client, server, sent)."""

    def open_one():
        client = connect(proxy.address, receive_buffer=4096)
        server = upstream.accept()
        return client, server, stuff(server)

    return open_one


CHANGES = {
    "remove": lambda api, proxy: api.delete(f"{proxy.path}/toxics/slow", timeout=PROMPT),
    "update": lambda api, proxy: api.patch(
        f"{proxy.path}/toxics/slow", {"attributes": {"latency": 60}}, timeout=PROMPT
    ),
    "add": lambda api, proxy: api.post(
        f"{proxy.path}/toxics",
        {"type": "slicer", "attributes": {"average_size": 9}},
        timeout=PROMPT,
    ),
    "reset": lambda api, proxy: api.post("/reset", timeout=PROMPT),
}


@pytest.mark.parametrize("kind", ["noop", "latency"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_stalled_receiver_does_not_block_toxic_changes(api, proxy, stalled, change, kind):
    proxy.add(kind, name="slow", **({"latency": 50} if kind == "latency" else {}))
    stalled()
    assert CHANGES[change](api, proxy).status in (200, 204)
    # The reference hangs here, but for an update of latency and what is added behind it.
    assert api.get("/proxies", timeout=PROMPT).status == 200


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_a_proxy_stops_while_a_toxic_change_meets_a_stalled_receiver(api, proxy, stalled, how):
    proxy.add("noop", name="slow")
    stalled()
    change = threading.Thread(target=quietly, args=(proxy.remove, "slow", 30))
    change.start()
    try:
        change.join(1)
        if how == "disable":
            answer = api.post(proxy.path, {"enabled": False}, timeout=PROMPT)
        else:
            answer = api.delete(proxy.path, timeout=PROMPT)
        assert answer.status in (200, 204)
        assert refused(proxy.address)
        assert api.get("/proxies", timeout=PROMPT).status == 200
    finally:
        change.join(30)


def quietly(call, *args):
    """For a call whose outcome another assertion judges."""
    with contextlib.suppress(OSError, AssertionError):
        call(*args)


def test_a_connection_that_broke_does_not_slow_a_change_down(api, proxy, link):
    proxy.add("latency", name="slow", latency=60_000)
    client, server = link()
    for _ in range(4):
        server.sendall(b"x" * 1000)
        assert peers.silent(client, 0.05)
    send_reset(client)
    watch = Stopwatch()
    proxy.remove("slow", timeout=30)
    assert watch.seconds < PROMPT


def test_no_byte_is_lost_when_latency_is_removed_under_back_pressure(proxy, stalled):
    proxy.add("latency", name="slow", latency=50)
    client, server, sent = stalled()
    change = threading.Thread(target=quietly, args=(proxy.remove, "slow", 30))
    change.start()
    change.join(7)  # the reference drops a chunk after 5 s
    server.close()
    got = receive_all(client, 30)
    change.join(30)
    assert len(got) == len(sent)
    assert hashlib.sha256(got).digest() == hashlib.sha256(sent).digest()


def test_no_chunk_is_lost_when_latency_is_removed_before_a_stage_that_holds(proxy, link):
    proxy.add("latency", name="slow", latency=60_000)
    proxy.add("bandwidth", name="cut", rate=0)
    client, server = link()
    sent = b""
    for number in range(4):
        piece = b"%d" % number * 1000
        server.sendall(piece)
        sent += piece
        assert peers.silent(client, 0.1)  # so that it is a chunk of its own
    proxy.remove("slow", timeout=60)  # 15 s in the reference, which drops a chunk every 5 s
    proxy.remove("cut", timeout=60)
    server.close()
    assert receive_all(client) == sent


@pytest.fixture
def dead(closing):
    return closing(Blackhole())


def test_a_dead_upstream_does_not_stall_the_other_accepts(server, dead, connect):
    proxy = server.api.create(dead.address)
    clients = {"127.0.0.1:%d" % connect(proxy.address).getsockname()[1] for _ in range(3)}

    def accepted():
        return clients <= {line["client"] for line in server.logged("Accepted client")}

    wait_until(accepted, PROMPT, "accepting every client")


@pytest.mark.parametrize("how", ["disable", "delete", "move"])
def test_a_dead_upstream_does_not_hold_the_api(server, dead, echo, connect, how):
    api = server.api
    proxy = api.create(dead.address)
    connect(proxy.address)
    server.wait_logged("Accepted client")
    if how == "disable":
        answer = api.post(proxy.path, {"enabled": False}, timeout=PROMPT)
    elif how == "delete":
        answer = api.delete(proxy.path, timeout=PROMPT)
    else:
        answer = api.post(proxy.path, {"upstream": echo.address}, timeout=PROMPT)
    assert answer.status in (200, 204)
    assert api.get("/proxies", timeout=PROMPT).status == 200
    if how == "move":
        client = connect(proxy.address)
        client.sendall(b"ping")
        assert receive(client, 4) == b"ping"


# An even and an odd limit, so that it is once the accept and once the dial that fails.
@pytest.mark.parametrize("limit", [96, 97])
def test_running_out_of_descriptors_is_survived(start, echo, limit):
    def few_descriptors():
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

    api = start(preexec=few_descriptors).api
    proxy = api.create(echo.address)

    def works():
        try:
            client = peers.connect(proxy.address, timeout=0.5)
        except ConnectionResetError:
            return None
        try:
            client.sendall(b"ping")
            return client if receive(client, 4, 0.5) == b"ping" else client.close()
        except OSError:
            client.close()

    open_ones = []
    try:
        while len(open_ones) < 200 and (client := works()):
            open_ones.append(client)
        assert 5 < len(open_ones) < 200
    finally:
        for client in open_ones:
            client.close()
    last = wait_until(works, 10, "serving again")
    last.close()
    assert proxy.fields()["enabled"] is True


def test_reset_goes_on_past_a_proxy_that_cannot_start(api, closing):
    for number in range(12):
        api.create("127.0.0.1:1", name=f"p{number}", enabled=False).add("noop")
    busy = closing(socket.create_server(("127.0.0.1", 0)))
    api.create(
        "127.0.0.1:1", name="bad", listen="127.0.0.1:%d" % busy.getsockname()[1], enabled=False
    )
    answer = api.post("/reset")
    assert answer.status == 500
    assert answer.json()["error"].endswith("bind: address already in use")
    listed = api.get("/proxies").json()
    assert listed.pop("bad")["enabled"] is False
    assert all(each["enabled"] and not each["toxics"] for each in listed.values())


@pytest.mark.slow
def test_a_request_that_is_never_finished_is_closed(api, connect):
    client = connect(("127.0.0.1", api.port))
    client.sendall(b"POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    watch = Stopwatch()
    # A few bytes now and then do not buy more time.
    while watch.seconds < 40:
        if not peers.silent(client, 1):
            break
        with contextlib.suppress(OSError):
            client.sendall(b" ")
    assert 14 < watch.seconds < 25
    assert api.get("/version").status == 200

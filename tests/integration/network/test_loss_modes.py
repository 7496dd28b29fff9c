"""The toxic `loss` in the modes kernel and auto, with the privilege and without."""

import contextlib
import errno
import hashlib
import os
import random
import socket
import socketserver
import struct
import threading
import time

import pytest

from servers.proxy_server import ProxyServer
from servers.rest import RestError
from servers.waiting import wait_until

PATIENCE_S = 60
#: Root loses the capability with its place in the bounding set; an ordinary user has it not.
WITHOUT_NET_ADMIN = ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"] if (
    os.geteuid() == 0) else []


@pytest.fixture
def echo():
    """The address of a server that sends back what comes."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            while data := self.request.recv(65536):
                self.request.sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "127.0.0.1:%d" % server.server_address[1]
        server.shutdown()


@contextlib.contextmanager
def server(folder, *flags, prefix=()):
    proxy = ProxyServer(folder, *flags, prefix=prefix)
    try:
        yield proxy.api
    finally:
        proxy.stop()


@pytest.fixture
def unprivileged(tmp_path):
    with server(tmp_path, prefix=WITHOUT_NET_ADMIN) as api:
        yield api


@pytest.fixture
def api(tmp_path, echo):
    with server(tmp_path) as api:
        probe = api.create_proxy("probe", echo)
        try:
            probe.add("loss", mode="kernel")
        except RestError as refused:
            pytest.skip(f"the kernel drops no segments here: {refused}")
        api.text("DELETE", "/proxies/probe")
        yield api


def client_of(proxy, user_timeout_ms=0):
    client = socket.create_connection((proxy.host, proxy.port), timeout=PATIENCE_S)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, user_timeout_ms)
    client.sendall(b"a")
    assert client.recv(1) == b"a"
    return client


def told_of(client):
    """What the kernel tells in struct tcp_info: segments unacknowledged, and sent again so far."""
    told = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return struct.unpack_from("=I", told, 24)[0], struct.unpack_from("=I", told, 100)[0]


def test_a_partition_by_the_kernel_is_one_to_the_sender_and_by_the_proxy_is_not(api, echo):
    by_kernel, by_proxy = (api.create_proxy(mode, echo) for mode in ("kernel", "retransmit"))
    cut, held = (client_of(each, user_timeout_ms=2000) for each in (by_kernel, by_proxy))
    for proxy in (by_kernel, by_proxy):
        proxy.add("loss", "upstream", mode=proxy.name, rate=1)

    with cut, held:
        began = time.monotonic()
        for client in (cut, held):
            client.sendall(b"b")
        with pytest.raises(TimeoutError) as failed:
            cut.recv(1)
        assert failed.value.errno == errno.ETIMEDOUT
        assert 1.9 <= time.monotonic() - began < 10

        assert told_of(held) == (0, 0)
        held.setblocking(False)
        with pytest.raises(BlockingIOError):
            held.recv(1)


def test_a_partition_heals(api, echo):
    proxy = api.create_proxy("p", echo)
    with client_of(proxy) as client:
        toxic = proxy.add("loss", "upstream", mode="kernel", rate=1)
        client.sendall(b"b")
        wait_until(lambda: told_of(client)[1] > 0, "the client to send again")
        assert proxy.received("upstream") == 1
        proxy.remove(toxic)
        assert client.recv(1) == b"b"


def test_bulk_data_arrives_as_it_was_sent(api, echo):
    proxy = api.create_proxy("p", echo)
    for stream in ("upstream", "downstream"):
        proxy.add("loss", stream, mode="kernel", rate=0.02)
    sent = random.Random(1).randbytes(16 << 20)
    with client_of(proxy) as client:
        sender = threading.Thread(
            target=lambda: (client.sendall(sent), client.shutdown(socket.SHUT_WR)))
        sender.start()
        got = hashlib.sha256()
        while data := client.recv(1 << 20):
            got.update(data)
        sender.join()
    assert got.digest() == hashlib.sha256(sent).digest()


def test_the_answer_tells_who_loses(api, echo):
    api.create_proxy("p", echo)

    def made(**attributes):
        answer = api.json("POST", "/proxies/p/toxics", {"type": "loss", "attributes": attributes})
        assert api.json("GET", "/proxies/p")["toxics"] == [answer]
        api.text("DELETE", "/proxies/p/toxics/loss_downstream")
        return answer

    assert "effective_mode" not in made(rate=0.1)
    assert made(mode="kernel", rate=0.1)["effective_mode"] == "kernel"
    assert made(mode="auto", rate=0.1)["effective_mode"] == "kernel"
    assert made(mode="auto", rate=0.1, burst=3)["effective_mode"] == "retransmit"


def test_without_the_privilege_kernel_is_refused_and_auto_retransmits(unprivileged, echo):
    proxy = unprivileged.create_proxy("p", echo)
    with pytest.raises(RestError, match="CAP_NET_ADMIN.*operation not permitted") as refused:
        proxy.add("loss", mode="kernel", rate=0.1)
    assert refused.value.status == 409

    toxic = proxy.add("loss", mode="auto", rate=0.1)
    path = f"/proxies/p/toxics/{toxic}"
    assert unprivileged.json("GET", path)["effective_mode"] == "retransmit"
    with pytest.raises(RestError, match="CAP_NET_ADMIN.*operation not permitted") as refused:
        proxy.update(toxic, mode="kernel")
    assert refused.value.status == 409
    assert unprivileged.json("GET", path)["attributes"]["mode"] == "auto"


@pytest.mark.parametrize("flags, arrives", [
    ([], b"lostkept"),
    (["-packet-loss=retransmit"], b"lostkept"),
    (["--packet-loss=discard"], b"kept"),
])
def test_packet_loss_leaves_a_hole_only_if_asked_to(tmp_path, echo, flags, arrives):
    with server(tmp_path, *flags) as api:
        proxy = api.create_proxy("p", echo)
        toxic = proxy.add("packet_loss", "upstream", loss_rate=1)
        with socket.create_connection((proxy.host, proxy.port), timeout=PATIENCE_S) as client:
            client.sendall(b"lost")
            wait_until(lambda: proxy.received("upstream") == 4, "what will be lost")
            proxy.update(toxic, loss_rate=0)
            client.sendall(b"kept")
            client.shutdown(socket.SHUT_WR)
            assert b"".join(iter(lambda: client.recv(16), b"")) == arrives

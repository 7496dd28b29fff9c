"""What goes wrong, and how the client tells it."""

import contextlib
import socket
import threading
import time

import pytest

import aconite


def test_a_refusal_has_the_servers_words_and_status(server, proxy):
    with pytest.raises(aconite.NotFound, match="proxy not found") as missing:
        server.proxy("nobody")
    assert (missing.value.status, missing.value.text) == (404, "proxy not found")
    with pytest.raises(aconite.Conflict, match="already exists"):
        server.create_proxy("echo", proxy.upstream)
    with pytest.raises(aconite.ApiError, match="invalid toxic type"):
        proxy.add_toxic("nonsense")
    with pytest.raises(aconite.ApiError, match="rate") as wrong:
        proxy.add_toxic("corrupt", attributes={"rate": 7})
    assert wrong.value.status == 400
    with pytest.raises(aconite.NotFound):
        proxy.remove_toxic("nobody")
    lease = server.open_lease(10_000)
    lease.end()
    with pytest.raises(aconite.NotFound, match="lease not found"):
        lease.renew()


def test_names_are_escaped(server, echo):
    name = "a b/c?d&e=é"
    proxy = server.create_proxy(name, echo)
    assert server.proxy(name).port == proxy.port
    assert proxy.wait(ready=True)
    assert len(server.journal(proxy=name)) > 0
    proxy.delete()


def test_an_attribute_that_is_not_known_leaves_no_toxic(proxy):
    with pytest.raises(aconite.Ignored, match="/attributes/latancy"):
        proxy.add_toxic("latency", attributes={"latancy": 100})
    assert proxy.toxics() == []


def test_a_server_without_extras_says_so(aconite_binary, echo):
    with aconite.ServerProcess(aconite_binary, "-no-extras") as bare:
        proxy = bare.server.create_proxy("echo", echo)
        for call in (bare.server.journal, bare.server.follow, bare.server.leases, proxy.stats):
            with pytest.raises(aconite.Unsupported):
                call()


def test_nobody_there_is_told_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(aconite.Unreachable, match=f"127.0.0.1:{port}.*refused"):
            aconite.Server(f"127.0.0.1:{port}").version()


@contextlib.contextmanager
def answering(text):
    """The port of a server that answers each request with `text` and then stays silent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    kept.append(connection)
                    connection.sendall(text)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        for each in kept:
            each.close()


@pytest.mark.parametrize("text", (
    b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"))
def test_a_server_that_hangs_is_unreachable_in_time(text):
    with answering(text) as port:
        server = aconite.Server(f"http://127.0.0.1:{port}", timeout=0.2)
        began = time.monotonic()
        with pytest.raises(aconite.Unreachable, match="timed out"):
            server.version()
        assert 0.2 <= time.monotonic() - began < 5


@pytest.mark.parametrize("text", (
    b"SSH-2.0-hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{no}"))
def test_somebody_else_at_the_port_is_no_server(text):
    with answering(text) as port:
        with pytest.raises(aconite.Unreachable):
            aconite.Server(f"http://127.0.0.1:{port}", timeout=5).proxies()


@pytest.mark.parametrize("url", ("https://localhost", "http://", "http://localhost/path", "a:b"))
def test_a_wrong_url_is_told(url):
    with pytest.raises(ValueError):
        aconite.Server(url)


def test_a_process_that_does_not_serve_is_told_with_its_log(aconite_binary, tmp_path):
    with pytest.raises(aconite.NotStarted, match="(?s)ended with status 1.*no-such.json"):
        aconite.ServerProcess(aconite_binary, "-config", str(tmp_path / "no-such.json"))
    with pytest.raises(aconite.NotStarted, match="is not a program"):
        aconite.ServerProcess(str(tmp_path / "nothing"))
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    with pytest.raises(aconite.NotStarted, match="does not serve after 0.2 s"):
        aconite.ServerProcess(str(silent), timeout=0.2)


def test_a_process_that_ended_tells_how(process):
    assert process.ended() is None
    process.stop()
    assert f"pid {process.pid}) ended with status 0" in process.ended()
    process.stop()

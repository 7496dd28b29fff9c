"""Servers behind TLS: aconite --host https://..., to a real server behind a relay that ends TLS."""

import json
import os
import select
import socket
import ssl
import subprocess
import threading

import pytest

CONFIG = """
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


class Authority:
    """Certificates of its own, made by the openssl command."""

    def __init__(self, folder):
        self._folder = folder
        self.file = folder / "ca.pem"
        (folder / "ca.cnf").write_text(CONFIG)
        (folder / "index").touch()
        self._openssl("req", "-x509", *self._new_key("ca"), "-subj", "/CN=test", "-days", "30",
                      "-out", "ca.pem")

    @staticmethod
    def _new_key(name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                f"{name}.key"]

    def _openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self._folder, capture_output=True,
                              text=True, timeout=30)
        assert done.returncode == 0, done.stderr

    def context(self, name, names="DNS:localhost,IP:127.0.0.1", until="20991231000000Z"):
        """Of a server with a certificate for those names."""
        self._openssl("req", *self._new_key(name), "-subj", f"/CN={name}",
                      "-addext", f"subjectAltName={names}", "-out", f"{name}.req")
        self._openssl("ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key",
                      "-startdate", "20200101000000Z", "-enddate", until, "-notext",
                      "-in", f"{name}.req", "-out", f"{name}.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        return context


class Relay:
    """Ends TLS in front of a port of 127.0.0.1."""

    def __init__(self, context, to):
        self._context = context
        self._to = to
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        try:
            with self._context.wrap_socket(peer, server_side=True) as client, \
                 socket.create_connection(("127.0.0.1", self._to)) as server:
                carry(client, server)
        except OSError:
            pass  # who refuses the certificate says so himself

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def carry(client, server):
    """Both ways until one side ends, in one thread: a TLS socket is not for two at once."""
    while True:
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        for source in ready:
            data = source.recv(65536)
            if not data:
                if source is server:
                    client.unwrap()
                return
            (server if source is client else client).sendall(data)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def behind(server, authority, closing):
    """Puts a relay with a certificate before the server: behind(name, **more) returns its port."""
    return lambda name, **more: closing(Relay(authority.context(name, **more), server.port)).port


@pytest.fixture
def ask(program_folder, authority):
    """Runs a program for a URL: ask(url, *arguments, trust=file)."""

    def run(url, *arguments, program="aconite", trust=authority.file):
        environment = {**os.environ, "TOXIPROXY_URL": url, "SSL_CERT_FILE": str(trust),
                       "SSL_CERT_DIR": "/nonexistent"}
        environment.pop("ACONITE_LEASE", None)
        done = subprocess.run([program_folder / program, *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30, env=environment)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_verbs_work_over_tls(ask, behind, api, host):
    url = f"https://{host}:{behind(f'good-{host}')}"
    new = ["create", "-l", "127.0.0.1:0", "-u", "127.0.0.1:9", "db"]
    assert ask(url, *new) == (0, "Created new proxy db\n", "")
    assert list(api.get("/proxies").json()) == ["db"]
    assert ask(url, "toggle", "db", program="toxiproxy-cli")[0] == 0
    assert ask(url, "wait", "ready", "--timeout", "5s") == (0, "", "")
    assert ask(url, "lease", "run", "--", "true") == (0, "", "")
    status, out, err = ask(url, "journal", "-o", "json")
    assert (status, err) == (0, "")
    assert json.loads(out.splitlines()[0])["action"] == "proxy created"
    status, out, _ = ask(url, "doctor")
    assert f"{url} answers" in out
    status, out, _ = ask("127.0.0.1:9", "--server", f"{url},127.0.0.1:9", "-o", "json", "list")
    assert status == 1 and list(json.loads(out)[url]) == ["db"]


def test_what_is_wrong_with_a_certificate_is_said(ask, behind, tmp_path):
    nobody = tmp_path / "nobody.pem"
    nobody.touch()
    good = f"https://localhost:{behind('good')}"
    other = f"https://localhost:{behind('other', names='DNS:other.example')}"
    address = f"https://127.0.0.1:{behind('name', names='DNS:localhost')}"
    old = f"https://localhost:{behind('old', until='20210101000000Z')}"
    for url, trust, complaint in (
        (good, nobody, "the certificate is of nobody who is trusted here: name the authority in "
                       "SSL_CERT_FILE, or use --insecure"),
        (other, None, "the certificate is for another name"),
        (address, None, "the certificate is for another name"),
        (old, None, "the certificate has expired"),
    ):
        more = {"trust": trust} if trust else {}
        status, out, err = ask(url, "reset", **more)
        assert (status, out) == (1, "")
        assert err == f"Failed to reset: cannot reach {url}: {complaint}\n"
        assert ask(url, "--insecure", "reset", **more)[0] == 0


def test_a_server_that_speaks_something_else_is_told(ask, server, behind, closing):
    status, _, err = ask(f"https://localhost:{server.port}", "list")
    assert status == 1
    assert "it does not speak TLS: is it http://?" in err
    status, _, err = ask(f"http://localhost:{behind('plain')}", "list")
    assert status == 1
    assert "no answer from http://localhost" in err  # the relay says nothing, it hangs up
    listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        status, _, err = ask(f"https://localhost:{listener.getsockname()[1]}", "health")
    assert status == 1
    assert "no answer within 1000 ms" in err

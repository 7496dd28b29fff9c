"""The http load and the http probe speak to servers with a certificate."""

import http.server
import json
import os
import ssl
import subprocess
import threading

import pytest

FILE = """
name: https
interval: 50ms
probes: {{web: {{http: "{url}"{more}}}}}
load:
  - {{http: "{url}orders", method: POST, body: "{body}", count: 50, rate: 50/s, connections: 4{more}}}
phases: [{{name: calm, duration: 1500ms}}]
validation:
  - {{name: the probe sees it, expect: web == 1}}
  - {{name: each request is answered, expect: load.errors == 0 and load.requests == 50}}
"""
BODY = 50_000  #: some records of TLS


class Web(http.server.ThreadingHTTPServer):
    """Answers what it was sent, and counts connections."""

    daemon_threads = True
    connections = 0

    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            self._say(b"here")

        def do_POST(self):
            self._say(self.rfile.read(int(self.headers["Content-Length"])))

        def _say(self, text):
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def setup(self):
            Web.connections += 1
            super().setup()

        def log_message(self, *_):
            pass

    def __init__(self, certificate):
        super().__init__(("127.0.0.1", 0), Web.Answer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """A client that does not trust it goes."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    file = tmp_path_factory.mktemp("https") / "pair.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", file, "-out", file],
                   check=True, capture_output=True)
    return file


@pytest.fixture
def web(certificate):
    server = Web(certificate)
    yield server
    server.shutdown()
    server.server_close()


def run(aconite, folder, web, more="", **environment):
    (folder / "https.yaml").write_text(FILE.format(
        url=f"https://localhost:{web.server_port}/", body="x" * BODY, more=more))
    done = subprocess.run([aconite, "run", "--plain", "--state", "state", "https.yaml"],
                          cwd=folder, capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, **environment})
    report, = (folder / "aconite-reports").glob("*/report.json")
    return done, json.loads(report.read_text())


def test_a_certificate_that_is_trusted(aconite, tmp_path, web, certificate):
    Web.connections = 0
    done, report = run(aconite, tmp_path, web, SSL_CERT_FILE=str(certificate))
    assert (done.returncode, report["verdict"]) == (0, "held"), done.stdout
    assert report["load"][0]["summary"]["ok"] == 50
    # Those of the load are kept; the probe makes one for each look.
    assert Web.connections <= len(report["probes"][0]["series"]["t_s"]) + 4


def test_one_of_nobody_who_is_trusted(aconite, tmp_path, web):
    done, report = run(aconite, tmp_path, web)
    assert done.returncode != 0
    assert set(report["load"][0]["summary"]["by_error"]) == {"certificate not trusted"}


def test_one_that_is_not_asked_for(aconite, tmp_path, web):
    done, report = run(aconite, tmp_path, web, more=", verify: false")
    assert (done.returncode, report["verdict"]) == (0, "held"), done.stdout

"""A small HTTP server for the programs here: routes are functions, answers are JSON or text."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Listens on `port` of this machine; routes are called by many threads at once.

    `routes` maps ("GET", "/health") to a function that takes the decoded body, None where there is
    none, and returns a status and something for JSON, or a text.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, routes):
        self.routes = routes
        super().__init__(("127.0.0.1", int(port)), Handler)


class Handler(BaseHTTPRequestHandler):
    """One connection, which stays open for more requests."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave as one packet
    timeout = 60

    def do_GET(self):
        self._answer(None)

    def do_POST(self):
        size = int(self.headers.get("Content-Length", 0))
        self._answer(self.rfile.read(size))

    def _answer(self, body):
        route = self.server.routes.get((self.command, self.path.partition("?")[0]))
        try:
            if route is None:
                status, answer = 404, {"status": "not found"}
            else:
                status, answer = route(json.loads(body) if body else None)
        except Exception as error:  # whatever it is, the client is owed an answer
            print(f"{self.path}: {error!r}", file=sys.stderr, flush=True)
            status, answer = 500, {"status": "error"}
        is_text = isinstance(answer, str)
        data = (answer if is_text else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if is_text else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Says nothing of requests."""


def serve(port, routes):
    """Serves until the process ends."""
    server = Server(port, routes)
    print(f"{sys.argv[0]} on port {server.server_port}", flush=True)
    server.serve_forever()

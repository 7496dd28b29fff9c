"""The orders over HTTP: `python service.py publish_first`, or `commit_first`, or `outbox`.

The environment says where: POSTGRES as libpq takes it, KAFKA, TOPIC, and PORT, where 0 is any free
one.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from orders import WAYS, Orders, Topic


class Handler(BaseHTTPRequestHandler):
    orders: Orders

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_GET(self) -> None:
        self._answer(self._get)

    def _post(self):
        if self.path != "/orders":
            return 404, {"status": "not found"}
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return 201, {"orderId": self.orders.place(order["customer"], order["item"])}

    def _get(self):
        match self.path.split("/")[1:]:
            case ["health"]:
                return 200, {"status": "up"}
            case ["orders", number] if number.isdigit():
                if found := self.orders.find(int(number)):
                    return 200, found
        return 404, {"status": "not found"}

    def _answer(self, work) -> None:
        try:
            status, body = work()
        except Exception as error:
            self.log_error("%r", error)
            status, body = 500, {"status": "error"}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


def main(way: str) -> None:
    said = os.environ.get
    topic = Topic(said("KAFKA", "localhost:9092"), said("TOPIC", "order.created"))
    Handler.orders = WAYS[way](said("POSTGRES", ""), topic)
    server = ThreadingHTTPServer(("localhost", int(said("PORT", "8082"))), Handler)
    print(f"{way} on port {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

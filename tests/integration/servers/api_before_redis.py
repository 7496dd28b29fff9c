"""An API with Redis behind it: api_before_redis.py PORT NAME=REDIS_PORT...

GET /NAME is answered with what the key `stock` holds in that Redis.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import redis


class Api(BaseHTTPRequestHandler):
    """A thread for each connection, and the pool of redis-py for each name."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    pools = {}

    def do_GET(self):
        stock = self.pools[self.path[1:]].get("stock")
        self.send_response(200)
        self.send_header("Content-Length", str(len(stock)))
        self.end_headers()
        self.wfile.write(stock)

    def log_message(self, *_):
        pass


def main():
    port, *servers = sys.argv[1:]
    sys.setswitchinterval(0.0005)
    for name, server in (each.split("=") for each in servers):
        Api.pools[name] = redis.Redis(port=int(server))
    ThreadingHTTPServer(("127.0.0.1", int(port)), Api).serve_forever()


main()

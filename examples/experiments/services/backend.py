"""A service that others call: `backend.py NAME PORT [ADDRESS]`, registered at REGISTRY.

ADDRESS is where it is to be found, by default its own port; GET /item answers.
"""

import json
import os
import sys
import threading
import time
import urllib.request

from web import Server


def register(name, address):
    url = f"http://{os.environ.get('REGISTRY', '127.0.0.1:8500')}/services"
    body = json.dumps({"service": name, "address": address}).encode()
    while True:
        try:
            with urllib.request.urlopen(url, body, timeout=1):
                pass
        except OSError as error:
            print("registry:", error, file=sys.stderr, flush=True)
        time.sleep(1)


def main(name, port, address=None):
    server = Server(port, {("GET", "/item"): lambda _: (200, {"of": name, "item": "tea"}),
                           ("GET", "/health"): lambda _: (200, {"status": "up"})})
    threading.Thread(target=register, args=(name, address or f"127.0.0.1:{port}"),
                     daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Who is where: services register every second, and are forgotten after three.

`registry.py PORT`; POST /services {"service": NAME, "address": HOST:PORT}, GET /services.
"""

import sys
import threading
import time

from web import serve

FORGOTTEN_S = 3


def main(port):
    lock = threading.Lock()
    known = {}

    def register(body):
        with lock:
            known[body["service"]] = (body["address"], time.monotonic())
        return 200, {}

    def services(_):
        earliest = time.monotonic() - FORGOTTEN_S
        with lock:
            return 200, {name: address for name, (address, at) in known.items() if at >= earliest}

    serve(port, {("POST", "/services"): register, ("GET", "/services"): services,
                 ("GET", "/health"): lambda _: (200, {"status": "up"})})


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What customers call: GET /inventory and GET /prices ask the service of that name.

`gateway.py PORT`. It looks every half second at REGISTRY who is where, and goes on with what it
knows while that does not answer. A service that fails three times in a row, by not answering
within a second, is not asked for two seconds (a circuit breaker): who wants it has 503 at once.
GET /status tells about both.
"""

import http.client
import json
import os
import sys
import threading
import time
import urllib.request

from web import serve

SERVICES = ("inventory", "prices")
PATIENCE_S = 1
FAILURES_MAX = 3
OPEN_S = 2
LOOK_S = 0.5


class Breaker:
    """Of one service. Any thread may."""

    def __init__(self):
        self._lock = threading.Lock()
        self._failures = 0
        self._asked_again = 0.0
        self.opened = 0

    def may_ask(self):
        """While it is open one is let through now and then, to see how things are."""
        with self._lock:
            if self._failures < FAILURES_MAX:
                return True
            if time.monotonic() < self._asked_again:
                return False
            self._asked_again = time.monotonic() + OPEN_S
            return True

    def note(self, good):
        with self._lock:
            self._failures = 0 if good else self._failures + 1
            if self._failures == FAILURES_MAX:
                self.opened += 1
                self._asked_again = time.monotonic() + OPEN_S

    def is_open(self):
        with self._lock:
            return self._failures >= FAILURES_MAX


class Gateway:
    def __init__(self):
        self.addresses = {}
        self.registry_answers = False
        self.breakers = {name: Breaker() for name in SERVICES}
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self):
        url = f"http://{os.environ.get('REGISTRY', '127.0.0.1:8500')}/services"
        while True:
            try:
                with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
                    # Not all at once: who is missing there may only be late.
                    self.addresses |= json.load(answer)
                self.registry_answers = True
            except (OSError, ValueError) as error:
                print("registry:", error, file=sys.stderr, flush=True)
                self.registry_answers = False
            time.sleep(LOOK_S)

    def ask(self, name):
        breaker = self.breakers[name]
        if name not in self.addresses or not breaker.may_ask():
            return 503, {"status": "unavailable"}
        try:
            connection = http.client.HTTPConnection(self.addresses[name], timeout=PATIENCE_S)
            try:
                connection.request("GET", "/item")
                answer = json.loads(connection.getresponse().read())
            finally:
                connection.close()
        except (OSError, http.client.HTTPException):
            breaker.note(False)
            return 504, {"status": "no answer"}
        breaker.note(True)
        return 200, answer

    def status(self, _):
        return 200, {"registry": int(self.registry_answers), "known": len(self.addresses),
                     "open": {name: int(each.is_open()) for name, each in self.breakers.items()},
                     "opened": {name: each.opened for name, each in self.breakers.items()}}


def main(port):
    gateway = Gateway()
    serve(port, {("GET", "/status"): gateway.status,
                 ("GET", "/health"): lambda _: (200, {"status": "up"}),
                 **{("GET", f"/{name}"): lambda _, name=name: gateway.ask(name)
                    for name in SERVICES}})


if __name__ == "__main__":
    main(*sys.argv[1:])

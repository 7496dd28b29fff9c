"""Configurations, and connections that show whether a change disturbs them."""

import threading

from .peers import receive
from .wait import wait_until


def entry(name, upstream="127.0.0.1:1", listen="127.0.0.1:0", **more):
    """A proxy of a configuration."""
    return {"name": name, "listen": listen, "upstream": upstream, **more}


def changes(answer, status=200) -> dict:
    """What an answer of POST /config says that was done, without empty lists."""
    assert answer.status == status, answer
    return {key: value for key, value in answer.json().items() if value}


def exchange(client, server, data=b"ping"):
    """Fails unless bytes pass both ways."""
    client.sendall(data)
    assert receive(server, len(data)) == data
    server.sendall(data)
    assert receive(client, len(data)) == data


class Traffic:
    """Sends and receives on a connection to an echo until it is stopped; counts the bytes."""

    def __init__(self, client):
        self._client = client
        self._stop = False
        self.bytes = 0
        self.broken = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        block = bytes(range(256)) * 16
        while not self._stop:
            try:
                self._client.sendall(block)
                self.broken = receive(self._client, len(block)) != block
            except OSError:
                self.broken = True
            if self.broken:
                return
            self.bytes += len(block)

    def more(self):
        """Waits until more has passed."""
        before = self.bytes
        wait_until(lambda: self.broken or self.bytes > before + 100_000, 10, "more bytes")
        assert not self.broken

    def close(self):
        self._stop = True
        self._thread.join()

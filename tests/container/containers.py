"""Containers of the image under test, as its users start them."""

import json

from servers.rest import RestClient
from servers.waiting import wait_until

CONTROL_PORT = 8474


class Container:
    """A container that was started with `docker run --detach WORDS IMAGE ARGUMENTS`.

    It goes with the engine's sweep(). What talks to its published ports must be in a block of
    `engine.inside()`.
    """

    def __init__(self, engine, identity):
        self._engine = engine
        self.identity = identity

    @classmethod
    def run(cls, engine, image, *arguments, options=()):
        return cls(engine, engine.docker("run", "--detach", *options, image, *arguments).strip())

    def inspect(self):
        """What `docker inspect` tells of it."""
        return json.loads(self._engine.docker("inspect", self.identity))[0]

    def execute(self, *command):
        """The output of a command in the container."""
        return self._engine.docker("exec", self.identity, *command)

    def wait_until_healthy(self):
        """Waits until its own HEALTHCHECK says so."""
        wait_until(lambda: self.inspect()["State"]["Health"]["Status"] == "healthy",
                   "the container being healthy", 30, 0.1)

    def published(self, port):
        """The port of the engine's network that was published for `port` of the container."""
        return int(self._engine.docker("port", self.identity, f"{port}/tcp").split()[0]
                   .rsplit(":", 1)[1])

    def api(self):
        """A client for the control port, once GET /version is answered: within 60 s, as the
        modules of Testcontainers wait for it."""
        client = RestClient(self.published(CONTROL_PORT))
        wait_until(lambda: _answers(client), "GET /version", 60)
        return client


def _answers(client):
    try:
        return client.json("GET", "/version")
    except OSError:
        return None

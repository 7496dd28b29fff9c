"""One process of a Redis that is made of several."""

from pathlib import Path

from servers.ports import reserve_port
from servers.process import Process, require
from servers.resp import ReplyError, RespConnection
from servers.waiting import wait_until


class RedisNode:
    """A redis-server on 127.0.0.1:`port`, a free one; it keeps `settings`, lines of a redis.conf,
    in `folder`. With `sentinel` it is one."""

    def __init__(self, folder, name, settings=(), sentinel=False):
        self.port = reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self._name = name
        self._folder = Path(folder) / name
        self._folder.mkdir()
        self._sentinel = sentinel
        lines = [f"port {self.port}", "bind 127.0.0.1", f"dir {self._folder}"]
        if not sentinel:
            lines += ['save ""', "appendonly no", "repl-diskless-sync yes",
                      "repl-diskless-sync-delay 0"]
        self._settings = self._folder / "redis.conf"
        self._settings.write_text("\n".join([*lines, *settings]) + "\n")
        self.process = None
        self.launch()

    def launch(self):
        """Starts it; it may not answer yet."""
        self.process = Process(
            self._name,
            [require("redis-server", "redis-server"), self._settings,
             *(["--sentinel"] if self._sentinel else [])],
            self._folder / "log")

    @property
    def pid(self):
        return self.process.pid

    def call(self, *words):
        """Runs one command on a direct connection, not through the proxy."""
        with RespConnection("127.0.0.1", self.port) as direct:
            return direct.call(*words)

    def text(self, *words):
        """Its answer as a text."""
        return self.call(*words).decode()

    def wait(self):
        """Returns as soon as it answers."""
        def answers():
            self.process.check()
            try:
                return self.call("PING") == "PONG"
            except (ConnectionError, ReplyError):
                return False
        wait_until(answers, f"{self._name} answering PING", 30)

    def kill(self):
        """Ends it in the middle of what it does."""
        self.process.stop(0)

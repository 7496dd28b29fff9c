"""A throw-away Redis."""

import shutil
import tempfile

from servers.ports import reserve_port
from servers.process import Process, require
from servers.resp import RespConnection
from servers.waiting import wait_until


class RedisServer:
    """Redis on 127.0.0.1:`port`, by default a free one; nothing on disk but its log."""

    def __init__(self, port=None):
        self.port = port or reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self._folder = tempfile.mkdtemp(prefix="aconite-redis-")
        self._process = Process(
            "redis",
            [require("redis-server", "redis-server"), "--bind", "127.0.0.1", "--port", self.port,
             "--save", "", "--appendonly", "no", "--dir", self._folder],
            f"{self._folder}/log")
        try:
            wait_until(self._answers, "Redis answering PING")
        except BaseException:
            self.stop()
            raise

    def _answers(self):
        self._process.check()
        try:
            return self.call("PING") == "PONG"
        except ConnectionError:
            return False

    def call(self, *words):
        """Runs one command on a direct connection, not through the proxy."""
        with RespConnection("127.0.0.1", self.port) as direct:
            return direct.call(*words)

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        self._process.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

"""What stands in for MongoDB, of which there is none in any registry: mongo-java-server, which says
that it is MongoDB 5.0, keeps all in memory, and knows neither `hello` nor transactions nor sets."""

import shutil
import socket
import tempfile
from pathlib import Path

from servers.jars import fetched_jars
from servers.ports import reserve_port
from servers.process import Process, require
from servers.proxy_server import ROOT
from servers.waiting import wait_until

_VERSION = "1.47.0"
_ARTIFACTS = (("de.bwaldvogel", "mongo-java-server", _VERSION),
              ("org.slf4j", "slf4j-simple", "2.0.16"))
_JAVA_OPTIONS = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                 "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")


def mongo_jars(progress):
    """The folder with its jars. `progress` is called with a line before a download."""
    return fetched_jars(f"mongo-java-server {_VERSION}", ROOT / f"build/mongodb/libs-{_VERSION}",
                        _ARTIFACTS, progress)


class MongoServer:
    """It on 127.0.0.1:`port`, by default a free one."""

    def __init__(self, progress, port=None):
        libs = mongo_jars(progress)
        self.port = port or reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self._folder = tempfile.mkdtemp(prefix="aconite-mongodb-")
        self._process = Process(
            "mongo-java-server",
            [require("java", "openjdk-17-jdk-headless"), *_JAVA_OPTIONS, "-cp", f"{libs}/*",
             Path(__file__).with_name("MongoStandIn.java"), self.port],
            f"{self._folder}/log")
        try:
            wait_until(self._listens, "mongo-java-server listening", 60)
        except BaseException:
            self.stop()
            raise

    def _listens(self):
        self._process.check()
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except ConnectionError:
            return False

    def stop(self):
        self._process.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

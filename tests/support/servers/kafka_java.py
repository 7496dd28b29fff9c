"""Kafka's own Java clients in one process that the test leads."""

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path

from servers.kafka_jars import kafka_jars
from servers.process import ServerError, require
from servers.proxy_server import ROOT

_SOURCES = ROOT / "tests/integration/servers/kafka"
_LOG = "-Dorg.slf4j.simpleLogger."
_JAVA_OPTIONS = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                 f"{_LOG}defaultLogLevel=error",
                 f"{_LOG}log.org.apache.kafka.clients.NetworkClient=debug")


class JavaError(RuntimeError):
    """What a call failed with: `kind` is the exception's name."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class JavaClients:
    """Compiles and runs tests/integration/servers/kafka; see Clients.java for the calls. `options`
    are more for Java."""

    def __init__(self, progress, options=()):
        libs = kafka_jars(progress)
        self._folder = Path(tempfile.mkdtemp(prefix="aconite-kafka-java-"))
        self._log = self._folder / "log"
        self._numbers = itertools.count()
        self._waiting = {}
        done = subprocess.run(
            [require("javac", "openjdk-17-jdk-headless"), "-d", self._folder, "-cp", f"{libs}/*",
             *_SOURCES.glob("*.java")], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise ServerError(f"compiling the Java clients failed\n{done.stdout}{done.stderr}")
        with open(self._log, "wb") as log:
            self._java = subprocess.Popen(
                [require("java", "openjdk-17-jre-headless"), *_JAVA_OPTIONS, *options, "-cp",
                 f"{self._folder}:{libs}/*", "Clients"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self):
        return self._java.pid

    def _read(self):
        for line in self._java.stdout:
            answer = json.loads(line)
            future = self._waiting.pop(answer["id"])
            if "error" in answer:
                future.set_exception(JavaError(answer["error"], answer["text"]))
            else:
                future.set_result(answer)
        for future in list(self._waiting.values()):
            future.set_exception(ServerError("the Java clients ended\n" + self.log()[-3000:]))

    def begin(self, call, name, **more):
        """Begins a call; a Future of its answer."""
        number = next(self._numbers)
        future = self._waiting[number] = Future()
        self._java.stdin.write(
            json.dumps({"id": number, "call": call, "name": name, **more}) + "\n")
        self._java.stdin.flush()
        return future

    def call(self, call, name, **more):
        """The answer; JavaError if the client says so."""
        return self.begin(call, name, **more).result(60 + more.get("seconds", 0))

    def open(self, kind, name, server, config=None, **more):
        """A client: `kind` is producer, consumer, share or admin. Its settings are those of an
        impatient user, and `config`."""
        settings = {"bootstrap.servers": server, "client.id": name,
                    "request.timeout.ms": 5000, "default.api.timeout.ms": 20000}
        if kind == "producer":
            settings |= {"delivery.timeout.ms": 20000, "max.block.ms": 20000}
        self.call(f"{kind}.open", name, config=settings | (config or {}), **more)

    def log(self):
        return self._log.read_text(errors="replace")

    def connected_to(self):
        """Every address, as host:port, that any of the clients began to connect to."""
        return set(re.findall(r"Initiating connection to node (\S+:\d+)", self.log()))

    def connections(self, address):
        """How often clients began to connect there."""
        return self.log().count(f"Initiating connection to node {address} ")

    def stop(self):
        self._java.stdin.close()
        try:
            self._java.wait(5)
        except subprocess.TimeoutExpired:
            self._java.kill()
            self._java.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

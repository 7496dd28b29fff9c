"""A throw-away Kafka broker (KRaft, one node)."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from servers.kafka_jars import kafka_jars
from servers.ports import reserve_port
from servers.process import Process, ServerError, require
from servers.waiting import succeeds, wait_until

_CLUSTER_ID = "YWNvbml0ZS10ZXN0LTAwMA"
_JAVA_OPTIONS = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                 "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")

_SETTINGS = r"""
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PROXIED://127.0.0.1:{proxied},DIRECT://127.0.0.1:{direct},\
  CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PROXIED://127.0.0.1:{advertised},DIRECT://127.0.0.1:{direct}
listener.security.protocol.map=PROXIED:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=DIRECT
controller.listener.names=CONTROLLER
log.dirs={folder}/data
num.partitions=1
auto.create.topics.enable=true
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.enable=false
num.network.threads=1
num.io.threads=2
"""


class KafkaServer:
    """A broker with two client listeners.

    Clients that bootstrap at `address` are told to go to 127.0.0.1:`proxy_port`, where the test
    puts a proxy; clients of `direct` talk to the broker itself.
    """

    def __init__(self, progress):
        libs = kafka_jars(progress)
        self._folder = Path(tempfile.mkdtemp(prefix="aconite-kafka-"))
        self._process = None
        self.proxy_port = reserve_port()
        proxied, direct, controller = (reserve_port() for _ in range(3))
        self.address = f"127.0.0.1:{proxied}"
        self.direct = f"127.0.0.1:{direct}"
        settings = self._folder / "server.properties"
        settings.write_text(_SETTINGS.format(
            folder=self._folder, proxied=proxied, direct=direct, controller=controller,
            advertised=self.proxy_port))
        java = [require("java", "openjdk-17-jre-headless"), *_JAVA_OPTIONS, "-cp", f"{libs}/*"]
        progress("starting a Kafka broker")
        try:
            self._format(java, settings)
            self._process = Process("kafka", [*java, "kafka.Kafka", settings],
                                    self._folder / "log")
            wait_until(self._answers, "the Kafka broker answering a metadata request", 90, 0.1)
        except BaseException:
            self.stop()
            raise

    def _format(self, java, settings):
        done = subprocess.run(
            [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", settings],
            capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise ServerError(f"formatting Kafka's storage failed\n{done.stdout}{done.stderr}")

    def _answers(self):
        self._process.check()
        return succeeds([require("kcat", "kcat"), "-b", self.direct, "-L", "-m", "2"])

    def stop(self):
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

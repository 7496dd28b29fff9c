"""A throw-away Kafka cluster (KRaft) that advertises nothing but its brokers' own addresses."""

import dataclasses
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from servers.kafka_jars import VERSION, kafka_jars
from servers.ports import reserve_port
from servers.process import Process, ServerError, require
from servers.waiting import succeeds, wait_until

_CLUSTER_ID = "YWNvbml0ZS10ZXN0LTAwMQ"
_JAVA_OPTIONS = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                 "-Xshare:auto", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")

# Clients have a listener of their own: who else connects there is a client of the test.
_SETTINGS = r"""
process.roles=broker,controller
node.id={id}
controller.quorum.voters={voters}
listeners=CLIENTS://127.0.0.1:{clients},INSIDE://127.0.0.1:{inside},\
  CONTROLLER://127.0.0.1:{controller}{listeners}
advertised.listeners=CLIENTS://127.0.0.1:{clients},INSIDE://127.0.0.1:{inside}{advertised}
listener.security.protocol.map=CLIENTS:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT{protocols}
inter.broker.listener.name=INSIDE
controller.listener.names=CONTROLLER
log.dirs={folder}/data
num.partitions=1
default.replication.factor={replicas}
min.insync.replicas=1
auto.create.topics.enable=true
auto.leader.rebalance.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor={replicas}
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=500
group.share.min.heartbeat.interval.ms=500
group.share.heartbeat.interval.ms=500
group.share.enable=true
controlled.shutdown.enable=true
log.cleaner.enable=false
num.network.threads=1
num.io.threads=2
background.threads=2
{more}
"""


@dataclasses.dataclass(frozen=True)
class Listener:
    """One more for clients, of every broker: its name and what is spoken there. With `advertised`,
    a port, it tells clients to come there."""

    name: str
    protocol: str
    advertised: int | None = None


class _Node:
    """One process that is a broker and a controller."""

    def __init__(self, number, folder, further):
        self.number = number
        self.folder = folder / f"node-{number}"
        self.folder.mkdir()
        self.settings = self.folder / "server.properties"
        self.clients, self.inside, self.controller = (reserve_port() for _ in range(3))
        self.further = {each: reserve_port() for each in further}
        self.process = None


class KafkaCluster:
    """`nodes` brokers, numbered from 1, each a controller too; all start at once.

    `addresses` has where clients find each broker, which is also what it tells them; at `direct`
    the test itself asks, on a listener that no client is told of. `more` is added to the settings
    of each broker, which is of that `version` of Kafka; it has the listeners `further` too, and
    knows users by `scram`, as the tool that formats the storage wants them.
    """

    def __init__(self, progress, nodes=3, more="", version=VERSION, further=(), scram=()):
        self._libs = kafka_jars(progress, version)
        self._folder = Path(tempfile.mkdtemp(prefix="aconite-kafka-"))
        self._nodes = {number: _Node(number, self._folder, further)
                       for number in range(1, nodes + 1)}
        self._scram = [word for user in scram for word in ("--add-scram", user)]
        self.direct = ",".join(f"127.0.0.1:{each.inside}" for each in self._nodes.values())
        voters = ",".join(f"{each.number}@127.0.0.1:{each.controller}"
                          for each in self._nodes.values())
        self._common = {"voters": voters, "replicas": min(nodes, 3), "more": more}
        progress(f"starting {nodes} Kafka {version} broker{'s' if nodes > 1 else ''}")
        try:
            with ThreadPoolExecutor(nodes) as pool:
                list(pool.map(self._format, self._nodes.values()))
            for each in self._nodes:
                self._launch(each)
            for each in self._nodes:
                self.wait_for(each)
        except BaseException:
            self.close()
            raise

    def _java(self):
        return [require("java", "openjdk-17-jre-headless"), *_JAVA_OPTIONS, "-cp",
                f"{self._libs}/*"]

    def _configure(self, node):
        further = node.further.items()
        node.settings.write_text(_SETTINGS.format(
            id=node.number, clients=node.clients, inside=node.inside,
            controller=node.controller, folder=node.folder, **self._common,
            listeners="".join(f",{each.name}://127.0.0.1:{port}" for each, port in further),
            advertised="".join(f",{each.name}://127.0.0.1:{each.advertised or port}"
                               for each, port in further),
            protocols="".join(f",{each.name}:{each.protocol}" for each, _ in further)))

    def _format(self, node):
        self._configure(node)
        done = subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c",
             node.settings, *self._scram], capture_output=True, text=True, timeout=90)
        if done.returncode != 0:
            raise ServerError(f"formatting Kafka's storage failed\n{done.stdout}{done.stderr}")

    def _launch(self, number):
        node = self._nodes[number]
        node.process = Process(f"kafka {number}", [*self._java(), "kafka.Kafka", node.settings],
                               node.folder / "log")

    @property
    def addresses(self):
        """By the broker's number."""
        return {each.number: f"127.0.0.1:{each.clients}" for each in self._nodes.values()}

    def address(self, name, number=1):
        """Where the listener of that name of a broker is."""
        return next(f"127.0.0.1:{port}" for each, port in self._nodes[number].further.items()
                    if each.name == name)

    @property
    def bootstrap(self):
        """All of them."""
        return ",".join(self.addresses.values())

    def wait_for(self, number):
        """Returns as soon as that broker answers and knows of all that run."""
        node = self._nodes[number]
        running = sum(each.process is not None for each in self._nodes.values())
        command = [require("kcat", "kcat"), "-b", f"127.0.0.1:{node.inside}", "-L", "-m", "2"]

        def answers():
            node.process.check()
            if not succeeds(command):
                return False
            told = subprocess.run(command, capture_output=True, text=True, timeout=10).stdout
            return f" {running} brokers:" in told
        wait_until(answers, f"broker {number} answering a metadata request", 90, 0.1)

    def stop(self, number):
        """Stops that broker in an orderly way: its leaderships go to others."""
        process, self._nodes[number].process = self._nodes[number].process, None
        process.stop(30)

    def start(self, number, elsewhere=False):
        """Starts one that was stopped; `elsewhere`: clients find it at another port from now on."""
        if elsewhere:
            self._nodes[number].clients = reserve_port()
            self._configure(self._nodes[number])
        self._launch(number)
        self.wait_for(number)

    def close(self):
        """Ends all at once; nothing is kept."""
        processes = [each.process for each in self._nodes.values() if each.process is not None]
        with ThreadPoolExecutor(max(1, len(processes))) as pool:
            list(pool.map(lambda process: process.stop(1), processes))
        shutil.rmtree(self._folder, ignore_errors=True)

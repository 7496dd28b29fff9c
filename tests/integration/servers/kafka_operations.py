"""What tests of toxics on single requests of Kafka do and look at."""

import dataclasses
import itertools
import re
import subprocess

import pytest

from operations import hits, journal, stats
from servers import kcat
from servers.kafka_java import JavaError
from servers.process import require
from servers.waiting import wait_until

_names = itertools.count()
_QUICK = ["fetch.wait.max.ms=10"]

VALUES = [str(number) for number in range(5)]
ONCE = {"times": 1}


def unique(kind):
    """A name that nothing else has."""
    return f"{kind}-{next(_names)}"


def add(proxy, match=None, trigger=None, name="fault", **attributes):
    """Adds a toxic of the type kafka; its name."""
    body = {"type": "kafka", "name": name, "attributes": attributes, "match": match or {},
            "trigger": trigger or {}}
    return proxy.api.json("POST", f"/proxies/{proxy.name}/toxics", body)["name"]


def read(server, topic, *settings):
    """The values of a topic, by partition and offset."""
    return [value for *_, value in kcat.read_all(server, topic, [*_QUICK, *settings])]


def acted_on(proxy, topic=None):
    """The API of each request that a toxic acted on, by the journal, which the counters of hits
    agree with as soon as no client goes on; `topic` is theirs."""
    wait_until(lambda: len(journal(proxy, "hit")) == hits(proxy), "a record of each hit")
    asked = [each["operation"] for each in journal(proxy, "hit")]
    assert topic is None or all(each["topic"] == topic for each in asked)
    told = stats(proxy)
    assert (told["bypass"], told["unknown"], told["connections"]["not_followed"]) == (0, 0, 0)
    return [each["api"] for each in asked]


@dataclasses.dataclass
class Told:
    """What a producer believed: how many it was told are stored, and why others were not."""

    stored: int
    errors: set = dataclasses.field(default_factory=set)
    seen: str = ""


class JavaProducer:
    """Sends one message after the other. `idempotent`: as it is by default."""

    def __init__(self, java, idempotent):
        self._java = java
        self.idempotent = idempotent

    def send(self, server, topic, values, timeout_ms=10_000, request_ms=5000, **settings):
        """Gives up a request after `request_ms`, a message after `timeout_ms`."""
        name = unique("producer")
        config = {"request.timeout.ms": min(request_ms, timeout_ms), "linger.ms": 0,
                  "delivery.timeout.ms": timeout_ms, "max.block.ms": timeout_ms,
                  "enable.idempotence": str(self.idempotent).lower()}
        self._java.open("producer", name, server, config | settings)
        results = self._java.call("producer.send", name, topic=topic, one_by_one=True,
                                  messages=[[None, value] for value in values])["results"]
        self._java.call("producer.close", name)
        return Told(sum(isinstance(each, int) for each in results),
                    {each for each in results if isinstance(each, str)})

    def transaction(self, server, topic, values, *others):
        """Sends them to the other topics too."""
        name = unique("transaction")
        self._java.open("producer", name, server,
                        {"request.timeout.ms": 1000, "delivery.timeout.ms": 3000,
                         "max.block.ms": 3000, "transactional.id": name})
        try:
            self._java.call("producer.init", name)
            self._java.call("producer.begin", name)
            for each in (topic, *others):
                self._java.call("producer.send", name, topic=each,
                                messages=[[None, value] for value in values])
            self._java.call("producer.commit", name)
            return Told(len(values))
        except JavaError as error:
            return Told(0, {error.kind})
        finally:
            self._java.begin("producer.close", name)


class KcatProducer:
    """The same with kcat, which is not idempotent by default."""

    def __init__(self, idempotent):
        self.idempotent = idempotent

    def send(self, server, topic, values, timeout_ms=10_000, request_ms=5000, **settings):
        settings = {"enable.idempotence": str(self.idempotent).lower(),
                    "message.timeout.ms": timeout_ms, "socket.timeout.ms": request_ms,
                    "request.timeout.ms": request_ms} | settings
        return self._run(server, topic, values, settings)

    def transaction(self, server, topic, values):
        return self._run(server, topic, values, {"transactional.id": unique("transaction"),
                                                 "socket.timeout.ms": 1000})

    @staticmethod
    def _run(server, topic, values, settings):
        settings = {"batch.num.messages": 1, "max.in.flight": 1, "linger.ms": 0} | settings
        done = kcat.produce(server, topic, [value.encode() for value in values],
                            [f"{name}={value}" for name, value in settings.items()])
        seen = done.stderr.decode()
        failed = re.findall(r"% Delivery failed for message: (.*)", seen)
        ended = re.findall(r"% (?:FATAL CLIENT )?ERROR: (\w+_transactions?\(\): .*)", seen)
        assert (done.returncode == 0) == (failed == [] and ended == []), seen
        return Told(0 if ended else len(values) - len(failed), {*failed, *ended}, seen)


def kcat_group(server, topic, seconds=15, group=None):
    """Values that a group's only member reads, from the start to the end, and what kcat told."""
    done = subprocess.run(
        [require("kcat", "kcat"), "-b", server, "-u", "-e", "-X", "auto.offset.reset=earliest",
         "-X", "heartbeat.interval.ms=200", "-X", *_QUICK, "-G", group or unique("group"), topic],
        capture_output=True, text=True, timeout=seconds)
    return done.stdout.split(), done.stderr


class JavaReader:
    """A Java consumer, a context manager: a member of a group of its own."""

    def __init__(self, java, server, topic, group=None, **settings):
        self._java = java
        self.group = group or unique("group")
        self._name = unique("reader")
        java.open("consumer", self._name, server,
                  {"group.id": self.group, "auto.offset.reset": "earliest",
                   "request.timeout.ms": 5000, "default.api.timeout.ms": 10000,
                   "fetch.max.wait.ms": 100, "enable.auto.commit": "false"}
                  | ({} if "group.protocol" in settings else {"heartbeat.interval.ms": 200})
                  | settings, topic=topic, group=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._java.call("consumer.close", self._name)
        except JavaError:
            pass  # its last commit failed: the test has looked

    def take(self, count=1 << 30, seconds=10):
        """Values, names of errors, and how often partitions were assigned so far."""
        answer = self._java.call("consumer.take", self._name, seconds=seconds, count=count)
        return ([record[3] for record in answer["records"]], answer["errors"],
                answer["assignments"])

    def commit(self):
        """Whether it believed that its offsets were stored."""
        try:
            self._java.call("consumer.commit", self._name)
        except JavaError:
            return False
        return True


# ---- fixtures that a file of tests imports ----

@pytest.fixture(scope="module")
def admin(java, kafka_node):
    """An admin client of the broker itself."""
    java.open("admin", "direct", kafka_node.direct)
    return lambda call, **more: java.call(f"admin.{call}", "direct", **more)


@pytest.fixture
def new_topic(admin):
    name = unique("topic")
    admin("create", topic=name, partitions=1)
    return name


@pytest.fixture
def proxy(proxy_server, kafka_node):
    return proxy_server.api.create_proxy("kafka", kafka_node.addresses[1], protocol="kafka")


@pytest.fixture
def log(kafka_node, new_topic):
    """Reads the log itself, around the proxy."""
    return lambda *settings: read(kafka_node.direct, new_topic, *settings)


@pytest.fixture
def filled(kafka_node, new_topic):
    """A topic that holds VALUES."""
    assert KcatProducer(False).send(kafka_node.direct, new_topic, VALUES).stored == len(VALUES)
    return new_topic

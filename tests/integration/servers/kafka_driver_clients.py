"""Producers and consumers of franz-go, kafkajs and aiokafka, with the faces of those of Java."""

from kafka_operations import Told, unique
from servers.kafka_drivers import DriverClient, DriverError


class DriverProducer:
    """As JavaProducer; the errors are Kafka's names, or what the client calls them."""

    def __init__(self, driver, idempotent):
        self._driver = driver
        self.idempotent = idempotent

    def send(self, server, topic, values, timeout_ms=10_000, request_ms=5000, acks="all"):
        with DriverClient(self._driver) as client:
            try:
                client.producer(server, self.idempotent, acks=acks, timeout_ms=timeout_ms,
                                request_ms=min(request_ms, timeout_ms))
                results = client.send(topic, [[None, value] for value in values])
                client.call("close")
            except DriverError as error:
                return Told(0, {error.kind})
        return Told(sum(isinstance(each, int) for each in results),
                    {each for each in results if isinstance(each, str)})

    def transaction(self, server, topic, values, *others):
        """Sends them to the other topics too."""
        with DriverClient(self._driver) as client:
            try:
                client.producer(server, transactional_id=unique("transaction"), request_ms=1000,
                                timeout_ms=3000)
                client.call("transaction", topics=[topic, *others],
                            messages=[[None, value] for value in values])
            except DriverError as error:
                return Told(0, {error.kind})
        return Told(len(values))


class DriverReader(DriverClient):
    """As JavaReader."""

    def __init__(self, driver, server, topic, group=None):
        super().__init__(driver)
        self.group = group or unique("group")
        self.consumer(server, topic, self.group)

    def take(self, count=1 << 30, seconds=10):
        """Values, names of errors, and how often partitions were assigned so far."""
        answer = super().take(count, seconds)
        return ([record[3] for record in answer["records"]], answer["errors"],
                answer["assignments"])

    def commit(self):
        """Whether it believed that its offsets were stored."""
        try:
            self.call("commit")
        except DriverError:
            return False
        return True

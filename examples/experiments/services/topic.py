"""Where events go: a topic of Kafka."""

import threading
from concurrent.futures import Future

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic


def make_topic(brokers, name):
    """Who reads a topic that is not there joins nothing. KafkaException if it cannot be made."""
    admin = AdminClient({"bootstrap.servers": brokers})
    try:
        admin.create_topics([NewTopic(name, 1, 1)])[name].result(30)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


class Topic:
    """Publishes to one topic; any thread may."""

    def __init__(self, brokers, name, patience_s=2.0):
        self._name = name
        self._patience_s = patience_s
        self._producer = Producer({
            "bootstrap.servers": brokers, "message.timeout.ms": int(patience_s * 1000),
            "linger.ms": 0, "reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 250,
            "acks": "all"})
        threading.Thread(target=self._poll, daemon=True).start()

    def publish(self, key, event):
        """Returns when the broker has it; KafkaException if it does not say so in time."""
        answer = self.begin(key, event)
        if (error := answer.result(self._patience_s + 5)) is not None:
            raise KafkaException(error)

    def begin(self, key, event):
        """A Future that becomes None, or the error."""
        answer = Future()
        self._producer.produce(self._name, key=str(key), value=event,
                               on_delivery=lambda error, _: answer.set_result(error))
        return answer

    def _poll(self):
        while True:
            self._producer.poll(1)

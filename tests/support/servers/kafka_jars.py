"""The jars of a Kafka broker, fetched once with Maven into the build folder."""

from servers.jars import fetched_jars
from servers.proxy_server import ROOT

VERSION = "4.1.1"
#: The last one before Kafka 4, of which only a broker is wanted.
BEFORE = "3.9.1"
_LOGGING = ("org.slf4j", "slf4j-simple", "1.7.36")
_ARTIFACTS = {
    VERSION: (("org.apache.kafka", "kafka_2.13", VERSION),
              ("org.apache.kafka", "kafka-tools", VERSION), _LOGGING),
    BEFORE: (("org.apache.kafka", "kafka_2.13", BEFORE), _LOGGING),
}
#: What a broker that compresses nothing and has no ZooKeeper never loads: 13 of 46 MB.
_NEVER_LOADED = {
    BEFORE: ("com.github.luben", "org.xerial.snappy", "org.lz4", "io.netty",
             "com.fasterxml.jackson.module"),
}


def kafka_jars(progress, version=VERSION):
    """The folder with the jars of that version, complete. `progress` is called with a line before
    a download."""
    return fetched_jars(f"Kafka {version}", ROOT / f"build/kafka/libs-{version}",
                        _ARTIFACTS[version], progress, _NEVER_LOADED.get(version, ()))

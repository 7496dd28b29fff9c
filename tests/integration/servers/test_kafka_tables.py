"""What the program knows of Kafka's messages is what the jar of the broker says."""

import subprocess
import sys

from servers.kafka_jars import VERSION, kafka_jars
from servers.proxy_server import ROOT

SCHEMA = ROOT / "toxics/kafka/schema"


def test_tables_are_those_of_the_jar(progress):
    jar = kafka_jars(progress) / f"kafka-clients-{VERSION}.jar"
    made = subprocess.run([sys.executable, SCHEMA / "generate.py", jar], check=True,
                          capture_output=True, text=True, timeout=120).stdout
    assert made == (SCHEMA / "tables.cpp").read_text()

"""Images that stand in for postgres, redis and apache/kafka, made from Debian's packages."""

import os
import shutil
import tempfile
from pathlib import Path

from servers.kafka_jars import kafka_jars

_FOLDER = Path(__file__).with_name("brokers")


def build_brokers(engine, progress):
    """Builds them; returns the variables that put them into the files of examples/compose."""
    jars = kafka_jars(progress)
    progress("building images of PostgreSQL, Redis and Kafka")
    names = {}
    with tempfile.TemporaryDirectory(prefix="brokers-", dir=jars.parent) as context:
        shutil.copytree(_FOLDER, context, dirs_exist_ok=True)
        shutil.copytree(jars, f"{context}/libs", copy_function=os.link)
        for target in ("postgres", "redis", "kafka"):
            names[f"{target.upper()}_IMAGE"] = name = f"aconite-test-{target}"
            engine.build(name, context, "--target", target)
    return names

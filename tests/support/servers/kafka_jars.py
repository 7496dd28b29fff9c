"""The jars of a Kafka broker, fetched once with Maven into the build folder."""

import contextlib
import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

from servers.maven import maven_that_fetches
from servers.process import ServerError
from servers.proxy_server import ROOT

VERSION = "4.1.1"
#: The last one before Kafka 4, of which only a broker is wanted.
BEFORE = "3.9.1"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
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


def _pom(kafka):
    exclusions = "".join(
        f"<exclusion><groupId>{group}</groupId><artifactId>*</artifactId></exclusion>"
        for group in _NEVER_LOADED.get(kafka, ()))
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version><exclusions>{exclusions}</exclusions></dependency>"
        for group, name, version in _ARTIFACTS[kafka])
    return ("<project><modelVersion>4.0.0</modelVersion><groupId>aconite.test</groupId>"
            "<artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>"
            f"<dependencies>{dependencies}</dependencies></project>")


def _fetch(kafka, target):
    with contextlib.ExitStack() as cleanup:
        scratch = Path(cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent)))
        (scratch / "pom.xml").write_text(_pom(kafka))
        done = subprocess.run(
            [*maven_that_fetches(), "-f", scratch / "pom.xml", _PLUGIN,
             "-DincludeScope=runtime", f"-DoutputDirectory={scratch / 'libs'}"],
            capture_output=True, text=True, timeout=570)
        if done.returncode != 0:
            raise ServerError(f"fetching Kafka's jars failed\n{done.stdout[-3000:]}")
        os.rename(scratch / "libs", target)


def kafka_jars(progress, version=VERSION):
    """The folder with the jars of that version, complete. `progress` is called with a line before
    a download.

    The folder appears by a rename, so a run that was cut off leaves nothing half done; a second
    run at the same time waits for the first.
    """
    target = ROOT / "build" / "kafka" / f"libs-{version}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            progress(f"fetching Kafka {version} into {target.relative_to(ROOT)} (up to a minute)")
            _fetch(version, target)
    return target

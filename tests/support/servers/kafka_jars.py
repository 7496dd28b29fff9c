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
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_ARTIFACTS = (
    ("org.apache.kafka", "kafka_2.13", VERSION),
    ("org.apache.kafka", "kafka-tools", VERSION),
    ("org.slf4j", "slf4j-simple", "1.7.36"),
)


def _pom():
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version></dependency>" for group, name, version in _ARTIFACTS)
    return ("<project><modelVersion>4.0.0</modelVersion><groupId>aconite.test</groupId>"
            "<artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>"
            f"<dependencies>{dependencies}</dependencies></project>")


def _fetch(target):
    with contextlib.ExitStack() as cleanup:
        scratch = Path(cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent)))
        (scratch / "pom.xml").write_text(_pom())
        done = subprocess.run(
            [*maven_that_fetches(), "-f", scratch / "pom.xml", _PLUGIN,
             "-DincludeScope=runtime", f"-DoutputDirectory={scratch / 'libs'}"],
            capture_output=True, text=True, timeout=570)
        if done.returncode != 0:
            raise ServerError(f"fetching Kafka's jars failed\n{done.stdout[-3000:]}")
        os.rename(scratch / "libs", target)


def kafka_jars(progress):
    """The folder with the jars, complete. `progress` is called with a line before a download.

    The folder appears by a rename, so a run that was cut off leaves nothing half done; a second
    run at the same time waits for the first.
    """
    target = ROOT / "build" / "kafka" / f"libs-{VERSION}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            progress(f"fetching Kafka {VERSION} into {target.relative_to(ROOT)} (up to a minute)")
            _fetch(target)
    return target

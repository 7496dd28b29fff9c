"""Programs in Java, fetched once with Maven into the build folder."""

import contextlib
import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

from servers.maven import maven_that_fetches
from servers.process import ServerError
from servers.proxy_server import ROOT

_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


def _pom(artifacts, never_loaded):
    exclusions = "".join(
        f"<exclusion><groupId>{group}</groupId><artifactId>*</artifactId></exclusion>"
        for group in never_loaded)
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version><exclusions>{exclusions}</exclusions></dependency>"
        for group, name, version in artifacts)
    return ("<project><modelVersion>4.0.0</modelVersion><groupId>aconite.test</groupId>"
            "<artifactId>server</artifactId><version>1</version><packaging>pom</packaging>"
            f"<dependencies>{dependencies}</dependencies></project>")


def _fetch(title, pom, target):
    with contextlib.ExitStack() as cleanup:
        scratch = Path(cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent)))
        (scratch / "pom.xml").write_text(pom)
        done = subprocess.run(
            [*maven_that_fetches(), "-f", scratch / "pom.xml", _PLUGIN,
             "-DincludeScope=runtime", f"-DoutputDirectory={scratch / 'libs'}"],
            capture_output=True, text=True, timeout=570)
        if done.returncode != 0:
            raise ServerError(f"fetching the jars of {title} failed\n{done.stdout[-3000:]}")
        os.rename(scratch / "libs", target)


def fetched_jars(title, target, artifacts, progress, never_loaded=()):
    """The folder `target`, with the artifacts, each (group, name, version), and all that they need
    but for the groups `never_loaded`. `progress` is called with a line before a download.

    The folder appears by a rename, so a run that was cut off leaves nothing half done; a second
    run at the same time waits for the first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            progress(f"fetching {title} into {target.relative_to(ROOT)} (up to a minute)")
            _fetch(title, _pom(artifacts, never_loaded), target)
    return target

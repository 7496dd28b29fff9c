"""Runs the Java examples' tests; what they need is fetched into the build folder once."""

import os
import shutil

from compat_kit.installs import prepared, run
from conftest import ROOT
from servers.maven import maven_that_fetches
from servers.process import require

POMS = [ROOT / "examples/junit5/pom.xml", ROOT / "examples/postgres/java/pom.xml"]
EMPTY_TEST = """
class EmptyTest {
    @org.junit.jupiter.api.Test
    void passes() {}
}
"""
#: Each Java lives for some seconds: no need to compile it well.
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def _test(maven, project, repository, env):
    print(run(*maven, f"-Dmaven.repo.local={repository}", f"-DargLine={QUICK}", "test", cwd=project,
              env={**env, "MAVEN_OPTS": f"{env.get('MAVEN_OPTS', '')} {QUICK}"}))


def _fetch(folder):
    """A test is run with each pom, so what runs tests is fetched too."""
    for number, pom in enumerate(POMS):
        project = folder / str(number)
        (project / "src/test/java").mkdir(parents=True)
        (project / "src/test/java/EmptyTest.java").write_text(EMPTY_TEST)
        shutil.copy(pom, project)
        _test(maven_that_fetches(), project, folder / "repository", os.environ)


def offline_test(project, *flags, env):
    """`mvn test` without a network."""
    repository = prepared("maven-examples", *POMS, make=_fetch) / "repository"
    _test([require("mvn", "maven"), "-q", "-B", "-o", *flags], project, repository, env)

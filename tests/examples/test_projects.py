"""The example projects of other languages pass their own tests, and what they say is true.

What they need is fetched into the build folder once, and each runs offline in a copy of its own.
"""

import json
import re
import shutil
import xml.etree.ElementTree
from pathlib import Path

import pytest

from compat_kit.installs import prepared, run
from conftest import ROOT
from servers.maven import maven_that_fetches
from servers.process import require

EXAMPLES = ROOT / "examples"
#: Their names in the examples, and on how many connections each acts.
TOXICS = {"slow": 1, "reset": 2, "once": 1}
EMPTY_TEST = """
class EmptyTest {
    @org.junit.jupiter.api.Test
    void passes() {}
}
"""


def acted(api):
    """The connections that each toxic of the journal acted on."""
    hits = [json.loads(line) for line in api.text("GET", "/journal?kind=hit").splitlines()]
    return {name: len({hit["connection"] for hit in hits if hit["toxic"] == name})
            for name in {hit["toxic"] for hit in hits}}


@pytest.fixture
def api(proxy_server):
    """The server, which an example must leave as it found it, and with its faults in the journal."""
    yield proxy_server.api
    assert proxy_server.api.json("GET", "/proxies") == {}
    assert acted(proxy_server.api) == TOXICS


def copy_of(example, folder):
    return Path(shutil.copytree(EXAMPLES / example, folder / example,
                                ignore=shutil.ignore_patterns("target", "node_modules")))


def maven_test(maven, project, repository, **settings):
    run(*maven, f"-Dmaven.repo.local={repository}", "test", cwd=project, **settings)


def test_junit5(api, environment, tmp_path):
    def fetch(folder):
        # A test is run, so what runs tests is fetched too.
        (folder / "src/test/java").mkdir(parents=True)
        (folder / "src/test/java/EmptyTest.java").write_text(EMPTY_TEST)
        shutil.copy(EXAMPLES / "junit5/pom.xml", folder)
        maven_test(maven_that_fetches(), folder, folder / "repository")

    repository = prepared("junit5", EXAMPLES / "junit5/pom.xml", make=fetch) / "repository"
    project = copy_of("junit5", tmp_path)
    maven_test([require("mvn", "maven"), "-q", "-B", "-o"], project, repository, env=environment)
    (report,) = project.glob("target/surefire-reports/*.xml")
    suite = xml.etree.ElementTree.parse(report).getroot()
    written = (project / "src/test/java/com/example/sessions/SessionsTest.java").read_text()
    assert int(suite.get("tests")) == written.count("@Test\n") > 0


def test_node(api, environment, tmp_path):
    def fetch(folder):
        for each in ("package.json", "package-lock.json"):
            shutil.copy(EXAMPLES / "node" / each, folder)
        run(require("npm", "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)

    inputs = [EXAMPLES / "node" / each for each in ("package.json", "package-lock.json")]
    modules = prepared("node-example", *inputs, make=fetch) / "node_modules"
    project = copy_of("node", tmp_path)
    (project / "node_modules").symlink_to(modules)
    said = run(require("node", "nodejs"), "--test", cwd=project, env=environment)
    written = len(re.findall(r"^test\(", (project / "sessions.test.js").read_text(), re.MULTILINE))
    assert int(re.search(r"^\W*pass (\d+)$", said, re.MULTILINE)[1]) == written > 0

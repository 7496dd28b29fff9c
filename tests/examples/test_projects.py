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
from maven_project import offline_test
from servers.process import require

EXAMPLES = ROOT / "examples"
#: Their names in the examples, and on how many connections each acts.
TOXICS = {"slow": 1, "reset": 2, "once": 1}


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


def test_junit5(api, environment, tmp_path):
    project = copy_of("junit5", tmp_path)
    offline_test(project, env=environment)
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

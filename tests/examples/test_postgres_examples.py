"""The examples of lost commit answers pass their own tests, and these tests can fail.

With the tests of an example run two copies of them in which something is replaced: in NAIVE the
robust service by the naive one, in UNHURT the fault by one that never acts.
"""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import pytest

from conftest import ROOT
from cpp_project import build
from maven_project import offline_test
from servers.postgres_server import PostgresServer, pg_environment
from servers.proxy_server import binary

ORIGINAL, NAIVE, UNHURT = "original", "naive", "unhurt"
REPLACED = {
    NAIVE: {"RobustOrders(": "NaiveOrders(", "robust_orders(": "naive_orders("},
    UNHURT: {'"times"': '"after_hits"', ".once()": ".after_hits(1)"},
}
COMMITTED = "robust orders once when the commit succeeded"
ROLLED_BACK = "robust orders once when nothing was committed"
TWICE = "naive orders twice when the commit succeeded"
#: The tests of each example, and by the copy those that fail.
TESTS = {COMMITTED, ROLLED_BACK, TWICE}
FAIL = {ORIGINAL: set(), NAIVE: {COMMITTED}, UNHURT: TESTS}
#: What a report has in a test that did not pass.
PROBLEMS = {"failure", "error", "skipped"}


@pytest.fixture(scope="module")
def environment():
    """Where the examples find PostgreSQL."""
    server = PostgresServer()
    yield {**pg_environment(), "POSTGRES_ADDRESS": server.address}
    server.stop()


@pytest.fixture
def example(request, tmp_path):
    """The project of the language that the test is named after, where it may be changed."""
    name = request.node.name.removeprefix("test_")
    ignored = shutil.ignore_patterns("build", "target", "__pycache__")
    return shutil.copytree(ROOT / "examples/postgres" / name, tmp_path / name, ignore=ignored)


def copies_of(tests):
    """By the copy, the changed text of the file `tests`."""
    for copy, replaced in REPLACED.items():
        text = tests.read_text()
        for old, new in replaced.items():
            text = text.replace(old, new)
        assert text != tests.read_text()
        yield copy, text


def words(name):
    """A test's name in small letters: test_one_thing and oneThing() are one thing."""
    return re.sub(r"\W|_|(?=[A-Z])", " ", name).lower().strip().removeprefix("test ")


def assert_outcomes(report, classes):
    """Of a report in JUnit's form; `classes` has by the copy what its tests' class is called."""
    cases = list(xml.etree.ElementTree.parse(report).getroot().iter("testcase"))
    for copy, name in classes.items():
        failed = {words(case.get("name")): not PROBLEMS.isdisjoint(child.tag for child in case)
                  for case in cases if case.get("classname") == name}
        assert failed == {test: test in FAIL[copy] for test in TESTS}, copy


def test_cpp(example, environment, installed_library, tmp_path):
    tests = example / "orders_test.cpp"
    copies = dict(copies_of(tests))
    with open(tests, "a") as file:  # one file is compiled much faster than three
        for copy, text in copies.items():
            file.write(text.replace("namespace {", f"namespace {copy} {{")
                       .replace("lost_answer", f"{copy}_lost_answer"))
    build(example, tmp_path / "build", installed_library)
    report = tmp_path / "report.xml"
    subprocess.run([tmp_path / "build/orders_test", f"--gtest_output=xml:{report}"],
                   env=environment, timeout=60, check=False)
    assert_outcomes(report, {ORIGINAL: "lost_answer", NAIVE: "naive_lost_answer",
                             UNHURT: "unhurt_lost_answer"})


def test_python(example, environment, tmp_path):
    tests = example / "test_orders.py"
    for copy, text in copies_of(tests):
        tests.with_name(f"test_{copy}.py").write_text(text)
    report = tmp_path / "report.xml"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "aconite.pytest_plugin", "-p", "no:cacheprovider",
         f"--aconite-bin={binary().absolute()}", f"--junitxml={report}"],
        # Where somebody has built the client, its metadata would register the plugin once more.
        cwd=example, env={**environment, "PYTHONPATH": str(ROOT / "clients/python/src"),
                          "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        timeout=60, check=False)
    assert_outcomes(report, {ORIGINAL: "test_orders", NAIVE: "test_naive", UNHURT: "test_unhurt"})


def test_java(example, environment, proxy_server):
    tests = example / "src/test/java/com/example/orders/OrdersTest.java"
    names = {ORIGINAL: "OrdersTest", NAIVE: "NaiveTest", UNHURT: "UnhurtTest"}
    for copy, text in copies_of(tests):
        tests.with_name(f"{names[copy]}.java").write_text(text.replace("OrdersTest", names[copy]))
    offline_test(example, "-Dmaven.test.failure.ignore=true",
                 env={**environment, "ACONITE_URL": f"http://127.0.0.1:{proxy_server.port}"})
    for copy, name in names.items():
        (report,) = example.glob(f"target/surefire-reports/*.{name}.xml")
        assert_outcomes(report, {copy: f"com.example.orders.{name}"})
    assert proxy_server.api.json("GET", "/proxies") == {}

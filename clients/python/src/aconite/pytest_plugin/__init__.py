"""The pytest plugin: a server for the session, proxies and faults for each test.

Fixtures `aconite_server` and `proxy`, marker `toxic`. A test that uses any of them leaves no toxic
behind, has its begin and end in the journal, the journal in its report if it fails, and fails if a
toxic that it is marked with never acted.
"""

from __future__ import annotations

from typing import Any, Generator, Iterator, List

import pytest

from .. import AconiteError, Server
from .run import ProxyFactory, TestRun
from .source import Source, UsageProblem

__all__ = ["ProxyFactory"]

_source = pytest.StashKey[Source]()
_run = pytest.StashKey[TestRun]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("aconite", "aconite, the fault-injecting TCP proxy")
    group.addoption("--aconite-bin", metavar="PATH",
                    help="the aconite to start (else: ini aconite_bin, ACONITE_BIN, PATH)")
    group.addoption("--aconite-url", metavar="URL",
                    help="an aconite that runs, instead of starting one (else: ACONITE_URL)")
    parser.addini("aconite_bin", "the aconite to start, relative to the root folder")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "toxic(proxy, type, *, stream, toxicity, name, attributes, match, trigger, ttl, schedule, "
        "seed, required=True): the proxy has this toxic while the test runs; the test fails if it "
        "never acts, unless required=False")
    try:
        config.stash[_source] = Source(config)
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    for item in items:
        names = getattr(item, "fixturenames", None)
        if names is None or "_aconite_run" in names:
            continue
        if "aconite_server" in names or item.get_closest_marker("toxic"):
            names.insert(0, "_aconite_run")


@pytest.fixture(scope="session")
def aconite_server(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A server for the session: an aconite.Server."""
    source = pytestconfig.stash[_source]
    try:
        server = source.start()
    except AconiteError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    yield server
    source.stop()


@pytest.fixture
def _aconite_run(request: pytest.FixtureRequest, aconite_server: Server) -> Iterator[TestRun]:
    run = TestRun(request.node, aconite_server, request.config.stash[_source])
    request.node.stash[_run] = run
    run.begin()
    yield run
    run.end()


@pytest.fixture
def proxy(_aconite_run: TestRun) -> Iterator[ProxyFactory]:
    """Makes proxies for this test: proxy("redis", "localhost:6379") is an aconite.Proxy."""
    yield _aconite_run.make_proxy
    _aconite_run.delete_proxies()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    run = item.stash.get(_run, None)
    if run is not None:
        run.enter_body()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    report = (yield).get_result()
    run = item.stash.get(_run, None)
    if run is None:
        return
    if report.passed and not hasattr(report, "wasxfail"):
        problem = run.problem(report.when)
        if problem is not None:
            report.outcome = "failed"
            report.longrepr = problem
    if report.failed:
        report.sections += run.sections()

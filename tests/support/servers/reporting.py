"""What a conftest imports so that its runs tell more: of slow steps, and of tests that failed."""

import sys

import pytest

from servers.process import Process


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds the last lines of every running server's log to the report of a failed test."""
    report = (yield).get_result()
    if report.failed:
        report.sections += [(f"log of {process.name}", process.log_tail())
                            for process in Process.running]


@pytest.fixture(scope="session")
def progress(pytestconfig):
    """A function that shows one line at once, past pytest's capturing."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def show(line):
        with capture.global_and_fixture_disabled():
            print(f"\n[{line}]", file=sys.stderr, flush=True)

    return show

"""pytest plugin beside pytest-rerunfailures: a test that failed and then passed is not forgotten.

The result file gets the number of its tries, the end of the output why the earlier ones failed.
"""

import pytest

#: The property of a test in a result file that says at which try it passed or failed for good.
TRIES = "tries"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    tries = getattr(item, "execution_count", 1)
    if tries > 1 and report.when == "teardown":  # the result file is written from it
        report.user_properties.append((TRIES, tries))


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("_", f"{report.nodeid} failed and was run again")
        terminalreporter.write_line(report.longreprtext)
        for name, content in report.sections:
            terminalreporter.write_sep("-", name)
            terminalreporter.write_line(content)

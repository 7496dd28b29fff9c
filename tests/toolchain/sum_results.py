"""Sums JUnit files: sum_results.py FILE... prints `N passed, N failed, N skipped`.

A file that is missing or holds no test counts as one failure: a suite that did not run is no
success. A test that failed and passed when it was run again is named. Exits 1 if anything failed.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcome(case: ElementTree.Element) -> str:
    """One test's outcome. CTest marks a test whose program is missing as not run: a failure."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "failed" if "Unable to find" in skipped.get("message", "") else "skipped"


def tell_unsteady(case: ElementTree.Element) -> None:
    """If it passed at a further try only, as tests/support/pytest_plugins/unsteady.py notes it."""
    tries = case.find("properties/property[@name='tries']")
    if tries is not None and outcome(case) == "passed":
        print(f"unsteady: {case.get('classname')}.{case.get('name')} passed at try "
              f"{tries.get('value')} only")


def outcomes(file: Path) -> list[str]:
    """Of all tests in the file."""
    if not file.exists():
        print(f"{file.stem}: no results")
        return ["failed"]
    cases = list(ElementTree.parse(file).iter("testcase"))
    for case in cases:
        tell_unsteady(case)
    found = [outcome(case) for case in cases]
    if not found:
        print(f"{file.stem}: no test ran")
        return ["failed"]
    return found


def main() -> int:
    total = [one for name in sys.argv[1:] for one in outcomes(Path(name))]
    passed, failed, skipped = (total.count(kind) for kind in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed > 0 or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

"""No file names a path of somebody's machine, or the host of a package registry.

Ordinary clients know their registries, and where a checkout lies is nobody's business: both
would break the build elsewhere.
"""

import re
import sys

from tree import ROOT, project_files, report

MACHINE_PATH = re.compile(r"""(?:^|[\s=:;,("'`<>\[])/(?:root|home|work|Users)/[\w.]""")
REGISTRY = re.compile(
    r"\b(?:(?:registry|proxy|repo\d?|mirrors?|deb|packages|index|static|sum|snapshot)\.[\w-]+"
    r"|pypi|crates|npmjs)\.(?:org|io|com|net|dev)\b"
)


def main() -> int:
    problems = []
    files = project_files()
    for file in files:
        text = (ROOT / file).read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            for pattern, what in ((MACHINE_PATH, "machine path"), (REGISTRY, "registry host")):
                if match := pattern.search(line):
                    problems.append(f"{file}:{number}: {what}: {match[0].strip()}")
    return report(problems, len(files), "files searched")


if __name__ == "__main__":
    sys.exit(main())

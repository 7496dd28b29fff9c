"""Every public header compiles alone, and pulls in nothing but std and Boost.System.

check_headers.py COMPILER: fails on a header that needs another one before it, warns, or reaches
a foreign library in any depth.
"""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tree import ROOT, cpp_files, report

FORBIDDEN = re.compile(r"/(boost/(asio|beast)|nlohmann|fmt|spdlog|CLI|prometheus|openssl|yaml-cpp)/")


def problems_of(compiler: str, header: Path) -> list[str]:
    """Compiles one header as a program of its own, without optimisation or output."""
    name = header.relative_to("include")
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
               "-I", str(ROOT / "include"), "-x", "c++", "-", "-MD", "-MF", "/dev/stdout"]
    source = f"#include <{name}>\n#include <{name}>\n"
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return [f"{header}: does not compile alone\n{done.stderr}"]
    reached = {match[1] for match in FORBIDDEN.finditer(done.stdout)}
    return [f"{header}: reaches {library}" for library in sorted(reached)]


def main() -> int:
    compiler = sys.argv[1]
    headers = cpp_files("include/aconite")
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(lambda header: problems_of(compiler, header), headers)
    return report([problem for some in found for problem in some], len(headers), "headers compiled")


if __name__ == "__main__":
    sys.exit(main())

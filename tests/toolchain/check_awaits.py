"""No `co_await` stands to the right of `&&` or `||`: g++ 12 awaits it whatever the left side is."""

import re
import sys

from tree import ROOT, cpp_files, report

FOLDERS = ("api", "bench", "clients", "docs", "examples", "include", "proxy", "tests", "toxics")
#: A condition with the offending operand, up to the end of its statement.
AWAITED_TOO = re.compile(r"(&&|\|\|)[^;{}]*?\bco_await\b")
IGNORED = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"')
#: It tries what is forbidden.
CANARY = "coroutine_canary.cpp"


def main() -> int:
    files = [file for folder in FOLDERS for file in cpp_files(folder) if file.name != CANARY]
    problems = []
    for file in files:
        text = IGNORED.sub("", (ROOT / file).read_text(encoding="utf-8"))
        for match in AWAITED_TOO.finditer(text):
            number = text.count("\n", 0, match.start()) + 1
            problems.append(f"{file}:{number}: co_await behind {match[1]}: use an if of its own")
    return report(problems, len(files), "files searched")


if __name__ == "__main__":
    sys.exit(main())

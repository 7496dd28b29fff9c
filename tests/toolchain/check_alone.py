"""Each source of the program compiles by itself, with clang: builds give several at once to g++.

check_alone.py BUILD: reads BUILD/compile_commands.json, of a build without CMAKE_UNITY_BUILD, and
checks the syntax of all that it lists. Generated sources are left to the builds.
"""

import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tree import ROOT, report


def problem_of(entry: dict) -> str | None:
    """What the compiler says of one source, None if nothing."""
    command = shlex.split(entry["command"])
    output = command.index("-o")
    words = [word for word in command[:output] + command[output + 2:] if word != "-c"]
    done = subprocess.run([*words, "-fsyntax-only"], cwd=entry["directory"], capture_output=True,
                          text=True, check=False)
    return f"{entry['file']}: status {done.returncode}\n{done.stderr}" if done.returncode else None


def main() -> int:
    build = Path(sys.argv[1]).resolve()
    entries = [entry for entry in json.loads((build / "compile_commands.json").read_text())
               if Path(entry["file"]).is_relative_to(ROOT)
               and not Path(entry["file"]).is_relative_to(ROOT / "build")]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = list(pool.map(problem_of, entries))
    return report([problem for problem in found if problem], len(found), "sources compiled alone")


if __name__ == "__main__":
    sys.exit(main())

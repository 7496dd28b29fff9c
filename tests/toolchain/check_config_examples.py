"""Every configuration in docs/configuration.md passes `aconite config check`.

check_config_examples.py ACONITE
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tree import ROOT, report

DEADLINE_SECONDS = 15
PAGE = "docs/configuration.md"
BLOCK = re.compile(r"^```(json|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main() -> int:
    blocks = BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))
    problems = [] if blocks else [f"{PAGE}: no example"]
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, text) in enumerate(blocks, start=1):
            file = Path(folder) / f"example-{number}.{kind}"
            file.write_text(text, encoding="utf-8")
            done = subprocess.run(
                [sys.argv[1], "config", "check", file], capture_output=True, text=True,
                check=False, timeout=DEADLINE_SECONDS)
            if done.returncode != 0 or done.stderr:
                problems.append(f"{PAGE}: example {number}: {done.stderr.strip()}")
    return report(problems, len(blocks), "examples checked")


if __name__ == "__main__":
    sys.exit(main())

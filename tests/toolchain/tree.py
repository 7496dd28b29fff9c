"""The project's files and what they include: shared by the checks beside it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def project_files() -> list[Path]:
    """Every file git knows or would add, relative to ROOT."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    return sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()})


def cpp_files(folder: str) -> list[Path]:
    """The C++ files below `folder`."""
    return [
        file for file in project_files()
        if file.suffix in (".hpp", ".cpp") and file.is_relative_to(folder)
    ]


def includes(file: Path) -> Iterator[tuple[int, str]]:
    """Line number and name of each include directive."""
    text = (ROOT / file).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start(2)) + 1, match[2]


def project_target(file: Path, name: str) -> Path | None:
    """The project's own file that an include means, None for one from outside."""
    for base in ((ROOT / file).parent, ROOT, ROOT / "include"):
        target = (base / name).resolve()
        if target.is_file() and target.is_relative_to(ROOT):
            return target.relative_to(ROOT)
    return None


def report(problems: list[str], checked: int, what: str) -> int:
    """Prints the findings and a closing line; the exit status. Nothing checked is a failure."""
    for problem in problems:
        print(problem)
    print(f"{checked} {what}, {len(problems)} problems")
    return 1 if problems or checked == 0 else 0

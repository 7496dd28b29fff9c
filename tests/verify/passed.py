"""Which parts passed with which files: .ci/passed, which a developer commits after ./dev verify.

A line of it: the hash of all that the part covers, the day on which it passed, the part's name.
A part is proved by it for as long as not a byte of that differs, and for two weeks at most: what it
installs from outside is in no hash.
"""

import datetime
import hashlib
import subprocess
from pathlib import Path

from parts import Part

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".ci/passed"
DAYS_MAX = 14


def hash_of(part: Part) -> str:
    """Of names, modes and contents of the files it covers, as they lie there, and its command."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others",
         "--exclude-standard", "--", *part.covers, ":!.ci/passed"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    total = hashlib.sha256(repr(part.command).encode())
    for name in sorted({name for name in listed.split("\0") if name}):
        file = ROOT / name
        if file.is_symlink():
            content = b"link " + str(file.readlink()).encode()
        elif file.is_file():
            executable = bool(file.stat().st_mode & 0o100)
            content = b"%d " % executable + hashlib.sha256(file.read_bytes()).digest()
        else:
            continue
        total.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()


def _lines() -> list[list[str]]:
    text = FILE.read_text() if FILE.is_file() else ""
    rows = [line.split(" ", 2) for line in text.splitlines() if not line.startswith("#")]
    return [row for row in rows if len(row) == 3]


def day_of(part: Part, today: datetime.date) -> str | None:
    """When it passed with these very files, if that is no longer ago than it may be."""
    if not part.covers:
        return None
    for found, day, name in _lines():
        if name == part.name and found == hash_of(part):
            try:
                age = (today - datetime.date.fromisoformat(day)).days
            except ValueError:
                return None
            return day if 0 <= age <= DAYS_MAX else None
    return None


def note(part: Part, hashed: str, today: datetime.date) -> None:
    """That it passed today with what `hashed` says."""
    rows = [row for row in _lines() if row[2] != part.name]
    rows.append([hashed, today.isoformat(), part.name])
    head = "# Written by ./dev verify: what passed with which files. See docs/ci-time.md.\n"
    FILE.write_text(head + "".join(" ".join(row) + "\n" for row in sorted(rows, key=lambda r: r[2])))

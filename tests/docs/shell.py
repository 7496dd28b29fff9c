"""One shell on one terminal, as a reader of the documentation has it."""

import errno
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from pathlib import Path

_ROWS, _COLUMNS = 50, 250
_END = b"--block-is-over--"
#: Colours, and the carriage returns of a terminal.
_DECORATION = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\r")


class BlockFailed(Exception):
    """A block did something else than the page says."""


class Shell:
    """Bash in a folder; what it prints goes to a terminal of its own."""

    def __init__(self, folder: Path, environment: dict):
        self._folder = folder
        self._failures = folder / ".failures"
        self._terminal, bash_side = os.openpty()
        fcntl.ioctl(bash_side, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile"], cwd=folder, env=environment,
            stdin=subprocess.PIPE, stdout=bash_side, stderr=bash_side, start_new_session=True)
        os.close(bash_side)
        self._send(f"trap 'echo \"$? of: $BASH_COMMAND\" >>{self._failures}' ERR")

    def _send(self, line: str) -> None:
        self._bash.stdin.write(line.encode() + b"\n")
        self._bash.stdin.flush()

    def run(self, text: str, seconds: float) -> tuple[str, list[str]]:
        """Runs a block in the shell itself; what the terminal shows, and the failed commands, each
        with its status in front. BlockFailed if it lasts longer."""
        script = self._folder / ".block"
        script.write_text(f"{text}:\n")  # or the failure of its last command counts twice
        self._failures.write_text("")
        # A newline first: what the block prints last need not end with one.
        self._send(f". {script} </dev/null; printf '\\n{_END.decode()}'")
        shown = self._until_end(time.monotonic() + seconds)
        return shown, self._failures.read_text().splitlines()

    def _until_end(self, deadline: float) -> str:
        data = b""
        while not data.endswith(_END):
            ready, _, _ = select.select([self._terminal], [], [], deadline - time.monotonic())
            if not ready:
                raise BlockFailed(f"it does not end; so far it shows\n{_plain(data)}")
            try:
                data += os.read(self._terminal, 1 << 16)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                raise BlockFailed(f"it ends the shell; it shows\n{_plain(data)}") from None
        return _plain(data[:-len(_END)])


def _plain(data: bytes) -> str:
    return _DECORATION.sub(b"", data).decode(errors="replace").strip("\n") + "\n"


def pattern_of(expected: str) -> re.Pattern:
    """What a block of `text` stands for."""
    rows = []
    for row in expected.strip("\n").splitlines():
        if row.strip() == "...":
            rows.append(r"(?:.*\n)*?")
        else:
            rows.append(".*?".join(map(re.escape, row.rstrip().split("..."))) + r"[ \t]*\n")
    return re.compile("".join(rows))

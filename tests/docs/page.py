"""What a page of the documentation has to be run: its blocks, and what is said about them.

A comment in front of a block says what is not to be seen on the page: `<!-- file: NAME -->` that it
is the text of that file, `<!-- status: N -->` that one of its commands fails, with that status, and
`<!-- not run: REASON -->` that it cannot be run where the tests are.
A block of `text` right behind one of `sh` is what that prints; `...` stands for what varies, alone
on a line for any lines.
"""

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

_COMMENT = re.compile(r"<!-- (file|status|not run):(.*)-->")
_FENCE = "```"
_MEANT_TO_BE_SH = ("", "bash", "console", "shell")


class PageError(Exception):
    """The page is not written as it must be."""


@dataclass
class Block:
    """A block between fences."""

    line: int  #: of the page, where it begins
    language: str
    text: str
    file: str | None  #: the name of the file that it is
    status: int  #: that of the one command that fails; 0: none does
    not_run: str | None  #: why not
    expected: str | None = None  #: what it prints


def blocks_of(page: Path) -> list[Block]:
    """All of the page, in order; PageError for what no reader of it can mean."""
    rows = page.read_text(encoding="utf-8").splitlines(keepends=True)
    if sum(row.startswith(_FENCE) for row in rows) % 2:
        raise PageError("a block has no end")
    blocks: list[Block] = []
    said: dict[str, str] = {}
    shell = None  # the block of sh that ends just above
    numbered = enumerate(rows, 1)
    for number, row in numbered:
        comment = _COMMENT.fullmatch(row.strip())
        if row.startswith(_FENCE):
            text = takewhile(lambda each: not each[1].startswith(_FENCE), numbered)
            block = Block(number, row.strip("`\n"), "".join(each for _, each in text),
                          said.pop("file", None), int(said.pop("status", 0)),
                          said.pop("not run", None))
            if block.language in _MEANT_TO_BE_SH:
                raise PageError(f"line {number}: say ```sh or ```text, not {row.strip()}")
            if shell and block.language == "text":
                shell.expected = block.text
            shell = block if block.language == "sh" else None
            blocks.append(block)
        elif comment:
            if not comment[2].strip():
                raise PageError(f"line {number}: {row.strip()} gives no {comment[1]}"
                                .replace("no not run", "no reason"))
            said[comment[1]] = comment[2].strip()
        elif row.strip():
            if said:
                raise PageError(f"line {number}: no block behind <!-- {', '.join(said)} -->")
            shell = None
    return blocks

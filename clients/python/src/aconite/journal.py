"""The journal: what happened, record by record."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional

from .errors import Unreachable
from .transport import Answer, Stream

#: The server gives a sign of life at least so often while nothing happens, in seconds.
_SILENCE_MAX = 60.0


@dataclass(frozen=True)
class Record:
    """One thing that happened. What its kind has beside these is in `details`."""

    seq: int
    time: str  #: UTC, ISO 8601
    mono_ns: int  #: ns on a clock that is never set
    kind: str  #: open, dial_failed, close, hit, cut, control or mark
    proxy: Optional[str]
    toxic: Optional[str]
    connection: Optional[int]  #: unique in the server
    ordinal: Optional[int]  #: of the connection in its proxy, from 0
    details: Mapping[str, Any]

    @classmethod
    def from_line(cls, line: str) -> Record:
        rest = json.loads(line)
        named = {name: rest.pop(name, None)
                 for name in cls.__dataclass_fields__ if name != "details"}
        return cls(**named, details=rest)

    def __str__(self) -> str:
        """One line, for people."""
        where = "/".join(filter(None, (self.proxy, self.toxic)))
        ordinal = "" if self.ordinal is None else f"#{self.ordinal}"
        words = [value if name in ("text", "action") else f"{name}={_compact(value)}"
                 for name, value in self.details.items()]
        return f"{self.kind:<11}  {where:<24}  {ordinal:<4}  {' '.join(words)}".rstrip()


def _compact(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


class Journal:
    """A part of the journal: its records, in order, to iterate over."""

    def __init__(self, answer: Answer) -> None:
        self._lines: List[str] = answer.text.splitlines()
        #: The `since` that goes on from here.
        self.next = int(answer.headers["Aconite-Journal-Next"])
        #: How many records between were overwritten before they were asked for.
        self.missed = int(answer.headers["Aconite-Journal-Missed"])

    def __iter__(self) -> Iterator[Record]:
        return map(Record.from_line, self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class Follower:
    """The records as they come: iterate, and close it or use it as a context manager.

    Iteration ends after `timeout` seconds without a record, or when the server ends. One that
    gives no sign of life for a minute is Unreachable.
    """

    def __init__(self, stream: Stream, timeout: Optional[float]) -> None:
        self._stream = stream
        self._timeout = timeout
        self._over = False
        #: How many records were lost, as this did not read fast enough.
        self.missed = 0

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        event = ""
        while not self._over:
            line = self._line(deadline)
            if line is None:
                self.close()
            elif line.startswith("event: "):
                event = line[len("event: "):]
            elif line.startswith("data: ") and event == "missed":
                self.missed += int(json.loads(line[len("data: "):])["missed"])
            elif line.startswith("data: "):
                return Record.from_line(line[len("data: "):])
        raise StopIteration

    def _line(self, deadline: Optional[float]) -> Optional[str]:
        left = _SILENCE_MAX if deadline is None else deadline - time.monotonic()
        try:
            return self._stream.line(min(left, _SILENCE_MAX)) if left > 0 else None
        except TimeoutError as silence:
            if left > _SILENCE_MAX or deadline is None:
                raise Unreachable(f"the server gives no sign of life: {silence}") from None
            return None

    def close(self) -> None:
        self._over = True
        self._stream.close()

    def __enter__(self) -> Follower:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

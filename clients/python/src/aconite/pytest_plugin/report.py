"""The journal as a part of a test's report."""

from __future__ import annotations

from collections import deque

from .. import AconiteError, Record, Server

_RECORDS_SHOWN = 200


def journal_text(server: Server, since: int) -> str:
    """The records behind `since`, the last ones if they are many, with the time from the first."""
    try:
        journal = server.journal(since=since)
    except AconiteError as error:
        return f"not to be had: {error}"
    last: deque[Record] = deque(journal, _RECORDS_SHOWN)
    if not last:
        return "empty"
    left_out = len(journal) - len(last) + journal.missed
    lines = [f"{(each.mono_ns - last[0].mono_ns) / 1e6:12.3f} ms  {each}" for each in last]
    return "\n".join([f"({left_out} records before)"] * (left_out > 0) + lines)

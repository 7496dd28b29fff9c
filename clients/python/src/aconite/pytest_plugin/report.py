"""The journal as a part of a test's report."""

from __future__ import annotations

from .. import AconiteError, Server

_RECORDS_SHOWN = 200


def journal_text(server: Server, since: int) -> str:
    """The records behind `since`, the last ones if they are many, with the time from the first."""
    try:
        records = list(server.journal(since=since, tail=_RECORDS_SHOWN))
    except AconiteError as error:
        return f"not to be had: {error}"
    if not records:
        return "empty"
    first = records[0]
    left_out = first.seq - since - 1
    lines = [f"{(each.mono_ns - first.mono_ns) / 1e6:12.3f} ms  {each}" for each in records]
    return "\n".join([f"({left_out} records before)"] * (left_out > 0) + lines)

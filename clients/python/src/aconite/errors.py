"""What can go wrong, each with the server's own words."""

from __future__ import annotations

from typing import Any, Mapping


class AconiteError(Exception):
    """The base of all errors of this package."""


class NotStarted(AconiteError):
    """A server of our own did not start, or has ended; the text has the end of its log."""


class Unreachable(AconiteError):
    """No usable answer came: nobody listens, the connection broke, or the time was over."""


class Ignored(AconiteError):
    """The server did not know members of the request and ignored them, as Toxiproxy does.

    A toxic that was added with such members has been removed again: it is not what was asked for.
    """


class ApiError(AconiteError):
    """The server refused a call: `status` is its HTTP status, `text` its own explanation."""

    def __init__(self, call: str, status: int, text: str) -> None:
        super().__init__(f"{call}: {text} (status {status})")
        self.status = status
        self.text = text


class NotFound(ApiError):
    """There is no such proxy, toxic or lease."""


class Conflict(ApiError):
    """There is one of that name already."""


class Unsupported(ApiError):
    """The server has no such call: it is a Toxiproxy, or was started with -no-extras."""


class ConditionFailed(ApiError, AssertionError):
    """What was waited for or insisted on does not hold; `seen` has what is instead."""

    def __init__(self, call: str, status: int, text: str, seen: Mapping[str, Any]) -> None:
        super().__init__(call, status, text)
        self.seen = seen


class SomeFailed(AconiteError):
    """Of several servers some did not do it: `failed` has why, `done` what the others answered,
    both by URL."""

    def __init__(self, failed: Mapping[str, AconiteError], done: Mapping[str, Any]) -> None:
        reasons = "; ".join(f"{url}: {error}" for url, error in failed.items())
        super().__init__(f"{len(failed)} of {len(failed) + len(done)} servers failed: {reasons}")
        self.failed = failed
        self.done = done

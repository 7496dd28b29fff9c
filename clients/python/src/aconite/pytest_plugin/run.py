"""What the plugin does for one test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Dict, Iterator, List, Optional, Protocol, Tuple

import pytest

from ..toxic import Spoken
from .. import AconiteError, ConditionFailed, NotFound, Proxy, Server, Toxic, Unsupported
from .marks import ToxicMark, marks_of
from .report import journal_text
from .source import Source

#: How long a toxic may take to act when the test's body is over already, in seconds.
_LATE = 1.0
#: The server's limit for a mark is 1,000 bytes.
_NAME_BYTES = 900


class ProxyFactory(Protocol):
    """What the fixture `proxy` is."""

    def __call__(self, name: str, upstream: str, *, listen: str = ..., label: Optional[str] = ...,
                 seed: Optional[int] = ..., protocol: Optional[Spoken] = ...) -> Proxy:
        """Creates a proxy that is deleted after the test, by default on a free port of
        127.0.0.1."""


@contextmanager
def _told_plainly(what: str) -> Iterator[None]:
    """What the server refuses fails the test by its text, without our own code around it."""
    try:
        yield
    except (AconiteError, TypeError) as error:
        raise pytest.fail.Exception(f"{what}: {error}", pytrace=False) from None


class TestRun:
    """One test that uses the server."""

    __test__ = False

    def __init__(self, item: pytest.Item, server: Server, source: Source) -> None:
        self._name = item.nodeid.encode()[:_NAME_BYTES].decode(errors="ignore")
        self._server = server
        self._source = source
        self._makes_proxies = "proxy" in getattr(item, "fixturenames", ())
        self._proxies: Dict[str, Proxy] = {}
        self._toxics: List[Tuple[ToxicMark, Toxic]] = []
        self._in_body = False
        self._end_was_told = False
        with _told_plainly("@pytest.mark.toxic"):
            self._waiting = marks_of(item)

    def begin(self) -> None:
        """Before all fixtures of the test."""
        ended = self._source.ended()
        if ended is not None:
            self._end_was_told = True
            pytest.fail(f"this session's server is gone: {ended}", pytrace=False)
        with _told_plainly("aconite"):
            self._since = self._end_of_journal()
            self._mark("begins")

    def _end_of_journal(self) -> int:
        """The `since` of what happens from now on."""
        try:
            return self._server.journal(tail=1).next
        except Unsupported:
            return 0  # a Toxiproxy keeps no journal

    def _mark(self, what: str) -> None:
        try:
            self._server.mark(f"{self._name} {what}")
        except Unsupported:
            pass

    def end(self) -> None:
        """After all fixtures of the test: leaves the server as other tests expect it."""
        if self._source.ended() is not None:
            return  # the test's report tells it
        with _told_plainly("aconite, after the test"):
            self._mark("ends")
            if not self._source.suffix:
                self._server.reset()
                return
            for _, toxic in self._toxics:  # others use this server at the same time
                toxic.proxy.drop_toxic(toxic.name)

    def make_proxy(self, name: str, upstream: str, *, listen: str = "127.0.0.1:0",
                   label: Optional[str] = None, seed: Optional[int] = None,
                   protocol: Optional[Spoken] = None) -> Proxy:
        """ProxyFactory."""
        made = self._server.create_proxy(name + self._source.suffix, upstream, listen=listen,
                                         label=label, seed=seed, protocol=protocol)
        self._proxies[name] = made
        if self._in_body:
            self._add_toxics()
        return made

    def delete_proxies(self) -> None:
        """After the test's own fixtures."""
        if self._source.ended() is not None:
            return
        for proxy in self._proxies.values():
            try:
                proxy.delete()
            except NotFound:
                pass  # the test did it

    def enter_body(self) -> None:
        """The fixtures are there: now faults begin."""
        self._in_body = True
        self._add_toxics()
        if self._waiting and not self._makes_proxies:
            pytest.fail(self._without_proxy(), pytrace=False)

    def _add_toxics(self) -> None:
        waiting, self._waiting = self._waiting, []
        for mark in waiting:
            with _told_plainly(str(mark)):
                try:
                    proxy = self._proxies.get(mark.proxy) or self._server.proxy(mark.proxy)
                except NotFound:
                    self._waiting.append(mark)
                else:
                    self._toxics.append((mark, mark.add_to(proxy)))

    def _without_proxy(self) -> str:
        there = ", ".join(self._server.proxies()) or "none"
        return f"{self._waiting[0]}: there is no such proxy; there are: {there}"

    def problem(self, phase: Optional[str]) -> Optional[str]:
        """Why the test must not pass, though its own code did."""
        ended = self._source.ended()
        if ended is not None:
            told, self._end_was_told = self._end_was_told, True
            return None if told else f"the server ended during this test: {ended}"
        if phase != "call":
            return None
        if self._waiting:
            return self._without_proxy()
        problems = [self._never_acted(mark, toxic) for mark, toxic in self._toxics if mark.required]
        return "\n".join(filter(None, problems)) or None

    def _never_acted(self, mark: ToxicMark, toxic: Toxic) -> Optional[str]:
        try:
            toxic.proxy.wait(toxic=toxic.name, hits=">=1", timeout=_LATE)
            return None
        except ConditionFailed:
            count = toxic.proxy.stats().connections["total"]
            reason = (f"the toxic {toxic.name} never acted; the proxy {toxic.proxy.name} had "
                      f"{count} connection{'' if count == 1 else 's'} so far")
        except AconiteError as error:
            reason = f"nobody knows whether the toxic {toxic.name} acted: {error}"
        return f"{mark}: {reason}. If the test may pass without it: required=False"

    def sections(self) -> List[Tuple[str, str]]:
        """What a report of a failure has of it."""
        ended = self._source.ended()
        if ended is not None:
            told, self._end_was_told = self._end_was_told, True
            return [] if told else [("aconite server", ended)]
        return [("aconite journal", journal_text(self._server, self._since))]

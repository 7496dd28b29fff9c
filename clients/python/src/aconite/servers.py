"""Several servers that are told the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Dict, Iterable, Iterator, TypeVar, Union

from .errors import AconiteError, SomeFailed
from .server import Server

T = TypeVar("T")


class Servers:
    """Some servers, or their URLs: iterate over them, or ask all of them at once.

        sidecars = aconite.Servers(["http://one:8474", "http://two:8474"])
        sidecars.each(lambda server: server.proxy("redis").add_toxic("latency"))
    """

    def __init__(self, servers: Iterable[Union[Server, str]]) -> None:
        self._servers = [each if isinstance(each, Server) else Server(each) for each in servers]
        if not self._servers:
            raise ValueError("servers must name at least one")

    def __iter__(self) -> Iterator[Server]:
        return iter(self._servers)

    def each(self, call: Callable[[Server], T]) -> Dict[str, T]:
        """Calls it with each server, with all of them at the same time, each in a thread of its
        own; what each call returned, by the server's URL. SomeFailed if any raised an
        AconiteError: the others are done then, and stay so."""
        done: Dict[str, T] = {}
        failed: Dict[str, AconiteError] = {}
        with ThreadPoolExecutor(len(self._servers)) as threads:
            waiting = [(server.url, threads.submit(call, server)) for server in self._servers]
            for url, result in waiting:
                try:
                    done[url] = result.result()
                except AconiteError as error:
                    failed[url] = error
        if failed:
            raise SomeFailed(failed, done)
        return done

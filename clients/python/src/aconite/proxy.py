"""A proxy: a handle to change it and to add toxics to it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Tuple, Union

from .conditions import Compared
from .errors import Ignored, NotFound, Unsupported
from .lease import Lease
from .stats import ProxyStats
from .toxic import Match, ScheduleStep, Spoken, Stream, Toxic, Trigger, given
from .transport import path_of

if TYPE_CHECKING:
    from .server import Server

_ANY_ADDRESS = ("", "::", "0.0.0.0")


class Proxy:
    """One proxy. Its attributes are as the server last told this handle; `refresh` asks again."""

    def __init__(self, server: Server, made: Mapping[str, Any]) -> None:
        self.server = server
        self._take(made)

    def _take(self, made: Mapping[str, Any]) -> None:
        self.name: str = made["name"]
        self.listen: str = made["listen"]
        self.upstream: str = made["upstream"]
        self.enabled: bool = made["enabled"]
        self.label: Optional[str] = made.get("label")
        self.protocol: Optional[Spoken] = made.get("protocol")
        self.seed: Optional[int] = made.get("seed")
        self.brokers: Mapping[str, Any] = made.get("brokers", {})

    def __repr__(self) -> str:
        state = "" if self.enabled else ", disabled"
        return f"<Proxy {self.name}: {self.listen} -> {self.upstream}{state}>"

    @property
    def host(self) -> str:
        """Where clients connect; the server's own host if the proxy listens on all addresses."""
        host = self.listen.rpartition(":")[0].strip("[]")
        return self.server.host if host in _ANY_ADDRESS else host

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def address(self) -> Tuple[str, int]:
        """Host and port, as socket.create_connection takes them."""
        return self.host, self.port

    def _path(self, *more: str) -> str:
        return path_of("proxies", self.name, *more)

    def refresh(self) -> Proxy:
        """Asks the server what it is like now; itself."""
        self._take(self.server.api.ask("GET", self._path()).json())
        return self

    def update(self, *, listen: Optional[str] = None, upstream: Optional[str] = None,
               enabled: Optional[bool] = None, label: Optional[str] = None,
               protocol: Optional[Spoken] = None,
               brokers: Optional[Mapping[str, Any]] = None) -> Proxy:
        """Changes what is given; itself. Another `listen`, `upstream` or `protocol`, or other
        `brokers`, closes its connections."""
        body = given(listen=listen, upstream=upstream, enabled=enabled, label=label,
                     protocol=protocol, brokers=brokers)
        self._take(self.server.api.ask("POST", self._path(), body).json())
        return self

    def enable(self) -> Proxy:
        """Listens again; itself."""
        return self.update(enabled=True)

    def disable(self) -> Proxy:
        """Closes its connections and its port, which stays its own; itself."""
        return self.update(enabled=False)

    @contextmanager
    def down(self) -> Iterator[Proxy]:
        """A context manager: it is disabled inside."""
        self.disable()
        try:
            yield self
        finally:
            self.enable()

    def delete(self) -> None:
        """Removes it with its connections."""
        self.server.api.ask("DELETE", self._path())

    def toxics(self) -> List[Toxic]:
        """Those that it has now."""
        return [Toxic.from_json(self, each)
                for each in self.server.api.ask("GET", self._path("toxics")).json()]

    def toxic(self, name: str) -> Toxic:
        """The one of that name; NotFound without."""
        return Toxic.from_json(self, self.server.api.ask("GET", self._path("toxics", name)).json())

    def add_toxic(self, type: str, *, stream: Optional[Stream] = None,
                  toxicity: Optional[float] = None, name: Optional[str] = None,
                  attributes: Optional[Mapping[str, Any]] = None, match: Optional[Match] = None,
                  trigger: Optional[Trigger] = None, ttl: Optional[int] = None,
                  schedule: Optional[List[ScheduleStep]] = None, seed: Optional[int] = None,
                  lease: Union[Lease, str, None] = None) -> Toxic:
        """Adds a toxic, in force on live connections when this returns.

        What is not given is as the server has it: `stream` downstream, `toxicity` 1, `name`
        TYPE_STREAM. Ignored if the server does not know an attribute, Unsupported if it is a
        Toxiproxy and any of `match` to `lease` is given: the toxic is not there then.
        """
        extras = given(match=match, trigger=trigger, ttl=ttl, schedule=schedule, seed=seed,
                       lease=lease.id if isinstance(lease, Lease) else lease)
        self._insist_on_extras(extras)
        body = given(type=type, stream=stream, toxicity=toxicity, name=name,
                     attributes=attributes, **extras)
        try:
            made = self.server.api.ask("POST", self._path("toxics"), body).json()
        except Ignored:
            self.drop_toxic(name or f"{type}_{stream or 'downstream'}")
            raise
        return Toxic.from_json(self, made)

    def update_toxic(self, name: str, *, toxicity: Optional[float] = None,
                     attributes: Optional[Mapping[str, Any]] = None,
                     match: Optional[Match] = None, trigger: Optional[Trigger] = None,
                     ttl: Optional[int] = None,
                     schedule: Optional[List[ScheduleStep]] = None) -> Toxic:
        """Changes what is given of a toxic, in force at once; what it is then."""
        extras = given(match=match, trigger=trigger, ttl=ttl, schedule=schedule)
        self._insist_on_extras(extras)
        body = given(toxicity=toxicity, attributes=attributes, **extras)
        return Toxic.from_json(
            self, self.server.api.ask("POST", self._path("toxics", name), body).json())

    def _insist_on_extras(self, extras: Dict[str, Any]) -> None:
        if extras and not self.server.is_aconite():  # it would ignore them, without a word
            raise Unsupported(f"toxic of proxy {self.name}", 404,
                              f"this server does not know {', '.join(extras)}")

    def remove_toxic(self, name: str) -> None:
        """Removes a toxic; NotFound without."""
        self.server.api.ask("DELETE", self._path("toxics", name))

    def drop_toxic(self, name: str) -> None:
        """Removes a toxic if it is there."""
        try:
            self.remove_toxic(name)
        except NotFound:
            pass

    def reset(self) -> Proxy:
        """Enables it and removes its toxics, and leaves all other proxies alone; itself."""
        for toxic in self.toxics():
            self.drop_toxic(toxic.name)
        return self.enable()

    def stats(self) -> ProxyStats:
        """What it and its toxics did since it was created."""
        return ProxyStats.from_json(self.server.api.ask("GET", self._path("stats")).json())

    def wait(self, *, toxic: Optional[str] = None, ready: bool = False, timeout: float = 10.0,
             **numbers: Compared) -> Mapping[str, int]:
        """Server.wait, of this proxy."""
        return self.server.wait(proxy=self.name, toxic=toxic, ready=ready, timeout=timeout,
                                **numbers)

    def assert_that(self, *, toxic: Optional[str] = None, **numbers: Compared) -> Mapping[str, int]:
        """Server.assert_that, of this proxy."""
        return self.server.assert_that(proxy=self.name, toxic=toxic, **numbers)

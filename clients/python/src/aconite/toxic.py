"""A toxic: what it is, and a handle to change and remove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, List, Literal, Mapping, Optional, TypedDict, Union

from .transport import known

if TYPE_CHECKING:
    from .proxy import Proxy
    from .stats import ToxicStats

#: The direction a toxic acts on: what the client sends, or what comes back to it.
Stream = Literal["upstream", "downstream", "both"]

#: The name of a protocol, or what tells the frames of any from each other.
Spoken = Union[str, Mapping[str, Union[str, int]]]


class Match(TypedDict, total=False):
    """Which connections a toxic acts on; all that is given must hold. For aconite only."""

    client: str  #: address or subnet, several with commas
    ordinal: int  #: the n-th connection of the proxy, from 0
    ordinals: str  #: the same for some: "0,3,7-9"
    every: int  #: every n-th connection
    label: str  #: the proxy's label when the connection was accepted
    # Which operations, of a toxic of type postgres:
    query: str  #: regular expression on the statement
    command: str  #: what it begins with, several with commas
    user: str  #: several with commas
    database: str  #: several with commas
    application_name: str  #: regular expression
    state: Literal["idle", "transaction", "failed"]  #: of the session
    phase: Literal["query", "startup", "authentication", "copy", "cancel", "terminate"]


class Trigger(TypedDict, total=False):
    """When a toxic acts on the connections that it acts on. For aconite only."""

    after_ms: int  #: so long after it took effect on the connection
    after_bytes: int  #: behind so many bytes of the stream
    after_hits: int  #: so many hits are let off first
    every: int  #: of those that follow every n-th acts
    times: int  #: and so many of these; 0: without end
    scope: Literal["toxic", "connection"]  #: what hits are counted over


class ScheduleStep(TypedDict, total=False):
    """A change at its time: `at` (ms after the toxic was made) and one of the others."""

    at: int
    add: bool
    update: Mapping[str, Any]
    remove: bool


@dataclass(frozen=True)
class Toxic:
    """A toxic as it was when the server was asked. As a context manager it is removed at the end,
    also if it has gone by itself meanwhile."""

    proxy: Proxy = field(repr=False, compare=False)
    name: str
    type: str
    stream: str
    toxicity: float  #: the share of the connections that it acts on, 0 to 1
    attributes: Mapping[str, Any]
    match: Optional[Mapping[str, Any]] = None
    trigger: Optional[Mapping[str, Any]] = None
    ttl: Optional[int] = None  #: removed so many ms after it was set
    schedule: Optional[List[Mapping[str, Any]]] = None
    seed: Optional[int] = None
    lease: Optional[str] = None  #: the id of the lease that it ends with
    active: bool = True  #: false while its schedule keeps it out of effect

    @classmethod
    def from_json(cls, proxy: Proxy, made: Mapping[str, Any]) -> Toxic:
        return cls(proxy, **known(cls, made))

    def update(self, *, toxicity: Optional[float] = None,
               attributes: Optional[Mapping[str, Any]] = None, match: Optional[Match] = None,
               trigger: Optional[Trigger] = None, ttl: Optional[int] = None,
               schedule: Optional[List[ScheduleStep]] = None) -> Toxic:
        """Changes what is given, in force on live connections at once; what it is then."""
        return self.proxy.update_toxic(
            self.name, toxicity=toxicity, attributes=attributes, match=match, trigger=trigger,
            ttl=ttl, schedule=schedule)

    def remove(self) -> None:
        """Removes it; what it holds back goes on at once. NotFound if it is there no more."""
        self.proxy.remove_toxic(self.name)

    def stats(self) -> ToxicStats:
        """What it did so far; NotFound if the server does not remember it."""
        return self.proxy.stats().toxic(self.name)

    def __enter__(self) -> Toxic:
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.drop_toxic(self.name)


def given(**members: Any) -> Dict[str, Any]:
    """Those that are not None."""
    return {name: value for name, value in members.items() if value is not None}

"""What a proxy and its toxics did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Mapping, Optional

from .errors import NotFound
from .transport import known


@dataclass(frozen=True)
class ToxicStats:
    """The counters of one toxic."""

    name: str
    type: str
    stream: str
    removed: bool  #: it is there no more
    hits: int  #: how often it changed what a receiver sees, or when
    connections: int  #: on how many connections
    bytes: int  #: the data that was at hand when it did
    first_hit: Optional[str]  #: UTC, ISO 8601
    last_hit: Optional[str]
    delayed: int  #: pieces of data that left later than they came
    added_delay_ms: float  #: by how much in all


@dataclass(frozen=True)
class ProxyStats:
    """The counters of one proxy, since it was created."""

    name: str
    listen: str
    upstream: str
    enabled: bool
    connections: Mapping[str, int]  #: open, total, refused, dial_errors, not_followed
    dials: int  #: that succeeded
    dial_ms: float  #: in all
    received_bytes: Mapping[str, int]  #: upstream: from the client; downstream: to it
    sent_bytes: Mapping[str, int]
    hits: int  #: of all its toxics
    toxics: List[ToxicStats]  #: also those that were removed, the last 100
    unknown: int = 0  #: how often something that is not known passed untouched
    bypass: int = 0  #: how often clients were told of a way around the proxy
    rewritten: int = 0  #: how often they were told of the proxy in place of a broker
    #: that they were told of: id, listen, upstream
    brokers: List[Mapping[str, Any]] = field(default_factory=list)

    @classmethod
    def from_json(cls, made: Mapping[str, Any]) -> ProxyStats:
        own = known(cls, made)
        return cls(**{**own, "toxics": [ToxicStats(**known(ToxicStats, each))
                                          for each in made["toxics"]]})

    def toxic(self, name: str) -> ToxicStats:
        """Those of the toxic that is there or else was last; NotFound without any."""
        named = [each for each in self.toxics if each.name == name]
        for each in named:
            if not each.removed:
                return each
        if not named:
            raise NotFound(f"stats of proxy {self.name}", 404, f"no toxic {name}")
        return named[-1]

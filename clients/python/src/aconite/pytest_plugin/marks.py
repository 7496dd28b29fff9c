"""What @pytest.mark.toxic says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, List, Mapping, Optional

import pytest

from .. import Match, Proxy, ScheduleStep, Stream, Toxic, Trigger


@dataclass(frozen=True)
class ToxicMark:
    """The arguments of the marker: a proxy's name, and what Proxy.add_toxic takes."""

    proxy: str
    type: str
    stream: Optional[Stream] = None
    toxicity: Optional[float] = None
    name: Optional[str] = None
    attributes: Optional[Mapping[str, Any]] = None
    match: Optional[Match] = None
    trigger: Optional[Trigger] = None
    ttl: Optional[int] = None
    schedule: Optional[List[ScheduleStep]] = None
    seed: Optional[int] = None
    required: bool = True  #: the test fails if it never acts

    def add_to(self, proxy: Proxy) -> Toxic:
        own = ("proxy", "type", "required")
        return proxy.add_toxic(self.type, **{each.name: getattr(self, each.name)
                                             for each in fields(self) if each.name not in own})

    def __str__(self) -> str:
        return f"@pytest.mark.toxic({self.proxy!r}, type={self.type!r})"


def marks_of(item: pytest.Item) -> List[ToxicMark]:
    """Those of a test, from its module's to its own, as they stand; TypeError for a wrong one."""
    return [ToxicMark(*mark.args, **mark.kwargs)
            for mark in reversed(list(item.iter_markers("toxic")))]

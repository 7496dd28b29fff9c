"""What can be waited for and insisted on: comparisons of the server's counters."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Tuple, Union

#: A number that must be met exactly, or a comparison of one: 3, ">=1", "<100", "!=0".
Compared = Union[int, str]

_COMPARISON = re.compile(r"\s*(>=|<=|==|!=|>|<|=)?\s*(\d+)\s*")


def _parts(name: str, compared: Compared) -> Tuple[str, int]:
    found = _COMPARISON.fullmatch(str(compared))
    if found is None:
        raise ValueError(f"{name} must be compared like 3 or '>=3', not {compared!r}")
    return found[1] or "==", int(found[2])


def as_query(numbers: Mapping[str, Compared]) -> List[str]:
    """Comparisons as GET /wait takes them: hits>=3."""
    return ["{}{}{}".format(name, *_parts(name, value)) for name, value in numbers.items()]


def as_body(numbers: Mapping[str, Compared]) -> Dict[str, Dict[str, int]]:
    """Members of POST /assert."""
    pairs = ((name, *_parts(name, value)) for name, value in numbers.items())
    return {name: {sign: bound} for name, sign, bound in pairs}

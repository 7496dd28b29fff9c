"""From samples to numbers: values per round, their median and range, ratios within a round."""

import dataclasses
import statistics

from peers import DIRECT
from rows import Metric


@dataclasses.dataclass(frozen=True)
class Summary:
    median: float
    low: float
    high: float
    rounds: int


def summary(values) -> Summary | None:
    """None without values."""
    values = list(values)
    if not values:
        return None
    return Summary(statistics.median(values), min(values), max(values), len(values))


def by_round(samples: list[dict], metric: Metric, peer: str) -> dict[int, float]:
    """The metric's value in each round in which the peer has one."""
    values = {
        sample["round"]: metric.value(sample)
        for sample in samples
        if (sample["workload"], sample["peer"]) == (metric.workload, peer) and "load" in sample
    }
    values = {number: value for number, value in values.items() if value is not None}
    if not metric.over_direct:
        return values
    if peer == DIRECT:
        return {}
    plain = dataclasses.replace(metric, over_direct=False)
    direct = by_round(samples, plain, DIRECT)
    return {number: values[number] - direct[number] for number in values if number in direct}


def ratios(ours: dict[int, float], theirs: dict[int, float]) -> list[float]:
    """Ours / theirs for each round that has both. A value that is not positive has no ratio."""
    return [
        ours[number] / theirs[number]
        for number in ours
        if number in theirs and ours[number] > 0 and theirs[number] > 0
    ]

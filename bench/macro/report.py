"""The results as a Markdown page and as JSON."""

import dataclasses
import json
import pathlib
import re
from collections.abc import Callable
from math import inf

import stats
from measure import FOREIGN_LIMIT
from peers import ACONITE, TITLES
from rows import Metric

_TABLE_HEAD = (
    "| Measure | Proxy | Median | Range | aconite / it | Range | Goal | |\n"
    "|---|---|--:|---|--:|---|---|---|\n"
)


@dataclasses.dataclass(frozen=True)
class Page:
    """What a kind of results looks like. `goals` has LIMITS, ZERO and RATIOS."""

    title: str
    note: str
    metrics: tuple[Metric, ...]
    peers_of: Callable[[dict, Metric], list[str]]
    goals: object

    def save(self, results: dict, folder: pathlib.Path, name: str) -> int:
        """Writes name.md and name.json and prints the page. The exit status of the run."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(_as_json(results))
        text = self.markdown(results)
        (folder / f"{name}.md").write_text(text)
        print(text)
        return 1 if any("error" in sample for sample in results["samples"]) else 0

    def markdown(self, results: dict) -> str:
        """The whole page: where it was measured, the table, what went wrong."""
        lines = "".join(self._lines(results, metric) for metric in self.metrics)
        return "\n".join([self._head(results), _TABLE_HEAD + lines, _foot(results)])

    def _head(self, results: dict) -> str:
        machine, setting = results["machine"], results["setting"]
        versions = (f"{TITLES[name]} {text}" for name, text in results["versions"].items())
        return (
            f"# {self.title}\n\n"
            f"{machine['date']}, commit {machine['commit']}, {machine['cores']} x "
            f"{machine['cpu']}, {machine['memory_gb']} GB, {machine['system']}, kernel "
            f"{machine['kernel']}.\n"
            f"Network namespace: {setting['network_namespace']}; congestion control "
            f"{setting['congestion_control']}; rounds: {setting['rounds']}; "
            f"{setting['seconds']} s for each load and proxy.\n"
            f"{', '.join(versions)}.\n\n"
            f"{self.note} The proxies take turns within a round; ratios are taken within a "
            "round. Median and range are over the rounds.\n"
        )

    def _lines(self, results: dict, metric: Metric) -> str:
        values = {
            name: stats.by_round(results["samples"], metric, name)
            for name in self.peers_of(results, metric)
        }
        lines, title = "", f"{metric.title}, {metric.unit}"
        for name, theirs in values.items():
            if (absolute := stats.summary(theirs.values())) is None:
                continue
            ratio = None
            if name != ACONITE:
                ratio = stats.summary(stats.ratios(values.get(ACONITE, {}), theirs))
            cells = [
                title,
                _named(results, name),
                _number(absolute.median, metric.digits),
                _range(absolute, metric.digits),
                _number(ratio.median, 2) if ratio else "",
                _range(ratio, 2) if ratio else "",
                *self._judged(metric, name, absolute, ratio),
            ]
            lines += f"| {' | '.join(cells)} |\n"
            title = ""
        return lines

    def _judged(self, metric: Metric, name: str, absolute, ratio) -> tuple[str, str]:
        """The goal that belongs into the proxy's line, and whether it is met."""
        if name == ACONITE:
            if metric.name in self.goals.ZERO:
                return "0", _word(absolute.low == absolute.high == 0)
            low, high = self.goals.LIMITS.get(metric.name, (None, None))
            if low is None:
                return "", ""
            return _between(low, high), _word(low <= absolute.median <= high)
        bound = self.goals.RATIOS.get(metric.name, {}).get(name)
        if bound is None or ratio is None:
            return "", ""
        if metric.more_is_better:
            return f">= {bound:g}x", _word(ratio.median >= bound)
        return f"<= {bound:g}x", _word(ratio.median <= bound)


def _named(results: dict, name: str) -> str:
    """The proxy's title with the number of its version behind its name."""
    version = re.match(r"[\d.]*\d", results["versions"].get(name, ""))
    title, comma, more = TITLES[name].partition(",")
    return f"{title} {version[0]}{comma}{more}" if version else TITLES[name]


def _word(met: bool) -> str:
    return "yes" if met else "NO"


def _between(low: float, high: float) -> str:
    if low == high:
        return f"{low:g}"
    if high == inf:
        return f">= {low:,g}"
    return f"<= {high:g}" if low in (-inf, 0) else f"{low:g} to {high:g}"


def _foot(results: dict) -> str:
    lines = [
        f"- {TITLES[name]} is not in the table: {why}" for name, why in results["missing"].items()
    ]
    disturbed = 0
    for sample in results["samples"]:
        if "error" in sample:
            where = f"{TITLES[sample['peer']]}, {sample['workload']}, round {sample['round']}"
            lines.append(f"- {where}, failed: {sample['error']}")
        else:
            disturbed += sample["foreign_share"] > FOREIGN_LIMIT
    if disturbed:
        lines.append(
            f"- During {disturbed} of {len(results['samples'])} measurements others used more "
            f"than {FOREIGN_LIMIT:.0%} of the machine's CPU time, even after repetition."
        )
    return "\n".join([*lines, ""])


def _number(value: float, digits: int) -> str:
    """With so many decimals, or more where a small number needs them."""
    return f"{value:,.{digits}f}" if value == 0 or abs(value) >= 0.1 else f"{value:.2g}"


def _range(what: stats.Summary, digits: int) -> str:
    return f"{_number(what.low, digits)} - {_number(what.high, digits)}"


def _as_json(results: dict) -> str:
    """Everything; one line for each sample, so that two results can be compared as text."""
    head = {key: value for key, value in results.items() if key != "samples"}
    samples = ",\n".join(json.dumps(sample) for sample in results["samples"])
    return json.dumps(head, indent=1)[:-2] + ',\n "samples": [\n' + samples + "\n]}\n"

"""The results as Markdown: a line for each number and proxy, with goals."""

from math import inf

import stats
from measure import FOREIGN_LIMIT
from peers import ACONITE, TITLES
from rows import Metric
from toxics import goals
from toxics.workloads import METRICS, WORKLOADS

_HEAD = (
    "| Measure | Proxy | Median | Range | aconite / it | Range | Goal | |\n"
    "|---|---|--:|---|--:|---|---|---|\n"
)


def markdown(results: dict) -> str:
    machine, setting = results["machine"], results["setting"]
    versions = ", ".join(f"{TITLES[name]} {text}" for name, text in results["versions"].items())
    head = (
        "# Toxics, the control API and real loads\n\n"
        f"{machine['date']}, commit {machine['commit']}, {machine['cores']} x {machine['cpu']}, "
        f"{machine['memory_gb']} GB, {machine['system']}, kernel {machine['kernel']}.\n"
        f"Network namespace: {setting['network_namespace']}; congestion control "
        f"{setting['congestion_control']}; {setting['rounds']} rounds of {setting['seconds']} s "
        "for each load and proxy.\n"
        f"{versions}.\n\n"
        "aconite and HAProxy have one thread that moves data, Toxiproxy takes what Go gives it. "
        "The proxies take turns within a round; ratios are taken within a round. Median and "
        "range are over the rounds.\n\n"
    )
    return head + _HEAD + "".join(_lines(results, metric) for metric in METRICS) + _foot(results)


def _lines(results: dict, metric: Metric) -> str:
    names = WORKLOADS[metric.workload].peers
    values = {name: stats.by_round(results["samples"], metric, name) for name in names}
    lines, title = "", f"{metric.title}, {metric.unit}"
    for name in names:
        if (absolute := stats.summary(values[name].values())) is None:
            continue
        ratio = None
        if name != ACONITE:
            ratio = stats.summary(stats.ratios(values[ACONITE], values[name]))
        cells = [title, TITLES[name], _number(absolute.median, metric.digits),
                 _range(absolute, metric.digits), _number(ratio.median, 2) if ratio else "",
                 _range(ratio, 2) if ratio else "", *_judged(metric, name, absolute, ratio)]
        lines += f"| {' | '.join(cells)} |\n"
        title = ""
    return lines


def _judged(metric: Metric, name: str, absolute, ratio) -> tuple[str, str]:
    """The goal that belongs into the proxy's line, and whether it is met."""
    if name == ACONITE:
        if metric.name in goals.ZERO:
            return "0", _word(absolute.low == absolute.high == 0)
        if metric.name in goals.LIMITS:
            low, high = goals.LIMITS[metric.name]
            return _between(low, high), _word(low <= absolute.median <= high)
        return "", ""
    bound = goals.RATIOS.get(metric.name, {}).get(name)
    if bound is None or ratio is None:
        return "", ""
    if metric.more_is_better:
        return f">= {bound:g}x", _word(ratio.median >= bound)
    return f"<= {bound:g}x", _word(ratio.median <= bound)


def _word(met: bool) -> str:
    return "yes" if met else "NO"


def _between(low: float, high: float) -> str:
    if low == high:
        return f"{low:g}"
    if high == inf:
        return f">= {low:,g}"
    return f"<= {high:g}" if low in (-inf, 0) else f"{low:g} to {high:g}"


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


def _range(what: stats.Summary, digits: int) -> str:
    return f"{_number(what.low, digits)} - {_number(what.high, digits)}"


def _foot(results: dict) -> str:
    lines = [f"- not measured: {name}: {why}" for name, why in results["missing"].items()]
    for sample in results["samples"]:
        where = f"- {TITLES[sample['peer']]}, {sample['workload']}, round {sample['round']}"
        if "error" in sample:
            lines.append(f"{where}: failed: {sample['error']}")
        elif sample["foreign_share"] > FOREIGN_LIMIT:
            share = round(100 * sample["foreign_share"])
            lines.append(f"{where}: others used {share} % of the machine meanwhile")
    return "\n".join(["", "Remarks:", "", *lines, ""]) if lines else ""

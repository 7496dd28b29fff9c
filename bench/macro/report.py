"""The results as a Markdown table and as JSON."""

import json

import goals
import stats
from measure import FOREIGN_LIMIT
from peers import ACONITE, DIRECT, TITLES
from rows import IDLE, METRICS, Metric

TABLE_HEAD = (
    "| Measure | Proxy | Median | Range | aconite / it | Range | Goal | |\n"
    "|---|---|--:|---|--:|---|---|---|\n"
)


def markdown(results: dict) -> str:
    """The whole report: where it was measured, the table, what went wrong."""
    return "\n".join([_head(results), _table(results), _foot(results)])


def _head(results: dict) -> str:
    machine, setting = results["machine"], results["setting"]
    versions = ", ".join(f"{TITLES[name]} {text}" for name, text in results["versions"].items())
    return (
        "# Forwarding: aconite and other proxies\n\n"
        f"{machine['date']}, commit {machine['commit']}, {machine['cores']} x {machine['cpu']}, "
        f"{machine['memory_gb']} GB, {machine['system']}, kernel {machine['kernel']}.\n"
        f"Network namespace: {setting['network_namespace']}; congestion control "
        f"{setting['congestion_control']}; rounds: {setting['rounds']}; "
        f"{setting['seconds']} s for each load and proxy.\n"
        f"{versions}.\n\n"
        "Each proxy has one thread that moves data (Toxiproxy: Go's default too). All proxies "
        "take turns within a round; ratios are taken within a round. Median and range are over "
        "the rounds.\n"
    )


def _table(results: dict) -> str:
    return TABLE_HEAD + "".join(_metric_lines(results, metric) for metric in METRICS)


def _metric_lines(results: dict, metric: Metric) -> str:
    samples = results["samples"]
    values = {name: stats.by_round(samples, metric, name) for name in results["peers"]}
    ours = values.get(ACONITE, {})
    lines, title = "", f"{metric.title}, {metric.unit}"
    for name, theirs in values.items():
        if (absolute := stats.summary(theirs.values())) is None:
            continue
        ratio = stats.summary(stats.ratios(ours, theirs)) if name != ACONITE else None
        goal, met = _goal(metric, name, absolute, ratio)
        cells = [
            title,
            TITLES[name],
            _number(absolute.median, metric.digits),
            _range(absolute, metric.digits),
            _number(ratio.median, 2) if ratio else "",
            _range(ratio, 2) if ratio else "",
            goal,
            met,
        ]
        lines += f"| {' | '.join(cells)} |\n"
        title = ""
    return lines


def _goal(metric: Metric, name: str, absolute, ratio) -> tuple[str, str]:
    """The goal that belongs into the peer's line, and whether it is met."""
    if name == ACONITE:
        bound, reached, text = goals.LIMITS.get(metric.name), absolute.median, f" {metric.unit}"
    else:
        bound, reached, text = (
            goals.RATIOS.get(metric.name, {}).get(name),
            ratio and ratio.median,
            "x",
        )
    if bound is None or reached is None:
        return "", ""
    met = reached >= bound if metric.more_is_better else reached <= bound
    return f"{'>=' if metric.more_is_better else '<='} {bound:g}{text}", "yes" if met else "NO"


def _foot(results: dict) -> str:
    lines = [
        f"- {TITLES[name]} is not in the table: {why}" for name, why in results["missing"].items()
    ]
    for sample in results["samples"]:
        if "error" in sample:
            where = f"{TITLES[sample['peer']]}, {sample['workload']}, round {sample['round']}"
            lines.append(f"- {where}, failed: {sample['error']}")
    timed = [each for each in results["samples"] if each["workload"] != IDLE and "load" in each]
    disturbed = sum(each["foreign_share"] > FOREIGN_LIMIT for each in timed)
    if disturbed:
        lines.append(
            f"- During {disturbed} of {len(timed)} measurements others used more than "
            f"{FOREIGN_LIMIT:.0%} of the machine's CPU time, even after repetition."
        )
    return "\n".join([*lines, ""])


def _number(value: float, digits: int) -> str:
    """With so many decimals, or more where a small number needs them."""
    return f"{value:,.{digits}f}" if abs(value) >= 0.1 else f"{value:.2g}"


def _range(what: stats.Summary, digits: int) -> str:
    return f"{_number(what.low, digits)} - {_number(what.high, digits)}"


def as_json(results: dict) -> str:
    """Everything; one line for each sample, so that two results can be compared as text."""
    head = {key: value for key, value in results.items() if key != "samples"}
    samples = ",\n".join(json.dumps(sample) for sample in results["samples"])
    return json.dumps(head, indent=1)[:-2] + ',\n "samples": [\n' + samples + "\n]}\n"

"""The results as three pictures; each only if its loads were measured."""

import statistics
from collections.abc import Callable

import rows
import svg
from peers import DIRECT, TITLES

# Dashed: the same program, set otherwise.
COLORS = {
    DIRECT: ("#868e96", False),
    "aconite": ("#c2255c", False),
    "before": ("#c2255c", True),
    "haproxy-splice": ("#1971c2", False),
    "haproxy": ("#1971c2", True),
    "haproxy-newer-splice": ("#1098ad", False),
    "haproxy-newer": ("#1098ad", True),
    "nginx": ("#2f9e44", True),
    "nginx-256k": ("#2f9e44", False),
    "nginx-newer": ("#74b816", True),
    "toxiproxy": ("#e8590c", False),
    "toxiproxy-1": ("#e8590c", True),
    "envoy": ("#7048e8", False),
    "socat": ("#a9791c", False),
}


def draw(results: dict) -> dict[str, str]:
    """File names and their SVG text."""
    pictures = {
        "throughput.svg": _throughput(results),
        "latency.svg": _latency(results),
        "memory.svg": _memory(results),
    }
    return {name: text for name, text in pictures.items() if text}


def _throughput(results: dict) -> str | None:
    def points(peer: str) -> list:
        found = []
        for size in rows.SIZES:
            loads = _loads(results, f"size-{size}", peer).values()
            if loads:
                rate = statistics.median(load["requests_per_second"] for load in loads)
                found.append((size, rate * size / 1e9))
        return found

    x = svg.Axis("message size", rows.SIZES[0], rows.SIZES[-1], list(rows.SIZES), _size)
    return _picture(
        "Messages and their echoes, 8 connections", results, points, "GB/s each way", "{:g}", x
    )


def _latency(results: dict) -> str | None:
    """What a proxy adds at each share of the requests: the difference to no proxy in a round."""
    direct = _loads(results, "pp1", DIRECT)

    def points(peer: str) -> list:
        added = {}
        for number, load in _loads(results, "pp1", peer).items():
            if peer == DIRECT or number not in direct:
                continue
            for (share, with_proxy), (_, without) in zip(
                load["distribution"], direct[number]["distribution"]
            ):
                added.setdefault(share, []).append(with_proxy - without)
        medians = [(statistics.median(values), share) for share, values in added.items()]
        return [(value, share) for value, share in medians if value > 0]

    y = svg.Axis(
        "share of the requests", 0, 1, [tenth / 10 for tenth in range(11)],
        lambda share: f"{share:.0%}", logarithmic=False,
    )
    return _picture(
        "Added latency, 64-byte ping-pong on 1 connection", results, points,
        "microseconds more than without proxy", "{:,g}", y, given_is_y=True,
    )


def _memory(results: dict) -> str | None:
    def points(peer: str) -> list:
        used = {}
        for load in _loads(results, rows.IDLE, peer).values():
            for count, memory in [(0, load["before"]), *load["steps"]]:
                used.setdefault(count, []).append(memory)
        return [(count, statistics.median(values) / 1e6) for count, values in used.items()]

    counts = [0, 500, 1000, 1500, 2000]
    x = svg.Axis(
        "open idle connections", counts[0], counts[-1], counts, "{:,}".format, logarithmic=False
    )
    return _picture(
        "Memory of the proxy with idle connections", results, points, "MB, libraries not counted", "{:g}", x
    )


def _picture(
    title: str,
    results: dict,
    points: Callable[[str], list],
    label: str,
    number: str,
    given: svg.Axis,
    given_is_y: bool = False,
) -> str | None:
    """One line for each peer with points; `given` is one axis, the other fits the points."""
    lines = [
        svg.Line(TITLES[peer], *COLORS[peer], found)
        for peer in results["peers"]
        if (found := points(peer))
    ]
    if not lines:
        return None
    place = 0 if given_is_y else 1
    values = [point[place] for line in lines for point in line.points]
    fitting = svg.decades(label, values, number.format)
    x, y = (fitting, given) if given_is_y else (given, fitting)
    return svg.chart(title, x, y, lines)


def _loads(results: dict, workload: str, peer: str) -> dict[int, dict]:
    """What the load said in each round."""
    return {
        sample["round"]: sample["load"]
        for sample in results["samples"]
        if (sample["workload"], sample["peer"]) == (workload, peer) and "load" in sample
    }


def _size(size: int) -> str:
    if size >= 1 << 20:
        return f"{size >> 20} MB"
    return f"{size >> 10} KB" if size >= 1 << 10 else f"{size} B"

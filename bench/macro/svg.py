"""Line charts as SVG text: light background, axes, grid, legend."""

import dataclasses
import math
from collections.abc import Callable
from html import escape

WIDTH, HEIGHT = 900, 480
LEFT, RIGHT, TOP, BOTTOM = 80, 250, 50, 60
GRID, INK = "#dee2e6", "#212529"


@dataclasses.dataclass(frozen=True)
class Axis:
    """From `low` to `high`, which are above 0 on a logarithmic axis."""

    label: str
    low: float
    high: float
    ticks: list[float]
    text: Callable[[float], str]
    logarithmic: bool = True

    def share(self, value: float) -> float:
        """Where the value lies, 0 to 1."""
        if not self.logarithmic:
            return (value - self.low) / (self.high - self.low)
        return math.log(value / self.low) / math.log(self.high / self.low)


@dataclasses.dataclass(frozen=True)
class Line:
    title: str
    color: str
    dashed: bool
    points: list[tuple[float, float]]


def decades(label: str, values: list[float], text: Callable[[float], str]) -> Axis:
    """A logarithmic axis that holds the values, with a tick at 1, 2 and 5 of each power of ten."""
    first = math.floor(math.log10(min(values)))
    last = math.ceil(math.log10(max(values)) + 1e-9)
    low, high = 10.0**first, 10.0**last
    ticks = [digit * 10.0**power for power in range(first, last + 1) for digit in (1, 2, 5)]
    if last - first > 3:
        ticks = [10.0**power for power in range(first, last + 1)]
    return Axis(label, low, high, [tick for tick in ticks if tick <= high], text)


def chart(title: str, x: Axis, y: Axis, lines: list[Line]) -> str:
    def across(value: float) -> float:
        return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT)

    def down(value: float) -> float:
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM)

    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 28, title, 'font-size="17" font-weight="bold"'),
    ]
    for tick in x.ticks:
        parts.append(_rule(across(tick), TOP, across(tick), bottom, GRID))
        parts.append(_text(across(tick), bottom + 20, x.text(tick), 'text-anchor="middle"'))
    for tick in y.ticks:
        parts.append(_rule(LEFT, down(tick), right, down(tick), GRID))
        parts.append(_text(LEFT - 8, down(tick) + 4, y.text(tick), 'text-anchor="end"'))
    parts += [
        _rule(LEFT, bottom, right, bottom, INK),
        _rule(LEFT, TOP, LEFT, bottom, INK),
        _text((LEFT + right) / 2, HEIGHT - 14, x.label, 'text-anchor="middle"'),
        f'<g transform="translate(20 {(TOP + bottom) / 2}) rotate(-90)">'
        + _text(0, 0, y.label, 'text-anchor="middle"')
        + "</g>",
    ]
    for number, line in enumerate(lines):
        style = f'stroke="{line.color}" stroke-width="2"'
        if line.dashed:
            style += ' stroke-dasharray="6 4"'
        points = " ".join(f"{across(a):.1f},{down(b):.1f}" for a, b in line.points)
        parts.append(f'<polyline points="{points}" fill="none" {style}/>')
        height = TOP + 8 + 22 * number
        parts.append(
            f'<line x1="{right + 16}" y1="{height}" x2="{right + 44}" y2="{height}" {style}/>'
        )
        parts.append(_text(right + 52, height + 4, line.title))
    return "\n".join([*parts, "</svg>\n"])


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"/>'

"""The geometry of bar charts: plain numbers in, rectangles out; drawn by `ui/bar_chart.html`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kuznitsa.ui.parts import Series

WIDTH = 720
# A few columns fit a phone without scrolling.
NARROW_WIDTH = 400
FEW_BARS = 8
HEIGHT = 260
LEFT = 44
TOP = 24
BOTTOM = 32


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    tone: str
    title: str


@dataclass(frozen=True)
class Mark:
    """A text at a place: a tick of the axis, a category, a total above a bar."""

    x: float
    y: float
    text: Any


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    ticks: list[Mark]
    names: list[Mark]
    totals: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_narrow(self) -> bool:
        return self.width < WIDTH


def nice_top(largest: int) -> int:
    """Return the smallest of 4, 8, 20, 40, 80, 200 … that is not below `largest`."""
    if largest <= 4:
        return 4
    power = 10 ** math.floor(math.log10(largest))
    for factor in (1, 2, 4, 8, 10):
        top = factor * power
        if top >= largest and top % 4 == 0:
            return top
    return 20 * power


def draw(categories: Sequence[Any], series: Sequence[Series]) -> Chart:
    """Lay out grouped columns, one group a category; series that share a `stack` stand on each other."""
    stacks: dict[str, list[Series]] = {}
    for number, row in enumerate(series):
        stacks.setdefault(row.stack or f"#{number}", []).append(row)
    sums = [sum(row.values[i] for row in rows) for rows in stacks.values() for i in range(len(categories))]
    top = nice_top(max(sums, default=0))
    scale = (HEIGHT - TOP - BOTTOM) / top
    ground = HEIGHT - BOTTOM
    width = NARROW_WIDTH if len(categories) * len(stacks) <= FEW_BARS else WIDTH
    group = (width - LEFT) / max(len(categories), 1)
    bar_width = min(44.0, group * 0.72 / max(len(stacks), 1))
    chart = Chart(bars=[], ticks=[], names=[], totals=[], width=width)
    for step in range(5):
        value = top * step // 4
        chart.ticks.append(Mark(LEFT - 8, round(ground - value * scale, 1), value))
    for i, category in enumerate(categories):
        centre = LEFT + group * (i + 0.5)
        chart.names.append(Mark(round(centre, 1), ground + 21, category))
        x = centre - bar_width * len(stacks) / 2
        for rows in stacks.values():
            y = float(ground)
            for row in rows:
                height = row.values[i] * scale
                y -= height
                title = f"{category} · {row.label}: {row.values[i]}"
                chart.bars.append(
                    Bar(round(x + 1.5, 1), round(y, 1), round(bar_width - 3, 1), round(height, 1), row.tone, title)
                )
            total = sum(row.values[i] for row in rows)
            chart.totals.append(Mark(round(x + bar_width / 2, 1), round(y - 6, 1), total))
            x += bar_width
    return chart

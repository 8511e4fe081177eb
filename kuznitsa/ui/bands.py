"""The geometry of the band: how much goes on from each stage of the thread to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kuznitsa.ui.parts import Stage

# The rod is drawn in a box 100 wide and 56 high, its middle line at 28; a stage with people never vanishes.
MIDDLE = 28.0
THINNEST = 1.5
HOTTEST = 8


@dataclass(frozen=True)
class Segment:
    """One stage as drawn. `share` is the per cent of what it is a part of, `width` of the largest.

    A stage larger than that is no part of it: it has no share.

    The colour of the rod goes from `heat` to `heat_after`, both 0 (cold) to 8 (hot).
    """

    stage: Stage
    share: int | None
    width: int
    rod: str
    heat: int
    heat_after: int


def segments(stages: Sequence[Stage]) -> list[Segment]:
    """Return the stages with shares and outlines."""
    largest = max((stage.value or 0 for stage in stages), default=0)
    halves = [_half(stage.value, largest) for stage in stages]
    borders = [_middle(left, right) for left, right in pairwise([*halves[:1], *halves, *halves[-1:]])]
    result: list[Segment] = []
    before: int | None = None
    for index, stage in enumerate(stages):
        result.append(
            Segment(
                stage=stage,
                share=_share(stage.value, before if stage.part_of is None else stage.part_of),
                width=round(100 * (stage.value or 0) / largest) if largest else 0,
                rod=_outline(borders[index], halves[index], borders[index + 1]),
                heat=round(HOTTEST * index / len(stages)),
                heat_after=round(HOTTEST * (index + 1) / len(stages)),
            )
        )
        before = stage.value if stage.value is not None else before
    return result


def _share(value: int | None, whole: int | None) -> int | None:
    return round(100 * value / whole) if whole and value is not None and value <= whole else None


def _half(value: int | None, largest: int) -> float:
    if not value or not largest:
        return 0.0
    return max(THINNEST, MIDDLE * value / largest)


def _middle(left: float, right: float) -> float:
    return 0.0 if not left or not right else (left + right) / 2


def _outline(start: float, middle: float, end: float) -> str:
    """Return an SVG path: `start`, `middle` and `end` are half heights at the left border, the centre and the right."""
    if not middle:
        return ""
    top = f"M0 {MIDDLE - start:.1f} C25 {MIDDLE - start:.1f} 25 {MIDDLE - middle:.1f} 50 {MIDDLE - middle:.1f}"
    top += f" S75 {MIDDLE - end:.1f} 100 {MIDDLE - end:.1f}"
    bottom = f"L100 {MIDDLE + end:.1f} C75 {MIDDLE + end:.1f} 75 {MIDDLE + middle:.1f} 50 {MIDDLE + middle:.1f}"
    bottom += f" S25 {MIDDLE + start:.1f} 0 {MIDDLE + start:.1f} Z"
    return f"{top} {bottom}"

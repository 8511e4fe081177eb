"""From the rows of a file to different ballots with weights: equal ones are read and counted once."""

from array import array
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, chain

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.tally.model import Ballots, Issue, VoteType, decimal
from kuznitsa.engines.tally.sections import WHOLE, Cells, Section, number, refuse, unit

# With nine decimals, what an array has room for.
MOST_POINTS = 10**9
# Where a project is that does not exist.
NOWHERE = -1

UNKNOWN, TWICE = "unknown_project", "named_twice"
# Positions of projects, ascending, and the points of each; no points at all mean one each.
Items = tuple[tuple[int, ...], tuple[int | Fraction, ...]]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one ballot may name or give; None = no limit."""

    length: Fraction | None = None
    points: Fraction | None = None
    sum_points: Fraction | None = None


class Texts:
    """The different texts of ballots: what they name, with the points they give. `times` says how often."""

    def __init__(self, section: Section, vote_type: VoteType) -> None:
        self.names = ["vote", "points"] if vote_type in {VoteType.CUMULATIVE, VoteType.SCORING} else ["vote"]
        self.section = section
        self.times = section.times(*self.names)

    def line(self, cells: Cells) -> int:
        """The first line with this text; looked for only when there is something to say about it."""
        positions = [self.section.column(name) for name in self.names]
        return next(
            line for line, row in self.section.table[1:] if tuple(row[position] for position in positions) == cells
        )


def read(section: Section, names: list[str], vote_type: VoteType, limits: Limits) -> tuple[Ballots, list[Issue], int]:
    """The ballots, what was put right in them, and how many units of points make one point."""
    texts = Texts(section, vote_type)
    reader = _Reader(names, vote_type, limits, texts)
    weights: dict[Items, int] = defaultdict(int)
    for cells, times in texts.times.items():
        weights[reader.items(cells)] += times
    if not weights:
        refuse(section.line, _("there are no votes"))
    point = unit({Fraction(given) for _positions, points in weights for given in points})
    return boxed(weights, point), reader.found(), point


def boxed(weights: dict[Items, int], point: int) -> Ballots:
    """Arrays of ballots in an order that does not depend on the file's."""
    ordered = sorted(weights)
    project = array("i", chain.from_iterable(positions for positions, _points in ordered))
    points = array("q", [1]) * len(project)
    if any(given for _positions, given in ordered):
        points = array("q", (int(one * point) for _positions, given in ordered for one in given))
    return Ballots(
        weight=array("q", map(weights.__getitem__, ordered)),
        first=array("q", accumulate((len(positions) for positions, _points in ordered), initial=0)),
        project=project,
        points=points,
    )


class _Reader:
    """Reads the text of a ballot; remembers what it had to put right."""

    def __init__(self, names: list[str], vote_type: VoteType, limits: Limits, texts: Texts) -> None:
        self.position = {name: position for position, name in enumerate(names)}
        self.vote_type = vote_type
        self.limits = limits
        most = 1 if vote_type == VoteType.CHOOSE_1 else limits.length
        self.most = MOST_POINTS if most is None else int(most)
        self.texts = texts
        self.numbers: dict[str, int | Fraction] = {}
        self.issues: dict[tuple[str, str], list[Cells]] = defaultdict(list)

    def items(self, cells: Cells) -> Items:
        """What a ballot names and gives. An order gives points by the positions in it, in the end none."""
        named = cells[0].split(",")
        positions = [self.position.get(name, NOWHERE) for name in named]
        given: list[int | Fraction] = []
        if len(cells) > 1 or NOWHERE in positions or not len(set(positions)) == len(positions) <= self.most:
            named = [name.strip() for name in named] if cells[0].strip() else []
            if "" in named and len(cells) == 1:
                named = [name for name in named if name]
            if len(named) > self.most:
                words = {"found": len(named), "most": self.most}
                refuse(self.texts.line(cells), _("the ballot names %(found)d projects, more than %(most)d") % words)
            given = self._given(named, cells) if len(cells) > 1 else []
            kept = self._kept(named, cells)
            positions = [self.position[named[place]] for place in kept]
            given = [given[place] for place in kept] if given else []
        if self.vote_type.is_set:
            return tuple(sorted(positions)), ()
        if self.vote_type == VoteType.ORDINAL:
            given = list(range(len(positions) - 1, -1, -1))
        items = sorted(zip(positions, given, strict=True))
        if self.vote_type != VoteType.ORDINAL:
            items = [item for item in items if item[1]]
        return tuple([position for position, _points in items]), tuple([points for _position, points in items])

    def _kept(self, named: list[str], cells: Cells) -> list[int]:
        """Which of the names count: known ones, each once."""
        kept: dict[str, int] = {}
        for place, name in enumerate(named):
            if name not in self.position:
                self.issues[UNKNOWN, name].append(cells)
            elif name in kept:
                self.issues[TWICE, name].append(cells)
            else:
                kept[name] = place
        return list(kept.values())

    def _given(self, named: list[str], cells: Cells) -> list[int | Fraction]:
        """The points for each of the names, whole ones as integers."""
        texts = [text.strip() for text in cells[1].split(",")] if cells[1].strip() else []
        if len(texts) != len(named):
            counts = {"named": len(named), "given": len(texts)}
            problem = _("the ballot names %(named)d projects and gives points to %(given)d")
            refuse(self.texts.line(cells), problem % counts)
        for text in texts:
            if text not in self.numbers:
                # Which line it is takes time to find out, and most numbers are numbers.
                points = Fraction(int(text)) if WHOLE.fullmatch(text) else number(self.texts.line(cells), text)
                self.numbers[text] = int(points) if points.denominator == 1 else points
        given = [self.numbers[text] for text in texts]
        self._expect_at_most(max(given, default=0), self.limits.points, cells)
        self._expect_at_most(sum(given), self.limits.sum_points, cells)
        return given

    def _expect_at_most(self, found: int | Fraction, most: Fraction | None, cells: Cells) -> None:
        allowed = MOST_POINTS if most is None else min(most, Fraction(MOST_POINTS))
        if found > allowed:
            words = {"found": decimal(found), "most": decimal(allowed)}
            refuse(self.texts.line(cells), _("the ballot gives %(found)s points, more than %(most)s") % words)

    def found(self) -> list[Issue]:
        return [
            Issue(kind, name, sum(self.texts.times[cells] for cells in noted), min(map(self.texts.line, noted)))
            for (kind, name), noted in sorted(self.issues.items())
        ]

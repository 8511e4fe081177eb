"""From the rows of a file to different ballots with weights: equal ones are read and counted once.

On the way a project is the letter with the number of its position. A ballot is then a short text, and Python sorts,
compares and joins texts faster than anything else it has.
"""

import sys
from array import array
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from operator import itemgetter

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.tally.model import Ballots, Issue, VoteType, decimal
from kuznitsa.engines.tally.sections import BETWEEN, WHOLE, Section, number, refuse, unit

# With nine decimals, what an array has room for.
MOST_POINTS = 10**9
UNKNOWN, TWICE = "unknown_project", "named_twice"
# Projects as letters, ascending, and the points of each; no points at all mean one each.
Items = tuple[str, tuple[int | Fraction, ...]]
LETTERS = f"utf-32-{sys.byteorder[0]}e"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one ballot may name or give; None = no limit."""

    length: Fraction | None = None
    points: Fraction | None = None
    sum_points: Fraction | None = None


class Texts:
    """The different texts of ballots: what they name, and the points they give behind it. `times` says how often."""

    def __init__(self, section: Section, vote_type: VoteType) -> None:
        self.names = ["vote", "points"] if vote_type in {VoteType.CUMULATIVE, VoteType.SCORING} else ["vote"]
        self.section = section
        self.times = section.times(*self.names)

    def line(self, text: str) -> int:
        """The first line with this text; looked for only when there is something to say about it."""
        cells = text.split(BETWEEN)
        positions = [self.section.column(name) for name in self.names]
        return next(line for line, row in self.section.table[1:] if [row[position] for position in positions] == cells)


def read(section: Section, names: list[str], vote_type: VoteType, limits: Limits) -> tuple[Ballots, list[Issue], int]:
    """The ballots, what was put right in them, and how many units of points make one point."""
    texts = Texts(section, vote_type)
    reader = _Reader(names, vote_type, limits, texts)
    weights: dict[Items, int] = defaultdict(int)
    for text, times in texts.times.items():
        weights[reader.items(text)] += times
    if not weights:
        refuse(section.line, _("there are no votes"))
    point = unit({Fraction(given) for _projects, points in weights for given in points})
    return boxed(weights, point), reader.found(), point


def boxed(weights: dict[Items, int], point: int) -> Ballots:
    """Arrays of ballots in an order that does not depend on the file's."""
    has_points = any(given for _projects, given in weights)
    ordered = sorted(weights, key=None if has_points else itemgetter(0))
    texts = [projects for projects, _points in ordered]
    project = array("i")
    project.frombytes("".join(texts).encode(LETTERS, "surrogatepass"))
    points = array("q", [1]) * len(project)
    if has_points:
        points = array("q", (int(one * point) for _projects, given in ordered for one in given))
    return Ballots(
        weight=array("q", map(weights.__getitem__, ordered)),
        first=array("q", accumulate(map(len, texts), initial=0)),
        project=project,
        points=points,
    )


class _Reader:
    """Reads the text of a ballot; remembers what it had to put right."""

    def __init__(self, names: list[str], vote_type: VoteType, limits: Limits, texts: Texts) -> None:
        self.letter = {name: chr(position) for position, name in enumerate(names)}
        self.is_set, self.is_order = vote_type.is_set, vote_type == VoteType.ORDINAL
        self.has_points = not (self.is_set or self.is_order)
        self.limits = limits
        most = 1 if vote_type == VoteType.CHOOSE_1 else limits.length
        self.most = MOST_POINTS if most is None else int(most)
        self.texts = texts
        self.numbers: dict[str, int | Fraction] = {}
        self.issues: dict[tuple[str, str], list[str]] = defaultdict(list)

    def items(self, text: str) -> Items:
        """What a ballot names and gives. An order gives points by the positions in it, in the end none."""
        try:
            letters = [self.letter[name] for name in text.split(",")]
            is_plain = len(set(letters)) == len(letters) <= self.most
        except KeyError:
            is_plain = False
        given: list[int | Fraction] = []
        if not is_plain:
            letters, given = self._put_right(text)
        if self.is_set:
            return "".join(sorted(letters)), ()
        if self.is_order:
            given = list(range(len(letters) - 1, -1, -1))
        items = sorted(zip(letters, given, strict=True))
        if not self.is_order:
            items = [item for item in items if item[1]]
        return "".join([letter for letter, _points in items]), tuple([points for _letter, points in items])

    def _put_right(self, text: str) -> tuple[list[str], list[int | Fraction]]:
        """The projects and points of a ballot of any kind, without what does not count."""
        vote, _between, points = text.partition(BETWEEN)
        named = [name.strip() for name in vote.split(",")] if vote.strip() else []
        if "" in named and not self.has_points:
            named = [name for name in named if name]
        if len(named) > self.most:
            words = {"found": len(named), "most": self.most}
            refuse(self.texts.line(text), _("the ballot names %(found)d projects, more than %(most)d") % words)
        given = self._given(named, points, text) if self.has_points else []
        kept = self._kept(named, text)
        return [self.letter[named[place]] for place in kept], [given[place] for place in kept] if given else []

    def _kept(self, named: list[str], text: str) -> list[int]:
        """Which of the names count: known ones, each once."""
        kept: dict[str, int] = {}
        for place, name in enumerate(named):
            if name not in self.letter:
                self.issues[UNKNOWN, name].append(text)
            elif name in kept:
                self.issues[TWICE, name].append(text)
            else:
                kept[name] = place
        return list(kept.values())

    def _given(self, named: list[str], points: str, text: str) -> list[int | Fraction]:
        """The points for each of the names, whole ones as integers."""
        texts = [one.strip() for one in points.split(",")] if points.strip() else []
        if len(texts) != len(named):
            counts = {"named": len(named), "given": len(texts)}
            problem = _("the ballot names %(named)d projects and gives points to %(given)d")
            refuse(self.texts.line(text), problem % counts)
        for one in texts:
            if one not in self.numbers:
                # Which line it is takes time to find out, and most numbers are numbers.
                found = Fraction(int(one)) if WHOLE.fullmatch(one) else number(self.texts.line(text), one)
                self.numbers[one] = int(found) if found.denominator == 1 else found
        given = [self.numbers[one] for one in texts]
        self._expect_at_most(max(given, default=0), self.limits.points, text)
        self._expect_at_most(sum(given), self.limits.sum_points, text)
        return given

    def _expect_at_most(self, found: int | Fraction, most: Fraction | None, text: str) -> None:
        allowed = MOST_POINTS if most is None else min(most, Fraction(MOST_POINTS))
        if found > allowed:
            words = {"found": decimal(found), "most": decimal(allowed)}
            refuse(self.texts.line(text), _("the ballot gives %(found)s points, more than %(most)s") % words)

    def found(self) -> list[Issue]:
        return [
            Issue(kind, name, sum(self.texts.times[text] for text in noted), min(map(self.texts.line, noted)))
            for (kind, name), noted in sorted(self.issues.items())
        ]

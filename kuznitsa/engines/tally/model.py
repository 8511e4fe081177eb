"""What is counted and by which rule, as plain values; money and points are whole numbers of small units."""

import hashlib
from array import array
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kuznitsa.engines.documents import BadInput as BadInput


class VoteType(StrEnum):
    """What a ballot holds: a set of projects, points, or an order."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"

    @property
    def is_set(self) -> bool:
        """Whether every project named counts the same."""
        return self in {VoteType.APPROVAL, VoteType.CHOOSE_1}


class Rule(StrEnum):
    """How votes become decisions; `condorcet` chooses one of several and does not look at money."""

    GREEDY = "greedy"
    GREEDY_DENSITY = "greedy-density"
    EQUAL_SHARES = "equal-shares"
    CONDORCET = "condorcet"


class Utility(StrEnum):
    """What an approved project is worth to its supporters: its cost, or one."""

    COST = "cost"
    COUNT = "count"


class Completion(StrEnum):
    """What is done with the money that equal shares leave."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_THEN_GREEDY = "add1-then-greedy"


class Stop(StrEnum):
    """Where raising the shares ends: see `completion.raised`."""

    FIRST_INFEASIBLE = "first-infeasible"
    LAST_FEASIBLE = "last-feasible"


class Ties(StrEnum):
    """Who goes first among equals."""

    ID = "id"
    CHEAPEST_VOTES_DRAW = "cheapest-votes-draw"


@dataclass(frozen=True, slots=True)
class Step:
    """By how much a share is raised: an amount of currency, or a per cent of the first share."""

    amount: Fraction = Fraction(1)
    is_percent: bool = False

    def __str__(self) -> str:
        return decimal(self.amount) + ("%" if self.is_percent else "")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything a regulation must name. What a rule does not use is ignored."""

    rule: Rule
    utility: Utility = Utility.COST
    completion: Completion = Completion.NONE
    step: Step = Step()
    stop: Stop = Stop.FIRST_INFEASIBLE
    ties: Ties = Ties.ID
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Ballots:
    """Different ballots and how many voters cast each; ballot i names the rows `first[i]:first[i + 1]`.

    `project` are positions in `Election.projects`, ascending in a ballot; `points` are whole numbers of
    `Election.point`, 1 for a project approved. Equal ballots are one, and the order is that of the ballots themselves.
    """

    weight: "array[int]"
    first: "array[int]"
    project: "array[int]"
    points: "array[int]"

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, slots=True)
class Project:
    """Something that may be funded; `cost` is in `Election.money`."""

    id: str
    cost: int


@dataclass(frozen=True, slots=True)
class Election:
    """A vote to be counted. Projects are in order of their ids; `money` and `point` are how many units make one."""

    vote_type: VoteType
    budget: int
    projects: tuple[Project, ...]
    ballots: Ballots
    money: int = 1
    point: int = 1
    voters: int = 0

    def total_cost(self, winners: list[int]) -> int:
        """What these positions cost together, in units of money."""
        return sum(self.projects[position].cost for position in winners)

    def currency(self, units: int | Fraction) -> Fraction:
        """An amount of currency from units of money."""
        return Fraction(units) / self.money

    def totals(self) -> list[int]:
        """Votes, or units of points, of every project."""
        found = [0] * len(self.projects)
        ballots = self.ballots
        first, project, points = ballots.first, ballots.project, ballots.points
        for ballot, weight in enumerate(ballots.weight):
            for row in range(first[ballot], first[ballot + 1]):
                found[project[row]] += weight * points[row]
        return found

    def order_of_ties(self, ties: Ties, seed: str) -> list[int]:
        """The place of every project among its equals; the smallest goes first."""
        positions = range(len(self.projects))
        if ties == Ties.ID:
            return list(positions)
        totals = self.totals()

        def key(position: int) -> tuple[int, int, str, str]:
            project = self.projects[position]
            return (project.cost, -totals[position], ticket(seed, project.id), project.id)

        place = [0] * len(self.projects)
        for number, position in enumerate(sorted(positions, key=key)):
            place[position] = number
        return place


@dataclass(frozen=True, slots=True)
class Issue:
    """Something in the input that was put right: which project, in how many ballots, and the first line of it."""

    kind: str
    project: str
    ballots: int
    line: int = field(compare=False, default=0)


@dataclass(slots=True)
class Result:
    """A count. `winners` are in order of selection; `share` is what every voter had, in currency."""

    winners: list[str]
    cost: Fraction
    effective_support: dict[str, str]
    explanations: dict[str, dict[str, Any]] = field(default_factory=dict)
    share: Fraction | None = None
    steps: int = 0


def ticket(seed: str, project: str) -> str:
    """The project's lot in the public draw; the smaller text wins.

    Anybody can recompute it: `printf 'seed|project' | sha256sum`.
    """
    return hashlib.sha256(f"{seed}|{project}".encode()).hexdigest()


def decimal(number: Fraction | int, digits: int = 6) -> str:
    """The number as text without an exponent, exact if it has no more digits, else rounded half to even."""
    scaled = round(Fraction(number) * 10**digits)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, 10**digits)
    return f"{sign}{whole}" + (f".{rest:0{digits}}".rstrip("0") if rest else "")


def downwards(number: Fraction, digits: int = 4) -> str:
    """The number as text, the digits after the last one cut off: 0.99999 is not 1."""
    return decimal(Fraction(number.numerator * 10**digits // number.denominator, 10**digits), digits)

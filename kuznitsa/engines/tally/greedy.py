"""Projects by votes, or by votes for the money, each taken if what is left pays for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kuznitsa.engines.tally.model import Election, Rule


@dataclass(frozen=True, slots=True)
class Turn:
    """How it went for a project when its turn came: what was left, and whether it was taken."""

    project: int
    left: int
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Order:
    """Who goes first. A project is worth its total by its `per`, exactly; among equals the smallest `tie` is first."""

    total: list[int]
    per: list[int]
    tie: list[int]

    def worth(self, project: int) -> Fraction | float:
        """Votes, or points for the money; what costs nothing and is wanted is worth more than anything else."""
        total, per = self.total[project], self.per[project]
        if per:
            return Fraction(total, per)
        return float("inf") if total else Fraction(0)

    def sorted(self, projects: Iterable[int]) -> list[int]:
        """The projects, the first to be taken first."""
        return sorted(projects, key=lambda project: (-self.worth(project), self.tie[project]))

    def total_to_precede(self, project: int, other: int) -> int | None:
        """The least total with which the project would come before the other one; None if no total is enough."""
        goal = self.worth(other)
        if isinstance(goal, float):
            return None
        least = goal * self.per[project]
        needed = -(-least.numerator // least.denominator)
        is_equal = needed == least and self.tie[project] > self.tie[other]
        return needed + is_equal


def order_of(election: Election, rule: Rule, tie: list[int]) -> Order:
    """Most votes or points first; by density, points for the money. Approved projects are worth their cost, which
    cancels out: their density is votes again."""
    is_density = rule == Rule.GREEDY_DENSITY and not election.vote_type.is_set
    per = [project.cost if is_density else 1 for project in election.projects]
    return Order(election.totals(), per, tie)


def turns(election: Election, order: Order, *, left: int, without: Iterable[int] = ()) -> list[Turn]:
    """Every project's turn, spending `left` units of money; those in `without` have none."""
    found = []
    gone = set(without)
    for project in order.sorted(position for position in range(len(election.projects)) if position not in gone):
        cost = election.projects[project].cost
        found.append(Turn(project, left, cost <= left))
        if cost <= left:
            left -= cost
    return found


def needed_totals(election: Election, order: Order, found: list[Turn]) -> dict[int, int | None]:
    """For every project not taken, the least total with which it would have been; None if no total is enough."""
    needed: dict[int, int | None] = {}
    for number, turn in enumerate(found):
        if turn.is_taken:
            continue
        cost = election.projects[turn.project].cost
        earlier = next((before for before in reversed(found[:number]) if before.left >= cost), None)
        needed[turn.project] = None if earlier is None else order.total_to_precede(turn.project, earlier.project)
    return needed

"""The books of a count by equal shares: who paid what, and what the others lacked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from kuznitsa.engines.tally.model import Election, Utility

# Effective support is told in ten-thousandths, cut off.
PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What equal shares need to know of an election, in whole numbers.

    A supporter pays at most price × points, and a project's ρ is its price by its `factor`: with utilities that are
    costs the factor is the cost, else 1. `tie` says who goes first among equals.
    """

    election: Election
    factor: list[int]
    tie: list[int]

    @classmethod
    def of(cls, election: Election, utility: Utility, tie: list[int]) -> "Terms":
        """The terms; the utility is asked for only where a ballot is a set."""
        is_cost = election.vote_type.is_set and utility == Utility.COST
        return cls(election, [(is_cost and project.cost) or 1 for project in election.projects], tie)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project bought: ρ and price in units of money, and its supporters (voters) by what they paid.

    `full` paid the price by their points, `rest` less, namely all they had left, and `broke` had nothing left.
    """

    project: int
    rho: Fraction
    price: Fraction
    full: int
    rest: int
    broke: int


@dataclass(slots=True)
class Account:
    """A count: purchases in their order, and for every supported project not bought the money its supporters have
    left and its effective support, in ten-thousandths.

    Effective support is the largest part of its cost that its supporters would have paid at the ρ of any purchase,
    or, after the last one, with all they had left.
    """

    share: Fraction
    purchases: list[Purchase] = field(default_factory=list)
    money: dict[int, Fraction] = field(default_factory=dict)
    support: dict[int, int] = field(default_factory=dict)

    def raise_support(self, project: int, paid: float, cost: int, exactly: Callable[[], Fraction]) -> None:
        """Note what would be paid of a cost, near enough unless a ten-thousandth begins within a billionth of the part
        it is; then `exactly` that part."""
        if not cost:
            return  # it waits for its turn only because others are free as well
        part = paid / cost
        low, high = int((part - 1e-9) * PARTS), int((part + 1e-9) * PARTS)
        if high <= self.support.get(project, -1):
            return
        if low != high:
            low = int(exactly() * PARTS)
        self.support[project] = max(low, self.support.get(project, 0))


class Counter(Protocol):
    """Counts by equal shares; both paths give the same."""

    terms: Terms

    def count(self, share: Fraction, limit: int | None = None) -> list[int] | None:
        """Winners in order when every voter has this share; None as soon as they cost more than `limit`."""

    def account(self, share: Fraction) -> Account:
        """The same count with its books."""

    def steady(self, share: Fraction, step: Fraction, times: int, winners: list[int]) -> bool:
        """Whether it is proved that these winners stay the same if the share is raised by up to `times` steps."""

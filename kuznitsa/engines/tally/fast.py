"""Equal shares for a city: `kernel` buys while floats leave no doubt, whole numbers decide the rest.

After k purchases exact money is in units of 1/D as in `plain`. What somebody has left is the share minus what they
paid, so sums over many ballots are found from counts: how many of them there are, and how many points they had in
each purchase. An exact price takes one pass over the supporters and a number of a few hundred digits.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.tally import kernel, steady
from kuznitsa.engines.tally.account import Account, Purchase, Terms

# Floats hold whole numbers exactly up to here.
LARGEST_WHOLE = 2**53
# How wrong purses may be, as a part of the share, before they are worked out anew.
TOO_WRONG = 1e-11
NARROW = 4 * kernel.ULP

Table = npt.NDArray[np.generic]


class TooLarge(ValueError):
    """The numbers do not fit the tables of this path; the plain one has no limits."""


@dataclass(slots=True)
class Price:
    """An exact price in a round: numerator by denominator × value, and the verdict about ballots near it.

    `even` voters have just enough to pay in full.
    """

    numerator: int
    value: int
    verdict: dict[int, int]
    even: int


@dataclass(slots=True)
class Unsure:
    """A ballot of which floats do not say whether it can pay in full; `left` in units of the last denominator."""

    ballot: int
    voters: int
    points: int
    left: int


class Run:
    """A count under way: purses, purchases, and as much of its exact history as was asked for."""

    def __init__(self, tables: "Fast", share: Fraction) -> None:
        self.tables = tables
        self.share = share
        self.purse = float(share)
        ballots, projects = len(tables.ballot_first) - 1, len(tables.cost)
        self.left = np.full(ballots, self.purse)
        self.gone = np.full(ballots, kernel.NEVER, dtype=np.int32)
        self.verdict = np.zeros(ballots, dtype=np.int8)
        self.least = tables.least.copy()
        self.most = np.empty(projects)
        self.is_out = tables.is_unsupported.copy()
        self.is_asked = np.zeros(projects, dtype=np.bool_)
        self.wrong = np.array([4 * kernel.ULP * self.purse])
        self.order = np.zeros(projects, dtype=np.int32)
        self.price = np.zeros(projects)
        self.bought = np.full(projects, kernel.NEVER, dtype=np.int32)
        self.even = [0] * projects
        self.rounds = 0
        # Of every purchase: numerator, value, and the denominator before it.
        self.numerators: list[int] = []
        self.values: list[int] = []
        self.denominators = [share.denominator]

    def buy(self, limit: float) -> bool:
        """Buy until nothing is affordable; False as soon as more than `limit` is spent."""
        tables = self.tables
        while True:
            state, self.rounds = kernel.advance(
                *tables.supporters, tables.cost, tables.factor, tables.least, tables.rank, self.left, self.gone,
                self.verdict, self.least, self.most, self.is_out, self.is_asked, self.wrong, self.order, self.price,
                tables.guess, self.rounds, self.purse, limit,
            )  # fmt: skip
            if state != kernel.UNSURE:
                return bool(state == kernel.END)
            self._decide()

    def _decide(self) -> None:
        """Choose exactly among those whom floats cannot tell apart, and let it be paid."""
        self.catch_up()
        tables = self.tables
        asked = np.flatnonzero(self.is_asked & ~self.is_out)
        near = asked[self.least[asked] <= self.most[asked].min()]
        chosen, found = -1, None
        for project in near.tolist():
            factor = tables.factor[project]
            price = self.exactly(project, self.least[project] * factor, self.most[project] * factor)
            if price is None:
                self.is_out[project] = True
            elif found is None or self._is_before(project, price, chosen, found):
                chosen, found = project, price
        if found is not None:
            self._settle(chosen, found)

    def _is_before(self, project: int, price: Price, other: int, beside: Price) -> bool:
        factors, tie = self.tables.terms.factor, self.tables.terms.tie
        mine = price.numerator * beside.value * factors[other]
        theirs = beside.numerator * price.value * factors[project]
        return (mine, tie[project]) < (theirs, tie[other])

    def _settle(self, project: int, price: Price) -> None:
        tables = self.tables
        near = price.numerator / (self.denominators[-1] * price.value)
        for ballot, verdict in price.verdict.items():
            self.verdict[ballot] = verdict
        start, end = tables.rows(project)
        is_paid = kernel.settle(
            start, end, tables.ballot, tables.floats, self.left, self.gone, self.verdict, near * (1 - NARROW),
            near * (1 + NARROW), self.wrong, self.purse, self.rounds,
        )  # fmt: skip
        assert is_paid
        for ballot in price.verdict:
            self.verdict[ballot] = 0
        self.order[self.rounds], self.price[self.rounds] = project, near
        self.is_out[project] = True
        self.even[self.rounds] = price.even
        self.rounds += 1
        self.remember(project, price.numerator, price.value)
        if self.wrong[0] > TOO_WRONG * self.purse:
            for number in range(self.rounds):
                self.price[number] = self.numerators[number] / self.denominators[number + 1]
            kernel.refresh(self.left, self.gone, self.price, self.purse, *tables.named, self.bought)
            self.wrong[0] = 8 * kernel.ULP * self.purse * (self.rounds + 2)

    def remember(self, project: int, numerator: int, value: int) -> None:
        self.bought[project] = len(self.values)
        self.numerators.append(numerator)
        self.values.append(value)
        self.denominators.append(self.denominators[-1] * value)

    def catch_up(self) -> None:
        """Find the exact prices of all purchases so far: who was poor in each is known for sure."""
        tables = self.tables
        for number in range(len(self.values), self.rounds):
            project = int(self.order[number])
            paid = np.zeros(number, dtype=np.int64)
            poor, rich = kernel.history(
                *tables.rows(project), tables.ballot, tables.points, tables.voters, self.gone, number, *tables.named,
                self.bought, paid,
            )  # fmt: skip
            numerator = tables.costs[project] * self.denominators[number] - self._left_of(poor, paid.tolist())
            self.remember(project, numerator, rich)

    def _left_of(self, voters: int, paid: list[int]) -> int:
        """What voters have left together who paid so much at a price of one, in units of the last denominator."""
        if not voters:
            return 0
        total = self.share.numerator * voters
        for numerator, value, points in zip(self.numerators, self.values, paid, strict=False):
            total *= value
            if points:
                total -= numerator * points
        return total

    def exactly(self, project: int, low: float, high: float) -> Price | None:
        """The exact price of a project, known to be between `low` and `high`; None if it is not affordable."""
        rest, value, unsure = self.weighed(project, low, high)
        verdict: dict[int, int] = {}
        while value:
            poor = [one for one in unsure if one.left * value < rest * one.points]
            if not poor:
                even = [one for one in unsure if one.left * value == rest * one.points]
                verdict |= {one.ballot: kernel.RICH for one in unsure} | {one.ballot: kernel.POOR for one in even}
                return Price(rest, value, verdict, sum(one.voters for one in even))
            unsure = [one for one in unsure if one.left * value >= rest * one.points]
            for one in poor:
                verdict[one.ballot] = kernel.POOR
                rest -= one.voters * one.left
                value -= one.voters * one.points
        return None

    def weighed(self, project: int, low: float, high: float) -> tuple[int, int, list[Unsure]]:
        """What is missing when those paid who are surely poor at such a price, in units of the last denominator, what
        all others pay at a price of one, and those of them who may be poor."""
        tables = self.tables
        paid = np.zeros(len(self.values), dtype=np.int64)
        start, end = tables.rows(project)
        rows = np.empty(end - start, dtype=np.int64)
        poor, value, doubts = kernel.weigh(
            start, end, tables.ballot, tables.points, tables.voters, self.left, self.gone, low, high, self.wrong[0],
            *tables.named, self.bought, paid, rows,
        )  # fmt: skip
        rest = tables.costs[project] * self.denominators[-1] - self._left_of(poor, paid.tolist())
        unsure = []
        for row in rows[:doubts].tolist():
            ballot, voters, points = int(tables.ballot[row]), int(tables.voters[row]), int(tables.points[row])
            unsure.append(Unsure(ballot, voters, points, self._left_of(1, self._paid_by(ballot))))
            value += voters * points
        return rest, value, unsure

    def books(self) -> Account:
        """The account of a count that has come to its end, by going through its rounds once more."""
        self.catch_up()
        tables = self.tables
        again = Run(tables, self.share)
        account = Account(self.share)
        losers = np.flatnonzero(~tables.is_unsupported & (self.bought == kernel.NEVER)).tolist()
        for number in range(self.rounds):
            project = int(self.order[number])
            start, end = tables.rows(project)
            price = Fraction(self.numerators[number], self.denominators[number + 1])
            rho = price / tables.terms.factor[project]
            full, rest, broke = kernel.payers(start, end, tables.ballot, tables.voters, self.gone, number)
            even = self.even[number]
            account.purchases.append(Purchase(project, rho, price, full + even, rest - even, broke))
            for loser in losers:
                again.note_support(account, loser, rho)
            kernel.replay(start, end, tables.ballot, tables.floats, again.left, self.gone, float(price), number)
            again.gone[self.gone == number] = number
            again.wrong += 4 * kernel.ULP * self.purse
            again.remember(project, self.numerators[number], self.values[number])
        for loser in losers:
            rest, _value, _unsure = again.weighed(loser, float("inf"), float("inf"))
            account.money[loser] = tables.costs[loser] - Fraction(rest, again.denominators[-1])
            again.note_support(account, loser, None)
        return account

    def note_support(self, account: Account, loser: int, rho: Fraction | None) -> None:
        """What part of its cost a project's supporters would pay at this ρ; at None, with all they have."""
        tables = self.tables
        price = None if rho is None else rho * tables.terms.factor[loser]
        near = float("inf") if price is None else float(price)

        def exactly() -> Fraction:
            rest, value, unsure = self.weighed(loser, near * (1 - NARROW), near * (1 + NARROW))
            missing = Fraction(rest, self.denominators[-1])
            if price is not None:
                missing -= value * price
                for one in unsure:
                    short = one.points * price - Fraction(one.left, self.denominators[-1])
                    missing += one.voters * max(short, Fraction(0))
            return 1 - missing / tables.costs[loser]

        paid = kernel.paid_at(*tables.rows(loser), tables.ballot, tables.floats, tables.voters, self.left, near)
        account.raise_support(loser, paid, tables.costs[loser], exactly)

    def _paid_by(self, ballot: int) -> list[int]:
        """The points of a ballot in every purchase."""
        first, named, given = self.tables.named
        paid = [0] * len(self.values)
        for row in range(first[ballot], first[ballot + 1]):
            if self.bought[named[row]] != kernel.NEVER:
                paid[self.bought[named[row]]] = int(given[row])
        return paid


class Fast:
    """Counts on flat tables; see `Run`."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        election = terms.election
        box = election.ballots
        self.costs = [project.cost for project in election.projects]
        total = election.totals()
        if max(sum(self.costs), sum(total), election.budget) >= LARGEST_WHOLE:
            raise TooLarge
        self.cost = np.array(self.costs, dtype=np.float64)
        self.factor = np.array(terms.factor, dtype=np.float64)
        first, named, given = (np.array(table) for table in (box.first, box.project, box.points))
        weight = np.array(box.weight, dtype=np.int64)
        self.named = (first.astype(np.int64), named.astype(np.int32), given.astype(np.int64))
        self.ballot_first = self.named[0]
        owner = np.repeat(np.arange(len(weight), dtype=np.int32), np.diff(first))
        rows = np.flatnonzero(given > 0)
        rows = rows[np.argsort(named[rows], kind="stable")]
        projects = len(self.costs)
        self.first = np.searchsorted(named[rows], np.arange(projects + 1)).astype(np.int64)
        self.ballot, self.points, self.voters = owner[rows], given[rows].astype(np.int64), weight[owner[rows]]
        self.floats = self.points.astype(np.float64)
        self.supporters = (
            self.first, self.ballot, self.floats, self.floats * self.voters, self.voters.astype(np.float64)
        )  # fmt: skip
        # Prices of the last count, by round and project: the next one is likely to find them near.
        self.guess = np.zeros((projects, projects))
        self.is_unsupported = np.array(total) == 0
        # With all purses full enough a price is the cost by the points, and it never falls.
        self.least = np.array(
            [cost / sum_ / factor * (1 - NARROW) if sum_ else 0.0
             for cost, sum_, factor in zip(self.costs, total, terms.factor, strict=True)]
        )  # fmt: skip

        full = [
            Fraction(cost, (sum_ or 1) * factor)
            for cost, sum_, factor in zip(self.costs, total, terms.factor, strict=True)
        ]
        ordered = sorted(range(projects), key=lambda project: (full[project], terms.tie[project]))
        self.rank = np.argsort(np.array(ordered))

    def rows(self, project: int) -> tuple[int, int]:
        return int(self.first[project]), int(self.first[project + 1])

    def count(self, share: Fraction, limit: int | None = None) -> list[int] | None:
        run = Run(self, share)
        if not run.buy(float("inf") if limit is None else float(limit)):
            return None
        return [int(project) for project in run.order[: run.rounds]]

    def account(self, share: Fraction) -> Account:
        run = Run(self, share)
        run.buy(float("inf"))
        return run.books()

    def steady(self, share: Fraction, step: Fraction, times: int, winners: list[int]) -> bool:
        return bool(
            steady.is_steady(
                *self.supporters, self.cost, self.factor, self.least, self.rank, self.is_unsupported,
                len(self.ballot_first) - 1, float(share), float(share + times * step),
                np.array(winners, dtype=np.int64),
            )
        )  # fmt: skip

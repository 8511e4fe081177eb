"""Equal shares in whole numbers of any size, without any compiled package: for small votes.

After k purchases all money is in units of 1/D: D is the denominator of the share times V of every purchase, where V
is what those who pay in full would pay at a price of one. So no fraction is ever reduced, and nothing is rounded.
"""

from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from kuznitsa.engines.tally.account import Account, Purchase, Terms


@dataclass(slots=True)
class Supporter:
    """A ballot that names a project, how many voters cast it, and its points."""

    ballot: int
    voters: int
    points: int


@dataclass(slots=True)
class State:
    """What every ballot's voters have left, each, in units of 1/denominator."""

    left: list[int]
    denominator: int


@dataclass(slots=True)
class Price:
    """The price of a project: numerator by denominator × value, where value is what those in full pay at one."""

    numerator: int
    value: int


class Plain:
    """Counts in exact whole numbers."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        ballots = terms.election.ballots
        self.costs = [project.cost for project in terms.election.projects]
        self.supporters: list[list[Supporter]] = [[] for _project in self.costs]
        for ballot, voters in enumerate(ballots.weight):
            for row in range(ballots.first[ballot], ballots.first[ballot + 1]):
                if ballots.points[row]:
                    self.supporters[ballots.project[row]].append(Supporter(ballot, voters, ballots.points[row]))

    def count(self, share: Fraction, limit: int | None = None) -> list[int] | None:
        winners = []
        spent = 0
        state, waiting = self._begin(share)
        while (found := self._next(state, waiting)) is not None:
            project, price = found
            winners.append(project)
            spent += self.costs[project]
            if limit is not None and spent > limit:
                return None
            self._pay(state, project, price)
        return winners

    def account(self, share: Fraction) -> Account:
        account = Account(share)
        state, waiting = self._begin(share)
        losers = {project for project, supporters in enumerate(self.supporters) if supporters}
        while (found := self._next(state, waiting)) is not None:
            project, price = found
            losers.discard(project)
            account.purchases.append(self._purchase(state, project, price))
            for loser in losers:
                self._note_support(account, loser, state, account.purchases[-1].rho)
            self._pay(state, project, price)
        bought = {purchase.project for purchase in account.purchases}
        account.support = {project: part for project, part in account.support.items() if project not in bought}
        for loser in sorted(losers):
            total = sum(voter.voters * state.left[voter.ballot] for voter in self.supporters[loser])
            account.money[loser] = Fraction(total, state.denominator)
            self._note_support(account, loser, state, None)
        return account

    def steady(self, share: Fraction, step: Fraction, times: int, winners: list[int]) -> bool:
        """Small votes are counted for every step."""
        return False

    def _begin(self, share: Fraction) -> tuple[State, list[tuple[Fraction, int, int]]]:
        """Full purses, and what every project's ρ is at least."""
        state = State([share.numerator] * len(self.terms.election.ballots), share.denominator)
        waiting = []
        for project, supporters in enumerate(self.supporters):
            if supporters:
                value = sum(voter.voters * voter.points for voter in supporters)
                waiting.append(
                    (
                        Fraction(self.costs[project], value * self.terms.factor[project]),
                        self.terms.tie[project],
                        project,
                    )
                )
        heapify(waiting)
        return state, waiting

    def _rho(self, state: State, project: int, price: Price) -> Fraction:
        return Fraction(price.numerator, state.denominator * price.value * self.terms.factor[project])

    def _next(self, state: State, waiting: list[tuple[Fraction, int, int]]) -> tuple[int, Price] | None:
        """The affordable project with the smallest ρ. A ρ never falls, so old ones say who need not be asked."""
        asked: dict[int, Price] = {}
        while waiting:
            _rho, tie, project = heappop(waiting)
            if project in asked:
                return project, asked[project]
            price = self._price(state, project)
            if price is not None:
                asked[project] = price
                heappush(waiting, (self._rho(state, project, price), tie, project))
        return None

    def _price(self, state: State, project: int) -> Price | None:
        """The price at which the supporters pay the cost, or None if they cannot."""
        rest = self.costs[project] * state.denominator
        value = sum(voter.voters * voter.points for voter in self.supporters[project])
        rich = self.supporters[project]
        while rich:
            poor = [voter for voter in rich if state.left[voter.ballot] * value < rest * voter.points]
            if not poor:
                return Price(rest, value)
            rich = [voter for voter in rich if state.left[voter.ballot] * value >= rest * voter.points]
            for voter in poor:
                rest -= voter.voters * state.left[voter.ballot]
                value -= voter.voters * voter.points
        return None

    def _pay(self, state: State, project: int, price: Price) -> None:
        state.left = [left * price.value for left in state.left]
        state.denominator *= price.value
        for voter in self.supporters[project]:
            state.left[voter.ballot] = max(0, state.left[voter.ballot] - price.numerator * voter.points)

    def _purchase(self, state: State, project: int, price: Price) -> Purchase:
        full = rest = broke = 0
        for voter in self.supporters[project]:
            left = state.left[voter.ballot]
            if left * price.value >= price.numerator * voter.points:
                full += voter.voters
            elif left:
                rest += voter.voters
            else:
                broke += voter.voters
        rho = self._rho(state, project, price)
        return Purchase(project, rho, rho * self.terms.factor[project], full, rest, broke)

    def _note_support(self, account: Account, loser: int, state: State, rho: Fraction | None) -> None:
        """What part of its cost a project's supporters would pay at this ρ; at None, with all they have."""

        def paid() -> Fraction:
            most = None if rho is None else rho * self.terms.factor[loser]
            total = Fraction(0)
            for voter in self.supporters[loser]:
                left = Fraction(state.left[voter.ballot], state.denominator)
                total += voter.voters * (left if most is None else min(left, most * voter.points))
            return total / self.costs[loser]

        most = float("inf") if rho is None else float(rho * self.terms.factor[loser])
        near = sum(
            voter.voters * min(state.left[voter.ballot] / state.denominator, most * voter.points)
            for voter in self.supporters[loser]
        )
        account.raise_support(loser, near, self.costs[loser], paid)

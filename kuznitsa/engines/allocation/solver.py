"""Applicant-proposing deferred acceptance over contracts: arrays in, arrays out.

This is the plain path: one readable loop over Python lists that needs no compiled package and is quick enough for
tens of thousands of applicants. `fast` does the same for a country.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

from kuznitsa.engines.allocation.model import MinSize

NONE = -1


@dataclass(frozen=True, slots=True)
class Problem:
    """Contracts of applicant a are the rows `first[a]:first[a + 1]`, best first; those of a place stand together.

    Larger weights win; contracts of different applicants never weigh the same. Places are numbered in the
    order of their ids, which decides between equals. `place_company` is NONE for a place without limit.
    `min_size` holds Python integers, exact at any size.
    """

    first: Sequence[int]
    pool: Sequence[int]
    weight: Sequence[int]
    pool_seats: Sequence[int]
    pool_place: Sequence[int]
    place_company: Sequence[int]
    company_capacity: Sequence[int]
    place_open: Sequence[bool]
    min_size: tuple[int, ...]
    min_size_rule: MinSize = MinSize.IGNORE

    @property
    def applicant(self) -> list[int]:
        """The applicant of every contract."""
        spans = zip(self.first, self.first[1:], strict=False)
        return [applicant for applicant, (start, end) in enumerate(spans) for _contract in range(start, end)]


@dataclass(frozen=True, slots=True)
class Solution:
    """`held[a]` is the contract applicant a ends with, or NONE; `closed` are places in order of closing."""

    held: list[int]
    closed: tuple[int, ...] = ()


def solve(problem: Problem) -> Solution:
    """The best stable outcome for applicants, with the minimum sizes treated as the problem's rule says."""
    market = _Market(problem)
    market.run(list(problem.place_open))
    closed: list[int] = []
    if problem.min_size_rule != MinSize.IGNORE:
        closed = _close(market)
    if problem.min_size_rule == MinSize.CLOSE_REOPEN:
        market = _reopen(market, closed)
    return Solution(market.held, tuple(closed))


class _Market:
    """Who holds what while applicants go down their lists."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.first = problem.first
        self.pool = problem.pool
        self.weight = problem.weight
        self.applicant = problem.applicant
        self.pool_seats = problem.pool_seats
        self.pool_place = problem.pool_place
        self.place_company = problem.place_company
        self.pool_company = [self.place_company[place] for place in self.pool_place]
        self.company_capacity = problem.company_capacity

    def run(self, is_open: list[bool]) -> None:
        """Compute the outcome over the open places from the start."""
        self.is_open = is_open
        applicants = len(self.first) - 1
        self.held = [NONE] * applicants
        self.next = list(self.first[:-1])
        self.filled = [0] * len(self.place_company)
        self.pool_filled = [0] * len(self.pool_seats)
        self.company_filled = [0] * len(self.company_capacity)
        self.company_refused = [False] * len(self.company_capacity)
        self.pool_heap: list[list[tuple[int, int]]] = [[] for _ in self.pool_seats]
        self.company_heap: list[list[tuple[int, int]]] = [[] for _ in self.company_capacity]
        self._propose(list(range(applicants - 1, -1, -1)))

    def close(self, place: int) -> None:
        """Take a place out; the outcome is the one of the market without it."""
        self.is_open[place] = False
        company = self.place_company[place]
        if company != NONE and self.company_refused[company]:
            # Seats of the company become free again for those whom it refused earlier.
            self.run(self.is_open)
            return
        loose = [contract for contract in self.held if contract != NONE and self.place_of(contract) == place]
        for contract in loose:
            self._release(contract)
        self._propose([self.applicant[contract] for contract in loose])

    def place_of(self, contract: int) -> int:
        return self.pool_place[self.pool[contract]]

    def _propose(self, waiting: list[int]) -> None:
        """Let the waiting applicants, and all whom they push out, offer contracts until nobody has any left."""
        first, pool, is_open = self.first, self.pool, self.is_open
        while waiting:
            applicant = waiting.pop()
            contract = self.next[applicant]
            end = first[applicant + 1]
            while contract < end and not is_open[self.pool_place[pool[contract]]]:
                contract += 1
            self.next[applicant] = contract + 1
            if contract >= end:
                continue
            refused = self._offer(applicant, contract)
            if refused != NONE:
                waiting.append(self.applicant[refused])

    def _offer(self, applicant: int, contract: int) -> int:
        """Hold the contract; give back the one that has to go for it (perhaps itself), or NONE."""
        pool = self.pool[contract]
        company = self.pool_company[pool]
        entry = (self.weight[contract], contract)
        self.held[applicant] = contract
        self.filled[self.pool_place[pool]] += 1
        self.pool_filled[pool] += 1
        heappush(self.pool_heap[pool], entry)
        if company != NONE:
            self.company_filled[company] += 1
            heappush(self.company_heap[company], entry)
        if self.pool_filled[pool] > self.pool_seats[pool]:
            refused = self._lightest(self.pool_heap[pool])
        elif company != NONE and self.company_filled[company] > self.company_capacity[company]:
            refused = self._lightest(self.company_heap[company])
            self.company_refused[company] = True
        else:
            return NONE
        self._release(refused)
        return refused

    def _lightest(self, heap: list[tuple[int, int]]) -> int:
        """The lightest contract that is still held; those refused elsewhere are dropped on the way."""
        while True:
            _, contract = heappop(heap)
            if self.held[self.applicant[contract]] == contract:
                return contract

    def _release(self, contract: int) -> None:
        pool = self.pool[contract]
        self.held[self.applicant[contract]] = NONE
        self.filled[self.pool_place[pool]] -= 1
        self.pool_filled[pool] -= 1
        if self.pool_company[pool] != NONE:
            self.company_filled[self.pool_company[pool]] -= 1


def _short(market: _Market) -> Iterator[int]:
    """Open places below their minimum size."""
    for place, minimum in enumerate(market.problem.min_size):
        if market.is_open[place] and market.filled[place] < minimum:
            yield place


def _close(market: _Market) -> list[int]:
    """Close the emptiest place until every open one has its minimum size."""

    def emptiness(place: int) -> tuple[Fraction, int, int]:
        filled = market.filled[place]
        return Fraction(filled, market.problem.min_size[place]), filled, place

    closed = []
    while (emptiest := min(_short(market), key=emptiness, default=None)) is not None:
        market.close(emptiest)
        closed.append(emptiest)
    return closed


def _reopen(market: _Market, closed: list[int]) -> _Market:
    """Open closed places again, one at a time, where enough applicants wait and all minimum sizes then hold."""
    minimum = market.problem.min_size
    capacity = [0] * len(minimum)
    for place, seats in zip(market.pool_place, market.pool_seats, strict=True):
        capacity[place] += seats
    while True:
        interested = _interested(market, {place for place in closed if minimum[place] <= capacity[place]})
        promising = [place for place, number in interested.items() if number >= minimum[place]]
        promising.sort(key=lambda place: (-interested[place], place))
        for place in promising:
            trial = _Market(market.problem)
            trial.run([is_open or other == place for other, is_open in enumerate(market.is_open)])
            if next(_short(trial), None) is None:
                market = trial
                closed.remove(place)
                break
        else:
            return market


def _interested(market: _Market, places: set[int]) -> dict[int, int]:
    """How many applicants would rather have a contract at each of the places than what they hold."""
    interested = dict.fromkeys(places, 0)
    for applicant, held in enumerate(market.held):
        start, end = market.first[applicant], market.first[applicant + 1]
        better = range(start, end if held == NONE else held)
        for place in {market.place_of(contract) for contract in better} & places:
            interested[place] += 1
    return interested

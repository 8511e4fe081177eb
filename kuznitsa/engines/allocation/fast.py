"""The fast path: the rules of `solver` on flat tables, for campaigns of a hundred thousand and of a country.

Needs NumPy and numba. The loops are in `gathering` and `kernel`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.allocation.model import MinSize
from kuznitsa.engines.allocation.solver import NONE, Problem, Solution

Numbers = npt.NDArray[np.integer]
# What one 64-bit number has room for.
WIDEST = 62


class TooLarge(ValueError):
    """The market does not fit the tables of this path; the plain one has no limits."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """A market as arrays; contracts of applicant a are the rows `first[a]:first[a + 1]`, best first.

    `luck` is a rank, unique, larger wins; scores are not negative. `company` of a pool is NONE without a limit.
    A pool numbered as many as there are is no pool at all: nobody is taken there. With `end` the list of
    applicant a ends at the row `end[a]`.
    """

    first: Numbers
    pool: Numbers
    score: Numbers
    luck: Numbers
    seats: Numbers
    company: Numbers
    company_capacity: Numbers
    end: Numbers | None = None


def arrays_of(problem: Problem) -> Arrays:
    """Return the arrays of a problem: weights are taken apart into score and luck again."""
    first = np.asarray(problem.first, dtype=np.int64)
    applicants = len(first) - 1
    try:
        weight = np.asarray(problem.weight, dtype=np.int64)
    except OverflowError:
        raise TooLarge from None
    luck = np.arange(applicants, dtype=np.int32)
    lists = np.flatnonzero(np.diff(first))
    # Who has no contract needs no luck, but a number that is nobody else's.
    taken = weight[first[lists]] % max(applicants, 1)
    free = np.setdiff1d(luck, taken, assume_unique=True)
    luck[lists] = taken
    luck[np.setdiff1d(np.arange(applicants), lists, assume_unique=True)] = free
    place_company = np.asarray(problem.place_company, dtype=np.int64)
    pool_place = np.asarray(problem.pool_place, dtype=np.int64)
    return Arrays(
        first=first,
        pool=np.asarray(problem.pool, dtype=np.int32),
        score=weight // max(applicants, 1),
        luck=luck,
        seats=np.asarray(problem.pool_seats, dtype=np.int64),
        company=place_company[pool_place] if len(pool_place) else place_company[:0],
        company_capacity=np.asarray(problem.company_capacity, dtype=np.int64),
    )


def _spare(seats: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For how many more than there are seats there is room while `gathering` is at work."""
    return seats // 4 + 8


class Market:
    """Who holds what: the tables of `kernel`, filled by `run` and changed by `close`."""

    def __init__(self, arrays: Arrays) -> None:
        from kuznitsa.engines.allocation import gathering, kernel

        self.kernel, self.gathering = kernel, gathering
        self.arrays = arrays
        applicants, pools = len(arrays.first) - 1, len(arrays.seats) + 1
        self.score_bits = int(arrays.score.max(initial=0)).bit_length()
        self.luck_bits = max(applicants - 1, 0).bit_length()
        if (
            self.score_bits + max(self.luck_bits, pools.bit_length()) > WIDEST
            or len(arrays.pool) > np.iinfo(np.int32).max
        ):
            raise TooLarge
        self.contracts = np.empty(len(arrays.pool), dtype=np.int64)
        self.applicants = np.empty((applicants, 4), dtype=np.int32)
        demand = np.zeros(pools, dtype=np.int64)
        kernel.pack(
            arrays.first,
            arrays.pool,
            arrays.score,
            arrays.luck,
            self.score_bits,
            self.applicants,
            self.contracts,
            demand,
        )
        if arrays.end is not None:
            self.applicants[:, kernel.END] = arrays.end
        # More seats than those who ask are as good as one for each.
        self.seats = np.minimum(np.append(np.maximum(arrays.seats, 0), 0), demand)
        self.is_limited = bool((arrays.company != NONE).any())
        # `gathering` needs room for more; without company limits heaps are quicker.
        self.room = np.minimum(self.seats + _spare(self.seats), demand) if self.is_limited else self.seats
        self.by_luck = np.empty(applicants, dtype=np.int32)
        self.by_luck[arrays.luck] = np.arange(applicants, dtype=np.int32)
        self.stack = np.empty(applicants, dtype=np.int32)
        self.held = np.empty(applicants, dtype=np.int32)
        self._lay_out_companies()

    def _lay_out_companies(self) -> None:
        """Give every company a tree over its pools, and every pool its leaf."""
        self.company = company = np.append(self.arrays.company, NONE)
        belongs = np.flatnonzero(company != NONE)
        belongs = belongs[np.argsort(company[belongs], kind="stable")]
        leaves = np.bincount(company[belongs], minlength=len(self.arrays.company_capacity)).astype(np.int64)
        before = np.cumsum(leaves) - leaves
        self.leaf = np.zeros(len(company), dtype=np.int64)
        self.leaf[belongs] = np.arange(len(belongs)) - np.repeat(before, leaves)
        # A tree of k leaves has the nodes 1 to 2k - 1, its leaves from k on; place 0 stays empty.
        self.tree_start = 2 * before
        self.leaves = leaves
        self.members = np.zeros(2 * len(belongs), dtype=np.int64)
        rows = self.tree_start[company[belongs]] + leaves[company[belongs]] + self.leaf[belongs]
        self.members[rows] = belongs

    def run(self, is_shut: npt.NDArray[np.bool_]) -> None:
        """Compute the outcome from the start, without the pools that are shut."""
        self.reset(is_shut)
        waiting = len(self.stack)
        if self.is_limited:
            waiting = self.gathering.gather(
                self.stack, waiting, self.applicants, self.contracts, self.pools, self.heap, self.by_luck,
                self.score_bits, self.luck_bits, self.companies, self.members,
            )  # fmt: skip
            self.gathering.settle(self.pools, self.heap, self.companies, self.tree, self.members)
        self.propose(waiting)

    def reset(self, is_shut: npt.NDArray[np.bool_]) -> None:
        """Put everybody at the start of their list, with nothing held."""
        kernel, arrays = self.kernel, self.arrays
        seats = np.where(np.append(is_shut, True), 0, self.seats)
        self.pools = np.zeros((len(seats), 8), dtype=np.int64)
        self.pools[:, kernel.CUT_OFF] = np.where(seats == 0, kernel.SHUT, NONE)
        self.pools[:, kernel.SEATS] = seats
        self.pools[:, kernel.HEAP] = np.cumsum(self.room) - self.room
        self.pools[:, kernel.ROOM] = self.room
        self.pools[:, kernel.COMPANY] = self.company
        self.pools[:, kernel.LEAF] = self.leaf
        self.heap = np.empty(int(self.room.sum()) + 1, dtype=np.int64)
        self.companies = np.zeros((len(self.leaves), 8), dtype=np.int64)
        capacity = np.clip(arrays.company_capacity, 0, len(self.stack)).astype(np.int64)
        self.companies[:, kernel.CAPACITY] = capacity
        # With many pools it takes long to let go, and must not be done for each few applicants.
        self.companies[:, kernel.ROOM] = capacity + _spare(capacity + self.leaves)
        self.companies[:, kernel.TREE] = self.tree_start
        self.companies[:, kernel.LEAVES] = self.leaves
        self.companies[:, kernel.LIGHTEST] = kernel.SHUT
        self.tree = np.full(len(self.members), kernel.SHUT, dtype=np.int64)
        self.applicants[:, kernel.NEXT] = arrays.first[:-1]
        self.stack[:] = np.arange(len(self.stack) - 1, -1, -1)

    def propose(self, waiting: int) -> None:
        """Let the `waiting` applicants on the stack offer contracts until nobody has any left."""
        tables = (self.applicants, self.contracts, self.pools, self.heap, self.by_luck, self.score_bits, self.luck_bits)
        if self.is_limited:
            self.kernel.propose_limited(self.stack, waiting, *tables, self.companies, self.tree, self.members)
        else:
            self.kernel.propose(self.stack, waiting, *tables)

    def holdings(self) -> npt.NDArray[np.int32]:
        """Return the contract that every applicant holds, or NONE."""
        self.kernel.hold(self.pools, self.heap, self.by_luck, self.luck_bits, self.applicants, self.held)
        return self.held


class _Sized:
    """A market whose places have minimum sizes; the pools of a place stand together."""

    def __init__(self, problem: Problem) -> None:
        self.market = Market(arrays_of(problem))
        self.pool_place = np.asarray(problem.pool_place, dtype=np.int64)
        places = len(problem.place_company)
        self.first_pool = np.searchsorted(self.pool_place, np.arange(places + 1))
        try:
            self.min_size = np.asarray(problem.min_size, dtype=np.int64)
        except OverflowError:
            raise TooLarge from None
        if self.min_size.max(initial=0) * float(len(problem.first)) >= 2.0**WIDEST:
            raise TooLarge
        self.is_open = np.asarray(problem.place_open, dtype=bool)
        self.capacity = np.bincount(self.pool_place, weights=problem.pool_seats, minlength=places)

    def run(self, is_open: npt.NDArray[np.bool_]) -> None:
        self.market.run(~is_open[self.pool_place])

    def emptiest(self, is_open: npt.NDArray[np.bool_]) -> int:
        kernel = self.market.kernel
        return int(kernel.emptiest(self.market.pools, self.first_pool, self.min_size, is_open))

    def close(self) -> list[int]:
        """Close the emptiest place until every open one has its minimum size."""
        market, kernel = self.market, self.market.kernel
        closed = []
        while (place := self.emptiest(self.is_open)) != NONE:
            closed.append(place)
            self.is_open[place] = False
            companies = market.pools[self.first_pool[place] : self.first_pool[place + 1], kernel.COMPANY]
            if any(company != NONE and market.companies[company, kernel.REFUSED] for company in companies[:1]):
                # Seats of the company become free again for those whom it refused earlier.
                self.run(self.is_open)
                continue
            waiting = kernel.shut(
                place, self.first_pool, market.pools, market.heap, market.by_luck, market.luck_bits,
                market.companies, market.tree, market.stack,
            )  # fmt: skip
            market.propose(waiting)
        return closed

    def reopen(self, closed: list[int]) -> None:
        """Open closed places again, one at a time, where enough applicants wait and all minimum sizes then hold."""
        while True:
            for place in self._promising(closed):
                self.is_open[place] = True
                self.run(self.is_open)
                if self.emptiest(self.is_open) == NONE:
                    closed.remove(place)
                    break
                self.is_open[place] = False
            else:
                self.run(self.is_open)
                return

    def _promising(self, closed: list[int]) -> list[int]:
        market = self.market
        counted = np.zeros(len(self.is_open), dtype=bool)
        counted[closed] = True
        counted &= self.min_size <= self.capacity
        interest = np.zeros(len(counted), dtype=np.int64)
        market.kernel.interested(
            market.applicants, market.arrays.first, market.holdings(), market.contracts, market.score_bits,
            self.pool_place, counted, interest,
        )  # fmt: skip
        places = np.flatnonzero(counted & (interest >= self.min_size))
        return [int(place) for place in places[np.lexsort((places, -interest[places]))]]


def solve(problem: Problem) -> Solution:
    """Return the best stable outcome for applicants, as `solver.solve` does. Raises TooLarge."""
    if problem.min_size_rule == MinSize.IGNORE:
        market = Market(arrays_of(problem))
        is_open = np.asarray(problem.place_open, dtype=bool)
        market.run(~is_open[np.asarray(problem.pool_place, dtype=np.int64)])
        return Solution(market.holdings().tolist())
    sized = _Sized(problem)
    sized.run(sized.is_open)
    closed = sized.close()
    if problem.min_size_rule == MinSize.CLOSE_REOPEN:
        sized.reopen(closed)
    return Solution(sized.market.holdings().tolist(), tuple(closed))


def rehearse() -> None:
    """Call every loop that `solve` calls, so that all are compiled: two small markets, without companies and with."""
    for company in (NONE, 0):
        market = Problem(
            first=[0, 2, 4, 5],
            pool=[0, 1, 0, 1, 1],
            weight=[5, 4, 3, 2, 1],
            pool_seats=[2, 2],
            pool_place=[0, 1],
            place_company=[company, company],
            company_capacity=[2],
            place_open=[True, True],
            min_size=(3, 2),
            min_size_rule=MinSize.CLOSE_REOPEN,
        )
        solve(market)

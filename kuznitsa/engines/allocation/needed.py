"""Which score would have been enough: what happens when one seat more is taken, step by step."""

from bisect import insort
from collections.abc import Sequence
from functools import reduce
from itertools import chain as chained

from kuznitsa.engines.allocation.market import Market
from kuznitsa.engines.allocation.model import MinSize
from kuznitsa.engines.allocation.solver import NONE

# Weights of two different applicants, the heavier first.
_Two = tuple[int, int]
# What a weight is made of, as `Market.parts` says.
_Parts = tuple[int, int, int]
NOBODY: _Two = (NONE, NONE)


class NeededScores:
    """Scores with which refused contracts would have been accepted for good, found from the outcome itself.

    One seat of the contract's pool is taken away, and whoever is pushed out goes on down their list, and so on. The
    score that outweighs everybody else refused where the seat was is enough, whatever else happens: with it there are
    no other offers than in this chain. It is the smallest such score for a last choice, and nearly always for others;
    a smaller one is enough only when the applicant's own later choices started a chain that led back here. A chain
    changes nothing: it is undone, and one is enough for all who were refused by a pool.
    """

    def __init__(self, market: Market, held: Sequence[int], closed: set[int]) -> None:
        problem = market.problem
        self.market = market
        self.first, self.pool, self.weight = problem.first, problem.pool, problem.weight
        self.seats, self.held = problem.pool_seats, held
        self.is_shut = [place in closed or not problem.place_open[place] for place in problem.pool_place]
        self.company = [problem.place_company[place] for place in problem.pool_place]
        self.pools_of: list[list[int]] = [[] for _ in problem.company_capacity]
        for pool, company in enumerate(self.company):
            if company != NONE:
                self.pools_of[company].append(pool)
        self.room = list(problem.company_capacity)
        self.applicants = max(len(held), 1)
        self.by_luck = [0] * self.applicants
        for applicant, luck in enumerate(market.luck):
            self.by_luck[luck] = applicant
        # The weights held in every pool, the lightest first.
        self.admitted: list[list[int]] = [[] for _ in self.seats]
        for contract in held:
            if contract != NONE:
                pool = self.pool[contract]
                self.admitted[pool].append(self.weight[contract])
                if self.company[pool] != NONE:
                    self.room[self.company[pool]] -= 1
        for weights in self.admitted:
            weights.sort()
        # Groups that close when others fill differently make any such number uncertain.
        rules = market.instance.rules
        self.is_known = rules.min_size == MinSize.IGNORE or not any(problem.min_size)
        self.next_in_line = self._next_in_line() if any(self.pools_of) else []
        # What is the same for all whom a pool refused, found when it is first asked for.
        self.rivals: dict[int, tuple[_Parts | None, _Parts | None]] = {}
        self.lightest: dict[int, _Parts | None] = {}
        self.class_size = self.applicants * max(len(market.scores), 1)

    def _next_in_line(self) -> list[_Two]:
        """The two heaviest contracts of different applicants that every pool has refused; NONE where there are none.

        An applicant has at most one contract with a pool.
        """
        heaviest = [NOBODY] * len(self.seats)
        for applicant, contract in enumerate(self.held):
            start, end = self.first[applicant], self.first[applicant + 1]
            for row in range(start, end if contract == NONE else contract):
                pool, weight = self.pool[row], self.weight[row]
                first, second = heaviest[pool]
                if weight > second and not self.is_shut[pool]:
                    heaviest[pool] = (weight, first) if weight > first else (first, weight)
        return heaviest

    def of_two(self, two: _Two, weight: int) -> _Two:
        """The two heaviest, each of another applicant, of `two` and one more."""
        first, second = two
        if weight % self.applicants == first % self.applicants and first != NONE:
            return (max(first, weight), second)
        return (weight, first) if weight > first else (first, max(second, weight))

    def of_choice(self, contracts: Sequence[int]) -> list[int | None]:
        """The score that is enough at each pool of one refused choice, given in the order in which they are tried.

        None where no score is, or where the same score would also change what happens in a pool tried before.
        """
        needed: list[int | None] = []
        for number, contract in enumerate(contracts):
            score = self._of(contract) if self.is_known else None
            if score is not None and any(self._is_tried(earlier, score) for earlier in contracts[:number]):
                score = None
            needed.append(score)
        return needed

    def _of(self, contract: int) -> int | None:
        pool, weight = self.pool[contract], self.weight[contract]
        if pool not in self.rivals:
            heaviest, next_heaviest = self._heaviest_rivals(pool)
            self.rivals[pool] = (self._parts(heaviest), self._parts(next_heaviest))
        rival, next_rival = self.rivals[pool]
        luck = weight % self.applicants
        # Nobody is their own rival: whoever gets this seat leaves the other.
        if rival is not None and rival[2] == luck:
            rival = next_rival
        if rival is None or rival[0] != weight // self.class_size:
            return None
        return rival[1] if luck > rival[2] else rival[1] + 1

    def _parts(self, weight: int) -> _Parts | None:
        return None if weight == NONE else self.market.parts(weight)

    def _is_tried(self, contract: int, score: int) -> bool:
        """Whether a contract with this score would not be refused at once."""
        pool, weight = self.pool[contract], self.weight[contract]
        if pool not in self.lightest:
            self.lightest[pool] = self._parts(self._lightest_that_refuses(pool))
        last = self.lightest[pool]
        return last is None or (weight // self.class_size, score, weight % self.applicants) > last

    def _lightest_that_refuses(self, pool: int) -> int:
        if len(self.admitted[pool]) >= self.seats[pool]:
            return self.admitted[pool][0] if self.admitted[pool] else NONE
        company = self.company[pool]
        if company == NONE or self.room[company] > 0:
            return NONE
        return min((self.admitted[other][0] for other in self.pools_of[company] if self.admitted[other]), default=NONE)

    def _heaviest_rivals(self, pool: int) -> _Two:
        """The two heaviest contracts that would come back if the seat taken away were given back."""
        company = self.company[pool]
        chain = _Chain(self, pool)
        chain.run()
        found = [chain.refused.get(pool, NOBODY)]
        if company != NONE:
            found.append(self.next_in_line[pool])
            if chain.is_company_full(company):
                for other in self.pools_of[company]:
                    if other != pool and len(self.admitted[other]) < self.seats[other]:
                        found += [chain.refused.get(other, NOBODY), self.next_in_line[other]]
        chain.undo()
        return reduce(self.of_two, chained.from_iterable(found), NOBODY)


class _Chain:
    """What follows when a pool, and its company, has one seat less."""

    def __init__(self, state: NeededScores, pool: int) -> None:
        self.state = state
        self.short_pool = pool
        self.short_company = state.company[pool]
        self.log: list[tuple[int, int, int]] = []
        self.row_of: dict[int, int] = {}
        # The two heaviest contracts refused in every pool that refused any.
        self.refused: dict[int, _Two] = {}

    def run(self) -> None:
        state, pool = self.state, self.short_pool
        loose = NONE
        if len(state.admitted[pool]) > self.seats(pool):
            loose = self._remove(pool)
        elif self.short_company != NONE and state.room[self.short_company] < 1:
            lightest = self._lightest_pool(self.short_company)
            loose = NONE if lightest == NONE else self._remove(lightest)
        while loose != NONE:
            loose = self._settle(loose)

    def undo(self) -> None:
        state = self.state
        for pool, entered, left in reversed(self.log):
            weights = state.admitted[pool]
            company = state.company[pool]
            if entered != NONE:
                weights.remove(entered)
                if company != NONE:
                    state.room[company] += 1
            if left != NONE:
                insort(weights, left)
                if company != NONE:
                    state.room[company] -= 1

    def seats(self, pool: int) -> int:
        return self.state.seats[pool] - (pool == self.short_pool)

    def is_company_full(self, company: int) -> bool:
        return self.state.room[company] <= (company == self.short_company)

    def _lightest_pool(self, company: int) -> int:
        state = self.state
        some = (pool for pool in state.pools_of[company] if state.admitted[pool])
        return min(some, key=lambda pool: state.admitted[pool][0], default=NONE)

    def _settle(self, weight: int) -> int:
        """Let who held this weight go down their list until they are taken; return the weight pushed out, or NONE."""
        state = self.state
        applicant = state.by_luck[weight % state.applicants]
        row = self.row_of.get(applicant, state.held[applicant])
        for contract in range(row + 1, state.first[applicant + 1]):
            pool, offered = state.pool[contract], state.weight[contract]
            if state.is_shut[pool]:
                continue
            admitted, company = state.admitted[pool], state.company[pool]
            if len(admitted) >= self.seats(pool):
                loser = pool if admitted and offered > admitted[0] else NONE
            elif company != NONE and self.is_company_full(company):
                loser = self._lightest_pool(company)
                if loser != NONE and offered < state.admitted[loser][0]:
                    loser = NONE
            else:
                self._enter(applicant, contract)
                return NONE
            if loser == NONE:
                self._note(pool, offered)
                continue
            pushed_out = self._remove(loser)
            self._enter(applicant, contract)
            return pushed_out
        return NONE

    def _enter(self, applicant: int, contract: int) -> None:
        state = self.state
        pool = state.pool[contract]
        insort(state.admitted[pool], state.weight[contract])
        if state.company[pool] != NONE:
            state.room[state.company[pool]] -= 1
        self.row_of[applicant] = contract
        self.log.append((pool, state.weight[contract], NONE))

    def _remove(self, pool: int) -> int:
        state = self.state
        weight = state.admitted[pool].pop(0)
        if state.company[pool] != NONE:
            state.room[state.company[pool]] += 1
        self._note(pool, weight)
        self.log.append((pool, NONE, weight))
        return weight

    def _note(self, pool: int, weight: int) -> None:
        self.refused[pool] = self.state.of_two(self.refused.get(pool, NOBODY), weight)

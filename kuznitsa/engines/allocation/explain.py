"""Why a choice ended as it did: the cut-offs of an outcome and where each applicant stood."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kuznitsa.engines.allocation.market import Market, Weight
from kuznitsa.engines.allocation.model import BadInput, Choice, Instance, Outcome, Reason, Result
from kuznitsa.engines.allocation.needed import NeededScores
from kuznitsa.engines.allocation.solver import NONE
from kuznitsa.engines.language import translate as _

WAITING = frozenset({Reason.PLACE_FULL, Reason.COMPANY_FULL})
DROPPED = frozenset({Reason.UNKNOWN_PLACE, Reason.DUPLICATE_CHOICE})
# Nothing was weighed here.
UNDECIDED = DROPPED | {Reason.NOT_NEEDED, Reason.NOT_ELIGIBLE, Reason.NO_SEATS}


class Standing(NamedTuple):
    """Where an applicant stood for the seats of one pool.

    `cut_off` and `company_cut_off` are the lightest contracts admitted; None while a seat is free.
    `queue` is 1 for the next in line. `needed_score` is enough for a seat of this pool (see `NeededScores`); None
    where no score is, and where groups close for being too small.
    """

    pool: str
    weight: Weight
    cut_off: Weight | None
    company_cut_off: Weight | None
    queue: int | None = None
    needed_score: int | None = None


class Refusal(NamedTuple):
    """What is kept of a `Standing` where all seats were taken: few values of many."""

    pool: str
    tagged: bool
    queue: int
    needed_score: int | None


class Explanation(NamedTuple):
    """One entry of an applicant's list; `standings` has the pools of the place they may use, as they are tried.

    There are none where nothing was weighed: dropped, not needed, not eligible, no seats.
    """

    place: str
    reason: Reason
    standings: tuple[Standing, ...] = ()

    @property
    def queue(self) -> int | None:
        """The best place in a queue for a seat here."""
        return min((s.queue for s in self.standings if s.queue is not None), default=None)

    @property
    def needed_score(self) -> int | None:
        """A score that would have brought a seat here, or at a place liked better."""
        return min((s.needed_score for s in self.standings if s.needed_score is not None), default=None)


@dataclass(frozen=True, slots=True)
class PoolReport:
    """A pool of a place; `cut_off` is the lightest admitted, None while a seat is free."""

    name: str
    tag: str | None
    hard: bool
    seats: int
    taken: int
    cut_off: Weight | None


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """What became of the seats of a place.

    `endings` counts the choices that name it by how they ended, `waiting` lists who would rather have a seat here
    than what they hold, next in line first; `company_cut_off` is the lightest admitted to a company that is full.
    """

    place: str
    seats: int
    pools: tuple[PoolReport, ...]
    first_choices: int
    endings: Counter[Reason]
    waiting: tuple[str, ...]
    is_closed: bool
    company_cut_off: Weight | None

    @property
    def taken(self) -> int:
        return sum(pool.taken for pool in self.pools)

    @property
    def named(self) -> int:
        return sum(self.endings.values())

    @property
    def kept_empty(self) -> int:
        """Seats that only the group they are set aside for may have, and which it did not fill."""
        return sum(pool.seats - pool.taken for pool in self.pools if pool.hard and pool.tag is not None)


class CutOffs:
    """The lightest contract held in every full pool and company; NONE where a seat is free."""

    def __init__(self, market: Market, held: Sequence[int]) -> None:
        problem = market.problem
        self._weight = problem.weight
        self._pool = market.contract_pool
        self._company = [problem.place_company[place] for place in problem.pool_place]
        pools: list[list[int]] = [[] for _ in market.pools]
        companies: list[list[int]] = [[] for _ in market.instance.companies]
        for contract in held:
            if contract == NONE:
                continue
            pool = self._pool[contract]
            pools[pool].append(contract)
            if self._company[pool] != NONE:
                companies[self._company[pool]].append(contract)
        self.pool = self._lightest(pools, problem.pool_seats)
        self.company = self._lightest(companies, problem.company_capacity)

    def _lightest(self, admitted: list[list[int]], seats: Sequence[int]) -> list[int]:
        return [
            min(contracts, key=self._weight.__getitem__) if contracts and len(contracts) >= limit else NONE
            for contracts, limit in zip(admitted, seats, strict=True)
        ]

    def of(self, contract: int) -> tuple[int, int]:
        """The last admitted to the contract's pool and company, or NONE."""
        pool = self._pool[contract]
        company = self._company[pool]
        return self.pool[pool], NONE if company == NONE else self.company[company]

    def pool_refuses(self, contract: int) -> bool:
        """Whether all seats of the contract's pool are taken by heavier contracts."""
        last = self.pool[self._pool[contract]]
        return last != NONE and self._weight[last] > self._weight[contract]


def reasons(
    market: Market, raw: Instance, held: Sequence[int], closed: Collection[str]
) -> dict[str, tuple[Outcome, ...]]:
    """A reason for every entry of every applicant's list, in input order."""
    cut_offs = CutOffs(market, held)
    judge = _Judge(market, cut_offs, closed)
    listed: dict[str, tuple[Choice, ...]] = {}
    for applicant in raw.applicants:
        listed.setdefault(applicant.id, applicant.choices)
    return {
        applicant.id: tuple(judge.outcomes(number, listed[applicant.id], held[number]))
        for number, applicant in enumerate(market.instance.applicants)
    }


class _Judge:
    """Finds the first reason that applies, in the published order."""

    def __init__(self, market: Market, cut_offs: CutOffs, closed: Collection[str]) -> None:
        self.market = market
        self.cut_offs = cut_offs
        self.closed = set(closed)
        empty_companies = {company.id for company in market.instance.companies if company.capacity == 0}
        self.without_seats = {
            place.id for place in market.instance.places if place.capacity == 0 or place.company in empty_companies
        }

    def outcomes(self, number: int, choices: tuple[Choice, ...], held: int) -> list[Outcome]:
        market = self.market
        assigned = None if held == NONE else market.seat(held).place
        found = []
        seen: set[str] = set()
        satisfied = False
        starts = market.choice_first[number]
        for choice in choices:
            place = choice.place
            if place not in market.place_number:
                reason = Reason.UNKNOWN_PLACE
            elif place in seen:
                reason = Reason.DUPLICATE_CHOICE
            else:
                position = len(seen)
                seen.add(place)
                if place == assigned:
                    satisfied, reason = True, Reason.ASSIGNED
                elif satisfied:
                    reason = Reason.NOT_NEEDED
                else:
                    reason = self._refusal(choice, range(starts[position], starts[position + 1]))
            found.append(Outcome(place, reason))
        return found

    def _refusal(self, choice: Choice, contracts: range) -> Reason:
        if choice.score is None:
            return Reason.NOT_ELIGIBLE
        if choice.place in self.without_seats:
            return Reason.NO_SEATS
        if not contracts:
            return Reason.NOT_ELIGIBLE
        if choice.place in self.closed:
            return Reason.GROUP_NOT_OPENED
        if all(self.cut_offs.pool_refuses(contract) for contract in contracts):
            return Reason.PLACE_FULL
        return Reason.COMPANY_FULL


class Explained:
    """An outcome seen from every side: what became of every choice, and of the seats of every place.

    Asks for nothing but the instance and its result; building it costs about as much as the allocation.
    """

    def __init__(self, market: Market, raw: Instance, result: Result) -> None:
        self.market = market
        self.held = market.held(result)
        self.closed = market.closed_numbers(result.closed)
        self.cut_offs = CutOffs(market, self.held)
        self.outcomes = result.explanations or reasons(market, raw, self.held, result.closed)
        self._waiting = _waiting(market, self.held, self.closed)
        self._queues = _queues(market, self._waiting)
        self._needed = NeededScores(market, self.held, self.closed)
        self._last: dict[int, Weight] = {}

    def choices(self, applicant: str) -> list[Explanation]:
        """Every entry of the applicant's list, in its order."""
        market = self.market
        number = market.applicant_number[applicant]
        starts = market.choice_first[number]
        wishes = market.instance.applicants[number].choices
        spans = {choice.place: range(starts[i], starts[i + 1]) for i, choice in enumerate(wishes)}
        return [
            Explanation(place, reason, () if reason in UNDECIDED else self._standings(reason, spans[place]))
            for place, reason in self.outcomes[applicant]
        ]

    def refusals(self, applicant: str) -> list[tuple[str, Reason, list[Refusal]]]:
        """What `choices` says, in short and in a third of the time: of the pools only those one waits for."""
        outcomes = self.outcomes[applicant]
        if not any(outcome.reason in WAITING for outcome in outcomes):
            return [(place, reason, []) for place, reason in outcomes]
        market = self.market
        number = market.applicant_number[applicant]
        starts = market.choice_first[number]
        positions = {choice.place: i for i, choice in enumerate(market.instance.applicants[number].choices)}
        found = []
        for place, reason in outcomes:
            refused: list[Refusal] = []
            if reason in WAITING:
                contracts = range(starts[positions[place]], starts[positions[place] + 1])
                refused = [
                    Refusal(
                        market.pools[market.contract_pool[contract]][1].name,
                        market.contract_tagged[contract],
                        self._queues[contract],
                        enough,
                    )
                    for contract, enough in zip(contracts, self._needed.of_choice(contracts), strict=True)
                ]
            found.append((place, reason, refused))
        return found

    def _standings(self, reason: Reason, contracts: range) -> tuple[Standing, ...]:
        waits = reason in WAITING
        needed = self._needed.of_choice(contracts) if waits else [None] * len(contracts)
        return tuple(
            self._standing(contract, self._queues[contract] if waits else None, enough)
            for contract, enough in zip(contracts, needed, strict=True)
        )

    def _standing(self, contract: int, queue: int | None, enough: int | None) -> Standing:
        market = self.market
        of_pool, of_company = self.cut_offs.of(contract)
        return Standing(
            pool=market.pools[market.contract_pool[contract]][1].name,
            weight=market.weight(contract),
            cut_off=self._weight(of_pool),
            company_cut_off=self._weight(of_company),
            queue=queue,
            needed_score=enough,
        )

    def _weight(self, contract: int) -> Weight | None:
        if contract == NONE:
            return None
        if contract not in self._last:
            self._last[contract] = self.market.weight(contract)
        return self._last[contract]

    def places(self) -> list[PlaceReport]:
        """What became of the seats of every place, in the order of their ids."""
        market = self.market
        taken = Counter(market.contract_pool[contract] for contract in self.held if contract != NONE)
        pools: dict[str, list[PoolReport]] = {place.id: [] for place in market.instance.places}
        for number, (place_id, pool) in enumerate(market.pools):
            last = self._weight(self.cut_offs.pool[number])
            pools[place_id].append(PoolReport(pool.name, pool.tag, pool.hard, pool.seats, taken[number], last))
        endings, first = self._endings()
        waiting = self._waiting_lists()
        companies = {company.id: number for number, company in enumerate(market.instance.companies)}
        closed = {market.instance.places[number].id for number in self.closed}
        return [
            PlaceReport(
                place=place.id,
                seats=place.capacity,
                pools=tuple(pools[place.id]),
                first_choices=first[place.id],
                endings=endings[place.id],
                waiting=waiting.get(place.id, ()),
                is_closed=place.id in closed,
                company_cut_off=self._weight(
                    NONE if place.company is None else self.cut_offs.company[companies[place.company]]
                ),
            )
            for place in market.instance.places
        ]

    def _endings(self) -> tuple[dict[str, Counter[Reason]], Counter[str]]:
        endings: dict[str, Counter[Reason]] = {place.id: Counter() for place in self.market.instance.places}
        first: Counter[str] = Counter()
        for outcomes in self.outcomes.values():
            first.update(outcome.place for outcome in outcomes[:1])
            for place, reason in outcomes:
                if reason not in DROPPED:
                    endings[place][reason] += 1
        return endings, first

    def _waiting_lists(self) -> dict[str, tuple[str, ...]]:
        """Who waits at every place, the heaviest first; who may use several pools counts with the best weight."""
        market, weight = self.market, self.market.problem.weight
        best: dict[int, dict[int, int]] = {}
        for number, contracts in self._waiting:
            for contract in contracts:
                at = best.setdefault(market.problem.pool_place[market.contract_pool[contract]], {})
                at[number] = max(at.get(number, NONE), weight[contract])
        names = [applicant.id for applicant in market.instance.applicants]
        return {
            market.instance.places[place].id: tuple(
                names[number] for number in sorted(at, key=at.__getitem__, reverse=True)
            )
            for place, at in best.items()
        }


def explain(
    instance: Instance, result: Result, applicants: Collection[str] | None = None
) -> dict[str, list[Explanation]]:
    """Every choice of the applicants (all when not named) with reason, own weight, cut-offs and place in the queue.

    Entries stand in the order of the applicant's list.
    """
    explained = Explained(Market(instance), instance, result)
    return {
        applicant.id: explained.choices(applicant.id)
        for applicant in explained.market.instance.applicants
        if applicants is None or applicant.id in applicants
    }


def queue(instance: Instance, result: Result, place: str, pool: str | None = None) -> list[str]:
    """Applicants who would rather have a seat of this place than what they hold, next in line first.

    With `pool`, those who may use that pool, in its order; without, in the order of their best weight here.
    The seat itself is given by `rerun`, which also knows who else moves. Raises BadInput for an unknown place.
    """
    market = Market(instance)
    if place not in market.place_number:
        raise BadInput(_("There is no place %(place)s.") % {"place": place})
    held = market.held(result)
    best: dict[int, int] = {}
    weight = market.problem.weight
    for number, contracts in _waiting(market, held, set()):
        for contract in contracts:
            seat = market.seat(contract)
            if seat.place == place and pool in (None, seat.pool):
                best[number] = max(best.get(number, NONE), weight[contract])
    return [market.instance.applicants[number].id for number in sorted(best, key=best.__getitem__, reverse=True)]


def _waiting(market: Market, held: Sequence[int], closed: set[int]) -> list[tuple[int, list[int]]]:
    """For every applicant the contracts, at other places, that they like better than the one they hold."""
    place_of = [market.problem.pool_place[pool] for pool in market.problem.pool]
    waiting = []
    for number, contract in enumerate(held):
        start, end = market.first[number], market.first[number + 1]
        own = NONE if contract == NONE else place_of[contract]
        better = range(start, end if contract == NONE else contract)
        waiting.append((number, [c for c in better if place_of[c] != own and place_of[c] not in closed]))
    return waiting


def _queues(market: Market, waiting: list[tuple[int, list[int]]]) -> dict[int, int]:
    """The place in its pool's queue of every contract that somebody waits for."""
    weight = market.problem.weight
    by_pool: dict[int, list[int]] = {}
    for _number, contracts in waiting:
        for contract in contracts:
            by_pool.setdefault(market.contract_pool[contract], []).append(contract)
    places = {}
    for contracts in by_pool.values():
        contracts.sort(key=weight.__getitem__, reverse=True)
        places.update({contract: place for place, contract in enumerate(contracts, start=1)})
    return places

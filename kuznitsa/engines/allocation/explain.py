"""Why a choice ended as it did: the cut-offs of an outcome and where each applicant stood."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kuznitsa.engines.allocation.market import Market, Weight
from kuznitsa.engines.allocation.model import BadInput, Choice, Instance, Outcome, Reason, Result
from kuznitsa.engines.allocation.rivals import heaviest_rival, without_places
from kuznitsa.engines.allocation.solver import NONE, Problem
from kuznitsa.engines.language import translate as _

WAITING = frozenset({Reason.PLACE_FULL, Reason.COMPANY_FULL})
DROPPED = frozenset({Reason.UNKNOWN_PLACE, Reason.DUPLICATE_CHOICE})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an applicant stood for the seats of one pool.

    `cut_off` and `company_cut_off` are the lightest contracts admitted; None while a seat is free.
    `queue` is 1 for the next in line. `needed_score` is computed only when it is asked for.
    """

    pool: str
    weight: Weight
    cut_off: Weight | None
    company_cut_off: Weight | None
    queue: int | None = None
    needed_score: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One entry of an applicant's list; `standings` has the pools of the place they may use, as they are tried."""

    place: str
    reason: Reason
    standings: tuple[Standing, ...] = ()

    @property
    def queue(self) -> int | None:
        """The best place in a queue for a seat here."""
        return min((s.queue for s in self.standings if s.queue is not None), default=None)

    @property
    def needed_score(self) -> int | None:
        """The smallest score that would have brought a seat here, or at a place liked better."""
        return min((s.needed_score for s in self.standings if s.needed_score is not None), default=None)


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


def explain(
    instance: Instance, result: Result, applicants: Collection[str] | None = None, *, needed_scores: bool = False
) -> dict[str, list[Explanation]]:
    """Every choice of the applicants (all when not named) with reason, own weight, cut-offs and place in the queue.

    Entries stand in the order of the applicant's list. With `needed_scores` also the smallest score that would
    have sufficed while the same groups open; each costs an allocation, so ask for the applicants to be shown.
    The score at the cut-off is not that score: whom the applicant pushes out may push others in return.
    """
    market = Market(instance)
    held = market.held(result)
    closed = market.closed_numbers(result.closed)
    cut_offs = CutOffs(market, held)
    queues = _queues(market, held, closed)
    outcomes = reasons(market, instance, held, result.closed)
    problem = without_places(market.problem, closed)
    explained = {}
    for number, applicant in enumerate(market.instance.applicants):
        if applicants is not None and applicant.id not in applicants:
            continue
        starts = market.choice_first[number]
        spans = {choice.place: range(starts[i], starts[i + 1]) for i, choice in enumerate(applicant.choices)}
        entries = []
        for place, reason in outcomes[applicant.id]:
            standings = []
            for contract in () if reason in DROPPED else spans[place]:
                standing = _standing(market, cut_offs, contract)
                if reason in WAITING:
                    needed = _needed_score(market, problem, contract) if needed_scores else None
                    standing = replace(standing, queue=queues[contract], needed_score=needed)
                standings.append(standing)
            entries.append(Explanation(place, reason, tuple(standings)))
        explained[applicant.id] = entries
    return explained


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


def _queues(market: Market, held: Sequence[int], closed: set[int]) -> dict[int, int]:
    """The place in its pool's queue of every contract that somebody waits for."""
    weight = market.problem.weight
    by_pool: dict[int, list[int]] = {}
    for _number, contracts in _waiting(market, held, closed):
        for contract in contracts:
            by_pool.setdefault(market.contract_pool[contract], []).append(contract)
    places = {}
    for contracts in by_pool.values():
        contracts.sort(key=weight.__getitem__, reverse=True)
        places.update({contract: place for place, contract in enumerate(contracts, start=1)})
    return places


def _standing(market: Market, cut_offs: CutOffs, contract: int) -> Standing:
    last, company_last = (None if c == NONE else market.weight(c) for c in cut_offs.of(contract))
    return Standing(market.seat(contract).pool, market.weight(contract), last, company_last)


def _needed_score(market: Market, problem: Problem, refused: int) -> int | None:
    """The smallest score with which a refused contract would have been accepted for good; None when none suffices."""
    own = market.weight(refused)
    rival = market.weight(heaviest_rival(problem, refused))
    if (own.holds, own.tagged) != (rival.holds, rival.tagged):
        return None
    return rival.score if own.ticket < rival.ticket else rival.score + 1

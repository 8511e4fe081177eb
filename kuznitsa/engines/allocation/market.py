"""An instance as arrays, with the way back to its names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kuznitsa.engines.allocation.cleaning import clean
from kuznitsa.engines.allocation.model import Applicant, BadInput, Instance, Pool, Result, Seat, index_of, ticket
from kuznitsa.engines.allocation.solver import NONE, Problem
from kuznitsa.engines.language import translate as _


class Weight(NamedTuple):
    """What decides at a seat, the most important first: larger wins, of tickets the smaller one."""

    holds: bool
    tagged: bool
    score: int
    ticket: str


class Market:
    """A clean instance with numbered applicants, places, pools and contracts.

    `choice_first[a][i]` is the first contract of applicant a's i-th clean choice; the next entry is its end.
    """

    def __init__(self, instance: Instance) -> None:
        cleaned, self.issues = clean(instance)
        self.instance = replace(cleaned, places=tuple(sorted(cleaned.places, key=lambda place: place.id)))
        self.place_number = index_of(place.id for place in self.instance.places)
        self.applicant_number = index_of(applicant.id for applicant in self.instance.applicants)
        self.pools: list[tuple[str, Pool]] = [
            (place.id, pool) for place in self.instance.places for pool in place.pools
        ]
        self.number_in_place = [number for place in self.instance.places for number in range(len(place.pools))]
        self.tickets = [ticket(instance.seed, applicant.id) for applicant in self.instance.applicants]
        self._list_contracts()
        self.problem = self._problem()

    def weight(self, contract: int) -> Weight:
        """The weight of a contract in the words of the rules."""
        return Weight(
            self.contract_holds[contract],
            self.contract_tagged[contract],
            self.contract_score[contract],
            self.tickets[self.contract_applicant[contract]],
        )

    def parts(self, weight: int) -> tuple[int, int, int]:
        """What a number of `problem.weight` is made of: holds and tagged as one class, score, rank of the ticket."""
        rest, luck = divmod(weight, len(self.tickets))
        kind, rank = divmod(rest, len(self.scores))
        return kind, self.scores[rank], luck

    def seat(self, contract: int) -> Seat:
        place, pool = self.pools[self.contract_pool[contract]]
        return Seat(place, pool.name)

    def closed_numbers(self, places: Iterable[str]) -> set[int]:
        return {self.place_number[place] for place in places if place in self.place_number}

    def held(self, result: Result) -> list[int]:
        """The contract every applicant holds by a result that names seats, or NONE.

        Raises BadInput when somebody is given a seat that no contract of theirs leads to.
        """
        members: dict[Seat, list[int]] = defaultdict(list)
        for number, applicant in enumerate(self.instance.applicants):
            place = result.assignment.get(applicant.id)
            if place is not None:
                members[Seat(place, result.pool.get(applicant.id, ""))].append(number)
        pools_of: dict[Seat, list[int]] = defaultdict(list)
        for number, (place, pool) in enumerate(self.pools):
            pools_of[Seat(place, pool.name)].append(number)
        held = [NONE] * len(self.instance.applicants)
        for seat, seated in members.items():
            self._seat(held, seated, pools_of.get(seat, []))
        return held

    def _seat(self, held: list[int], seated: list[int], pools: Sequence[int]) -> None:
        """Spread those who sit under one pool name over the pools of that name: heaviest first, in pool order."""
        left = seated
        for pool in pools:
            contracts = {a: c for a in left if (c := self._contract(a, pool)) != NONE}
            ranked = sorted(contracts, key=lambda a: -self.problem.weight[contracts[a]])
            chosen = ranked if pool == pools[-1] else ranked[: self.pools[pool][1].seats]
            for applicant in chosen:
                held[applicant] = contracts[applicant]
            left = [applicant for applicant in left if held[applicant] == NONE]
        if left:
            names = ", ".join(self.instance.applicants[applicant].id for applicant in left)
            raise BadInput(_("No right to the seat held: %(applicants)s.") % {"applicants": names})

    def _contract(self, applicant: int, pool: int) -> int:
        start, end = self.first[applicant], self.first[applicant + 1]
        return next((c for c in range(start, end) if self.contract_pool[c] == pool), NONE)

    def _list_contracts(self) -> None:
        """One contract for every pool an applicant may use at a place that ranked them, best first."""
        pools_at: dict[str, list[tuple[int, Pool]]] = {place.id: [] for place in self.instance.places}
        for number, (place, pool) in enumerate(self.pools):
            pools_at[place].append((number, pool))
        self.first = [0]
        self.choice_first: list[list[int]] = []
        self.contract_pool: list[int] = []
        self.contract_score: list[int] = []
        self.contract_tagged: list[bool] = []
        self.contract_holds: list[bool] = []
        for applicant in self.instance.applicants:
            starts = [len(self.contract_pool)]
            for place, score in applicant.choices:
                if score is not None:
                    self._list_choice(applicant, pools_at[place], score)
                starts.append(len(self.contract_pool))
            self.choice_first.append(starts)
            self.first.append(starts[-1])
            if applicant.holds is not None and not any(self.contract_holds[starts[0] :]):
                raise BadInput(_("No right to the seat held: %(applicants)s.") % {"applicants": applicant.id})

    def _list_choice(self, applicant: Applicant, pools: list[tuple[int, Pool]], score: int) -> None:
        for number, pool in pools:
            tagged = pool.tag is not None and pool.tag in applicant.tags
            if pool.hard and pool.tag is not None and not tagged:
                continue
            self.contract_pool.append(number)
            self.contract_score.append(score)
            self.contract_tagged.append(tagged)
            self.contract_holds.append(
                applicant.holds is not None and applicant.holds == (self.pools[number][0], pool.name)
            )

    def _problem(self) -> Problem:
        applicants = self.instance.applicants
        company_number = index_of(company.id for company in self.instance.companies)
        unlimited = {company.id for company in self.instance.companies if company.capacity is None}
        announced = self.closed_numbers(self.instance.rules.closed)
        problem = Problem(
            first=self.first,
            pool=self.contract_pool,
            weight=(),
            # More seats than applicants are as good as one for each, and fit an array.
            pool_seats=[min(pool.seats, len(applicants)) for _place, pool in self.pools],
            pool_place=[self.place_number[place] for place, _pool in self.pools],
            place_company=[
                NONE if place.company is None or place.company in unlimited else company_number[place.company]
                for place in self.instance.places
            ],
            company_capacity=[
                len(applicants) if company.capacity is None else min(company.capacity, len(applicants))
                for company in self.instance.companies
            ],
            place_open=[number not in announced for number in range(len(self.instance.places))],
            min_size=tuple(place.min_size for place in self.instance.places),
            min_size_rule=self.instance.rules.min_size,
        )
        self.contract_applicant = problem.applicant
        return replace(problem, weight=self._weights())

    def _weights(self) -> list[int]:
        """One number per contract: holds, tagged, rank of the score, rank of the ticket."""
        self.scores = sorted(set(self.contract_score))
        rank = index_of(self.scores)
        applicants = len(self.tickets)
        by_ticket = sorted(range(applicants), key=lambda number: (self.tickets[number], number), reverse=True)
        self.luck = luck = [0] * applicants
        for position, number in enumerate(by_ticket):
            luck[number] = position
        scores = max(len(rank), 1)
        return [
            ((2 * holds + tagged) * scores + rank[score]) * applicants + luck[applicant]
            for holds, tagged, score, applicant in zip(
                self.contract_holds, self.contract_tagged, self.contract_score, self.contract_applicant, strict=True
            )
        ]

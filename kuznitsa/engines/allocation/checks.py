"""An independent look at a result: is it possible, and does nobody have a reason to object?"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kuznitsa.engines.allocation.cleaning import clean
from kuznitsa.engines.allocation.model import Applicant, Instance, MinSize, Place, Pool, Result, ticket

Key = tuple[bool, bool, int, int]


@dataclass(slots=True)
class _Group:
    """Those admitted under one limit."""

    limit: int
    keys: list[Key] = field(default_factory=list)
    lightest: Key | None = None

    def settle(self) -> None:
        """Nobody else comes: from now on the lightest of a full group is the one to beat."""
        if self.keys and len(self.keys) >= self.limit:
            self.lightest = min(self.keys)

    def admits(self, key: Key) -> bool:
        return self.limit > 0 and (self.lightest is None or key >= self.lightest)


def check(instance: Instance, result: Result) -> list[str]:
    """Everything that is wrong with a result; empty when it is feasible and no contract blocks it.

    A contract blocks when its applicant likes it better than what they hold and the company would choose it.
    Shares no code with `solve` except the cleaning of the input.
    """
    cleaned, _issues = clean(instance)
    found = _Check(cleaned, result)
    found.names()
    if not found.problems:
        found.seats()
    if not found.problems:
        found.sizes()
        found.blocking()
    return found.problems


class _Check:
    def __init__(self, instance: Instance, result: Result) -> None:
        self.instance = instance
        self.result = result
        self.problems: list[str] = []
        self.places = {place.id: place for place in instance.places}
        self.luck = {a.id: -int(ticket(instance.seed, a.id), 16) for a in instance.applicants}
        self.pools: dict[tuple[str, int], _Group] = {}
        self.companies = {c.id: _Group(c.capacity) for c in instance.companies if c.capacity is not None}
        for place in instance.places:
            for number, pool in enumerate(place.pools):
                self.pools[place.id, number] = _Group(pool.seats)
        self.seat_of: dict[str, int] = {}

    def names(self) -> None:
        """The result speaks of the applicants and places of the input, and of all of them."""
        ids = {applicant.id for applicant in self.instance.applicants}
        if set(self.result.assignment) != ids:
            self.problems.append("the assignment is not about exactly the applicants of the input")
        for applicant, place in self.result.assignment.items():
            if place is not None and place not in self.places:
                self.problems.append(f"{applicant} is assigned to an unknown place {place}")
        seated = {applicant for applicant, place in self.result.assignment.items() if place is not None}
        if set(self.result.pool) != seated:
            self.problems.append("pools are not named for exactly those who have a seat")
        if unknown := set(self.result.closed) - set(self.places):
            self.problems.append(f"unknown places are closed: {sorted(unknown)}")

    def seats(self) -> None:
        """Everybody sits where they asked and may sit; no pool or company is over its limit."""
        members: dict[tuple[str, str], list[Applicant]] = defaultdict(list)
        for applicant in self.instance.applicants:
            place = self.result.assignment[applicant.id]
            if place is None:
                continue
            if place not in {choice.place for choice in applicant.choices if choice.score is not None}:
                self.problems.append(f"{applicant.id} is not eligible at {place}")
            else:
                members[place, self.result.pool[applicant.id]].append(applicant)
        for (place, name), applicants in members.items():
            self._fill(self.places[place], name, applicants)
        for (place, number), group in self.pools.items():
            if len(group.keys) > group.limit:
                name = self.places[place].pools[number].name
                self.problems.append(f"pool {name} of {place} has {len(group.keys)} for {group.limit} seats")
        for company, group in self.companies.items():
            if len(group.keys) > group.limit:
                self.problems.append(f"company {company} has {len(group.keys)} for {group.limit} seats")

    def _fill(self, place: Place, name: str, applicants: list[Applicant]) -> None:
        """Seat those under one pool name. Pools that share it are told apart by the result, or else filled in turn."""
        numbers = [number for number, pool in enumerate(place.pools) if pool.name == name]
        left = {applicant.id: applicant for applicant in applicants}
        for number in numbers:
            pool, group = place.pools[number], self.pools[place.id, number]
            allowed = sorted(
                (a for a in left.values() if _may_use(a, pool) and self.result.pool_number.get(a.id, number) == number),
                key=lambda a: self._key(a, place.id, pool),
            )
            while allowed and (number == numbers[-1] or len(group.keys) < group.limit):
                applicant = allowed.pop()
                del left[applicant.id]
                self.seat_of[applicant.id] = number
                key = self._key(applicant, place.id, pool)
                group.keys.append(key)
                if place.company in self.companies:
                    self.companies[place.company].keys.append(key)
        for applicant in left.values():
            self.problems.append(f"{applicant.id} has no right to pool {name} of {place.id}")

    def _key(self, applicant: Applicant, place: str, pool: Pool) -> Key:
        score = next(choice.score for choice in applicant.choices if choice.place == place)
        assert score is not None
        return (applicant.holds == (place, pool.name), pool.tag in applicant.tags, score, self.luck[applicant.id])

    def sizes(self) -> None:
        """Closed places are empty; open ones have their minimum size where the rules ask for it."""
        filled = Counter(self.result.assignment.values())
        rules = self.instance.rules
        closed = set(self.result.closed)
        for id_ in sorted(closed):
            if filled[id_]:
                self.problems.append(f"{id_} is closed but not empty")
            small = rules.min_size != MinSize.IGNORE and self.places[id_].min_size > 0
            if not small and id_ not in rules.closed:
                self.problems.append(f"{id_} is closed without a reason")
        for id_ in rules.closed:
            if id_ in self.places and id_ not in closed:
                self.problems.append(f"{id_} was announced as closed")
        if rules.min_size == MinSize.IGNORE:
            return
        for place in self.instance.places:
            if place.id not in closed and filled[place.id] < place.min_size:
                self.problems.append(f"{place.id} is open with {filled[place.id]} of {place.min_size}")

    def blocking(self) -> None:
        """No applicant likes a contract better that the company would choose as well."""
        closed = set(self.result.closed)
        for group in (*self.pools.values(), *self.companies.values()):
            group.settle()
        for applicant in self.instance.applicants:
            assigned = self.result.assignment[applicant.id]
            for choice in applicant.choices:
                place = self.places[choice.place]
                if choice.score is not None and place.id not in closed:
                    self._blocks(applicant, place, self.seat_of[applicant.id] if place.id == assigned else None)
                if place.id == assigned:
                    break

    def _blocks(self, applicant: Applicant, place: Place, before: int | None) -> None:
        company = None if place.company is None else self.companies.get(place.company)
        for number, pool in enumerate(place.pools[:before]):
            if not _may_use(applicant, pool):
                continue
            key = self._key(applicant, place.id, pool)
            if self.pools[place.id, number].admits(key) and (company is None or company.admits(key)):
                self.problems.append(f"{applicant.id} should have a seat in pool {pool.name} of {place.id}")


def _may_use(applicant: Applicant, pool: Pool) -> bool:
    return not pool.hard or pool.tag is None or pool.tag in applicant.tags

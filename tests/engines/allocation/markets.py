"""Generated markets, and a slow literal reading of the rules to compare with."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from kuznitsa.engines.allocation import (
    Applicant,
    Choice,
    Company,
    Instance,
    MinSize,
    Place,
    Pool,
    Result,
    Rules,
    Seat,
    allocate,
    ticket,
)
from kuznitsa.engines.allocation.cleaning import clean

TAGS = ("t", "u")
Held = dict[str, Seat | None]


@st.composite
def instances(draw, applicants=8, places=5, choices=4, min_size=MinSize.IGNORE):
    """Valid markets with ties, pools, companies and applicants who are not ranked everywhere."""
    place_ids = [f"p{number}" for number in range(draw(st.integers(1, places)))]
    companies = [Company(f"c{n}", draw(st.none() | st.integers(0, 4))) for n in range(draw(st.integers(0, 2)))]
    return Instance(
        seed=draw(st.sampled_from(["s", "семя", ""])),
        applicants=tuple(
            Applicant(
                f"a{number}",
                tuple(
                    Choice(place, draw(st.none() | st.integers(-1, 2)))
                    for place in draw(st.permutations(place_ids))[: draw(st.integers(0, choices))]
                ),
                frozenset(draw(st.sets(st.sampled_from(TAGS)))),
            )
            for number in range(draw(st.integers(0, applicants)))
        ),
        places=tuple(draw(_places(place_id, [company.id for company in companies])) for place_id in place_ids),
        companies=tuple(companies),
        rules=Rules(min_size),
    )


@st.composite
def _places(draw, place_id, companies):
    capacity = draw(st.integers(0, 4))
    pools = []
    left = capacity
    for number in range(draw(st.integers(0, 2))):
        seats = draw(st.integers(0, left))
        left -= seats
        pools.append(Pool(f"k{number}", draw(st.sampled_from([None, *TAGS])), seats, draw(st.booleans())))
    company = draw(st.sampled_from([None, *companies]))
    return Place(place_id, capacity, company, draw(st.integers(0, 3)), tuple(pools))


def preferences(instance: Instance) -> dict[str, list[Seat]]:
    """Every applicant's contracts, best first, in a clean instance."""
    places = {place.id: place for place in instance.places}
    return {
        applicant.id: [
            Seat(choice.place, pool.name)
            for choice in applicant.choices
            if choice.score is not None
            for pool in places[choice.place].pools
            if not (pool.hard and pool.tag is not None and pool.tag not in applicant.tags)
        ]
        for applicant in instance.applicants
    }


def stable_outcomes(instance: Instance) -> Iterator[Held]:
    """All stable outcomes of a small market, by trying everything."""
    cleaned, _issues = clean(instance)
    lists = preferences(cleaned)
    for seats in product(*([*contracts, None] for contracts in lists.values())):
        held = dict(zip(lists, seats, strict=True))
        if is_stable(cleaned, held):
            yield held


def is_stable(cleaned: Instance, held: Held) -> bool:
    """Whether every company chooses what it holds and would refuse whatever an applicant likes better."""
    contracts = [(applicant, seat) for applicant, seat in held.items() if seat is not None]
    if _chosen(cleaned, contracts) != set(contracts):
        return False
    for applicant, seats in preferences(cleaned).items():
        own = held[applicant]
        for seat in seats if own is None else seats[: seats.index(own)]:
            if (applicant, seat) in _chosen(cleaned, [(applicant, seat), *contracts]):
                return False
    return True


def _chosen(instance: Instance, contracts: list[tuple[str, Seat]]) -> set[tuple[str, Seat]]:
    """The contracts the companies accept: by decreasing weight while the pool and the company have room."""
    places = {place.id: place for place in instance.places}
    room: dict[object, int] = {c.id: c.capacity for c in instance.companies if c.capacity is not None}
    room |= {Seat(place.id, pool.name): pool.seats for place in instance.places for pool in place.pools}
    accepted = set()
    for applicant, seat in sorted(contracts, key=lambda contract: weight(instance, *contract), reverse=True):
        limits = [limit for limit in (seat, places[seat.place].company) if limit in room]
        if all(room[limit] > 0 for limit in limits):
            accepted.add((applicant, seat))
            for limit in limits:
                room[limit] -= 1
    return accepted


def weight(instance: Instance, applicant_id: str, seat: Seat) -> tuple[bool, int, int]:
    applicant = next(a for a in instance.applicants if a.id == applicant_id)
    score = next(choice.score for choice in applicant.choices if choice.place == seat.place)
    place = next(place for place in instance.places if place.id == seat.place)
    tag = next(pool.tag for pool in place.pools if pool.name == seat.pool)
    return tag in applicant.tags, score, -int(ticket(instance.seed, applicant_id), 16)


def seats_of(result: Result) -> Held:
    """The result as the seat of every applicant."""
    return {a: None if p is None else Seat(p, result.pool[a]) for a, p in result.assignment.items()}


def rank(instance: Instance, result: Result, applicant: Applicant) -> int:
    """The position of what an applicant got in their list, its length for nothing; less is better."""
    places = [choice.place for choice in applicant.choices]
    place = result.assignment[applicant.id]
    return len(places) if place is None else places.index(place)


def with_closing(instance: Instance) -> tuple[dict[str, str | None], list[str]]:
    """Assignment and closed places by the minimum-size rule, every outcome computed from the start."""
    closed: list[str] = []

    def outcome(without: list[str]) -> dict[str, str | None]:
        rules = Rules(MinSize.IGNORE, closed=tuple(without))
        return allocate(replace(instance, rules=rules)).assignment

    def short(assignment: dict[str, str | None], without: list[str]) -> list[Place]:
        filled = list(assignment.values())
        return [p for p in instance.places if p.id not in without and filled.count(p.id) < p.min_size]

    assignment = outcome(closed)
    while below := short(assignment, closed):
        filled = list(assignment.values())
        # Exact: the ratios of small integers are compared after multiplying both by 6.
        first = min(below, key=lambda p: (6 * filled.count(p.id) // p.min_size, filled.count(p.id), p.id))
        closed.append(first.id)
        assignment = outcome(closed)
    while instance.rules.min_size == MinSize.CLOSE_REOPEN:
        waiting = {p: _interested(instance, assignment, p) for p in instance.places if p.id in closed}
        tried = [p for p, number in waiting.items() if 0 < p.min_size <= p.capacity and number >= p.min_size]
        for place in sorted(tried, key=lambda p: (-waiting[p], p.id)):
            without = [other for other in closed if other != place.id]
            if not short(outcome(without), without):
                closed, assignment = without, outcome(without)
                break
        else:
            break
    return assignment, closed


def _interested(instance: Instance, assignment: dict[str, str | None], place: Place) -> int:
    cleaned, _issues = clean(instance)
    number = 0
    for applicant, seats in preferences(cleaned).items():
        places = list(dict.fromkeys(seat.place for seat in seats))
        assigned = assignment[applicant]
        better = places if assigned is None else places[: places.index(assigned)]
        number += place.id in better
    return number

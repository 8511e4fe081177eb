"""Runs as screens show them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from kuznitsa.admissions.enums import ApplicationState, RunKind
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, TargetOffer
from kuznitsa.admissions.queries.seats import instance_of, number_in, numbers_of
from kuznitsa.engines.allocation import OPEN_POOL, Instance
from kuznitsa.people.models import Person


@dataclass(frozen=True)
class PoolLine:
    """A pool of an offer; `cut_off` is the lowest score admitted, None while a seat is free; "" names open seats."""

    name: str
    seats: int
    given: int
    cut_off: int | None


@dataclass(frozen=True)
class OfferLine:
    """An offer in a run: seats, how many were given, how many asked, its pools with the lowest score admitted."""

    offer: TargetOffer
    name: str
    seats: int
    given: int
    asked: int
    first_choices: int
    pools: list[PoolLine]
    is_closed: bool


@dataclass(frozen=True)
class ApplicantLine:
    """An application in a run, with the person for those who may see them."""

    name: str
    person: Person | None
    offer: TargetOffer | None
    rank: int | None
    application: int


def runs_of(campaign: Campaign, user: Any) -> Any:
    """Return the runs of a campaign that the user may see, the newest first."""
    runs = AllocationRun.objects.visible_to(user).filter(campaign=campaign, kind=RunKind.FIRST)
    return runs.select_related("created_by", "approved_by", "published_by").order_by("-number")


def unchecked(campaign: Campaign) -> int:
    """Return how many sent applications the office has not checked; they do not compete."""
    return campaign.applications.filter(state=ApplicationState.SUBMITTED).count()


def cut_offs(run: AllocationRun) -> list[OfferLine]:
    """Return the offers of a run with their numbers; [] while it is being calculated."""
    if not run.result:
        return []
    instance = instance_of(run)
    offers = {
        offer.pk: offer
        for offer in TargetOffer.objects.filter(
            pk__in=[number_in(place.id) for place in instance.places]
        ).select_related("employer")
    }
    asked: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for applicant in instance.applicants:
        asked.update(choice.place for choice in applicant.choices)
        first.update(choice.place for choice in applicant.choices[:1])
    pools = _pools(run, instance)
    closed = set(run.result["closed"])
    return [
        OfferLine(
            offer=offers[number_in(place.id)],
            name=place.id,
            seats=place.capacity,
            given=sum(pool.given for pool in pools[place.id]),
            asked=asked[place.id],
            first_choices=first[place.id],
            pools=pools[place.id],
            is_closed=place.id in closed,
        )
        for place in instance.places
    ]


def _pools(run: AllocationRun, instance: Instance) -> dict[str, list[PoolLine]]:
    """Return the pools of every place, those with seats only; the lowest admitted is the one with the least weight."""
    assignment, pool_of = run.result["assignment"], run.result["pool"]
    tags = {place.id: {pool.name: pool.tag for pool in place.pools} for place in instance.places}
    admitted: defaultdict[tuple[str, str], list[tuple[bool, int]]] = defaultdict(list)
    for applicant in instance.applicants:
        place = assignment[applicant.id]
        if place is not None:
            score = next(choice.score or 0 for choice in applicant.choices if choice.place == place)
            pool = pool_of[applicant.id]
            admitted[place, pool].append((tags[place].get(pool) in applicant.tags, score))
    lines: dict[str, list[PoolLine]] = {}
    for place in instance.places:
        left, lines[place.id] = place.capacity, []
        for name, wanted in (*((pool.name, pool.seats) for pool in place.pools), (OPEN_POOL, place.capacity)):
            seats = min(wanted, left)
            left -= seats
            weights = admitted[place.id, name]
            full = min(weights)[1] if weights and len(weights) >= seats else None
            if seats:
                lines[place.id].append(PoolLine("" if name == OPEN_POOL else name, seats, len(weights), full))
    return lines


def names_in(run: AllocationRun, user: Any, name: str = "") -> list[ApplicantLine]:
    """Return who is placed where; persons only where the user may see the application, the others by pseudonym.

    With `name` only that pseudonym.
    """
    if not run.result:
        return []
    assignment = run.result["assignment"]
    if name:
        assignment = {one: place for one, place in assignment.items() if one == name}
    by_name = numbers_of(run.campaign_id)
    numbers = {one: by_name[one] for one in assignment}
    seen = Application.objects.visible_to(user).filter(pk__in=numbers.values()).select_related("person")
    persons = {application.pk: application.person for application in seen}
    offers = TargetOffer.objects.filter(campaign=run.campaign_id).select_related("employer")
    by_id = {offer.pk: offer for offer in offers}
    wishes = {applicant["id"]: applicant["choices"] for applicant in run.instance["applicants"]}
    ranks = {one: [choice["place"] for choice in wishes[one]] for one in assignment}
    return [
        ApplicantLine(
            name=name,
            person=persons.get(numbers[name]),
            offer=by_id.get(number_in(place)) if place else None,
            rank=ranks[name].index(place) + 1 if place else None,
            application=numbers[name],
        )
        for name, place in sorted(assignment.items())
    ]

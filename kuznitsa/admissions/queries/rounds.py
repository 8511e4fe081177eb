"""What is left to give after the results, and to whom: lists as they are cut by answers, places as they are free."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kuznitsa.admissions.enums import HELD_STATES, LIVE_CONTRACT_STATES, OfferState, RunKind, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat, TargetContract, TargetOffer
from kuznitsa.admissions.queries.calculated import closed_places
from kuznitsa.admissions.queries.instances import company_id, ranked
from kuznitsa.admissions.queries.seats import instance_of, place_id, seats_left, waiting_list
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Instance, Result


def basis_of(campaign: Campaign) -> AllocationRun:
    """Return the last public run of a campaign whose results are published: the next round cuts its lists."""
    return campaign.runs.public().order_by("-number")[0]


def cut_instance(campaign: Campaign) -> tuple[Instance, dict[str, str]]:
    """Return the input of the next round, and which place each applicant in it holds.

    Lists are parts of those of the last round: only what was held, or is liked better than that or than what was
    given back. Lists that only grow shorter and seats that only come free lower the cut-offs, so that nobody who
    holds a seat can lose it. Scores and draw stay as they were published, groups that were not opened stay closed.
    """
    basis = basis_of(campaign)
    base = instance_of(basis)
    rows = campaign.applications.standing().consented().prefetch_related("seats")
    applications = {row.pseudonym: row for row in rows}
    held: dict[str, str] = {}
    applicants = []
    for applicant in base.applicants:
        row = applications.get(applicant.id)
        seat = _held(row) if row else None
        if seat is not None and not seat.is_apart:
            held[applicant.id] = place_id(seat.offer_id)
        applicants.append(replace(applicant, choices=_cut(applicant.choices, row, seat)))
    places, companies = _left(campaign, base, set(held))
    rules = allocation.Rules(allocation.MinSize.IGNORE)
    cut = replace(base, applicants=tuple(applicants), places=places, companies=companies, rules=rules)
    return cut, held


def _held(application: Application) -> Seat | None:
    return next((seat for seat in application.seats.all() if seat.state in HELD_STATES), None)


def _cut(
    choices: tuple[allocation.Choice, ...], application: Application | None, seat: Seat | None
) -> tuple[allocation.Choice, ...]:
    if application is None or (seat is not None and seat.is_apart):
        return ()
    if seat is not None:
        kept = _until(choices, {place_id(seat.offer_id)})
        return kept[-1:] if seat.state == SeatState.ACCEPTED else kept
    states = {row.state for row in application.seats.all()}
    if SeatState.LAPSED in states:
        return ()
    refused = {place_id(row.offer_id) for row in application.seats.all()}
    kept = _until(choices, refused)
    return kept[:-1] if kept and kept[-1].place in refused else kept


def _until(choices: tuple[allocation.Choice, ...], places: set[str]) -> tuple[allocation.Choice, ...]:
    """Return the choices up to the first of `places`, with it."""
    for number, choice in enumerate(choices, start=1):
        if choice.place in places:
            return choices[:number]
    return choices


def _left(
    campaign: Campaign, base: Instance, inside: set[str]
) -> tuple[tuple[allocation.Place, ...], tuple[allocation.Company, ...]]:
    """Return the places and limits without what is taken apart: contracts of their own, extra seats, late ones."""
    offers = {place_id(offer.pk): offer for offer in campaign.offers.order_by("pk")}
    seats = Seat.objects.held().filter(application__campaign=campaign).select_related("application")
    apart: Counter[int] = Counter(seat.offer_id for seat in seats if seat.application.pseudonym not in inside)
    contracts = TargetContract.objects.filter(offer__campaign=campaign, state__in=LIVE_CONTRACT_STATES)
    apart.update(contracts.exclude(seat__state__in=HELD_STATES).values_list("offer", flat=True))
    closed = closed_places(campaign.runs.published().get())
    places = []
    for place in base.places:
        offer = offers.get(place.id)
        opened = offer is not None and offer.state in (OfferState.PUBLISHED, OfferState.CLOSED)
        free = max(0, offer.seats - apart[offer.pk]) if offer and opened and place.id not in closed else 0
        places.append(replace(place, capacity=free, min_size=0))
    of_company: Counter[str] = Counter()
    for offer in offers.values():
        of_company[company_id(offer.employer_id)] += apart[offer.pk]
    limits = dict(campaign.company_limits.values_list("employer", "seats"))
    by_name = {company_id(employer): seats for employer, seats in limits.items()}
    companies = tuple(
        replace(company, capacity=max(0, by_name[company.id] - of_company[company.id]))
        if company.id in by_name
        else company
        for company in base.companies
    )
    return tuple(places), companies


def why_not_sound(instance: Instance, result: Result, held: Mapping[str, str]) -> str:
    """Return what is wrong with a round, told apart from the code that calculates it; "" when nothing is."""
    problems = allocation.check(instance, result)
    if problems:
        return problems[0]
    for applicant in instance.applicants:
        if applicant.id in held:
            order = [choice.place for choice in applicant.choices]
            place = result.assignment[applicant.id]
            if place is None or order.index(place) > order.index(held[applicant.id]):
                return f"{applicant.id} would lose {held[applicant.id]}"
    return ""


@dataclass(frozen=True)
class RoundLine:
    """A round: the run, and how many seats it gave."""

    run: AllocationRun
    given: int


@dataclass(frozen=True)
class OfferStanding:
    """An offer after the results: seats, those answered for, those that wait for an answer, free ones, who waits."""

    offer: TargetOffer
    accepted: int
    waiting: int
    unanswered: int
    free: int
    queue: int


def rounds_of(campaign: Campaign) -> list[RoundLine]:
    """Return the rounds held after the results, the newest first."""
    runs = campaign.runs.filter(kind=RunKind.ROUND).select_related("created_by").order_by("-number")
    given = Counter(Seat.objects.filter(run__in=runs.values("pk")).values_list("run", flat=True))
    return [RoundLine(run, given[run.pk]) for run in runs]


def standing_of_offers(campaign: Campaign) -> list[OfferStanding]:
    """Return how the offers of a campaign stand after the results."""
    run = campaign.runs.published().get()
    offers = campaign.offers.exclude(state=OfferState.DRAFT).select_related("employer").order_by("pk")
    states: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for offer, state in Seat.objects.held().filter(offer__in=offers).values_list("offer", "state"):
        states[offer][state] += 1
    return [
        OfferStanding(
            offer=offer,
            accepted=states[offer.pk][SeatState.ACCEPTED],
            waiting=states[offer.pk][SeatState.WAITING],
            unanswered=states[offer.pk][SeatState.OFFERED],
            free=seats_left(offer),
            queue=len(waiting_list(run, offer)),
        )
        for offer in offers
    ]


def given_apart(campaign: Campaign) -> Any:
    """Return the seats that named persons gave: extra ones, and those of late applications."""
    seats = Seat.objects.filter(application__campaign=campaign).exclude(given_because="")
    return seats.select_related("application__person", "offer__employer", "given_by").order_by("given_at", "pk")


def late_applications(campaign: Campaign) -> Any:
    """Return the applications that came after the last day."""
    rows = campaign.applications.exclude(late_reason="").select_related("person", "campaign")
    return rows.prefetch_related("seats").order_by("person__search", "pk")


def offers_left_for(application: Application, run: AllocationRun) -> Iterable[TargetOffer]:
    """Return the offers of the list, the dearest first, where a seat is free and nobody waits for it."""
    offers = {offer.pk: offer for offer in TargetOffer.objects.filter(choices__application=application)}
    for pk in ranked(application):
        if seats_left(offers[pk]) and not waiting_list(run, offers[pk]):
            yield offers[pk]


def campaigns_with_free_seats(campaigns: Iterable[Campaign]) -> list[Campaign]:
    """Return those of `campaigns` in which a seat is free for which somebody waits."""
    return [campaign for campaign in campaigns if any(row.free and row.queue for row in standing_of_offers(campaign))]

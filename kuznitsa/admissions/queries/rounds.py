"""What is left to give after the results, and to whom: lists as they are cut by answers, places as they are free."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kuznitsa.admissions.enums import (
    HELD_STATES,
    LIVE_CONTRACT_STATES,
    ApplicationState,
    OfferState,
    RunKind,
    SeatState,
)
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat, TargetContract, TargetOffer
from kuznitsa.admissions.queries.calculated import closed_places
from kuznitsa.admissions.queries.instances import company_id, medical_of, ranked, shortfall, tags_of
from kuznitsa.admissions.queries.seats import instance_of, place_id, seats_left, waiting_numbers
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import OPEN_POOL, Applicant, Company, Instance, Place, Result


class _Given(NamedTuple):
    """A seat that somebody was given, and what has become of it."""

    place: str
    pool: str
    state: str
    is_apart: bool


def last_public_run(campaign: Campaign) -> AllocationRun:
    """Return the last public run of a campaign whose results are published: the results, or the last round."""
    return campaign.runs.public().order_by("-number")[0]


def cut_instance(campaign: Campaign) -> tuple[Instance, dict[str, str]]:
    """Return the input of the next round, and which place each applicant in it holds.

    It begins with the published lists, not with those of the last round, so that whoever rested and stands again is
    in again. Each list is cut: only what is held, or is liked better than that or than what was given back. Scores
    and draw stay as they were published, groups that were not opened stay closed. Who holds a seat comes first in
    its pool, so that nobody who is in again can take it.
    """
    published = campaign.runs.published().get()
    base = instance_of(published)
    given = _given(campaign)
    standing = set(campaign.applications.standing().consented().values_list("pseudonym", flat=True))
    pools = {place.id: {pool.name for pool in place.pools} for place in base.places}
    cut = [_cut(one, given.get(one.id, []), pools, stands=one.id in standing) for one in base.applicants]
    holds = {applicant.id: applicant.holds for applicant in cut if applicant.holds is not None}
    seats, limits = _left(campaign, base, holds)
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for seat in holds.values():
        held[seat.place][seat.pool] += 1
    places = tuple(_fit(place, held[place.id], seats[place.id]) for place in base.places)
    companies, too_full = _fit_companies(base, held, limits)
    too_full |= {place.id for place in base.places if held[place.id].total() > seats[place.id]}
    company_of = {place.id: place.company for place in base.places}
    instance = replace(
        base,
        applicants=tuple(_without(applicant, too_full, company_of) for applicant in cut),
        places=places,
        companies=companies,
        rules=allocation.Rules(allocation.MinSize.IGNORE, closed=tuple(sorted(closed_places(published)))),
    )
    return instance, {name: seat.place for name, seat in holds.items()}


def late_instance(campaign: Campaign) -> tuple[Instance, dict[str, str], dict[str, Application]]:
    """Return the input of a round for late applications, who holds which place in it, and who is late in it.

    All others keep what they hold and ask for nothing: a round of theirs comes before. Late applications ask with
    the marks, papers and rights to quotas that they have today.
    """
    instance, held = cut_instance(campaign)
    rows = campaign.applications.filter(state=ApplicationState.CHECKED).exclude(late_reason="").consented()
    late = {row.pseudonym: row for row in rows.prefetch_related("choices").order_by("pseudonym")}
    offers, given, tags = campaign.offers.in_bulk(), _given(campaign), tags_of(campaign)
    pools: dict[str, set[str]] = {place.id: set() for place in instance.places}
    wishes = []
    for name, row in late.items():
        medical = medical_of(row)
        choices = tuple(
            allocation.Choice(place_id(pk), None if shortfall(row, offers[pk], medical) else row.score)
            for pk in ranked(row)
            if place_id(pk) in pools
        )
        wish = Applicant(name, choices, tags.get(row.pk, frozenset()))
        wishes.append(_cut(wish, given.get(name, []), pools, stands=True))
    others = (replace(one, choices=one.choices[-1:] if one.holds else ()) for one in instance.applicants)
    return replace(instance, applicants=(*others, *wishes)), held, late


def _given(campaign: Campaign) -> dict[str, list[_Given]]:
    found: defaultdict[str, list[_Given]] = defaultdict(list)
    rows = Seat.objects.filter(application__campaign=campaign).order_by("pk")
    fields = ("application__pseudonym", "offer", "pool", "state", "given_because")
    for name, offer, pool, state, because in rows.values_list(*fields):
        found[name].append(_Given(place_id(offer), pool, state, is_apart=bool(because)))
    return dict(found)


def _cut(applicant: Applicant, given: list[_Given], pools: Mapping[str, set[str]], *, stands: bool) -> Applicant:
    seat = next((one for one in given if one.state in HELD_STATES), None)
    if seat is not None and not seat.is_apart:
        kept = _until(applicant.choices, {seat.place})
        pool = seat.pool if seat.pool in pools[seat.place] else OPEN_POOL
        # Who has withdrawn a consent keeps what they hold and gets nothing better.
        is_final = seat.state == SeatState.ACCEPTED or not stands
        return replace(applicant, choices=kept[-1:] if is_final else kept, holds=allocation.Seat(seat.place, pool))
    if seat is not None or not stands or SeatState.LAPSED in {one.state for one in given}:
        return replace(applicant, choices=())
    left = {one.place for one in given}
    kept = _until(applicant.choices, left)
    return replace(applicant, choices=kept[:-1] if kept and kept[-1].place in left else kept)


def _until(choices: tuple[allocation.Choice, ...], places: set[str]) -> tuple[allocation.Choice, ...]:
    """Return the choices up to the first of `places`, with it."""
    for number, choice in enumerate(choices, start=1):
        if choice.place in places:
            return choices[:number]
    return choices


def _without(applicant: Applicant, too_full: Collection[str], company_of: Mapping[str, str | None]) -> Applicant:
    """Return the applicant without what gives nothing new: places and companies that have more holders than seats."""
    if not too_full:
        return applicant
    own = applicant.holds.place if applicant.holds is not None else None
    own_company = company_of.get(own) if own is not None else None
    return replace(
        applicant,
        choices=tuple(
            choice
            for choice in applicant.choices
            if choice.place == own
            or (
                choice.place not in too_full
                and ((company := company_of.get(choice.place)) not in too_full or company == own_company)
            )
        ),
    )


def _left(campaign: Campaign, base: Instance, inside: Collection[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the seats of places and enterprises without what is taken apart from rounds.

    Those are contracts of their own and seats given by decision; an extra seat comes on top of the enterprise's limit.
    """
    apart: Counter[int] = Counter()
    extra: Counter[int] = Counter()
    seats = Seat.objects.held().filter(application__campaign=campaign)
    fields = ("offer", "application__pseudonym", "given_because", "application__late_reason")
    for offer, name, because, late in seats.values_list(*fields):
        if name not in inside:
            apart[offer] += 1
            extra[offer] += bool(because and not late)
    contracts = TargetContract.objects.filter(offer__campaign=campaign, state__in=LIVE_CONTRACT_STATES)
    apart.update(contracts.exclude(seat__state__in=HELD_STATES).values_list("offer", flat=True))
    left = dict.fromkeys((place.id for place in base.places), 0)
    limits = {company_id(pk): number for pk, number in campaign.company_limits.values_list("employer", "seats")}
    for pk, number, state, employer in campaign.offers.values_list("pk", "seats", "state", "employer"):
        if state in (OfferState.PUBLISHED, OfferState.CLOSED):
            left[place_id(pk)] = max(0, number - apart[pk])
        if company_id(employer) in limits:
            limits[company_id(employer)] -= apart[pk] - extra[pk]
    return left, limits


def _fit(place: Place, held: Counter[str], seats: int) -> Place:
    """Return the place with the seats of today: one more is open, of fewer the open ones go first, a held one stays."""
    sizes, left = {}, place.capacity
    for pool in place.pools:
        sizes[pool.name] = min(pool.seats, left)
        left -= sizes[pool.name]
    sizes[OPEN_POOL] = left
    capacity = max(seats, held.total())
    sizes[OPEN_POOL] += max(0, capacity - place.capacity)
    sizes = {name: max(size, held[name]) for name, size in sizes.items()}
    spare = sum(sizes.values()) - capacity
    for name in reversed(sizes):
        cut = min(spare, sizes[name] - held[name])
        sizes[name] -= cut
        spare -= cut
    pools = tuple(replace(pool, seats=sizes[pool.name]) for pool in place.pools)
    return replace(place, capacity=capacity, min_size=0, pools=pools)


def _fit_companies(
    base: Instance, held: Mapping[str, Counter[str]], limits: Mapping[str, int]
) -> tuple[tuple[Company, ...], set[str]]:
    """Return the enterprises with room for all who hold seats there, and those that have more of them than seats."""
    taken: Counter[str | None] = Counter()
    for place in base.places:
        taken[place.company] += held[place.id].total()
    fitted, too_full = [], set()
    for company in base.companies:
        limit = limits.get(company.id, company.capacity)
        if limit is not None and limit < taken[company.id]:
            too_full.add(company.id)
            limit = taken[company.id]
        fitted.append(replace(company, capacity=limit))
    return tuple(fitted), too_full


def why_not_sound(instance: Instance, result: Result, held: Mapping[str, str]) -> str:
    """Return what is wrong with a round, told apart from the code that calculates it; "" when nothing is."""
    problems = allocation.check(instance, result)
    if problems:
        return problems[0]
    lists = {applicant.id: [choice.place for choice in applicant.choices] for applicant in instance.applicants}
    for name, own in held.items():
        place, order = result.assignment.get(name), lists.get(name, [])
        if place is None or order.index(place) > order.index(own):
            return f"{name} would lose {own}"
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
    queues = waiting_numbers(run)
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
            queue=queues[offer.pk],
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


def campaigns_with_free_seats(campaigns: Iterable[Campaign]) -> list[Campaign]:
    """Return those of `campaigns` in which a seat is free for which somebody waits."""
    return [campaign for campaign in campaigns if any(row.free and row.queue for row in standing_of_offers(campaign))]

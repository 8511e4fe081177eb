"""Rounds after the results: a re-run on lists that have been cut, in which nobody who holds a seat can lose it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa import __version__
from kuznitsa.admissions.actions.calculated import keep_calculation
from kuznitsa.admissions.actions.records import freeze_record
from kuznitsa.admissions.enums import CampaignState, RunKind, RunState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat, TargetOffer
from kuznitsa.admissions.notifications import seats as letters
from kuznitsa.admissions.permissions import seats as may
from kuznitsa.admissions.queries.calculated import Calculation, calculate, without_looking_for_cycles
from kuznitsa.admissions.queries.rounds import cut_instance, late_instance, why_not_sound
from kuznitsa.admissions.queries.seats import number_in
from kuznitsa.base.audit import audit
from kuznitsa.base.calendars import add_working_days
from kuznitsa.base.jobs import enqueue
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import BadInput, Instance, Result
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind

# In larger campaigns a worker holds the round; it follows within a minute.
AT_ONCE = 500
REASON_LENGTH = 300


@dataclass(frozen=True)
class Order:
    """The paper by which a seat is given: its number and its day."""

    number: str
    on: date

    def __str__(self) -> str:
        return f"№ {self.number}, {self.on:%d.%m.%Y}"


@transaction.atomic
def hold_round(*, campaign: Campaign, reason: str, by: Any, at: datetime) -> AllocationRun | None:
    """Give what has come free by a re-run on the cut lists, with the published scores and draw.

    Does nothing, and returns None, when nobody would move. An offer or enterprise that has more holders than seats
    gives nothing new; what it can give when they have left it is for the next round. Refused when the campaign's
    results are not published, the user is not the office, or the result does not stand the check that nobody loses
    what they hold. Effects: the round with its frozen input and result as a public record; for each who moves fact
    SEAT_ALLOCATED, a letter and a new clock, unless they took their seat waiting for this one; fact SEAT_RETURNED
    for what they leave.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("college").get(pk=campaign.pk)
    refuse_if(may.why_not_hold_round(by, campaign))
    with without_looking_for_cycles():
        instance, held = cut_instance(campaign)
        result = _allocate(instance)
    moved = {name: place for name, place in result.assignment.items() if place and place != held.get(name)}
    if not moved:
        return None
    if problem := why_not_sound(instance, result, held):
        raise Refused(_("The result did not stand the independent check: %(problem)s.") % {"problem": problem})
    run = _keep(campaign, calculate(instance), reason, by, at)
    _note_pools(instance, result, moved)
    rows = campaign.applications.filter(pseudonym__in=moved).select_related("person", "campaign__college")
    for application in rows.order_by("pseudonym"):
        name = application.pseudonym
        _move_up(application, number_in(moved[name]), run, pool=result.pool[name], by=by, at=at)
    freeze_record(run=run, by=by, at=at)
    return run


@transaction.atomic
def hold_rounds(*, campaign: Campaign, reason: str, by: Any, at: datetime) -> None:
    """Hold rounds until one would move nobody; almost always the first is the only one. Refused as `hold_round`."""
    while hold_round(campaign=campaign, reason=reason, by=by, at=at):
        pass


@transaction.atomic
def hold_late_round(*, campaign: Campaign, by: Any, at: datetime) -> AllocationRun | None:
    """Give what the rounds have left to all late applications together, by their points and the published draw.

    A round for the others comes first. Does nothing more, and returns None, when nobody late would get a seat.
    Refused as `hold_round`. Effects: the round as a public record; facts SEAT_ALLOCATED, letters, audit entries.
    """
    hold_rounds(campaign=campaign, reason=_("before late applications"), by=by, at=at)
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("college").get(pk=campaign.pk)
    instance, held, late = late_instance(campaign)
    result = _allocate(instance)
    given = {name: place for name in late if (place := result.assignment[name])}
    if not given:
        return None
    if problem := why_not_sound(instance, result, held):
        raise Refused(_("The result did not stand the independent check: %(problem)s.") % {"problem": problem})
    run = _keep(campaign, calculate(instance), _("late applications"), by, at)
    offers = TargetOffer.objects.select_related("campaign", "employer", "thread__cluster").in_bulk(
        {number_in(place) for place in given.values()}
    )
    for name, place in given.items():
        because = _("late: %(reason)s") % {"reason": late[name].late_reason}
        give_seat(application=late[name], offer=offers[number_in(place)], run=run, because=because, by=by, at=at)
    freeze_record(run=run, by=by, at=at)
    return run


def _allocate(instance: Instance) -> Result:
    try:
        return allocation.allocate(instance)
    except BadInput as error:
        raise Refused(str(error)) from error


@transaction.atomic
def fill(*, campaign: Campaign, reason: str, by: Any, at: datetime) -> None:
    """Hold a round because a seat has come free: at once, in a large campaign by a worker.

    What made the seat free stands even if the round is refused: the office sees the free seat and why it is free.
    """
    if campaign.state != CampaignState.PUBLISHED:
        return
    if campaign.applications.count() > AT_ONCE:
        enqueue("admissions.hold_round", campaign=campaign.pk, reason=reason)
        return
    try:
        # By the system: whoever gives a seat back need not be of the office.
        hold_rounds(campaign=campaign, reason=reason, by=None, at=at)
    except Refused as refused:
        audit("admissions.campaign.round_refused", campaign, by=by, at=at, reason=refused.reason)


def _keep(campaign: Campaign, calculation: Calculation, reason: str, by: Any, at: datetime) -> AllocationRun:
    number = campaign.runs.aggregate(last=Max("number"))["last"] + 1
    run = AllocationRun.objects.create(
        campaign=campaign,
        kind=RunKind.ROUND,
        number=number,
        reason=reason[:REASON_LENGTH],
        seed=campaign.draw_seed,
        instance_hash=calculation.instance_hash,
        code_version=__version__,
        state=RunState.PUBLISHED,
        created_by=by,
        created_at=at,
        published_at=at,
    )
    keep_calculation(run=run, calculation=calculation, by=by, at=at)
    audit("admissions.run.round_held", run, by=by, at=at, hash=calculation.instance_hash, reason=reason)
    return run


def _note_pools(instance: Instance, result: Result, moved: Mapping[str, str]) -> None:
    """Whoever stays at an offer may have come into another pool of it, where a seat was free."""
    changed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for applicant in instance.applicants:
        seat = applicant.holds
        if seat is not None and applicant.id not in moved and result.pool[applicant.id] != seat.pool:
            changed[seat.place, result.pool[applicant.id]].append(applicant.id)
    for (place, pool), names in changed.items():
        seats = Seat.objects.held().filter(offer=number_in(place), application__pseudonym__in=names)
        seats.update(pool=pool)


def _move_up(application: Application, offer_id: int, run: AllocationRun, *, pool: str, by: Any, at: datetime) -> None:
    offer = TargetOffer.objects.select_related("campaign", "employer", "thread__cluster").get(pk=offer_id)
    lower = application.seats.held().select_related("offer__employer", "offer__thread").first()
    state = SeatState.OFFERED
    if lower is not None:
        if lower.state == SeatState.WAITING:
            is_best = application.choices.get(offer=offer).rank == 1
            state = SeatState.ACCEPTED if is_best else SeatState.WAITING
        lower.application = application
        move(lower, SeatState.WITHDRAWN, by=by, at=at, reason=_("moved up to a better choice"))
        lower.answered_at = at
        lower.save(update_fields=["answered_at"])
        record_seat(kind=FactKind.SEAT_RETURNED, seat=lower, by=by, at=at)
    give_seat(application=application, offer=offer, run=run, pool=pool, state=state, by=by, at=at)


@transaction.atomic
def give_seat(
    *,
    application: Application,
    offer: TargetOffer,
    run: AllocationRun,
    by: Any,
    at: datetime,
    pool: str = "",
    state: SeatState = SeatState.OFFERED,
    because: str = "",
    order: Order | None = None,
) -> Seat:
    """Give a seat after the results; `because` is set when a named person gives it apart, maybe by a written order.

    Effects: fact SEAT_ALLOCATED, an audit entry, a letter.
    """
    days = application.campaign.answer_working_days
    seat = Seat.objects.create(
        application=application,
        offer=offer,
        run=run,
        pool=pool,
        rank=application.choices.get(offer=offer).rank,
        called_from_list=not because,
        given_at=at,
        answer_by=add_working_days(timezone.localdate(at), days),
        answered_at=None if state == SeatState.OFFERED else at,
        state=state,
        given_by=by if because else None,
        given_because=because[:REASON_LENGTH],
        order_number=order.number if order else "",
        ordered_on=order.on if order else None,
    )
    record_seat(kind=FactKind.SEAT_ALLOCATED, seat=seat, by=by, at=at)
    audit(
        "admissions.seat.given_apart" if because else "admissions.seat.called",
        seat,
        by=by,
        at=at,
        reason=because,
        order=str(order or ""),
    )
    transaction.on_commit(partial(letters.called if state == SeatState.OFFERED else letters.moved_up, seat.pk))
    return seat


@transaction.atomic
def record_seat(*, kind: FactKind, seat: Seat, by: Any, at: datetime) -> None:
    """Write the fact about a seat on the thread of its offer."""
    at = timezone.localtime(at)
    record(
        kind=kind,
        on=at.date(),
        quantity=1,
        organisation=seat.offer.employer,
        counterpart=seat.application.campaign.college,
        person=seat.application.person,
        thread=seat.offer.thread,
        source=seat,
        by=by,
        at=at,
    )

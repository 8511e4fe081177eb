"""Seats: accepted, declined, given back, lapsed; whatever comes free goes to the next on the list at once."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Seat, TargetOffer
from kuznitsa.admissions.notifications import seats as letters
from kuznitsa.admissions.permissions import seats as may
from kuznitsa.admissions.queries.seats import seats_left, waiting_list
from kuznitsa.base.audit import audit
from kuznitsa.base.calendars import add_working_days
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind


@transaction.atomic
def accept_seat(*, seat: Seat, by: Any, at: datetime) -> Seat:
    """Take the seat.

    Refused after the last day, when it is answered already or not the user's to answer, or when the applicant has
    withdrawn a consent that a seat needs.
    """
    refuse_if(may.why_not_accept_seat(by, seat, on=timezone.localdate(at)))
    _answer(seat, SeatState.ACCEPTED, by, at)
    transaction.on_commit(partial(letters.accepted, seat.pk))
    return seat


@transaction.atomic
def decline_seat(*, seat: Seat, by: Any, at: datetime, reason: str = "") -> Seat:
    """Leave the seat to others; better choices are still waited for. Refused as in `accept_seat`.

    Effects: fact SEAT_RETURNED, the next on the list is called.
    """
    refuse_if(may.why_not_answer_seat(by, seat, on=timezone.localdate(at)))
    _answer(seat, SeatState.DECLINED, by, at, reason=reason)
    _return(seat, by, at)
    return seat


@transaction.atomic
def give_back_seat(*, seat: Seat, reason: str, by: Any, at: datetime) -> Seat:
    """Give back a seat that is held. Refused without a reason, when it is not held, or not the user's.

    Effects: fact SEAT_RETURNED, the next on the list is called.
    """
    refuse_if(may.why_not_give_back_seat(by, seat))
    refuse_if("" if reason.strip() else _("Say why the seat is given back."))
    _answer(seat, SeatState.WITHDRAWN, by, at, reason=reason)
    _return(seat, by, at)
    return seat


@transaction.atomic
def lapse_seat(*, seat: Seat, by: Any, at: datetime) -> Seat:
    """Let a seat go that nobody answered for in time. Refused while there is time, or when it is answered.

    Effects: fact SEAT_RETURNED, the next on the list is called, a letter.
    """
    if timezone.localdate(at) <= seat.answer_by:
        raise Refused(_("There is still time to answer, until %(day)s.") % {"day": f"{seat.answer_by:%d.%m.%Y}"})
    move(seat, SeatState.LAPSED, by=by, at=at)
    _return(seat, by, at)
    transaction.on_commit(partial(letters.lapsed, seat.pk))
    return seat


@transaction.atomic
def call_next(*, offer: TargetOffer, by: Any, at: datetime) -> Seat:
    """Give a free seat of the offer to the next on its list.

    Refused when no seat is free (somebody else may just have called for it), nobody waits, or the user is not
    the office. Effects: fact SEAT_ALLOCATED, a letter; who moves up leaves their lower seat to the next there.
    """
    offer = _locked(offer.pk)
    refuse_if(may.why_not_call_next(by, offer))
    if not seats_left(offer):
        raise Refused(_("No seat of this offer is free: somebody has just been called to the last one."))
    seat = _fill(offer, by, at)
    if seat is None:
        raise Refused(_("Nobody waits for a seat of this offer."))
    return seat


def _answer(seat: Seat, state: SeatState, by: Any, at: datetime, reason: str = "") -> None:
    move(seat, state, by=by, at=at, reason=reason)
    seat.answered_at = at
    seat.save(update_fields=["answered_at"])


def _return(seat: Seat, by: Any, at: datetime) -> None:
    record_seat(kind=FactKind.SEAT_RETURNED, seat=seat, by=by, at=at)
    offer = _locked(seat.offer_id)
    if offer.campaign and offer.campaign.state == CampaignState.PUBLISHED and seats_left(offer):
        _fill(offer, by, at)


def _locked(pk: int) -> TargetOffer:
    """Return the offer as it is now, with nobody else counting its seats at the same time."""
    return TargetOffer.objects.select_for_update(of=("self",)).select_related("campaign", "employer").get(pk=pk)


def _fill(offer: TargetOffer, by: Any, at: datetime) -> Seat | None:
    """Call the next on the list, if anybody waits, and fill what they leave behind."""
    run = AllocationRun.objects.published().get(campaign=offer.campaign_id)
    waiting = waiting_list(run, offer)
    if not waiting:
        return None
    application = waiting[0]
    lower = application.seats.held().select_related("offer", "application__campaign").first()
    if lower is not None:
        _answer(lower, SeatState.WITHDRAWN, by, at, reason=_("moved up to a better choice"))
    seat = _give(application, offer, run, by, at)
    if lower is not None:
        _return(lower, by, at)
    return seat


def _give(application: Application, offer: TargetOffer, run: AllocationRun, by: Any, at: datetime) -> Seat:
    today = timezone.localdate(at)
    try:
        with transaction.atomic():
            seat = Seat.objects.create(
                application=application,
                offer=offer,
                run=run,
                rank=application.choices.get(offer=offer).rank,
                called_from_list=True,
                given_at=at,
                answer_by=add_working_days(today, application.campaign.answer_working_days),
            )
    except IntegrityError as error:
        raise Refused(_("The applicant already holds a seat.")) from error
    record_seat(kind=FactKind.SEAT_ALLOCATED, seat=seat, by=by, at=at)
    audit("admissions.seat.called", seat, by=by, at=at)
    transaction.on_commit(partial(letters.called, seat.pk))
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

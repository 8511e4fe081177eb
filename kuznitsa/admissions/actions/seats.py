"""Seats: accepted for good or for the time being, declined, given back, lapsed; given apart by named persons.

What comes free is given by the next round at once (`actions.rounds`).
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.offers import change_seats
from kuznitsa.admissions.actions.rounds import Order, fill, give_seat, hold_late_round, hold_round, record_seat
from kuznitsa.admissions.enums import SeatState
from kuznitsa.admissions.models import Application, Campaign, Seat, TargetOffer
from kuznitsa.admissions.notifications import seats as letters
from kuznitsa.admissions.permissions import seats as may
from kuznitsa.admissions.queries.instances import medical_of, shortfall
from kuznitsa.admissions.queries.rounds import last_public_run
from kuznitsa.admissions.queries.seats import seats_left
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.facts.enums import FactKind


@transaction.atomic
def accept_seat(*, seat: Seat, by: Any, at: datetime) -> Seat:
    """Take the seat for good: the other choices are left. One that was taken waiting can be taken for good at any time.

    Refused after the last day, when it is answered already or not the user's to answer, or when the applicant has
    withdrawn a consent that a seat needs.
    """
    refuse_if(may.why_not_accept_seat(by, seat, on=timezone.localdate(at)))
    _answer(seat, SeatState.ACCEPTED, by, at)
    transaction.on_commit(partial(letters.accepted, seat.pk))
    return seat


@transaction.atomic
def accept_and_wait(*, seat: Seat, by: Any, at: datetime) -> Seat:
    """Take the seat, and go on waiting for the choices above it: a round can only bring something better.

    Refused as in `accept_seat`, and when there is nothing above it to wait for.
    """
    refuse_if(may.why_not_wait(by, seat, on=timezone.localdate(at)))
    _answer(seat, SeatState.WAITING, by, at)
    transaction.on_commit(partial(letters.accepted, seat.pk))
    return seat


@transaction.atomic
def decline_seat(*, seat: Seat, by: Any, at: datetime, reason: str = "") -> Seat:
    """Leave the seat to others; better choices are still waited for. Refused as in `accept_seat`.

    Effects: fact SEAT_RETURNED, a round.
    """
    refuse_if(may.why_not_answer_seat(by, seat, on=timezone.localdate(at)))
    _answer(seat, SeatState.DECLINED, by, at, reason=reason)
    _return(seat, by, at)
    return seat


@transaction.atomic
def give_back_seat(*, seat: Seat, reason: str, by: Any, at: datetime) -> Seat:
    """Give back a seat that is held. Refused without a reason, when it is not held, or not the user's.

    Effects: fact SEAT_RETURNED, a round.
    """
    refuse_if(may.why_not_give_back_seat(by, seat))
    refuse_if("" if reason.strip() else _("Say why the seat is given back."))
    _answer(seat, SeatState.WITHDRAWN, by, at, reason=reason)
    _return(seat, by, at)
    return seat


@transaction.atomic
def lapse_seat(*, seat: Seat, by: Any, at: datetime) -> Seat:
    """Let a seat go that nobody answered for in time. Refused while there is time, or when it is answered.

    Effects: fact SEAT_RETURNED, a round, a letter.
    """
    if timezone.localdate(at) <= seat.answer_by:
        raise Refused(_("There is still time to answer, until %(day)s.") % {"day": f"{seat.answer_by:%d.%m.%Y}"})
    move(seat, SeatState.LAPSED, by=by, at=at)
    _return(seat, by, at)
    transaction.on_commit(partial(letters.lapsed, seat.pk))
    return seat


@transaction.atomic
def call_next(*, offer: TargetOffer, by: Any, at: datetime) -> Seat:
    """Hold a round now, because a seat of the offer is free; return the seat that it gave there.

    Refused when no seat is free (somebody else may just have called for it), nobody waits, or the user is not
    the office. Effects: those of a round.
    """
    offer = TargetOffer.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=offer.pk)
    refuse_if(may.why_not_call_next(by, offer))
    if not seats_left(offer):
        raise Refused(_("No seat of this offer is free: somebody has just been called to the last one."))
    campaign = Campaign.objects.get(offers=offer)
    run = hold_round(campaign=campaign, reason=_("the office called"), by=by, at=at)
    seat = Seat.objects.filter(run=run, offer=offer).order_by("pk").first() if run else None
    if seat is None:
        raise Refused(_("Nobody waits for a seat of this offer."))
    return seat


@transaction.atomic
def give_extra_seat(
    *, application: Application, offer: TargetOffer, reason: str, order: Order, by: Any, at: datetime
) -> Seat:
    """Open one more seat of the offer for one person, by an order of a named director; public with its reason.

    Refused before the results, without a reason or the order, when the order has a day that has not come, the user
    is not a director of the plant or the college, the person holds a seat, did not name the offer or lacks something
    there, or the intake is full. Effects: the offer has a seat more (facts SEATS_OFFERED and SEAT_ALLOCATED), a
    letter, audit entries.
    """
    offers = TargetOffer.objects.select_for_update(of=("self",)).select_related("campaign", "employer")
    offer = offers.get(pk=offer.pk)
    refuse_if(may.why_not_give_extra_seat(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    refuse_if("" if order.number.strip() else _("Name the order by which the seat is given."))
    if order.on > timezone.localdate(at):
        raise Refused(_("The order has a day that has not come yet: %(day)s.") % {"day": f"{order.on:%d.%m.%Y}"})
    application = Application.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=application.pk)
    refuse_if(_why_not_fit(application, offer))
    change_seats(offer=offer, seats=offer.seats + 1, reason=reason, by=None, at=at)
    run = last_public_run(application.campaign)
    return give_seat(application=application, offer=offer, run=run, because=reason.strip(), order=order, by=by, at=at)


@transaction.atomic
def place_late(*, application: Application, by: Any, at: datetime) -> Seat | None:
    """Give what nobody waits for to all late applications together: by their points, not by who asks first.

    Return the seat of this one; None when only others got one. Refused when the application did not come late or is
    not checked, it holds a seat, nothing is left for any of them, or the user is not the office. Effects: those of
    a late round.
    """
    application = Application.objects.select_related("campaign", "person").get(pk=application.pk)
    refuse_if(may.why_not_place_late(by, application))
    run = hold_late_round(campaign=application.campaign, by=by, at=at)
    if run is None:
        raise Refused(_("Nothing is left on the list of this application: no seat is free, or somebody waits for it."))
    return run.seats.filter(application=application).select_related("offer", "application__person").first()


def _why_not_fit(application: Application, offer: TargetOffer) -> str:
    if application.seats.held().exists():
        return _("The applicant already holds a seat.")
    if not application.choices.filter(offer=offer).exists():
        return _("The applicant did not name this offer.")
    lacks = shortfall(application, offer, medical_of(application))
    return _("The applicant lacks the mark, a paper or the college's check.") if lacks else ""


def _answer(seat: Seat, state: SeatState, by: Any, at: datetime, reason: str = "") -> None:
    move(seat, state, by=by, at=at, reason=reason)
    seat.answered_at = at
    seat.save(update_fields=["answered_at"])


def _return(seat: Seat, by: Any, at: datetime) -> None:
    record_seat(kind=FactKind.SEAT_RETURNED, seat=seat, by=by, at=at)
    campaign = Campaign.objects.get(pk=seat.application.campaign_id)
    fill(campaign=campaign, reason=_("a seat came free"), by=by, at=at)

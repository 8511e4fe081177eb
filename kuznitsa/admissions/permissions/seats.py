"""Who answers for a seat, and who calls the next on the list."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, RunState, SeatState
from kuznitsa.admissions.models import Application, Seat, TargetOffer
from kuznitsa.admissions.permissions.applications import OFFICE
from kuznitsa.organisations.queries import standing


def why_not_answer_seat(user: Any, seat: Seat, *, on: date | None = None) -> str:
    """Return why the user cannot accept or decline the seat: an adult, a minor's guardian or the office does."""
    on = on or timezone.localdate()
    if seat.state != SeatState.OFFERED:
        return _("This seat has been answered already: it is “%(state)s”.") % {"state": seat.get_state_display()}
    if on > seat.answer_by:
        return _("The last day to answer was %(day)s.") % {"day": f"{seat.answer_by:%d.%m.%Y}"}
    return _why_not_speaks(user, seat, on)


def why_not_accept_seat(user: Any, seat: Seat, *, on: date | None = None) -> str:
    """Return why the user cannot accept the seat; it can be declined without the consents."""
    if reason := why_not_answer_seat(user, seat, on=on):
        return reason
    if Application.objects.without_consent().filter(pk=seat.application_id).exists():
        return _("A consent that is needed for a seat has been withdrawn: give it anew on the page of consents.")
    return ""


def why_not_give_back_seat(user: Any, seat: Seat) -> str:
    """Return why the seat cannot be given back."""
    if seat.state not in (SeatState.OFFERED, SeatState.ACCEPTED):
        return _("This seat is not held any more.")
    return _why_not_speaks(user, seat, timezone.localdate())


def why_not_call_next(user: Any, offer: TargetOffer) -> str:
    """Return why the next on the list of the offer cannot be called; free seats are counted by the action."""
    campaign = offer.campaign
    if campaign is None or not campaign.runs.filter(state=RunState.PUBLISHED).exists():
        return _("The results are not published yet.")
    if campaign.state != CampaignState.PUBLISHED:
        return _("The campaign is completed.")
    if user is None or standing(user).holds(campaign.college_id, *OFFICE):
        return ""
    return _("The admissions office of the college does this.")


def _why_not_speaks(user: Any, seat: Seat, on: date) -> str:
    application = seat.application
    if user is None or standing(user).holds(application.campaign.college_id, *OFFICE):
        return ""
    person = application.person
    if person.guardianships.in_force().filter(guardian__user=user.pk).exists():
        return "" if application.needs_guardian(on) else _("An adult answers in person.")
    if person.user_id != user.pk:
        return _("Only the applicant, the guardian and the college may do this.")
    if application.needs_guardian(on):
        return _("You are under age: look at it together, your guardian gives the answer.")
    return ""

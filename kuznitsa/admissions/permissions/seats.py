"""Who answers for a seat, and who calls the next on the list."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import HELD_STATES, ApplicationState, CampaignState, SeatState
from kuznitsa.admissions.models import Application, Campaign, Seat, TargetOffer
from kuznitsa.admissions.permissions.applications import OFFICE
from kuznitsa.organisations.enums import Role
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
    """Return why the user cannot accept the seat for good; it can be declined without the consents."""
    if seat.state == SeatState.WAITING:
        reason = _why_not_speaks(user, seat, on or timezone.localdate())
    else:
        reason = why_not_answer_seat(user, seat, on=on)
    if reason:
        return reason
    if Application.objects.without_consent().filter(pk=seat.application_id).exists():
        return _("A consent that is needed for a seat has been withdrawn: give it anew on the page of consents.")
    return ""


def why_not_wait(user: Any, seat: Seat, *, on: date | None = None) -> str:
    """Return why the seat cannot be taken while waiting for a better one."""
    if seat.state == SeatState.OFFERED and (seat.is_apart or seat.rank == 1):
        return _("There is nothing better to wait for: take the seat for good.")
    return why_not_answer_seat(user, seat, on=on) or why_not_accept_seat(user, seat, on=on)


def why_not_give_back_seat(user: Any, seat: Seat) -> str:
    """Return why the seat cannot be given back."""
    if seat.state not in HELD_STATES:
        return _("This seat is not held any more.")
    return _why_not_speaks(user, seat, timezone.localdate())


def why_not_call_next(user: Any, offer: TargetOffer) -> str:
    """Return why the next on the list of the offer cannot be called; free seats are counted by the action."""
    return why_not_hold_round(user, offer.campaign)


def why_not_hold_round(user: Any, campaign: Campaign | None) -> str:
    """Return why no round can be held: rounds follow the results, until the campaign is completed."""
    return _why_not_after_results(campaign) or _why_not_office(user, campaign)


def why_not_give_extra_seat(user: Any, offer: TargetOffer) -> str:
    """Return why the user cannot open one more seat for one person: a director of the plant or the college does."""
    if reason := _why_not_after_results(offer.campaign):
        return reason
    held = standing(user) if user else None
    college = offer.campaign.college_id if offer.campaign else None
    if held and (held.holds(offer.employer_id, Role.DIRECTOR) or held.holds(college, Role.DIRECTOR)):
        return ""
    return _("An extra seat is opened by a director of the enterprise or of the college, in person.")


def why_not_place_late(user: Any, application: Application) -> str:
    """Return why a late application cannot be given what is left."""
    if not application.late_reason:
        return _("This application came in time: it takes part in the rounds.")
    if application.state != ApplicationState.CHECKED:
        return _("The college checks the application first.")
    if application.seats.held().exists():
        return _("The applicant already holds a seat.")
    return _why_not_after_results(application.campaign) or _why_not_office(user, application.campaign)


def _why_not_after_results(campaign: Campaign | None) -> str:
    if campaign is None or campaign.state not in (CampaignState.PUBLISHED, CampaignState.COMPLETED):
        return _("The results are not published yet.")
    return _("The campaign is completed.") if campaign.state == CampaignState.COMPLETED else ""


def _why_not_office(user: Any, campaign: Campaign | None) -> str:
    if user is None or (campaign is not None and standing(user).holds(campaign.college_id, *OFFICE)):
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

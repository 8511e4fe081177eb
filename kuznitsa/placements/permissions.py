"""Who opens practice places, places students, and follows their practice; what the law says about minors."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.base.rules import NoRuleInForce, rule
from kuznitsa.organisations.enums import OrganisationKind, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import is_minor
from kuznitsa.people.permissions import why_not_enrol as why_no_consent
from kuznitsa.placements.enums import PlacementState, PlaceState
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.enums import EnrolmentState
from kuznitsa.programmes.models import Intake

HOST_OFFICE = (Role.EMPLOYER_HR, Role.COORDINATOR, Role.DIRECTOR)
HOST = (*HOST_OFFICE, Role.MENTOR)
COLLEGE_OFFICE = (Role.PRACTICE_LEAD, Role.COORDINATOR, Role.DIRECTOR)


def why_not_open_place(user: Any, host: Organisation, intake: Intake) -> str:
    """Return why the user may not open places of `host` for `intake`: the plant does, or the college for it."""
    if host.kind != OrganisationKind.EMPLOYER:
        return _("Practice places are opened at enterprises.")
    held = standing(user) if user else None
    if held is None or held.holds(host.pk, *HOST) or held.holds(intake.programme.college_id, *COLLEGE_OFFICE):
        return ""
    return _("Practice places are opened by the enterprise or by the practice lead of the college.")


def why_not_change_place(user: Any, place: PracticePlace) -> str:
    return why_not_open_place(user, place.host, place.intake)


def why_not_place(user: Any, place: PracticePlace) -> str:
    """Return why the user may not place students here; how many fit is counted by the action."""
    if place.state != PlaceState.OPEN:
        return _("This practice place is closed.")
    if user is None or standing(user).holds(place.intake.programme.college_id, *COLLEGE_OFFICE, Role.CURATOR):
        return ""
    return _("Students are placed by the practice lead of the college.")


def why_person_may_not(person: Person, place: PracticePlace, starts_on: date) -> str:
    """Return why the law keeps this person from this place: harmful work, hours a day, the guardian's consent."""
    if not person.enrolments.filter(intake=place.intake_id, state=EnrolmentState.STUDYING).exists():
        return _("%(person)s does not study in this group.") % {"person": person}
    if reason := why_no_consent(person, ConsentPurpose.PRACTICE, starts_on):
        return reason
    return _why_minor_may_not(person, place, starts_on) if is_minor(person, starts_on) else ""


def why_not_follow(user: Any, placement: Placement) -> str:
    """Return why the user may not mark how the practice goes: the mentor does, the plant's HR, the practice lead."""
    if user is None or placement.mentor_id == user.pk or _in_offices(user, placement):
        return ""
    return _("This is done by the mentor, the enterprise or the practice lead of the college.")


def why_not_start(user: Any, placement: Placement) -> str:
    """Return why the user may not start the practice; the gate is looked at by the action."""
    if placement.state != PlacementState.PLANNED:
        return _("Only planned practice starts; this one is “%(state)s”.") % {"state": placement.get_state_display()}
    return why_not_follow(user, placement)


def why_not_complete(user: Any, placement: Placement) -> str:
    if placement.state != PlacementState.STARTED:
        return _("Only practice that has started is completed; this one is “%(state)s”.") % {
            "state": placement.get_state_display()
        }
    return why_not_follow(user, placement)


def why_not_reopen(user: Any, placement: Placement) -> str:
    """Return why the user may not take the last step back."""
    if placement.state == PlacementState.PLANNED:
        return _("There is nothing to take back: this practice has not started.")
    return why_not_follow(user, placement)


def why_not_cancel(user: Any, placement: Placement) -> str:
    """Return why the user may not take the student off the place before practice starts."""
    if placement.state != PlacementState.PLANNED:
        return _("Only planned practice is cancelled; this one is “%(state)s”.") % {
            "state": placement.get_state_display()
        }
    if user is None or _in_offices(user, placement):
        return ""
    return _("This is done by the enterprise or by the practice lead of the college.")


def _in_offices(user: Any, placement: Placement) -> bool:
    held = standing(user)
    place = placement.place
    return held.holds(place.host_id, *HOST_OFFICE) or held.holds(place.intake.programme.college_id, *COLLEGE_OFFICE)


def _why_minor_may_not(person: Person, place: PracticePlace, starts_on: date) -> str:
    if place.is_harmful:
        harmful = rule("minor_harmful_work_hours_per_day", on=starts_on)
        if not harmful.value:
            return _("%(person)s is under 18: no harmful or dangerous work (%(source)s).") % {
                "person": person,
                "source": harmful.source,
            }
    age = person.age_on(starts_on)
    try:
        hours = rule("minor_hours_per_day", on=starts_on, age=age)
    except NoRuleInForce:
        return _("%(person)s is too young to work at an enterprise.") % {"person": person}
    if place.hours_a_day <= hours.value:
        return ""
    return ngettext(
        "%(person)s may work %(hours)d hour a day at most, here it is %(asked)d (%(source)s).",
        "%(person)s may work %(hours)d hours a day at most, here it is %(asked)d (%(source)s).",
        hours.value,
    ) % {"person": person, "hours": hours.value, "asked": place.hours_a_day, "source": hours.source}

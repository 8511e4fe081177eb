"""Who may change what a college teaches, its laboratories and its groups."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.organisations.enums import TEACHING, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.programmes.enums import EnrolmentState, FacilityState, IntakeState
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme

OFFICE = (Role.ADMISSIONS, Role.COORDINATOR, Role.ADMINISTRATOR, Role.DIRECTOR)
# Who sees the list of a group, beside the office.
GROUP_READERS = (*OFFICE, Role.PRACTICE_LEAD, Role.CURATOR, Role.EXPERT, Role.AUDITOR)


def why_not_manage(user: Any, college: Organisation) -> str:
    """Return why `user` (None is the system) may not change what this college teaches."""
    if user is None or user.is_staff or standing(user).holds(college.pk, *OFFICE):
        return ""
    return _("This is done by the admissions office, the coordinator or the director of the college.")


def why_not_add_programme(user: Any, college: Organisation) -> str:
    if college.kind not in TEACHING:
        return _("Programmes are taught by colleges and universities.")
    return why_not_manage(user, college)


def why_not_edit_programme(user: Any, programme: Programme) -> str:
    return why_not_manage(user, programme.college)


def why_not_edit_intake(user: Any, intake: Intake) -> str:
    if intake.state in (IntakeState.GRADUATED, IntakeState.CANCELLED):
        return _("This intake is over; take it up again first.")
    return why_not_manage(user, intake.programme.college)


def why_not_move_intake(user: Any, intake: Intake) -> str:
    return why_not_manage(user, intake.programme.college)


def why_not_see_group(user: Any, intake: Intake) -> str:
    """Return why `user` may not see the names of the students."""
    college = intake.programme.college_id
    if user is None or user.is_staff or standing(user).holds(college, *GROUP_READERS):
        return ""
    return _("The list of the group is seen by the staff of the college.")


def why_not_change_facility(user: Any, facility: Facility) -> str:
    if facility.state == FacilityState.ACCEPTED:
        return _("This has been accepted; take the acceptance back first.")
    return why_not_manage(user, facility.organisation)


def why_not_accept_facility(user: Any, facility: Facility) -> str:
    if facility.state == FacilityState.ACCEPTED:
        return _("This has been accepted already.")
    return why_not_manage(user, facility.organisation)


def why_not_reopen_facility(user: Any, facility: Facility) -> str:
    if facility.state != FacilityState.ACCEPTED:
        return _("This has not been accepted yet.")
    return why_not_manage(user, facility.organisation)


def why_not_enrol(user: Any, intake: Intake) -> str:
    if intake.state not in (IntakeState.PLANNED, IntakeState.STUDYING):
        return _("Students are enrolled in a planned or studying intake.")
    return why_not_manage(user, intake.programme.college)


def why_not_change_enrolment(user: Any, enrolment: Enrolment) -> str:
    return why_not_manage(user, enrolment.intake.programme.college)


def why_not_annul_enrolment(user: Any, enrolment: Enrolment) -> str:
    """Return why `user` may not take an enrolment back as entered by mistake."""
    if enrolment.state != EnrolmentState.STUDYING:
        return _("Only an enrolment that is “studying” is taken back; this one is “%(state)s”.") % {
            "state": enrolment.get_state_display()
        }
    return why_not_change_enrolment(user, enrolment)


def why_not_graduate(user: Any, enrolment: Enrolment) -> str:
    if enrolment.state != EnrolmentState.STUDYING:
        return _("Only somebody who is studying graduates.")
    return why_not_change_enrolment(user, enrolment)

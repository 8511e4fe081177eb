"""Who records exams, hires and whether people are still there."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.organisations.enums import OrganisationKind, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.outcomes.enums import CheckPointState, ExamState, HireState
from kuznitsa.outcomes.models import CheckPoint, Exam, Hire
from kuznitsa.programmes.models import Intake

EXAMINERS = (Role.EXPERT, Role.CURATOR, Role.PRACTICE_LEAD, Role.ADMISSIONS, Role.COORDINATOR, Role.DIRECTOR)
HIRERS = (Role.EMPLOYER_HR, Role.COORDINATOR, Role.DIRECTOR)
COLLEGE_OFFICE = (Role.CURATOR, Role.PRACTICE_LEAD, Role.COORDINATOR, Role.DIRECTOR)


def colleges_of(user: Any) -> set[int]:
    """Return the ids of the colleges whose exams the user records."""
    return standing(user).colleges(*EXAMINERS)


def employers_of(user: Any) -> set[int]:
    """Return the ids of the enterprises whose hires the user records."""
    return standing(user).employers(*HIRERS)


def why_not_plan_exam(user: Any, intake: Intake) -> str:
    """Return why the user may not plan an exam of this group."""
    if user is None or standing(user).holds(intake.programme.college_id, *EXAMINERS):
        return ""
    return _("Exams are recorded by the college: experts, curators, the office.")


def why_not_edit_exam(user: Any, exam: Exam) -> str:
    if exam.state == ExamState.CLOSED:
        return _("The results are closed; reopen them first.")
    return why_not_plan_exam(user, exam.intake)


def why_not_record_results(user: Any, exam: Exam, on: date | None = None) -> str:
    """Return why the user may not enter results: not before the day of the exam, not when they are closed."""
    if exam.on > (on or timezone.localdate()):
        return _("The exam is on %(day)s: results are entered from that day.") % {"day": f"{exam.on:%d.%m.%Y}"}
    return why_not_edit_exam(user, exam)


def why_not_reopen_exam(user: Any, exam: Exam) -> str:
    if exam.state != ExamState.CLOSED:
        return _("The results are open.")
    return why_not_plan_exam(user, exam.intake)


def why_not_hire(user: Any, employer: Organisation) -> str:
    """Return why the user may not record hires of this enterprise."""
    if employer.kind != OrganisationKind.EMPLOYER:
        return _("Graduates are hired by enterprises.")
    if user is None or standing(user).holds(employer.pk, *HIRERS):
        return ""
    return _("Hires are recorded by the HR department of the enterprise.")


def why_not_change_hire(user: Any, hire: Hire) -> str:
    if hire.state == HireState.CANCELLED:
        return _("This hire was entered by mistake and does not count.")
    return why_not_hire(user, hire.employer)


def why_not_leave(user: Any, hire: Hire) -> str:
    if hire.state != HireState.WORKING:
        return _("This person does not work here any more.")
    return why_not_change_hire(user, hire)


def why_not_return_to_work(user: Any, hire: Hire) -> str:
    if hire.state != HireState.LEFT:
        return _("No leaving is on record.")
    return why_not_change_hire(user, hire)


def why_not_answer_for_employer(user: Any, check_point: CheckPoint, on: date | None = None) -> str:
    """Return why the user may not answer “still there?” for the enterprise."""
    return _why_not_asked(check_point, on) or why_not_change_hire(user, check_point.hire)


def why_not_answer_as_worker(user: Any, check_point: CheckPoint, on: date | None = None) -> str:
    """Return why the user may not answer “still there?” as the worker."""
    if reason := _why_not_asked(check_point, on):
        return reason
    if user is not None and check_point.hire.person.user_id == user.pk:
        return ""
    return _("Only the worker answers here.")


def why_not_settle(user: Any, check_point: CheckPoint) -> str:
    """Return why the user may not settle a disagreement: the college does, which is neither side."""
    if check_point.state != CheckPointState.DISPUTED:
        return _("The two sides do not disagree.")
    if user is None or standing(user).holds(check_point.hire.college_id, *COLLEGE_OFFICE):
        return ""
    return _("A disagreement is settled by the college: its curator, practice lead or coordinator.")


def _why_not_asked(check_point: CheckPoint, on: date | None) -> str:
    if check_point.due_on > (on or timezone.localdate()):
        return _("This is asked on %(day)s.") % {"day": f"{check_point.due_on:%d.%m.%Y}"}
    if check_point.hire.state == HireState.CANCELLED:
        return _("This hire was entered by mistake and does not count.")
    return ""

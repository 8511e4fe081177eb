"""What of exams, hires and check points waits for somebody."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.base.duties import Duty
from kuznitsa.organisations.queries import standing
from kuznitsa.outcomes.enums import CheckPointState, ExamState, HireState
from kuznitsa.outcomes.models import CheckPoint, Exam
from kuznitsa.outcomes.permissions import COLLEGE_OFFICE, EXAMINERS
from kuznitsa.outcomes.queries.hires import contracts_to_hire, points_to_answer


def duties(user: Any, today: date) -> list[Duty]:
    """Return the duties of HR, colleges and workers."""
    return [
        *_points(user, today),
        *_hires(user, today),
        *_exams(user, today),
        *_disputes(user),
        *_own(user, today),
    ]


def _points(user: Any, today: date) -> list[Duty]:
    points = list(points_to_answer(user, today))
    if not points:
        return []
    return [
        Duty(
            title=_("Say who is still there"),
            about=_names([point.hire.person for point in points]),
            url=reverse("outcomes:check_points"),
            organisation=str(points[0].hire.employer),
            count=len(points),
        )
    ]


def _hires(user: Any, today: date) -> list[Duty]:
    contracts = list(contracts_to_hire(user, today))
    if not contracts:
        return []
    return [
        Duty(
            title=_("Hire those who have finished their studies"),
            about=_names([contract.person for contract in contracts]),
            url=reverse("outcomes:hire-create"),
            organisation=str(contracts[0].offer.employer),
            count=len(contracts),
        )
    ]


def _exams(user: Any, today: date) -> list[Duty]:
    colleges = standing(user).organisations(*EXAMINERS)
    if not colleges:
        return []
    exams = Exam.objects.filter(intake__programme__college__in=colleges, state=ExamState.PLANNED, on__lte=today)
    return [
        Duty(
            title=_("Enter the results of the exam"),
            about=str(exam),
            url=exam.get_absolute_url(),
            organisation=str(exam.intake.programme.college),
            due_on=exam.on,
        )
        for exam in exams.select_related("intake__programme__occupation", "intake__programme__college").order_by("on")
    ]


def _disputes(user: Any) -> list[Duty]:
    colleges = standing(user).organisations(*COLLEGE_OFFICE)
    if not colleges:
        return []
    points = CheckPoint.objects.filter(state=CheckPointState.DISPUTED, hire__college__in=colleges)
    return [
        Duty(
            title=_("The plant and the worker disagree: find out"),
            about=point.hire.person.short_name,
            url=point.hire.get_absolute_url(),
            organisation=str(point.hire.employer),
            due_on=point.due_on,
        )
        for point in points.select_related("hire__person", "hire__employer").order_by("due_on")
    ]


def _own(user: Any, today: date) -> list[Duty]:
    points = CheckPoint.objects.filter(
        hire__person__user=user.pk, hire__state=HireState.WORKING, due_on__lte=today, graduate_answer=""
    ).exclude(state=CheckPointState.LEFT)
    return [
        Duty(
            title=_("Do you still work there? One tap"),
            about=str(point.hire.employer),
            url=point.hire.get_absolute_url(),
            due_on=point.due_on,
        )
        for point in points.select_related("hire__employer").order_by("due_on")[:1]
    ]


def _names(persons: list[Any]) -> str:
    return ", ".join(person.short_name for person in persons[:3]) + ("…" if len(persons) > 3 else "")

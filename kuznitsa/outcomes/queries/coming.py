"""Which days of exams and check points come next for somebody."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.base.duties import COMING, Coming
from kuznitsa.organisations.models import Organisation
from kuznitsa.outcomes.enums import ExamState, HireState
from kuznitsa.outcomes.models import CheckPoint, Exam
from kuznitsa.outcomes.permissions import employers_of
from kuznitsa.outcomes.queries.exams import planned_exams_of
from kuznitsa.people.queries import family_of
from kuznitsa.programmes.models import Enrolment

# Check points reach three years ahead; a calendar shows those of the next one.
POINTS_AHEAD = timedelta(days=365)


def coming(user: Any, today: date) -> list[Coming]:
    """Return the exams ahead, and the days on which plants and workers are asked who is still there."""
    if not user.is_authenticated:
        return []
    return [
        *_exams(user, today),
        *_own_exams(user, today),
        *_points_of_plants(user, today),
        *_own_points(user, today),
    ]


def _exams(user: Any, today: date) -> list[Coming]:
    ahead = [exam for exam in planned_exams_of(user) if exam.on > today]
    return [_exam(exam, exam.get_absolute_url()) for exam in ahead[:COMING]]


def _own_exams(user: Any, today: date) -> list[Coming]:
    """Students open the page of an exam when they have a result there; before that they are led to their group."""
    family = family_of(user)
    if not family:
        return []
    studying = Enrolment.objects.studying().filter(person__in=family)
    exams = Exam.objects.filter(intake__in=studying.values("intake"), state=ExamState.PLANNED, on__gt=today)
    listed = exams.select_related("intake__programme__occupation", "intake__programme__college").order_by("on", "pk")
    return [_exam(exam, exam.intake.get_absolute_url()) for exam in listed[:COMING]]


def _exam(exam: Exam, url: str) -> Coming:
    programme = exam.intake.programme
    about = " · ".join(filter(None, (str(programme.occupation), exam.place)))
    return Coming(exam.on, _("Exam"), about, url, str(programme.college))


def _points_of_plants(user: Any, today: date) -> list[Coming]:
    plants = employers_of(user)
    if not plants:
        return []
    rows = (
        CheckPoint.objects.filter(
            hire__employer__in=plants,
            hire__state=HireState.WORKING,
            due_on__gt=today,
            due_on__lte=today + POINTS_AHEAD,
            employer_answer="",
        )
        .values("hire__employer", "due_on", "months")
        .annotate(hires=Count("pk"))
        .order_by("due_on", "months", "hire__employer")[:COMING]
    )
    employers = Organisation.objects.in_bulk({row["hire__employer"] for row in rows})
    return [
        Coming(
            on=row["due_on"],
            title=_("It is asked who is still there"),
            about=_months(row["months"]),
            url=reverse("outcomes:hires"),
            organisation=str(employers[row["hire__employer"]]),
            count=row["hires"],
        )
        for row in rows
    ]


def _own_points(user: Any, today: date) -> list[Coming]:
    if not family_of(user):
        return []
    points = CheckPoint.objects.filter(
        hire__person__user=user.pk, hire__state=HireState.WORKING, due_on__gt=today, graduate_answer=""
    ).select_related("hire__employer")
    return [
        Coming(
            on=point.due_on,
            title=_("You will be asked whether you still work there"),
            about=_months(point.months),
            url=point.hire.get_absolute_url(),
            organisation=str(point.hire.employer),
        )
        for point in points.order_by("due_on")[:1]
    ]


def _months(months: int) -> str:
    return ngettext("after %(months)d month of work", "after %(months)d months of work", months) % {"months": months}

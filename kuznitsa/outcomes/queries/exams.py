"""Reads about exams."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from kuznitsa.admissions.models import TargetContract, TargetOffer
from kuznitsa.base.duties import rows_if_any
from kuznitsa.base.memo import per_request
from kuznitsa.organisations.queries import standing
from kuznitsa.outcomes import permissions
from kuznitsa.outcomes.enums import ExamState
from kuznitsa.outcomes.models import Exam, ExamResult
from kuznitsa.people.models import Person
from kuznitsa.programmes.enums import EnrolmentState
from kuznitsa.programmes.models import Enrolment, Intake


@dataclass(frozen=True)
class ResultRow:
    """A line of the grid of results: `points` as typed or known, in points; "" when nothing is known."""

    person: Person
    result: ExamResult | None
    points: str
    appeared: bool


def students_of_exam(exam: Exam) -> QuerySet[Enrolment]:
    """Return those of the group who sit the exam: studying or graduated already, by name."""
    return (
        Enrolment.objects.filter(intake=exam.intake_id, state__in=[EnrolmentState.STUDYING, EnrolmentState.GRADUATED])
        .select_related("person")
        .order_by("person__search", "pk")
    )


def result_rows(exam: Exam) -> list[ResultRow]:
    """Return the grid: the group and whoever else has a result, each with what is known."""
    known = {result.person_id: result for result in exam.results.select_related("person")}
    persons = {row.person_id: row.person for row in students_of_exam(exam)}
    persons |= {pk: result.person for pk, result in known.items()}
    return [_row(person, known.get(pk)) for pk, person in persons.items()]


def _row(person: Person, result: ExamResult | None) -> ResultRow:
    if result is None:
        return ResultRow(person, None, "", appeared=True)
    points = "" if result.points_hundredths is None else f"{result.points_hundredths / 100:g}"
    return ResultRow(person, result, points, result.appeared)


def contract_for_outcome(person: Person) -> TargetContract | None:
    """Return the contract that what a person achieves counts for: one in force."""
    return (
        TargetContract.objects.in_force()
        .filter(person=person)
        .select_related("offer__thread", "offer__employer", "offer__intake__programme__college")
        .first()
    )


@per_request
def planned_exams_of(user: Any) -> list[Exam]:
    """Return the planned exams of one's colleges, and of the groups in which one's plants pay for seats; one query."""
    mine = standing(user).organisations()
    if not mine:
        return []
    of_plants = TargetOffer.objects.filter(employer__in=mine).values("intake")
    exams = Exam.objects.filter(Q(intake__programme__college__in=mine) | Q(intake__in=of_plants))
    listed = exams.select_related("intake__programme__occupation", "intake__programme__college")
    return rows_if_any(listed.filter(state=ExamState.PLANNED).order_by("on", "pk"))


def listed_exams() -> QuerySet[Exam]:
    """Return exams for a list, newest first, with how many have results and how many passed."""
    return (
        Exam.objects.select_related("intake__programme__occupation", "intake__programme__college")
        .annotate(
            results_count=Count("results"),
            appeared_count=Count("results", filter=Q(results__appeared=True)),
            passed_count=Count("results", filter=Q(results__mark__gte=3)),
        )
        .order_by(F("on").desc(), "-pk")
    )


def panel_of_intake(request: Any, intake: Intake) -> dict[str, Any] | None:
    """Return the exams of a group; None when there are none the user may see and none may be planned."""
    visible = Exam.objects.visible_to(request.user).filter(intake=intake)
    exams = list(listed_exams().filter(pk__in=visible.values("pk")))
    why_not = permissions.why_not_plan_exam(request.user, intake) if request.user.is_authenticated else "-"
    return {"exams": exams, "may_plan": not why_not} if exams or not why_not else None

"""Reads about hires and check points."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.models import TargetContract
from kuznitsa.classifiers.models import Occupation
from kuznitsa.outcomes import permissions
from kuznitsa.outcomes.enums import HireState
from kuznitsa.outcomes.models import CheckPoint, ExamResult, Hire
from kuznitsa.people.models import Person


@dataclass(frozen=True)
class PointLine:
    """A check point on the page of a hire, and what the user may say about it."""

    point: CheckPoint
    why_not_employer: str
    why_not_worker: str
    why_not_settle: str


def listed_hires() -> QuerySet[Hire]:
    return Hire.objects.select_related("person", "employer", "college", "site", "contract").order_by("-hired_on", "-pk")


def contracts_to_hire(user: Any, today: date) -> QuerySet[TargetContract]:
    """Return contracts in force of the user's plants whose students have finished and are not hired, by name."""
    plants = permissions.employers_of(user)
    return contracts_without_hire(today).filter(offer__employer__in=plants)


def contracts_without_hire(today: date) -> QuerySet[TargetContract]:
    """Return contracts in force whose students have finished and are not hired, by name."""
    hired = Hire.objects.exclude(state=HireState.CANCELLED).filter(contract=OuterRef("pk"))
    return (
        TargetContract.objects.filter(~Exists(hired), state=ContractState.ACTIVE, offer__intake__ends_on__lte=today)
        .select_related("person", "offer__employer", "offer__site", "offer__intake__programme__occupation")
        .order_by("person__search", "pk")
    )


def points_to_answer(user: Any, today: date) -> QuerySet[CheckPoint]:
    """Return check points that have fallen due and of which the user's plants have not spoken, by plant and name."""
    plants = permissions.employers_of(user)
    return (
        CheckPoint.objects.filter(
            hire__employer__in=plants, hire__state=HireState.WORKING, due_on__lte=today, employer_answer=""
        )
        .select_related("hire__person", "hire__employer", "hire__college", "hire__thread")
        .order_by("hire__employer__short_name", "hire__person__search", "months")
    )


def points_of(hire: Hire, user: Any) -> list[PointLine]:
    """Return the check points of a hire, the first first."""
    lines = []
    for point in hire.check_points.order_by("months"):
        point.hire = hire
        lines.append(
            PointLine(
                point,
                why_not_employer=permissions.why_not_answer_for_employer(user, point),
                why_not_worker=permissions.why_not_answer_as_worker(user, point),
                why_not_settle=permissions.why_not_settle(user, point),
            )
        )
    return lines


def newly_due(today: date) -> QuerySet[CheckPoint]:
    """Return check points that wait, have fallen due, and about which nobody has been asked."""
    return (
        CheckPoint.objects.waiting()
        .filter(due_on__lte=today, asked_at=None)
        .select_related("hire__person__user", "hire__employer")
        .order_by("hire__employer", "due_on", "pk")
    )


def warning_for(person: Person, occupation: Occupation | None, on: date) -> str:
    """Return what HR should know before hiring: the graduate is too young for the work; "" when all is well."""
    age = person.age_on(on)
    if occupation is None or occupation.minimum_age is None or age is None or age >= occupation.minimum_age:
        return ""
    return _(
        "%(person)s is %(age)d: for “%(occupation)s” people are hired from %(minimum)d."
        " Offer other work until then, or wait for the birthday."
    ) % {"person": person, "age": age, "occupation": occupation, "minimum": occupation.minimum_age}


def panel_of_person(request: Any, person: Person) -> dict[str, Any] | None:
    """Return exams and hires of a person that the user may see; None when there are none."""
    hires = list(
        listed_hires()
        .filter(pk__in=Hire.objects.visible_to(request.user).filter(person=person).values("pk"))
        .prefetch_related("check_points")
    )
    results = list(
        ExamResult.objects.visible_to(request.user)
        .filter(person=person)
        .select_related("exam__intake__programme__occupation", "exam__intake__programme__college")
        .order_by("-exam__on")
    )
    return {"hires": hires, "results": results} if hires or results else None

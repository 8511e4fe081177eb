"""What of exams, hires and check points waits for somebody."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.models import TargetContract
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Obligation
from kuznitsa.base.conditions import any_of
from kuznitsa.base.duties import AHEAD, Duty, rows_if_any
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.outcomes.enums import CheckPointState, HireState
from kuznitsa.outcomes.models import CheckPoint, Exam, Hire
from kuznitsa.outcomes.permissions import COLLEGE_OFFICE, colleges_of, employers_of
from kuznitsa.outcomes.queries.exams import planned_exams_of
from kuznitsa.outcomes.queries.hires import contracts_without_hire, points_to_answer
from kuznitsa.people.queries import family_of, names_of
from kuznitsa.programmes.enums import IntakeState
from kuznitsa.programmes.queries import unfinished_intakes

# Those who prepare an exam, of all who may record it.
PREPARING = (Role.EXPERT, Role.CURATOR)
# So long before a group graduates its exam should be planned.
PLAN_AHEAD = timedelta(days=60)


def duties(user: Any, today: date) -> list[Duty]:
    """Return the duties of HR, colleges and workers."""
    return [
        *_points(user, today),
        *_contracts(user, today),
        *_exams(user, today),
        *_exams_to_plan(user, today),
        *_disputes(user),
        *_own(user, today),
    ]


def _points(user: Any, today: date) -> list[Duty]:
    if not employers_of(user):
        return []
    by_employer = defaultdict(list)
    for point in points_to_answer(user, today):
        by_employer[point.hire.employer].append(point)
    return [
        Duty(
            title=_("Say who is still there"),
            about=names_of(point.hire.person for point in points),
            url=reverse("outcomes:check_points"),
            organisation=str(employer),
            due_on=min(point.due_on for point in points),
            count=len(points),
        )
        for employer, points in by_employer.items()
    ]


def _contracts(user: Any, today: date) -> list[Duty]:
    """Graduates under contract: the plant hires them, the college asks after those whom it has not hired yet."""
    plants, colleges = employers_of(user), standing(user).colleges(*COLLEGE_OFFICE)
    either = any_of(offer__employer__in=plants, offer__intake__programme__college__in=colleges)
    if not either:
        return []
    rows = contracts_without_hire(today).filter(either).defer("terms").order_by()
    own, asked = defaultdict(list), defaultdict(list)
    for contract in sorted(rows, key=lambda row: (row.person.search, row.pk)):
        offer = contract.offer
        if offer.employer_id in plants:
            own[offer.employer].append(contract)
        if offer.intake.programme.college_id in colleges:
            asked[offer.employer].append(contract)
    promised = _promised_by({*own, *asked}, today)
    return [
        *_of_contracts(own, promised, _("Hire those who have finished their studies"), reverse("outcomes:hire-create")),
        *_of_contracts(asked, promised, _("Ask after graduates under contract who are not hired yet")),
    ]


def _of_contracts(
    by_employer: Mapping[Organisation, list[TargetContract]],
    promised: Mapping[tuple[int, int], date],
    title: str,
    url: str = "",
) -> list[Duty]:
    """Return one duty an employer; without an address it leads to the contract, or to the list of them."""
    listed = f"{reverse('admissions:contracts')}?state={ContractState.ACTIVE.value}"
    return [
        Duty(
            title=title,
            about=names_of(contract.person for contract in contracts),
            url=url or (contracts[0].get_absolute_url() if len(contracts) == 1 else listed),
            organisation=str(employer),
            due_on=min((promised[key] for key in set(map(_pair, contracts)) if key in promised), default=None),
            count=len(contracts),
        )
        for employer, contracts in by_employer.items()
    ]


def _pair(contract: TargetContract) -> tuple[int, int]:
    """Return plant and college: who has promised to employ whose graduates."""
    return contract.offer.employer_id, contract.offer.intake.programme.college_id


def _promised_by(employers: Any, today: date) -> dict[tuple[int, int], date]:
    """Return by when plants have promised to employ graduates: the nearest day of an agreement that lies ahead."""
    if not employers:
        return {}
    obligations = Obligation.objects.active().filter(
        owner__in=list(employers), kind=ObligationKind.EMPLOYMENT, due_on__gte=today
    )
    rows = obligations.order_by("-due_on").values_list("owner", "beneficiary", "due_on")
    return {(owner, beneficiary): due_on for owner, beneficiary, due_on in rows}


def _exams(user: Any, today: date) -> list[Duty]:
    colleges, preparing = colleges_of(user), standing(user).colleges(*PREPARING)
    return [
        Duty(
            title=_("Enter the results of the exam") if exam.on <= today else _("Prepare the exam: see who sits it"),
            about=str(exam),
            url=exam.get_absolute_url(),
            organisation=str(exam.intake.programme.college),
            due_on=exam.on,
        )
        for exam in planned_exams_of(user)
        if (exam.on <= today and exam.intake.programme.college_id in colleges)
        or (exam.on <= today + AHEAD and exam.intake.programme.college_id in preparing)
    ]


def _exams_to_plan(user: Any, today: date) -> list[Duty]:
    colleges = colleges_of(user)
    ending = [
        intake
        for intake in unfinished_intakes(user)
        if intake.programme.college_id in colleges and intake.state == IntakeState.STUDYING
        if today <= intake.ends_on <= today + PLAN_AHEAD
    ]
    planned = set(Exam.objects.filter(intake__in=ending).values_list("intake", flat=True)) if ending else set()
    return [
        Duty(
            title=_("Plan the exam of the group before it graduates"),
            about=f"{intake.programme.occupation} {intake.group_name}".strip(),
            url=f"{reverse('outcomes:exam-create')}?intake={intake.pk}",
            organisation=str(intake.programme.college),
            due_on=intake.ends_on,
        )
        for intake in ending
        if intake.pk not in planned
    ]


def _disputes(user: Any) -> list[Duty]:
    colleges = standing(user).colleges(*COLLEGE_OFFICE)
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
        for point in rows_if_any(points.select_related("hire__person", "hire__employer"))
    ]


def _own(user: Any, today: date) -> list[Duty]:
    if not family_of(user):
        return []
    # By the numbers of the hires: joined, a database would go through all points that are due.
    hires = tuple(Hire.objects.filter(person__user=user.pk, state=HireState.WORKING).values_list("pk", flat=True))
    points = CheckPoint.objects.filter(hire__in=hires, due_on__lte=today, graduate_answer="").exclude(
        state=CheckPointState.LEFT
    )
    return [
        Duty(
            title=_("Do you still work there? One tap"),
            about=str(point.hire.employer),
            url=point.hire.get_absolute_url(),
            due_on=point.due_on,
        )
        for point in points.select_related("hire__employer").order_by("due_on")[:1]
    ]

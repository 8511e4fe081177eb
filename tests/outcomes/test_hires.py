"""Hires: recorded once, corrected, taken back; leaving and coming back."""

from datetime import date, datetime, timedelta

import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes import actions
from kuznitsa.outcomes.enums import Answer, CheckPointState, HireState, LeavingReason
from kuznitsa.people.enums import AffiliationKind
from tests.factories.accounts import UserFactory
from tests.factories.contracts import drawn_up, side, signed
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def hr_of(employer):
    return member(employer, Role.EMPLOYER_HR)


def hired(at, **changes):
    employer = changes.pop("employer", None) or EmployerFactory()
    values = {
        "person": PersonFactory(),
        "employer": employer,
        "hired_on": date(2025, 9, 1),
        "position": "электролизник",
        "college": CollegeFactory(),
        "by": hr_of(employer),
        "at": at,
    }
    return actions.hire_graduate(**{**values, **changes})


def counted(kind):
    return sum(Fact.objects.filter(kind=kind).values_list("quantity", flat=True))


def test_a_hire_is_a_fact_with_check_points(at):
    hire = hired(at)
    fact = Fact.objects.get(kind=FactKind.HIRED)
    assert (fact.organisation, fact.counterpart, fact.person) == (hire.employer, hire.college, hire.person)
    assert list(hire.check_points.order_by("months").values_list("months", "due_on")) == [
        (3, date(2025, 12, 1)),
        (6, date(2026, 3, 1)),
        (12, date(2026, 9, 1)),
        (24, date(2027, 9, 1)),
        (36, date(2028, 9, 1)),
    ]


def test_the_plant_may_see_the_worker(at):
    hire = hired(at)
    assert hire.person.affiliations.current().get().kind == AffiliationKind.EMPLOYEE


def test_a_contract_brings_college_and_thread(at):
    sides = side()
    contract = signed(sides, at=at)
    hire = hired(
        at, person=contract.person, employer=sides.offer.employer, contract=contract, college=None, hired_on=at.date()
    )
    assert (hire.thread, hire.college) == (sides.offer.thread, sides.offer.intake.programme.college)


@pytest.mark.parametrize("case", ["stranger", "tomorrow", "no workplace", "college"])
def test_a_hire_is_refused(at, case):
    changes = {
        "stranger": {"by": UserFactory()},
        "tomorrow": {"hired_on": at.date() + timedelta(days=1)},
        "no workplace": {"position": " "},
        "college": {"employer": CollegeFactory(), "by": None},
    }
    with pytest.raises(Refused):
        hired(at, **changes[case])


@pytest.mark.parametrize("case", ["another person", "not in force"])
def test_a_hire_by_a_wrong_contract_is_refused(at, case):
    sides = side()
    contract = signed(sides, at=at) if case == "another person" else drawn_up(sides, at=at)
    person = PersonFactory() if case == "another person" else contract.person
    with pytest.raises(Refused):
        hired(at, person=person, employer=sides.offer.employer, contract=contract)


def test_nobody_is_hired_twice(at):
    hire = hired(at)
    with pytest.raises(Refused):
        hired(at, person=hire.person, employer=hire.employer)
    assert counted(FactKind.HIRED) == 1


def test_who_comes_back_is_not_a_second_graduate(at):
    hire = hired(at)
    actions.end_employment(hire=hire, on=date(2026, 1, 1), reason=LeavingReason.MOVED, by=None, at=at)
    hired(at, person=hire.person, employer=hire.employer, hired_on=date(2026, 6, 1))
    assert counted(FactKind.HIRED) == 1


def test_another_day_moves_fact_and_check_points(at):
    hire = hired(at)
    actions.correct_hire(hire=hire, hired_on=date(2025, 10, 1), by=hr_of(hire.employer), at=at)
    assert Fact.objects.effective().get(kind=FactKind.HIRED).on == date(2025, 10, 1)
    assert hire.check_points.get(months=3).due_on == date(2026, 1, 1)


@pytest.mark.parametrize("case", ["stranger", "tomorrow"])
def test_a_correction_is_refused(at, case):
    hire = hired(at)
    by = UserFactory() if case == "stranger" else hr_of(hire.employer)
    with pytest.raises(Refused):
        actions.correct_hire(hire=hire, hired_on=at.date() + timedelta(days=case == "tomorrow"), by=by, at=at)


def test_a_mistaken_hire_leaves_no_trace_in_the_numbers(at):
    hire = hired(at)
    by = hr_of(hire.employer)
    actions.answer_for_employer(check_points=[hire.check_points.get(months=3)], answer=Answer.STAYED, by=by, at=at)
    actions.cancel_hire(hire=hire, reason="не тот", by=by, at=at)
    assert (hire.state, counted(FactKind.HIRED), counted(FactKind.STAYED_3)) == (HireState.CANCELLED, 0, 0)
    assert not hire.person.affiliations.current().exists()
    assert hired(at, person=hire.person, employer=hire.employer).pk


@pytest.mark.parametrize("case", ["stranger", "no reason", "twice"])
def test_taking_a_hire_back_is_refused(at, case):
    hire = hired(at)
    if case == "twice":
        actions.cancel_hire(hire=hire, reason="не тот", by=None, at=at)
    by = UserFactory() if case == "stranger" else hr_of(hire.employer)
    with pytest.raises(Refused):
        actions.cancel_hire(hire=hire, reason="" if case == "no reason" else "не тот", by=by, at=at)


def test_leaving_answers_the_check_points_that_follow(at):
    hire = hired(at)
    by = hr_of(hire.employer)
    actions.answer_for_employer(
        check_points=hire.check_points.filter(months__in=[3, 6]), answer=Answer.STAYED, by=by, at=at
    )
    actions.end_employment(hire=hire, on=date(2026, 2, 1), reason=LeavingReason.CONSCRIPTED, by=by, at=at)
    states = dict(hire.check_points.values_list("months", "state"))
    assert (states[3], states[6], states[36]) == (CheckPointState.STAYED, CheckPointState.LEFT, CheckPointState.LEFT)
    assert (counted(FactKind.STAYED_3), counted(FactKind.STAYED_6)) == (1, 0)


@pytest.mark.parametrize("case", ["stranger", "tomorrow", "before the hire", "left"])
def test_leaving_is_refused(at, case):
    hire = hired(at)
    on = {"tomorrow": date(2026, 9, 2), "before the hire": date(2025, 8, 1)}.get(case, date(2026, 1, 1))
    if case == "left":
        actions.end_employment(hire=hire, on=on, reason=LeavingReason.OTHER, by=None, at=at)
    by = UserFactory() if case == "stranger" else hr_of(hire.employer)
    with pytest.raises(Refused):
        actions.end_employment(hire=hire, on=on, reason=LeavingReason.OTHER, by=by, at=at)


def test_a_leaving_is_taken_back(at):
    hire = hired(at)
    by = hr_of(hire.employer)
    actions.end_employment(hire=hire, on=date(2026, 2, 1), reason=LeavingReason.OTHER, by=by, at=at)
    actions.return_to_work(hire=hire, reason="ошибка", by=by, at=at)
    assert (hire.state, hire.left_on) == (HireState.WORKING, None)
    assert hire.check_points.waiting().count() == 5


@pytest.mark.parametrize("case", ["stranger", "no reason", "works", "hired anew"])
def test_coming_back_is_refused(at, case):
    hire = hired(at)
    if case != "works":
        actions.end_employment(hire=hire, on=date(2026, 2, 1), reason=LeavingReason.OTHER, by=None, at=at)
    if case == "hired anew":
        hired(at, person=hire.person, employer=hire.employer, hired_on=date(2026, 3, 1))
    by = UserFactory() if case == "stranger" else hr_of(hire.employer)
    with pytest.raises(Refused):
        actions.return_to_work(hire=hire, reason="" if case == "no reason" else "так", by=by, at=at)


def test_a_hire_starts_the_clock_of_the_service(at):
    sides = side()
    contract = signed(sides, at=at)
    hired(at, person=contract.person, employer=sides.offer.employer, contract=contract, hired_on=at.date())
    from kuznitsa.admissions.queries.contracts import service_clock

    assert service_clock(contract, at.date()).ends_on == date(2029, 9, 1)


def test_the_clock_reads_the_day_of_the_hire_in_local_time(at):
    midnight = datetime(2026, 9, 1, 0, 30, tzinfo=at.tzinfo)
    assert hired(midnight, hired_on=date(2026, 9, 1)).pk

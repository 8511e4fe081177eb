"""Exams: planned, results entered and corrected, closed and reopened."""

from datetime import date, timedelta

import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes import actions
from kuznitsa.outcomes.actions import ResultLine
from kuznitsa.outcomes.enums import ExamState
from tests.factories.accounts import UserFactory
from tests.factories.contracts import side, signed
from tests.factories.organisations import member
from tests.factories.outcomes import ExamFactory
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory, IntakeFactory

pytestmark = pytest.mark.django_db


def expert(exam):
    return member(exam.intake.programme.college, Role.EXPERT)


def sitting(exam):
    return EnrolmentFactory(intake=exam.intake).person


def enter(exam, person, points, at, **changes):
    values = {"exam": exam, "lines": [ResultLine(person, points)], "by": expert(exam), "at": at}
    return actions.record_results(**{**values, **changes})


def passed():
    return sum(Fact.objects.filter(kind=FactKind.EXAM_PASSED).values_list("quantity", flat=True))


def test_an_exam_is_planned(at):
    intake = IntakeFactory()
    by = member(intake.programme.college, Role.CURATOR)
    assert actions.plan_exam(intake=intake, on=date(2028, 6, 1), by=by, at=at).state == ExamState.PLANNED


@pytest.mark.parametrize("changes", [{"max_points": 0}, {"on": date(2026, 8, 1)}], ids=str)
def test_an_impossible_exam_is_refused(at, changes):
    intake = IntakeFactory()
    with pytest.raises(Refused):
        actions.plan_exam(**{"intake": intake, "on": date(2028, 6, 1), "by": None, "at": at, **changes})


def test_a_stranger_plans_nothing(at):
    with pytest.raises(Refused):
        actions.plan_exam(intake=IntakeFactory(), on=date(2028, 6, 1), by=UserFactory(), at=at)


@pytest.mark.parametrize(("points", "mark"), [(7000, 5), (6999, 4), (4000, 4), (2000, 3), (1999, 2), (0, 2)])
def test_the_mark_follows_the_scale(at, points, mark):
    exam = ExamFactory()
    assert enter(exam, sitting(exam), points, at)[0].mark == mark


def test_a_pass_is_a_fact_of_the_college(at):
    exam = ExamFactory()
    enter(exam, sitting(exam), 5000, at)
    fact = Fact.objects.get(kind=FactKind.EXAM_PASSED)
    assert (fact.organisation, fact.on, fact.counterpart) == (exam.intake.programme.college, exam.on, None)


def test_a_pass_under_contract_stands_on_its_thread(at):
    sides = side()
    contract = signed(sides, at=at)
    enter(ExamFactory(intake=sides.offer.intake), contract.person, 5000, at)
    fact = Fact.objects.get(kind=FactKind.EXAM_PASSED)
    assert (fact.thread, fact.counterpart) == (sides.offer.thread, sides.offer.employer)


def test_who_did_not_appear_has_no_mark(at):
    exam = ExamFactory()
    result = enter(exam, sitting(exam), None, at)[0]
    assert (result.appeared, result.mark, passed()) == (False, None, 0)


def test_a_correction_reverses_the_fact(at):
    exam = ExamFactory()
    person = sitting(exam)
    enter(exam, person, 5000, at)
    enter(exam, person, 100, at)
    assert passed() == 0
    enter(exam, person, 9000, at)
    assert (passed(), exam.results.get().mark) == (1, 5)


def test_what_did_not_change_is_not_written_again(at):
    exam = ExamFactory()
    person = sitting(exam)
    enter(exam, person, 5000, at)
    assert enter(exam, person, 5000, at) == []


def test_a_second_exam_does_not_make_a_second_graduate(at):
    exam = ExamFactory()
    person = sitting(exam)
    enter(exam, person, 5000, at)
    enter(ExamFactory(intake=exam.intake), person, 9000, at)
    assert passed() == 1


@pytest.mark.parametrize("case", ["stranger", "too many points", "not of the group", "not yet", "closed"])
def test_results_are_refused_whole(at, case):
    exam = ExamFactory(
        on=at.date() + timedelta(days=case == "not yet"),
        state=ExamState.CLOSED if case == "closed" else ExamState.PLANNED,
    )
    other = PersonFactory() if case == "not of the group" else sitting(exam)
    lines = [ResultLine(sitting(exam), 5000), ResultLine(other, 10001 if case == "too many points" else 100)]
    with pytest.raises(Refused):
        enter(exam, None, 0, at, lines=lines, by=UserFactory() if case == "stranger" else expert(exam))
    assert not exam.results.exists()


def test_an_exam_closes_when_all_have_results(at):
    exam = ExamFactory()
    person = sitting(exam)
    with pytest.raises(Refused):
        actions.close_exam(exam=exam, by=expert(exam), at=at)
    enter(exam, person, 5000, at)
    actions.close_exam(exam=exam, by=expert(exam), at=at)
    assert exam.state == ExamState.CLOSED


def test_closed_results_are_reopened_with_a_reason(at):
    exam = ExamFactory(state=ExamState.CLOSED)
    with pytest.raises(Refused):
        actions.reopen_exam(exam=exam, reason="", by=expert(exam), at=at)
    actions.reopen_exam(exam=exam, reason="апелляция", by=expert(exam), at=at)
    assert exam.state == ExamState.PLANNED


def test_open_results_are_not_reopened(at):
    exam = ExamFactory()
    with pytest.raises(Refused):
        actions.reopen_exam(exam=exam, reason="так", by=expert(exam), at=at)


def test_points_stay_once_results_are_entered(at):
    exam = ExamFactory()
    actions.edit_exam(exam=exam, max_points=80, by=expert(exam), at=at)
    enter(exam, sitting(exam), 5000, at)
    with pytest.raises(Refused):
        actions.edit_exam(exam=exam, max_points=50, by=expert(exam), at=at)


def test_a_closed_exam_is_not_edited(at):
    exam = ExamFactory(state=ExamState.CLOSED)
    with pytest.raises(Refused):
        actions.edit_exam(exam=exam, kit="КОД", by=expert(exam), at=at)

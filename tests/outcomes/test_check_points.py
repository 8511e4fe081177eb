"""“Still there?”: both sides, disagreement, letters."""

from datetime import date

import pytest
from django.core import mail

from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes import actions
from kuznitsa.outcomes.enums import Answer, CheckPointState
from kuznitsa.outcomes.jobs import remind
from tests.factories.accounts import UserFactory
from tests.factories.organisations import member
from tests.factories.outcomes import CheckPointFactory, HireFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def asked(**details):
    return CheckPointFactory(hire__person__user=UserFactory(), **details)


def plant_says(point, answer, at, by=None):
    by = by or member(point.hire.employer, Role.EMPLOYER_HR)
    actions.answer_for_employer(check_points=[point], answer=answer, by=by, at=at)


def worker_says(point, answer, at):
    actions.answer_as_worker(check_point=point, answer=answer, by=point.hire.person.user, at=at)


def stayed():
    return sum(Fact.objects.filter(kind=FactKind.STAYED_12).values_list("quantity", flat=True))


def test_the_plants_word_is_a_fact_on_the_day_it_was_due(at):
    point = asked()
    plant_says(point, Answer.STAYED, at)
    fact = Fact.objects.get(kind=FactKind.STAYED_12)
    assert (fact.on, fact.person, fact.organisation) == (point.due_on, point.hire.person, point.hire.employer)


def test_the_workers_word_counts_while_the_plant_is_silent(at):
    point = asked()
    worker_says(point, Answer.STAYED, at)
    assert (point.state, stayed()) == (CheckPointState.STAYED, 1)


@pytest.mark.parametrize("first", ["plant", "worker"])
def test_who_contradicts_makes_it_disputed(at, first):
    point = asked()
    if first == "plant":
        plant_says(point, Answer.STAYED, at)
        worker_says(point, Answer.LEFT, at)
    else:
        worker_says(point, Answer.STAYED, at)
        plant_says(point, Answer.LEFT, at)
    assert (point.state, stayed()) == (CheckPointState.DISPUTED, 0)


def test_a_side_may_change_its_mind(at):
    point = asked()
    plant_says(point, Answer.LEFT, at)
    worker_says(point, Answer.STAYED, at)
    plant_says(point, Answer.STAYED, at)
    assert (point.state, stayed()) == (CheckPointState.STAYED, 1)


def test_both_agree_and_it_counts_once(at):
    point = asked()
    plant_says(point, Answer.STAYED, at)
    worker_says(point, Answer.STAYED, at)
    assert stayed() == 1


@pytest.mark.parametrize("case", ["stranger", "too early"])
def test_the_plants_answer_is_refused(at, case):
    point = asked(due_on=date(2026, 9, 2) if case == "too early" else date(2026, 9, 1))
    with pytest.raises(Refused):
        plant_says(point, Answer.STAYED, at, by=UserFactory() if case == "stranger" else None)


@pytest.mark.parametrize("case", ["stranger", "too early"])
def test_the_workers_answer_is_refused(at, case):
    point = asked(due_on=date(2026, 9, 2) if case == "too early" else date(2026, 9, 1))
    by = UserFactory() if case == "stranger" else point.hire.person.user
    with pytest.raises(Refused):
        actions.answer_as_worker(check_point=point, answer=Answer.STAYED, by=by, at=at)


def disputed(at):
    point = asked()
    plant_says(point, Answer.LEFT, at)
    worker_says(point, Answer.STAYED, at)
    return point


@pytest.mark.parametrize(("said", "state", "count"), [(True, "stayed", 1), (False, "left", 0)])
def test_the_college_settles_a_disagreement(at, said, state, count):
    point = disputed(at)
    by = member(point.hire.college, Role.CURATOR)
    actions.settle_check_point(check_point=point, stayed=said, reason="позвонили в цех", by=by, at=at)
    assert (point.state, stayed()) == (state, count)


@pytest.mark.parametrize("case", ["the plant", "no reason", "no disagreement"])
def test_settling_is_refused(at, case):
    point = asked() if case == "no disagreement" else disputed(at)
    organisation = point.hire.employer if case == "the plant" else point.hire.college
    with pytest.raises(Refused):
        actions.settle_check_point(
            check_point=point,
            stayed=True,
            reason="" if case == "no reason" else "так",
            by=member(organisation, Role.COORDINATOR),
            at=at,
        )


def test_plants_and_workers_are_asked_once(at, django_capture_on_commit_callbacks):
    first = asked()
    CheckPointFactory(hire=HireFactory(employer=first.hire.employer, person=PersonFactory(email="")))
    asked(due_on=date(2026, 9, 2))
    hr = member(first.hire.employer, Role.EMPLOYER_HR)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            remind()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([hr.email, first.hire.person.user.email])
    assert "2" in next(letter for letter in mail.outbox if letter.to == [hr.email]).subject

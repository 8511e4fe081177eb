"""What of exams, hires and check points waits for whom, with which clock; which days come next."""

from datetime import timedelta

import pytest
from django.utils import translation

from kuznitsa.agreements.enums import AgreementState, ObligationKind
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes.enums import Answer, ExamState
from kuznitsa.outcomes.models import Hire
from kuznitsa.outcomes.queries import coming, duties
from kuznitsa.programmes.enums import IntakeState
from tests.factories.accounts import UserFactory
from tests.factories.agreements import AgreementFactory, ObligationFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.outcomes import CheckPointFactory, ExamFactory, HireFactory
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory, IntakeFactory

from .test_views import finished

pytestmark = pytest.mark.django_db

PREPARE, ENTER = "Prepare the exam: see who sits it", "Enter the results of the exam"
PLAN = "Plan the exam of the group before it graduates"
ASK = "Ask after graduates under contract who are not hired yet"
HIRE = "Hire those who have finished their studies"


def titles(user, today):
    with translation.override("en"):
        return {duty.title: duty.due_on for duty in duties(user, today)}


def days(user, today):
    with translation.override("en"):
        return [(row.title, row.on, row.count) for row in coming(user, today)]


def test_an_exam_is_prepared_before_its_day_and_recorded_after(at):
    exam = ExamFactory(on=at.date() + timedelta(days=14))
    college = exam.intake.programme.college
    expert, curator, director = (member(college, role) for role in (Role.EXPERT, Role.CURATOR, Role.DIRECTOR))
    for user in (expert, curator):
        assert titles(user, at.date()) == {PREPARE: exam.on}
        assert titles(user, at.date() - timedelta(days=1)) == {}
    assert titles(director, at.date()) == titles(member(CollegeFactory(), Role.EXPERT), at.date()) == {}
    assert titles(expert, exam.on) == titles(director, exam.on) == {ENTER: exam.on}
    exam.state = ExamState.CLOSED
    exam.save()
    assert titles(expert, exam.on) == {}


def test_a_group_that_graduates_soon_needs_an_exam(at):
    intake = IntakeFactory(ends_on=at.date() + timedelta(days=60), starts_on=at.date() - timedelta(days=600))
    curator = member(intake.programme.college, Role.CURATOR)
    assert titles(curator, at.date()) == {}
    intake.state = IntakeState.STUDYING
    intake.save()
    assert titles(curator, at.date()) == {PLAN: intake.ends_on}
    assert titles(curator, at.date() - timedelta(days=1)) == {}
    assert titles(member(CollegeFactory(), Role.CURATOR), at.date()) == {}
    ExamFactory(intake=intake, on=intake.ends_on)
    assert titles(curator, at.date()) == {}


def test_graduates_wait_for_plant_and_college_until_the_promised_day(at):
    sides, contract = finished(at)
    college = sides.offer.intake.programme.college
    curator = member(college, Role.CURATOR)
    assert titles(curator, at.date()) == {ASK: None}
    assert titles(sides.hr, at.date())[HIRE] is None
    promised = ObligationFactory(
        agreement=AgreementFactory(state=AgreementState.IN_FORCE),
        owner=sides.offer.employer,
        beneficiary=college,
        kind=ObligationKind.EMPLOYMENT,
        due_on=at.date() + timedelta(days=40),
    )
    assert titles(curator, at.date()) == {ASK: promised.due_on}
    assert titles(sides.hr, at.date())[HIRE] == promised.due_on
    assert ASK not in titles(member(CollegeFactory(), Role.CURATOR), at.date())
    HireFactory(person=contract.person, employer=sides.offer.employer, contract=contract)
    assert Hire.objects.count() == 1
    assert titles(curator, at.date()) == {}
    assert HIRE not in titles(sides.hr, at.date())


def test_still_there_is_asked_by_plant_with_the_oldest_day(at):
    hr = member(EmployerFactory(), Role.EMPLOYER_HR)
    employer = hr.memberships.get().organisation
    old, new = (CheckPointFactory(hire__employer=employer, due_on=at.date() - timedelta(days=days)) for days in (9, 2))
    question = "Say who is still there"
    assert titles(hr, at.date()) == {question: old.due_on}
    assert titles(member(EmployerFactory(), Role.EMPLOYER_HR), at.date()) == {}
    old.employer_answer = Answer.STAYED
    old.save()
    assert titles(hr, at.date()) == {question: new.due_on}


def test_check_points_ahead_stand_in_the_calendars_of_plant_and_worker(at):
    employer = EmployerFactory()
    hr = member(employer, Role.EMPLOYER_HR)
    person = PersonFactory(user=UserFactory())
    day = at.date() + timedelta(days=30)
    for worker in (person, PersonFactory()):
        CheckPointFactory(hire=HireFactory(employer=employer, person=worker), due_on=day)
    CheckPointFactory(hire__employer=employer, months=36, due_on=at.date() + timedelta(days=366))
    assert days(hr, at.date()) == [("It is asked who is still there", day, 2)]
    assert days(person.user, at.date()) == [("You will be asked whether you still work there", day, 1)]
    assert days(UserFactory(), at.date()) == days(hr, day + timedelta(days=400)) == []


def test_an_exam_stands_in_the_calendars_of_the_college_and_of_its_students(at):
    exam = ExamFactory(on=at.date() + timedelta(days=90))
    student = EnrolmentFactory(intake=exam.intake, person=PersonFactory(user=UserFactory())).person
    mentor = member(exam.intake.programme.college, Role.AUDITOR)
    assert days(student.user, at.date()) == days(mentor, at.date()) == [("Exam", exam.on, 1)]
    assert days(student.user, exam.on) == days(UserFactory(), at.date()) == []
    (row,) = coming(student.user, at.date())
    assert row.url == exam.intake.get_absolute_url()

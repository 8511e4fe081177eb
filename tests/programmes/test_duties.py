"""What of laboratories and groups waits for a college, and which days come next."""

from datetime import timedelta

import pytest
from django.utils import translation

from kuznitsa.organisations.enums import Role
from kuznitsa.programmes.enums import FacilityState, IntakeState
from kuznitsa.programmes.queries import coming, duties
from tests.factories.accounts import UserFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory, FacilityFactory, IntakeFactory

pytestmark = pytest.mark.django_db

ACCEPT = "Accept the laboratory, or move its day"
BEGIN, GRADUATED = "Begin the studies of the group", "Record that the group has graduated"


def titles(user, today):
    with translation.override("en"):
        return {duty.title: duty.due_on for duty in duties(user, today)}


def days(user, today):
    with translation.override("en"):
        return [(row.title, row.on) for row in coming(user, today)]


def test_a_laboratory_is_a_duty_a_month_before_its_day(at):
    facility = FacilityFactory(due_on=at.date() + timedelta(days=30))
    office = member(facility.organisation, Role.ADMISSIONS)
    sponsor = member(facility.sponsor, Role.EMPLOYER_HR)
    assert titles(office, at.date()) == {ACCEPT: facility.due_on}
    assert titles(office, at.date() - timedelta(days=1)) == {}
    for user in (sponsor, member(CollegeFactory(), Role.ADMISSIONS)):
        assert titles(user, at.date()) == {}
    ready = [("The laboratory is to be ready", facility.due_on)]
    assert days(office, at.date()) == days(sponsor, at.date()) == ready
    assert days(member(facility.sponsor, Role.MENTOR), at.date()) == days(UserFactory(), at.date()) == []
    facility.state, facility.accepted_on = FacilityState.ACCEPTED, at.date()
    facility.save()
    assert titles(office, at.date()) == {}
    assert days(office, at.date()) == []


def test_the_first_and_the_last_day_of_a_group_are_duties(at):
    intake = IntakeFactory(starts_on=at.date(), ends_on=at.date() + timedelta(days=300))
    office = member(intake.programme.college, Role.ADMISSIONS)
    assert titles(office, at.date() - timedelta(days=1)) == {}
    assert titles(office, at.date()) == {BEGIN: intake.starts_on}
    assert titles(member(CollegeFactory(), Role.ADMISSIONS), at.date()) == {}
    intake.state = IntakeState.STUDYING
    intake.save()
    assert titles(office, at.date()) == {}
    assert titles(office, intake.ends_on) == {GRADUATED: intake.ends_on}
    intake.state = IntakeState.GRADUATED
    intake.save()
    assert titles(office, intake.ends_on) == {}


def test_days_of_study_come_next_for_students_and_their_college(at):
    intake = IntakeFactory(starts_on=at.date() + timedelta(days=5), ends_on=at.date() + timedelta(days=300))
    student = EnrolmentFactory(intake=intake, person=PersonFactory(user=UserFactory())).person.user
    curator = member(intake.programme.college, Role.CURATOR)
    both = [("Studies begin", intake.starts_on), ("Studies end", intake.ends_on)]
    assert days(student, at.date()) == days(curator, at.date()) == both
    assert days(student, intake.starts_on) == both[1:]
    for user in (UserFactory(), member(EmployerFactory(), Role.EMPLOYER_HR)):
        assert days(user, at.date()) == []

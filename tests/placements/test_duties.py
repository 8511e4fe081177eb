"""What waits for mentors, offices, students and guardians, and when it ceases to; which days come next."""

from datetime import timedelta

import pytest
from django.utils import translation

from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.queries import coming, duties
from tests.factories.accounts import UserFactory
from tests.factories.people import ConsentFactory, GuardianshipFactory, PersonFactory
from tests.factories.placements import (
    PlacementFactory,
    PracticePlaceFactory,
    hr_of,
    mentor_of,
    practice_lead,
    student,
)

pytestmark = pytest.mark.django_db

BRIEF = "Hold the safety briefing before practice begins"
CERTIFICATES = "See that medical certificates are brought before practice begins"
BRING = "Bring a medical certificate before practice begins"
CONSENT = "Decide on the consent to your child's practice"


def titles(user, today):
    with translation.override("en"):
        return {duty.title: duty.due_on for duty in duties(user, today)}


def days(user, today):
    with translation.override("en"):
        return [(row.title, row.on) for row in coming(user, today)]


def planned(at, *, after=10, **fields):
    """A planned practice of harmful work that begins in ten days, its mentor, and what its place is."""
    starts_on = at.date() + timedelta(days=after)
    place = PracticePlaceFactory(starts_on=starts_on, ends_on=starts_on + timedelta(days=20), is_harmful=True)
    mentor = mentor_of(place)
    return PlacementFactory(place=place, mentor=mentor, **fields), mentor


def test_a_mentor_is_told_of_briefing_and_certificates_before_practice(at):
    placement, mentor = planned(at)
    today, starts_on = at.date(), placement.starts_on
    assert titles(mentor, today) == {BRIEF: starts_on, CERTIFICATES: starts_on}
    assert titles(mentor, starts_on - timedelta(days=15)) == {CERTIFICATES: starts_on}
    assert titles(mentor, starts_on - timedelta(days=31)) == {}
    assert titles(mentor_of(PracticePlaceFactory()), today) == {}

    placement.briefed_on, placement.medical_until = today, starts_on
    placement.save()
    assert titles(mentor, today) == {}
    placement.medical_until = starts_on - timedelta(days=1)
    placement.save()
    assert titles(mentor, today) == {CERTIFICATES: starts_on}


def test_a_mentor_is_told_to_complete_practice_in_its_last_week(at):
    placement, mentor = planned(at, state=PlacementState.STARTED)
    complete = "Complete practice: hours, mark and a few words"
    assert titles(mentor, placement.ends_on - timedelta(days=8)) == {}
    assert titles(mentor, placement.ends_on - timedelta(days=7)) == {complete: placement.ends_on}
    placement.state = PlacementState.COMPLETED
    placement.save()
    assert titles(mentor, placement.ends_on) == {}


def test_a_student_is_told_to_bring_a_certificate(at):
    placement, _mentor = planned(at, person=PersonFactory(user=UserFactory()))
    today = at.date()
    assert titles(placement.person.user, today) == {BRING: placement.starts_on}
    assert titles(UserFactory(), today) == {}
    placement.medical_until = placement.starts_on
    placement.save()
    assert titles(placement.person.user, today) == {}


def test_a_guardian_is_asked_for_the_consent_before_the_child_is_placed(at):
    guardianship = GuardianshipFactory(guardian__user=UserFactory())
    place = PracticePlaceFactory(starts_on=at.date() + timedelta(days=40), ends_on=at.date() + timedelta(days=60))
    student(place, guardianship.child)
    guardian = guardianship.guardian.user
    assert titles(guardian, at.date()) == {CONSENT: place.starts_on}
    assert CONSENT not in titles(guardian, place.starts_on + timedelta(days=1))
    other = GuardianshipFactory(guardian__user=UserFactory())
    assert titles(other.guardian.user, at.date()) == {}

    ConsentFactory(person=guardianship.child, purpose=ConsentPurpose.PRACTICE, given_by=guardianship.guardian)
    assert titles(guardian, at.date()) == {}


def test_the_college_reminds_of_certificates_and_the_plant_does_not(at):
    placement, _mentor = planned(at)
    reminder = "Remind students of their medical certificates"
    lead = practice_lead(placement.place)
    assert titles(lead, at.date())[reminder] == placement.starts_on
    assert reminder not in titles(hr_of(placement.place), at.date())
    assert (
        titles(practice_lead(PracticePlaceFactory(mentor=UserFactory(), seats=1)), at.date()).keys() & {reminder}
        == set()
    )
    placement.medical_until = placement.ends_on
    placement.save()
    assert reminder not in titles(lead, at.date())


def test_offices_see_practice_that_should_have_begun_or_ended(at):
    placement, _mentor = planned(at, after=-1, medical_until=at.date() + timedelta(days=99))
    lead, hr = practice_lead(placement.place), hr_of(placement.place)
    begun, over = "Practice should have begun: see who has come", "Practice is over: see that it is completed"
    for user in (lead, hr):
        assert titles(user, at.date())[begun] == placement.starts_on
    placement.state = PlacementState.STARTED
    placement.save()
    assert begun not in titles(lead, at.date())
    after = placement.ends_on + timedelta(days=1)
    assert over not in titles(lead, placement.ends_on)
    assert titles(lead, after)[over] == titles(hr, after)[over] == placement.ends_on
    assert over not in titles(practice_lead(PracticePlaceFactory()), after)
    placement.state = PlacementState.COMPLETED
    placement.save()
    assert over not in titles(lead, after)


def test_a_place_without_mentor_waits_for_both_sides(at):
    place = PracticePlaceFactory()
    users = practice_lead(place), hr_of(place)
    for user in users:
        assert titles(user, at.date())["Name a mentor"] == place.starts_on
    mentor_of(place)
    for user in users:
        assert "Name a mentor" not in titles(user, at.date())


def test_days_of_practice_come_next_for_those_who_have_to_do_with_it(at):
    placement, mentor = planned(at, person=PersonFactory(user=UserFactory()))
    today = at.date()
    both = [("Practice begins", placement.starts_on), ("Practice ends", placement.ends_on)]
    assert days(placement.person.user, today) == both
    assert days(practice_lead(placement.place), today) == days(hr_of(placement.place), today) == both
    assert days(mentor, today) == [
        ("Trainees come to you", placement.starts_on),
        ("Your trainees end their practice", placement.ends_on),
    ]
    assert days(UserFactory(), today) == []
    assert days(placement.person.user, placement.ends_on + timedelta(days=1)) == []


def test_duties_and_days_cost_the_same_for_one_and_for_three(at, query_count):
    place = PracticePlaceFactory(starts_on=at.date() + timedelta(days=5), ends_on=at.date() + timedelta(days=20))
    mentor, lead = mentor_of(place), practice_lead(place)
    person = PersonFactory(user=UserFactory())

    def add():
        PlacementFactory(place=place, mentor=mentor)
        PlacementFactory(
            place=PracticePlaceFactory(intake=place.intake, is_harmful=True, starts_on=place.starts_on), person=person
        )

    for user in (mentor, lead, person.user):
        query_count(lambda user=user: (duties(user, at.date()), coming(user, at.date())), add)

"""Practice places and students on them."""

from datetime import date

import factory

from kuznitsa.accounts.models import User
from kuznitsa.organisations.enums import Role
from kuznitsa.people.models import Person
from kuznitsa.placements.models import Placement, PracticePlace
from tests.factories.organisations import EmployerFactory, member
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory, IntakeFactory


class PracticePlaceFactory(factory.django.DjangoModelFactory):
    """Two places for four weeks of September 2026, open, without a mentor."""

    class Meta:
        model = PracticePlace

    host = factory.SubFactory(EmployerFactory)
    intake = factory.SubFactory(IntakeFactory)
    title = factory.Sequence(lambda number: f"участок {number}")
    seats = 2
    starts_on = date(2026, 9, 1)
    ends_on = date(2026, 9, 28)


class PlacementFactory(factory.django.DjangoModelFactory):
    """An adult whose practice is planned."""

    class Meta:
        model = Placement

    place = factory.SubFactory(PracticePlaceFactory)
    person = factory.SubFactory(PersonFactory)
    starts_on = factory.SelfAttribute("place.starts_on")
    ends_on = factory.SelfAttribute("place.ends_on")


def student(place: PracticePlace, person: Person | None = None, **details: object) -> Person:
    """Return somebody who studies in the group of the place."""
    person = person or PersonFactory(**details)
    EnrolmentFactory(person=person, intake=place.intake)
    return person


def practice_lead(place: PracticePlace) -> User:
    return member(place.intake.programme.college, Role.PRACTICE_LEAD)


def hr_of(place: PracticePlace) -> User:
    return member(place.host, Role.EMPLOYER_HR)


def mentor_of(place: PracticePlace) -> User:
    """Return a new mentor, who is from now on the mentor of the place."""
    place.mentor = member(place.host, Role.MENTOR)
    place.save()
    return place.mentor

"""Programmes, intakes, facilities, enrolments."""

from datetime import date

import factory

from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme
from tests.factories.classifiers import OccupationFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory
from tests.factories.people import PersonFactory


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    college = factory.SubFactory(CollegeFactory)
    occupation = factory.SubFactory(OccupationFactory)
    months = 22


class IntakeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Intake

    programme = factory.SubFactory(ProgrammeFactory)
    starts_on = date(2026, 9, 1)
    ends_on = date(2028, 6, 30)
    places = 25


class FacilityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Facility

    organisation = factory.SubFactory(CollegeFactory)
    sponsor = factory.SubFactory(EmployerFactory)
    name = factory.Sequence(lambda number: f"лаборатория {number}")


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    intake = factory.SubFactory(IntakeFactory)
    enrolled_on = date(2026, 8, 20)

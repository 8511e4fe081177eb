"""Exams and hires."""

from datetime import date

import factory

from kuznitsa.outcomes.models import CheckPoint, Exam, Hire
from tests.factories.organisations import CollegeFactory, EmployerFactory
from tests.factories.people import PersonFactory
from tests.factories.programmes import IntakeFactory


class ExamFactory(factory.django.DjangoModelFactory):
    """An exam on the day of the tests."""

    class Meta:
        model = Exam

    intake = factory.SubFactory(IntakeFactory, starts_on=date(2024, 9, 1), ends_on=date(2026, 6, 30))
    on = date(2026, 9, 1)


class HireFactory(factory.django.DjangoModelFactory):
    """Somebody hired a year before the tests, without check points."""

    class Meta:
        model = Hire

    person = factory.SubFactory(PersonFactory)
    employer = factory.SubFactory(EmployerFactory)
    college = factory.SubFactory(CollegeFactory)
    position = "электролизник"
    hired_on = date(2025, 9, 1)


class CheckPointFactory(factory.django.DjangoModelFactory):
    """A check point that fell due in the month of the hire's first anniversary."""

    class Meta:
        model = CheckPoint

    hire = factory.SubFactory(HireFactory)
    months = 12
    due_on = date(2026, 9, 1)

"""Persons, guardians, consents."""

from datetime import UTC, date, datetime

import factory

from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Consent, ConsentText, Guardianship, Person


class PersonFactory(factory.django.DjangoModelFactory):
    """An adult; `minor=True` makes a fifteen-year-old of September 2026."""

    class Meta:
        model = Person

    class Params:
        minor = factory.Trait(born_on=date(2011, 3, 14))

    family_name = factory.Sequence(lambda number: f"Примеров-{number}")
    given_name = "Пётр"
    patronymic = "Образцович"
    born_on = date(1990, 5, 20)


class GuardianshipFactory(factory.django.DjangoModelFactory):
    """A confirmed guardianship; `stated=True` makes one whose document nobody has seen."""

    class Meta:
        model = Guardianship

    class Params:
        stated = factory.Trait(document="", confirmed_at=None)

    child = factory.SubFactory(PersonFactory, minor=True)
    guardian = factory.SubFactory(PersonFactory, given_name="Анна", patronymic="Образцовна")
    document = "свидетельство о рождении"
    started_on = date(2026, 1, 1)
    confirmed_at = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class ConsentFactory(factory.django.DjangoModelFactory):
    """A consent of an adult to the text that the product ships."""

    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    purpose = ConsentPurpose.TARGET_CONTRACT
    text = factory.LazyAttribute(lambda consent: ConsentText.objects.get(purpose=consent.purpose, version=1))
    given_by = factory.SelfAttribute("person")
    given_at = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)

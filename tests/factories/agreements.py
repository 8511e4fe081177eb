"""Agreements, parties, obligations, acts; `agreed()` makes one in force by the product's own actions."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import factory

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Act, Agreement, Obligation, Party
from kuznitsa.organisations.enums import Role
from tests.factories.organisations import CollegeFactory, EmployerFactory, SignatoryFactory, member


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    number = factory.Sequence(lambda number: f"{number}/26")
    title = "соглашение о партнёрстве"
    subject = "Подготовка рабочих."
    starts_on = date(2026, 9, 1)
    ends_on = date(2029, 8, 31)


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    agreement = factory.SubFactory(AgreementFactory)
    organisation = factory.SubFactory(EmployerFactory)


class ObligationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Obligation

    agreement = factory.SubFactory(AgreementFactory)
    owner = factory.SubFactory(EmployerFactory)
    beneficiary = factory.SubFactory(CollegeFactory)
    kind = ObligationKind.VISITS
    quantity = 5
    due_on = date(2027, 6, 30)


class ActFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Act

    obligation = factory.SubFactory(ObligationFactory)
    on = date(2026, 9, 1)
    quantity = 1
    description = "экскурсия в сборочный цех"
    submitted_at = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def partners(**fields: Any) -> SimpleNamespace:
    """Return a plant and a college with a coordinator, an HR officer and a signatory with a user each."""
    plant, college = EmployerFactory(**fields), CollegeFactory(**fields)
    return SimpleNamespace(
        plant=plant,
        college=college,
        hr=member(plant, Role.EMPLOYER_HR),
        plant_coordinator=member(plant, Role.COORDINATOR),
        coordinator=member(college, Role.COORDINATOR),
        plant_signatory=SignatoryFactory(organisation=plant, full_name="Завражнов Андрей Петрович"),
        college_signatory=SignatoryFactory(organisation=college, full_name="Дацкая Вера Ивановна"),
    )


def promise(world: SimpleNamespace, **fields: Any) -> actions.Promise:
    """Return five visits that the plant owes to the college; `fields` say what else."""
    values = {
        "owner": world.plant,
        "beneficiary": world.college,
        "kind": ObligationKind.VISITS,
        "quantity": 5,
        "due_on": date(2027, 6, 30),
    }
    return actions.Promise(**(values | fields))


def terms(world: SimpleNamespace, **fields: Any) -> dict[str, Any]:
    """Return what `draw_up` and `edit` are given, beside who and when."""
    values = {
        "number": "7/26",
        "title": "соглашение о партнёрстве",
        "subject": "Подготовка рабочих.",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2029, 8, 31),
        "parties": [world.plant, world.college],
        "promises": [promise(world)],
    }
    return values | fields


def drafted(world: SimpleNamespace, at: datetime, **fields: Any) -> Agreement:
    return actions.draw_up(**terms(world, **fields), by=world.coordinator, at=at)


def sent(world: SimpleNamespace, at: datetime, **fields: Any) -> Agreement:
    """Return an agreement of `partners()` that is being signed."""
    agreement = drafted(world, at, **fields)
    actions.send_for_signing(agreement=agreement, by=world.coordinator, at=at)
    agreement.refresh_from_db()
    return agreement


def agreed(world: SimpleNamespace, at: datetime, **fields: Any) -> Agreement:
    """Return an agreement of `partners()` in force, signed by both in the product."""
    agreement = sent(world, at, **fields)
    for signatory in (world.plant_signatory, world.college_signatory):
        party = agreement.parties.get(organisation=signatory.organisation)
        actions.sign(party=party, by=signatory.user, at=at)
    agreement.refresh_from_db()
    return agreement

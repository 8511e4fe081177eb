"""The agreements of Novokuznetsk and of Stupino, built from their texts and signed by everybody."""

from datetime import date, timedelta

import pytest

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import AgreementState, Fulfilment, ObligationKind
from kuznitsa.agreements.queries import fulfilments, paper
from kuznitsa.classifiers.models import Occupation
from kuznitsa.demo.agreements import draw_up_electrolysis, draw_up_stupino, sign_by_all
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from tests.factories.facts import ThreadFactory
from tests.factories.organisations import OrganisationFactory, SignatoryFactory, member

pytestmark = pytest.mark.django_db


def signing(kind: OrganisationKind, name: str, signatory: str, **paper_of_authority):
    organisation = OrganisationFactory(kind=kind, short_name=name)
    SignatoryFactory(organisation=organisation, full_name=signatory, **paper_of_authority)
    return organisation


def test_the_stupino_agreement(at):
    smk = signing(OrganisationKind.EMPLOYER, "СМК", "Завражнов Андрей Петрович", post="управляющий директор")
    smpp = signing(
        OrganisationKind.EMPLOYER,
        "СМПП",
        "Назаренко Вадим Иванович",
        post="управляющий директор",
        authority_kind=AuthorityKind.POWER_OF_ATTORNEY,
        authority_number="14",
    )
    college = signing(OrganisationKind.COLLEGE, "Ступинский техникум", "Дацкий Виктор Ильич")
    coordinator = member(college, Role.COORDINATOR)
    agreement = draw_up_stupino(
        metallurgists=smk, machine_builders=smpp, college=college, starts_on=at.date(), by=coordinator, at=at
    )
    sign_by_all(agreement=agreement, by=coordinator, at=at)
    assert (agreement.state, agreement.in_force_on) == (AgreementState.IN_FORCE, at.date())
    promised = {smk: {"scholarships", "practice", "employment"}, smpp: {"practice", "visits"}}
    for plant, kinds in promised.items():
        owed = set(agreement.obligations.filter(owner=plant, beneficiary=college).values_list("kind", flat=True))
        assert owed == kinds
    assert paper(agreement, at.date()).startswith(b"%PDF")
    assert not Fact.objects.exists()


def test_the_agreement_of_novokuznetsk_and_what_comes_of_it(at):
    plant = signing(OrganisationKind.EMPLOYER, "Алюминиевый завод", "Кузнецов Пётр Ильич")
    college = signing(OrganisationKind.COLLEGE, "Техникум им. Бардина", "Бардина Анна Павловна")
    university = signing(OrganisationKind.UNIVERSITY, "Университет", "Юрьев Олег Львович", post="ректор")
    occupation = Occupation.objects.get(code="22.01.05")
    need = ThreadFactory(employer=plant, college=None, occupation=occupation)
    offer = ThreadFactory(employer=plant, college=college, occupation=occupation, parent=need)
    coordinator = member(plant, Role.COORDINATOR)
    agreement = draw_up_electrolysis(
        plant=plant,
        college=college,
        university=university,
        occupation=occupation,
        thread=need,
        starts_on=at.date(),
        by=coordinator,
        at=at,
    )
    sign_by_all(agreement=agreement, by=coordinator, at=at)
    promised = Fact.objects.get(kind=FactKind.SEATS_PROMISED)
    assert (promised.quantity, promised.thread, promised.organisation) == (25, need, plant)

    done = {"on": at.date(), "organisation": plant, "counterpart": college, "source": agreement, "by": None, "at": at}
    record(kind=FactKind.SEATS_OFFERED, quantity=25, thread=offer, **done)
    for _laboratory in ("физическая", "химическая"):
        record(kind=FactKind.LABORATORY_ACCEPTED, quantity=1, **done)
    scholarship = agreement.obligations.get(kind=ObligationKind.SCHOLARSHIPS, beneficiary=college)
    act = actions.submit_act(
        obligation=scholarship, on=at.date(), quantity=120_000, description="сентябрь", by=coordinator, at=at
    )
    actions.accept_act(act=act, by=member(college, Role.DIRECTOR), at=at)

    stands = {
        (found.obligation.kind, found.obligation.beneficiary): found
        for found in fulfilments(agreement.obligations.all(), at.date())
    }
    seats = stands[ObligationKind.SEATS, college]
    assert (seats.done, seats.total, seats.standing) == (25, 25, Fulfilment.FULFILLED)
    laboratories = stands[ObligationKind.LABORATORIES, college]
    assert (laboratories.done, laboratories.total, laboratories.standing) == (2, 3, Fulfilment.ON_THE_WAY)
    assert stands[ObligationKind.SCHOLARSHIPS, college].done == 120_000
    assert stands[ObligationKind.SCHOLARSHIPS, university].done == 0
    a_year_later = fulfilments([laboratories.obligation], at.date() + timedelta(days=366))[0]
    assert a_year_later.standing == Fulfilment.OVERDUE
    assert laboratories.obligation.due_on == date(2027, 8, 31)

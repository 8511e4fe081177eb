"""Two people at the same contract."""

import pytest

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.models import ContractParty, TargetContract, TargetOffer
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.people.models import Person
from tests.admissions.test_last_seat import at_once
from tests.factories.contracts import drawn_up, side, signer
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_two_last_signatures_one_is_the_last(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    first, *rest = contract.parties.order_by("pk")
    actions.sign_contract(party=first, by=signer(sides, first), at=at)

    def sign(party):
        user = signer(sides, party)
        return lambda: actions.sign_contract(party=ContractParty.objects.get(pk=party.pk), by=user, at=at)

    assert at_once(*map(sign, rest)) == []
    contract.refresh_from_db()
    assert contract.state == ContractState.ACTIVE
    assert Fact.objects.filter(kind=FactKind.CONTRACT_SIGNED).count() == 1


def test_a_person_gets_one_contract_from_two_offices(at):
    sides = side()
    person = PersonFactory()

    def draw_up():
        actions.draw_up_contract(
            person=Person.objects.get(pk=person.pk),
            offer=TargetOffer.objects.get(pk=sides.offer.pk),
            by=None,
            at=at,
        )

    assert len(at_once(draw_up, draw_up)) == 1
    assert TargetContract.objects.count() == 1

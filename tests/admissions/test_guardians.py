"""A guardian whom nobody has confirmed decides nothing: neither an application, nor a seat, nor a contract."""

import pytest
from django.core import mail
from django.urls import reverse

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ApplicationState, ContractRole
from kuznitsa.admissions.queries.duties import duties
from kuznitsa.base.refusal import Refused
from kuznitsa.people.actions import confirm_guardianship, end_guardianship
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, office_of
from tests.factories.contracts import drawn_up, minor_with_guardian, side
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stated():
    return GuardianshipFactory(
        child=PersonFactory(minor=True, user=UserFactory()), guardian__user=UserFactory(), stated=True
    )


def waiting(child, at):
    """Return an application of a child that waits for the guardian."""
    offer = OpenOfferFactory()
    application = actions.start_application(campaign=offer.campaign, person=child, by=child.user, at=at)
    actions.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=child.user, at=at)
    return actions.submit_application(application=application, by=child.user, at=at)


def test_an_unconfirmed_guardian_neither_agrees_nor_reads_nor_is_written_to(
    at, client_as, stated, django_capture_on_commit_callbacks
):
    guardian = stated.guardian
    with django_capture_on_commit_callbacks(execute=True):
        application = waiting(stated.child, at)
    assert mail.outbox == []
    assert duties(guardian.user, at.date()) == []
    client = client_as(guardian.user)
    assert client.get(application.get_absolute_url()).status_code == 404
    assert client.get(reverse("admissions:application-agree", args=[application.pk])).status_code == 404
    for by in (guardian.user, office_of(application.campaign), None):
        with pytest.raises(Refused):
            actions.agree_to_application(application=application, guardian=guardian, by=by, at=at)
    assert application.state == ApplicationState.AWAITING_GUARDIAN


def test_once_confirmed_the_guardian_agrees(at, stated):
    application = waiting(stated.child, at)
    office = office_of(application.campaign)
    email = stated.guardian.user.email
    confirm_guardianship(guardianship=stated, document="свидетельство", email=email, by=office, at=at)
    actions.agree_to_application(application=application, guardian=stated.guardian, by=stated.guardian.user, at=at)
    assert application.state == ApplicationState.SUBMITTED


def test_the_child_reads_on_the_application_what_is_awaited(at, client_as, stated):
    application = waiting(stated.child, at)
    page = client_as(stated.child.user).get(application.get_absolute_url()).text
    assert "Пока некому согласиться" in page
    assert "ещё не подтверждён" in page


def test_a_contract_names_a_guardian_who_is_one_still(at):
    child = minor_with_guardian()
    mother = child.guardianships.get()
    father = GuardianshipFactory(child=child, guardian__user=UserFactory())
    end_guardianship(guardianship=mother, on=at.date(), by=None, at=at)
    contract = drawn_up(side(), at=at, person=child)
    assert contract.parties.get(role=ContractRole.GUARDIAN).person == father.guardian


@pytest.mark.parametrize("how", ["ended", "never confirmed"])
def test_a_contract_is_not_signed_by_who_is_no_guardian(at, how):
    sides, child = side(), minor_with_guardian()
    contract = drawn_up(sides, at=at, person=child)
    party = contract.parties.get(role=ContractRole.GUARDIAN)
    child.guardianships.update(**{"ended_on": at.date()} if how == "ended" else {"confirmed_at": None})
    with pytest.raises(Refused, match="больше не законный"):
        actions.sign_contract(party=party, by=party.person.user, at=at)
    with pytest.raises(Refused, match="больше не законный"):
        actions.sign_contract_by_scan(party=party, scan=None, signed_on=at.date(), by=sides.admissions, at=at)

"""Drawing up, changing, sending back: every exit."""

from datetime import date

import pytest

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import AgreementState, ObligationKind
from kuznitsa.agreements.models import Agreement
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from tests.factories.agreements import agreed, drafted, partners, promise, sent, terms
from tests.factories.classifiers import OccupationFactory
from tests.factories.organisations import EmployerFactory, member

pytestmark = pytest.mark.django_db


def test_drawing_up_writes_parties_in_order_and_obligations(at):
    world = partners()
    occupation = OccupationFactory()
    seats = promise(world, kind=ObligationKind.SEATS, quantity=25, occupation=occupation, text="25 мест")
    agreement = actions.draw_up(
        **terms(world, parties=[world.college, world.plant], promises=[seats, promise(world)]), by=world.hr, at=at
    )
    assert agreement.state == AgreementState.DRAFT
    assert [party.organisation for party in agreement.parties.order_by("order")] == [world.college, world.plant]
    first, second = agreement.obligations.order_by("order")
    assert (first.kind, first.quantity, first.occupation, first.text) == ("seats", 25, occupation, "25 мест")
    assert second.kind == ObligationKind.VISITS
    assert AuditEntry.objects.about(agreement).get().verb == "agreements.agreement.created"


def test_drawing_up_is_refused_to_a_mentor(at):
    world = partners()
    with pytest.raises(Refused, match="координатор"):
        actions.draw_up(**terms(world), by=member(world.plant, Role.MENTOR), at=at)


def test_drawing_up_for_others_is_refused(at):
    with pytest.raises(Refused, match="Ваша организация"):
        actions.draw_up(**terms(partners()), by=member(EmployerFactory(), Role.COORDINATOR), at=at)


def test_an_organisation_is_a_party_once(at):
    world = partners()
    with pytest.raises(Refused, match="дважды"):
        drafted(world, at, parties=[world.plant, world.college, world.plant])
    assert not Agreement.objects.exists()


def test_an_obligation_is_between_parties(at):
    world = partners()
    stranger = EmployerFactory()
    with pytest.raises(Refused, match=str(stranger)):
        drafted(world, at, promises=[promise(world, owner=stranger)])
    assert not Agreement.objects.exists()


def test_nobody_owes_themselves(at):
    world = partners()
    with pytest.raises(Refused, match="перед самим собой"):
        drafted(world, at, promises=[promise(world, beneficiary=world.plant)])


def test_an_agreement_does_not_end_before_it_starts(at):
    with pytest.raises(Refused, match="раньше"):
        drafted(partners(), at, ends_on=date(2026, 8, 31))


def test_editing_a_draft_changes_it_and_says_what(at):
    world = partners()
    agreement = drafted(world, at)
    changed = [promise(world, quantity=8)]
    actions.edit(agreement=agreement, **terms(world, number="8/26", promises=changed), by=world.hr, at=at)
    agreement.refresh_from_db()
    assert (agreement.number, agreement.obligations.get().quantity) == ("8/26", 8)
    assert AuditEntry.objects.about(agreement).get(verb="agreements.agreement.edited").details["changed"]


def test_editing_while_being_signed_clears_signatures_and_says_why(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    agreement = sent(world, at)
    actions.sign(party=agreement.parties.get(organisation=world.plant), by=world.plant_signatory.user, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        actions.edit(agreement=agreement, **terms(world, subject="Иначе."), by=world.coordinator, at=at)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.DRAFT
    assert "предмет" in agreement.return_reason
    assert agreement.text_hash == ""
    assert agreement.parties.unsigned().count() == 2
    cleared = AuditEntry.objects.about(agreement).get(verb="agreements.agreement.signatures_cleared")
    assert cleared.details["parties"] == str(world.plant)
    assert world.hr.email in [letter.to[0] for letter in mailoutbox]


def test_saving_the_same_text_while_being_signed_keeps_signatures(at):
    world = partners()
    agreement = sent(world, at)
    actions.sign(party=agreement.parties.get(organisation=world.plant), by=world.plant_signatory.user, at=at)
    actions.edit(agreement=agreement, **terms(world), by=world.coordinator, at=at)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNING
    assert agreement.parties.unsigned().count() == 1


def test_an_agreement_in_force_is_not_edited(at):
    world = partners()
    agreement = agreed(world, at)
    with pytest.raises(Refused, match="черновик"):
        actions.edit(agreement=agreement, **terms(world), by=world.coordinator, at=at)


def test_a_stranger_does_not_edit(at):
    world = partners()
    agreement = drafted(world, at)
    with pytest.raises(Refused):
        actions.edit(agreement=agreement, **terms(world), by=member(EmployerFactory(), Role.COORDINATOR), at=at)


def test_a_failed_edit_leaves_everything_as_it_was(at):
    world = partners()
    agreement = drafted(world, at)
    with pytest.raises(Refused):
        actions.edit(
            agreement=agreement, **terms(world, promises=[promise(world, quantity=0)]), by=world.coordinator, at=at
        )
    assert agreement.obligations.get().quantity == 5

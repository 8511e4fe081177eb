"""Withdrawing, terminating, expiring and their ways back: every exit."""

from datetime import date, timedelta

import pytest

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import AgreementState, Fulfilment, ObligationKind
from kuznitsa.agreements.jobs import expire_agreements
from kuznitsa.agreements.queries import fulfilments
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from tests.factories.agreements import agreed, drafted, partners, promise, sent
from tests.factories.organisations import member

pytestmark = pytest.mark.django_db


def state_of(agreement) -> str:
    agreement.refresh_from_db()
    return agreement.state


def test_withdrawing_clears_signatures(at):
    world = partners()
    agreement = sent(world, at)
    actions.sign(party=agreement.parties.first(), by=world.plant_signatory.user, at=at)
    actions.withdraw(agreement=agreement, reason="Передумали", by=world.coordinator, at=at)
    assert state_of(agreement) == AgreementState.WITHDRAWN
    assert (agreement.ending_reason, agreement.parties.unsigned().count()) == ("Передумали", 2)


def test_withdrawing_needs_a_reason_and_a_keeper(at):
    world = partners()
    agreement = drafted(world, at)
    with pytest.raises(Refused, match="почему"):
        actions.withdraw(agreement=agreement, reason=" ", by=world.coordinator, at=at)
    with pytest.raises(Refused):
        actions.withdraw(agreement=agreement, reason="так", by=partners().coordinator, at=at)
    with pytest.raises(Refused):
        actions.withdraw(agreement=agreed(world, at), reason="так", by=world.coordinator, at=at)


def test_a_withdrawn_agreement_is_taken_up_again(at):
    world = partners()
    agreement = drafted(world, at)
    actions.withdraw(agreement=agreement, reason="Передумали", by=world.coordinator, at=at)
    with pytest.raises(Refused, match="почему"):
        actions.reopen(agreement=agreement, reason="", by=world.coordinator, at=at)
    actions.reopen(agreement=agreement, reason="Ошибка", by=world.coordinator, at=at)
    assert (state_of(agreement), agreement.ending_reason) == (AgreementState.DRAFT, "")
    with pytest.raises(Refused):
        actions.reopen(agreement=agreement, reason="Ещё раз", by=world.coordinator, at=at)


def test_terminating_keeps_what_was_promised_in_the_ledger(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    agreement = agreed(world, at, promises=[promise(world, kind=ObligationKind.SEATS, quantity=25)])
    with django_capture_on_commit_callbacks(execute=True):
        actions.terminate(agreement=agreement, reason="Завод закрыт", by=world.coordinator, at=at)
    assert (state_of(agreement), agreement.ending_reason) == (AgreementState.TERMINATED, "Завод закрыт")
    assert Fact.objects.effective().count() == 1
    assert fulfilments(agreement.obligations.all(), at.date())[0].standing == Fulfilment.ENDED
    assert "Завод закрыт" in mailoutbox[0].body


def test_terminating_needs_a_reason_an_office_and_an_agreement_in_force(at):
    world = partners()
    agreement = agreed(world, at)
    with pytest.raises(Refused, match="почему"):
        actions.terminate(agreement=agreement, reason="", by=world.coordinator, at=at)
    with pytest.raises(Refused, match="координатор"):
        actions.terminate(agreement=agreement, reason="так", by=member(world.plant, Role.EMPLOYER_HR), at=at)
    with pytest.raises(Refused):
        actions.terminate(agreement=drafted(world, at), reason="так", by=world.coordinator, at=at)


def test_an_agreement_expires_the_day_after_its_last(at):
    world = partners()
    agreement = agreed(world, at, ends_on=date(2027, 6, 30))
    with pytest.raises(Refused, match="Последн"):
        actions.expire(agreement=agreement, by=None, at=at)
    actions.expire(agreement=agreement, by=None, at=at + timedelta(days=303))
    assert state_of(agreement) == AgreementState.EXPIRED


def test_an_agreement_without_end_does_not_expire(at):
    world = partners()
    agreement = agreed(world, at, ends_on=None)
    with pytest.raises(Refused):
        actions.expire(agreement=agreement, by=None, at=at + timedelta(days=9999))


def test_the_daily_job_expires_what_is_over_and_nothing_else(at):
    world = partners()
    over = agreed(world, at)
    running, draft = agreed(world, at), drafted(world, at)
    for agreement in (over, draft):
        agreement.starts_on, agreement.ends_on = date(2025, 1, 1), date(2026, 8, 31)
        agreement.save()
    expire_agreements()
    expire_agreements()
    states = [state_of(agreement) for agreement in (over, running, draft)]
    assert states == [AgreementState.EXPIRED, AgreementState.IN_FORCE, AgreementState.DRAFT]


def test_an_expired_agreement_is_prolonged(at):
    world = partners()
    agreement = agreed(world, at, ends_on=date(2027, 6, 30))
    later = at + timedelta(days=303)
    with pytest.raises(Refused, match="истёкш"):
        actions.prolong(agreement=agreement, ends_on=date(2028, 6, 30), reason="дс № 1", by=world.coordinator, at=at)
    actions.expire(agreement=agreement, by=None, at=later)
    with pytest.raises(Refused, match="документ"):
        actions.prolong(agreement=agreement, ends_on=date(2028, 6, 30), reason="", by=world.coordinator, at=later)
    with pytest.raises(Refused, match="прошёл"):
        actions.prolong(agreement=agreement, ends_on=date(2027, 6, 30), reason="дс", by=world.coordinator, at=later)
    with pytest.raises(Refused, match="координатор"):
        actions.prolong(agreement=agreement, ends_on=date(2028, 6, 30), reason="дс", by=world.hr, at=later)
    actions.prolong(agreement=agreement, ends_on=date(2028, 6, 30), reason="дс № 1", by=world.coordinator, at=later)
    assert (state_of(agreement), agreement.ends_on) == (AgreementState.IN_FORCE, date(2028, 6, 30))

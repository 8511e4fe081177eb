"""A contract or its end that was entered by mistake is taken back by reversing facts."""

from datetime import timedelta

import pytest
from django.core import mail

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ContractState, SeatState, SuspensionReason, TerminationReason
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import unbalanced_sums
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.programmes.actions import enrol
from kuznitsa.programmes.enums import EnrolmentState
from tests.factories.accounts import UserFactory
from tests.factories.contracts import drawn_up, side, signed
from tests.factories.people import PersonFactory

from .test_contract_actions import accepted_seat

pytestmark = pytest.mark.django_db


def url(contract, verb=""):
    return f"/contracts/{contract.pk}/{verb}"


def ended(sides, at):
    contract = signed(sides, at=at)
    actions.terminate_contract(
        contract=contract, on=at.date(), reason=TerminationReason.AGREED, note="не тот", by=sides.hr, at=at
    )
    return contract


def standing_facts(contract, kind):
    return Fact.objects.effective().filter(kind=kind, person=contract.person).count()


def test_the_end_is_taken_back_on_the_page(at, client_as, django_capture_on_commit_callbacks):
    sides = side()
    contract = ended(sides, at)
    client = client_as(sides.hr)
    assert url(contract, "reopen/") in client.get(url(contract)).text
    assert client.get(url(contract, "reopen/")).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(contract, "reopen/"), {"reason": "не тот человек"})
    assert any("не тот человек" in letter.body for letter in mail.outbox if contract.person.user.email in letter.to)
    contract.refresh_from_db()
    assert (contract.state, contract.ended_on, contract.termination_reason) == (ContractState.ACTIVE, None, "")
    assert standing_facts(contract, FactKind.CONTRACT_ENDED) == 0
    assert standing_facts(contract, FactKind.CONTRACT_SIGNED) == 1
    assert contract.person.affiliations.current().filter(kind=AffiliationKind.TARGET_STUDENT).exists()
    assert "не тот человек" in client.get(url(contract)).text
    assert not unbalanced_sums()


def test_a_contract_that_was_suspended_is_suspended_again(at):
    sides = side()
    contract = signed(sides, at=at)
    actions.suspend_contract(
        contract=contract, reason=SuspensionReason.MILITARY, starts_on=at.date(), by=sides.hr, at=at
    )
    actions.terminate_contract(contract=contract, on=at.date(), reason=TerminationReason.AGREED, by=sides.hr, at=at)
    actions.reopen_contract(contract=contract, reason="ошибка", by=sides.hr, at=at)
    contract.refresh_from_db()
    assert contract.state == ContractState.SUSPENDED
    assert contract.suspensions.get().ends_on is None


def test_a_suspension_that_was_over_stays_so(at):
    sides = side()
    contract = signed(sides, at=at)
    actions.suspend_contract(contract=contract, reason="leave", starts_on=at.date(), by=sides.hr, at=at)
    actions.resume_contract(contract=contract, on=at.date(), by=sides.hr, at=at)
    actions.terminate_contract(contract=contract, on=at.date(), reason=TerminationReason.AGREED, by=sides.hr, at=at)
    actions.reopen_contract(contract=contract, reason="ошибка", by=sides.hr, at=at)
    assert contract.state == ContractState.ACTIVE
    assert contract.suspensions.get().ends_on == at.date()


def test_a_fulfilment_is_taken_back(at):
    sides = side()
    contract = signed(sides, at=at)
    type(contract).objects.filter(pk=contract.pk).update(state=ContractState.FULFILLED, ended_on=at.date())
    contract.refresh_from_db()
    actions.reopen_contract(contract=contract, reason="ошибка", by=sides.hr, at=at)
    contract.refresh_from_db()
    assert (contract.state, contract.ended_on) == (ContractState.ACTIVE, None)


@pytest.mark.parametrize("case", ["in force", "stranger", "no reason", "another contract", "seat taken"])
def test_taking_the_end_back_is_refused(at, case):
    sides = side(seats=1 if case == "seat taken" else 5)
    contract = signed(sides, at=at) if case == "in force" else ended(sides, at)
    if case == "another contract":
        drawn_up(sides, at=at, person=contract.person)
    if case == "seat taken":
        drawn_up(sides, at=at)
    by = UserFactory() if case == "stranger" else sides.hr
    was = contract.state
    with pytest.raises(Refused):
        actions.reopen_contract(contract=contract, reason=" " if case == "no reason" else "ошибка", by=by, at=at)
    contract.refresh_from_db()
    assert contract.state == was


def test_a_contract_signed_by_mistake_is_taken_back_on_the_page(at, client_as, django_capture_on_commit_callbacks):
    sides = side()
    contract = signed(sides, at=at)
    client = client_as(sides.hr)
    assert url(contract, "annul/") in client.get(url(contract)).text
    assert client.get(url(contract, "annul/")).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(contract, "annul/"), {"reason": "подписан другим"})
    contract.refresh_from_db()
    assert (contract.state, contract.ending_note) == (ContractState.ANNULLED, "подписан другим")
    assert contract.enrolment.state == EnrolmentState.ANNULLED
    for kind in (FactKind.CONTRACT_SIGNED, FactKind.ENROLLED):
        assert standing_facts(contract, kind) == 0
    assert not contract.person.affiliations.current().filter(kind=AffiliationKind.TARGET_STUDENT).exists()
    letters = [letter for letter in mail.outbox if contract.person.user.email in letter.to]
    assert any("подписан другим" in letter.body for letter in letters)
    page = client.get(url(contract)).text
    assert url(contract, "annul/") not in page
    assert "подписан другим" in page
    assert not unbalanced_sums()


def test_an_enrolment_that_was_there_before_stays(at):
    sides = side()
    person = PersonFactory(user=UserFactory())
    enrolment = enrol(person=person, intake=sides.offer.intake, enrolled_on=at.date(), by=None, at=at)
    contract = signed(sides, at=at + timedelta(hours=1), person=person)
    actions.annul_contract(contract=contract, reason="ошибка", by=sides.hr, at=at + timedelta(hours=2))
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.STUDYING
    assert standing_facts(contract, FactKind.ENROLLED) == 1


@pytest.mark.parametrize(("ticked", "seat_state"), [(True, SeatState.WITHDRAWN), (False, SeatState.ACCEPTED)])
def test_the_seat_goes_back_or_stays(at, client_as, ticked, seat_state):
    sides = side(seats=1)
    seat = accepted_seat(sides.offer, at)
    person = seat.application.person
    person.user = UserFactory()
    person.save()
    contract = actions.draw_up_contract(seat=seat, by=sides.hr, at=at)
    for party, user in zip(
        contract.parties.order_by("pk"), (sides.director, person.user, sides.college_director), strict=True
    ):
        actions.sign_contract(party=party, by=user, at=at)
    client_as(sides.hr).post(
        url(contract, "annul/"), {"reason": "ошибка"} | ({"give_seat_back": "on"} if ticked else {})
    )
    seat.refresh_from_db()
    assert seat.state == seat_state
    if not ticked:
        anew = actions.draw_up_contract(seat=seat, by=sides.hr, at=at)
        assert anew.state == ContractState.SIGNING


@pytest.mark.parametrize("case", ["ended", "signing", "stranger", "no reason", "paid"])
def test_taking_a_contract_back_is_refused(at, case):
    sides = side()
    contract = drawn_up(sides, at=at) if case == "signing" else signed(sides, at=at)
    if case == "ended":
        actions.terminate_contract(contract=contract, on=at.date(), reason=TerminationReason.AGREED, by=sides.hr, at=at)
    if case == "paid":
        measure = sides.offer.support.get()
        payment = actions.record_payment(
            contract=contract, measure=measure, paid_on=at.date(), amount_kopecks=100, document="1", by=sides.hr, at=at
        )
    by = UserFactory() if case == "stranger" else sides.hr
    was = contract.state
    with pytest.raises(Refused):
        actions.annul_contract(contract=contract, reason=" " if case == "no reason" else "ошибка", by=by, at=at)
    contract.refresh_from_db()
    assert contract.state == was
    if case == "paid":
        actions.cancel_payment(payment=payment, reason="ошибка", by=sides.hr, at=at)
        actions.annul_contract(contract=contract, reason="ошибка", by=sides.hr, at=at)


def test_a_refusal_stands_in_the_form_with_what_was_typed(at, client_as):
    sides = side()
    contract = signed(sides, at=at)
    actions.record_payment(
        contract=contract,
        measure=sides.offer.support.get(),
        paid_on=at.date(),
        amount_kopecks=100,
        document="1",
        by=sides.hr,
        at=at,
    )
    answer = client_as(sides.hr, language="en").post(url(contract, "annul/"), {"reason": "wrong person"})
    assert "support paid" in answer.text
    assert "wrong person" in answer.text

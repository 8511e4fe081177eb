"""Drawing up, giving up, suspending, ending and fulfilling contracts."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import (
    ContractRole,
    ContractState,
    OfferState,
    SeatState,
    SuspensionReason,
    TerminationReason,
)
from kuznitsa.admissions.models import Seat
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from tests.factories import admissions
from tests.factories.accounts import UserFactory
from tests.factories.contracts import drawn_up, minor_with_guardian, side, signed
from tests.factories.organisations import EmployerFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")


def accepted_seat(offer, at: datetime) -> Seat:
    admissions.checked(offer, at=at)
    admissions.published(offer.campaign, at=at)
    seat = Seat.objects.get(offer=offer)
    return actions.accept_seat(seat=seat, by=None, at=at)


def test_the_terms_of_the_offer_are_frozen(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    sides.offer.position = "другая работа"
    sides.offer.save()
    contract.refresh_from_db()
    assert contract.terms["position"] != "другая работа"
    assert contract.terms["support"][0]["amount_kopecks"] == 500_000
    assert contract.regulation == "555"
    assert len(contract.terms_hash) == 64


def test_a_contract_names_its_parties(at):
    employing = EmployerFactory()
    contract = drawn_up(side(), at=at, employing=employing)
    assert set(contract.parties.values_list("role", flat=True)) == {
        ContractRole.CUSTOMER,
        ContractRole.CITIZEN,
        ContractRole.COLLEGE,
        ContractRole.EMPLOYER,
    }


def test_two_parties_are_enough(at):
    sides = side()
    contract = drawn_up(sides, at=at, with_college=False, employing=sides.offer.employer)
    assert contract.parties.count() == 2


def test_the_guardian_signs_for_a_minor(at):
    child = minor_with_guardian()
    contract = drawn_up(side(), at=at, person=child)
    guardian = contract.parties.get(role=ContractRole.GUARDIAN).person
    assert guardian == child.guardianships.get().guardian


def test_a_minor_without_the_guardians_consent_is_refused(at):
    with pytest.raises(Refused, match="no guardian has consented|законн|согласи"):
        drawn_up(side(), at=at, person=minor_with_guardian(ConsentPurpose.PROCESSING))


def test_a_seat_leads_to_a_contract(at):
    sides = side(seats=1)
    seat = accepted_seat(sides.offer, at)
    contract = actions.draw_up_contract(seat=seat, by=sides.admissions, at=at)
    assert contract.seat == seat
    assert contract.person == seat.application.person


def test_a_seat_that_is_not_accepted_is_refused(at):
    sides = side(seats=1)
    admissions.checked(sides.offer, at=at)
    admissions.published(sides.offer.campaign, at=at)
    with pytest.raises(Refused):
        actions.draw_up_contract(seat=Seat.objects.get(), by=sides.hr, at=at)


def test_a_seat_has_one_contract(at):
    sides = side(seats=1)
    seat = accepted_seat(sides.offer, at)
    actions.draw_up_contract(seat=seat, by=sides.hr, at=at)
    with pytest.raises(Refused):
        actions.draw_up_contract(seat=seat, by=sides.hr, at=at)


def test_a_person_has_one_contract(at):
    sides = side()
    person = PersonFactory()
    drawn_up(sides, at=at, person=person)
    with pytest.raises(Refused):
        drawn_up(sides, at=at, person=person)


def test_no_more_contracts_than_seats(at):
    sides = side(seats=1)
    drawn_up(sides, at=at)
    with pytest.raises(Refused):
        drawn_up(sides, at=at)


def test_a_stranger_draws_up_nothing(at):
    sides = side()
    with pytest.raises(Refused):
        actions.draw_up_contract(person=PersonFactory(), offer=sides.offer, by=UserFactory(), at=at)


def test_an_unpublished_offer_gives_no_contract(at):
    with pytest.raises(Refused):
        drawn_up(side(state=OfferState.DRAFT), at=at)


@pytest.mark.parametrize("months", [35, 61])
def test_the_law_limits_the_months_of_work(at, months):
    with pytest.raises(Refused, match=str(months)):
        drawn_up(side(service_months=months), at=at)


def test_the_rules_of_the_day_govern(at):
    contract = drawn_up(side(), at=at - timedelta(days=365 * 3))
    assert contract.regulation == "1681"


def test_giving_up_returns_the_seat(at):
    sides = side(seats=1)
    seat = accepted_seat(sides.offer, at)
    contract = actions.draw_up_contract(seat=seat, by=sides.hr, at=at)
    actions.cancel_contract(contract=contract, reason="передумал", by=sides.hr, at=at)
    seat.refresh_from_db()
    assert (contract.state, seat.state) == (ContractState.CANCELLED, SeatState.WITHDRAWN)
    assert Fact.objects.filter(kind=FactKind.SEAT_RETURNED).exists()


def test_a_contract_can_be_drawn_up_anew_for_the_same_seat(at):
    sides = side(seats=1)
    seat = accepted_seat(sides.offer, at)
    contract = actions.draw_up_contract(seat=seat, by=sides.hr, at=at)
    actions.cancel_contract(contract=contract, reason="ошибка", give_seat_back=False, by=sides.hr, at=at)
    seat.refresh_from_db()
    again = actions.draw_up_contract(seat=seat, with_college=False, by=sides.hr, at=at)
    assert again.parties.count() == 2


def test_the_student_may_give_up(at):
    contract = drawn_up(side(), at=at)
    actions.cancel_contract(contract=contract, reason="передумал", by=contract.person.user, at=at)
    assert contract.state == ContractState.CANCELLED


@pytest.mark.parametrize("case", ["stranger", "no reason", "in force"])
def test_giving_up_is_refused(at, case):
    sides = side()
    contract = signed(sides, at=at) if case == "in force" else drawn_up(sides, at=at)
    by = UserFactory() if case == "stranger" else sides.hr
    with pytest.raises(Refused):
        actions.cancel_contract(contract=contract, reason="" if case == "no reason" else "так", by=by, at=at)


def suspended(sides, at):
    contract = signed(sides, at=at)
    actions.suspend_contract(
        contract=contract,
        reason=SuspensionReason.MILITARY,
        starts_on=at.date(),
        document="повестка",
        by=sides.hr,
        at=at,
    )
    return contract


def test_a_suspension_stops_and_resumes(at):
    sides = side()
    contract = suspended(sides, at)
    assert contract.state == ContractState.SUSPENDED
    actions.resume_contract(contract=contract, on=date(2026, 10, 1), by=sides.hr, at=at + timedelta(days=40))
    assert contract.state == ContractState.ACTIVE
    assert contract.suspensions.get().ends_on == date(2026, 10, 1)


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 9, 2)])
def test_a_suspension_begins_between_signing_and_today(at, day):
    sides = side()
    contract = signed(sides, at=at)
    with pytest.raises(Refused):
        actions.suspend_contract(contract=contract, reason=SuspensionReason.OTHER, starts_on=day, by=sides.hr, at=at)


def test_only_the_plant_suspends(at):
    sides = side()
    contract = signed(sides, at=at)
    with pytest.raises(Refused):
        actions.suspend_contract(
            contract=contract, reason=SuspensionReason.OTHER, starts_on=at.date(), by=sides.admissions, at=at
        )


def test_a_suspended_contract_is_not_suspended_again(at):
    sides = side()
    contract = suspended(sides, at)
    with pytest.raises(Refused):
        actions.suspend_contract(
            contract=contract, reason=SuspensionReason.OTHER, starts_on=at.date(), by=sides.hr, at=at
        )


def test_what_is_not_suspended_is_not_resumed(at):
    sides = side()
    contract = signed(sides, at=at)
    with pytest.raises(Refused):
        actions.resume_contract(contract=contract, on=at.date(), by=sides.hr, at=at)


def test_a_suspension_does_not_end_before_it_starts(at):
    sides = side()
    contract = signed(sides, at=at)
    later = at + timedelta(days=10)
    actions.suspend_contract(
        contract=contract, reason=SuspensionReason.OTHER, starts_on=later.date(), by=sides.hr, at=later
    )
    with pytest.raises(Refused):
        actions.resume_contract(contract=contract, on=at.date(), by=sides.hr, at=later)


def test_ending_early_is_a_fact(at):
    sides = side()
    contract = suspended(sides, at)
    actions.terminate_contract(
        contract=contract, on=at.date(), reason=TerminationReason.STUDENT_LEFT, note="отчислен", by=sides.hr, at=at
    )
    contract.refresh_from_db()
    fact = Fact.objects.get(kind=FactKind.CONTRACT_ENDED)
    assert contract.state == ContractState.TERMINATED
    assert (fact.thread, fact.person, fact.quantity) == (sides.offer.thread, contract.person, 1)
    assert not contract.suspensions.filter(ends_on=None).exists()
    tie = contract.person.affiliations.get(kind=AffiliationKind.TARGET_STUDENT)
    assert tie.ended_on == at.date()


@pytest.mark.parametrize("case", ["signing", "stranger", "tomorrow"])
def test_ending_early_is_refused(at, case):
    sides = side()
    contract = drawn_up(sides, at=at) if case == "signing" else signed(sides, at=at)
    by = UserFactory() if case == "stranger" else sides.hr
    on = at.date() + timedelta(days=case == "tomorrow")
    with pytest.raises(Refused):
        actions.terminate_contract(contract=contract, on=on, reason=TerminationReason.AGREED, by=by, at=at)


def hire_fact(contract, on):
    later = datetime(2035, 1, 1, tzinfo=MOSCOW)
    record(
        kind=FactKind.HIRED,
        on=on,
        quantity=1,
        organisation=contract.offer.employer,
        person=contract.person,
        thread=contract.offer.thread,
        source=contract,
        by=None,
        at=later,
    )
    return later


def test_a_contract_is_fulfilled_when_the_service_is_done(at):
    sides = side()
    contract = signed(sides, at=at)
    later = hire_fact(contract, date(2028, 7, 1))
    actions.fulfil_contract(contract=contract, by=sides.hr, at=later)
    assert (contract.state, contract.ended_on) == (ContractState.FULFILLED, date(2031, 7, 1))


def test_a_suspension_prolongs_the_service(at):
    sides = side()
    contract = signed(sides, at=at)
    later = hire_fact(contract, date(2028, 7, 1))
    actions.suspend_contract(
        contract=contract, reason=SuspensionReason.MILITARY, starts_on=date(2028, 8, 1), by=sides.hr, at=later
    )
    actions.resume_contract(contract=contract, on=date(2029, 8, 1), by=sides.hr, at=later)
    actions.fulfil_contract(contract=contract, by=sides.hr, at=later)
    assert contract.ended_on == date(2032, 6, 30)


def test_who_has_not_been_hired_has_fulfilled_nothing(at):
    sides = side()
    contract = signed(sides, at=at)
    with pytest.raises(Refused):
        actions.fulfil_contract(contract=contract, by=sides.hr, at=at)


def test_the_months_to_work_must_be_over(at):
    sides = side()
    contract = signed(sides, at=at)
    hire_fact(contract, date(2028, 7, 1))
    with pytest.raises(Refused, match="01.07.2031"):
        actions.fulfil_contract(contract=contract, by=sides.hr, at=datetime(2030, 1, 1, tzinfo=MOSCOW))

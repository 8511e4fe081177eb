"""Two at once: the second is refused with a reason, and nothing is done twice or half."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from kuznitsa.accounts.models import SignInLink, User
from kuznitsa.admissions import actions as admissions
from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.models import ContractParty, SupportPayment, TargetContract
from kuznitsa.agreements import actions as agreements
from kuznitsa.agreements.enums import AgreementState, ObligationKind
from kuznitsa.agreements.models import Agreement, Party
from kuznitsa.demand import actions as demand
from kuznitsa.demand.models import Need
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import unbalanced_sums
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Membership
from kuznitsa.outcomes import actions as outcomes
from kuznitsa.outcomes.models import Hire
from kuznitsa.placements import actions as placements
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.models import Enrolment
from tests.bad_input.together import at_once, refusals
from tests.factories.accounts import SignInLinkFactory, UserFactory
from tests.factories.agreements import partners, promise, sent
from tests.factories.contracts import drawn_up, side, signed, signer
from tests.factories.demand import NeedFactory
from tests.factories.organisations import EmployerFactory, InvitationFactory, SignatoryFactory, member
from tests.factories.people import PersonFactory
from tests.factories.placements import PracticePlaceFactory, practice_lead, student

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_the_last_practice_place_is_given_once(at):
    place = PracticePlaceFactory(seats=1)
    students = [student(place), student(place)]
    leads = [practice_lead(place), practice_lead(place)]

    def give(number):
        fresh = PracticePlace.objects.get(pk=place.pk)
        return placements.place_students(place=fresh, persons=[students[number]], by=leads[number], at=at)

    results = at_once(lambda: give(0), lambda: give(1))

    assert len(refusals(results)) == 1
    assert Placement.objects.taking().filter(place=place).count() == 1


def test_the_last_seat_of_an_offer_goes_into_one_contract(at):
    sides = side(seats=1)
    persons = [PersonFactory(user=UserFactory()) for _number in range(2)]

    results = at_once(*(lambda person=person: drawn_up(sides, at=at, person=person) for person in persons))

    assert len(refusals(results)) == 1
    assert TargetContract.objects.filter(offer=sides.offer).count() == 1


def test_two_contracts_drawn_up_at_once_have_different_numbers(at):
    sides = side(seats=2)
    persons = [PersonFactory(user=UserFactory()) for _number in range(2)]

    at_once(*(lambda person=person: drawn_up(sides, at=at, person=person) for person in persons))

    assert len(set(TargetContract.objects.values_list("number", flat=True))) == 2


@pytest.fixture
def agreement(at):
    world = partners()
    seats = promise(world, kind=ObligationKind.SEATS, quantity=25)
    world.agreement = sent(world, at, promises=[seats])
    return world


def sign(organisation, user, at):
    party = Party.objects.select_related("organisation", "agreement").get(organisation=organisation)
    agreements.sign(party=party, by=user, at=at)


def test_the_last_two_signatures_at_once_bring_an_agreement_into_force_once(at, agreement):
    results = at_once(
        lambda: sign(agreement.plant, agreement.plant_signatory.user, at),
        lambda: sign(agreement.college, agreement.college_signatory.user, at),
    )

    assert refusals(results) == []
    assert Agreement.objects.get().state == AgreementState.IN_FORCE
    assert [fact.quantity for fact in Fact.objects.filter(kind=FactKind.SEATS_PROMISED)] == [25]


def test_two_directors_of_one_plant_sign_once(at, agreement):
    second = SignatoryFactory(organisation=agreement.plant)

    results = at_once(
        lambda: sign(agreement.plant, agreement.plant_signatory.user, at),
        lambda: sign(agreement.plant, second.user, at),
    )

    assert len(refusals(results)) == 1
    assert Agreement.objects.get().state == AgreementState.SIGNING


def test_the_last_two_signatures_at_once_bring_a_contract_into_force_once(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    *first, one, other = contract.parties.order_by("pk")
    for party in first:
        admissions.sign_contract(party=party, by=signer(sides, party), at=at)

    def put_signature(party):
        fresh = ContractParty.objects.select_related("contract", "organisation", "person").get(pk=party.pk)
        admissions.sign_contract(party=fresh, by=signer(sides, party), at=at)

    results = at_once(lambda: put_signature(one), lambda: put_signature(other))

    assert refusals(results) == []
    assert TargetContract.objects.get().state == ContractState.ACTIVE
    assert Fact.objects.filter(kind=FactKind.CONTRACT_SIGNED).count() == 1
    assert Enrolment.objects.filter(person=contract.person).count() == 1


def test_a_need_stated_twice_at_once_is_one_fact_on_one_thread(at):
    need = NeedFactory()
    officers = [member(need.employer, Role.EMPLOYER_HR) for _number in range(2)]

    results = at_once(
        *(lambda by=by: demand.state_need(need=Need.objects.get(pk=need.pk), by=by, at=at) for by in officers)
    )

    assert len(refusals(results)) == 1
    assert Fact.objects.filter(kind=FactKind.NEED_STATED).count() == 1
    assert Thread.objects.count() == 1


def test_two_officers_write_the_same_need_down_once(at):
    need = NeedFactory()
    officer = member(need.employer, Role.EMPLOYER_HR)

    def draft():
        return demand.draft_need(
            employer=need.employer, occupation=need.occupation, year=2031, growth=5, by=officer, at=at
        )

    assert len(refusals(at_once(draft, draft))) == 1
    assert Need.objects.filter(employer=need.employer, year=2031).count() == 1


def test_an_invitation_accepted_twice_at_once_is_one_account_and_one_role(at):
    invitation = InvitationFactory(secret="opened twice")
    url = reverse("organisations:accept-invitation", args=["opened twice"])
    form = {"full_name": "Новикова Анна", "language": "ru", "password": "", "accept": "on"}

    answers = at_once(lambda: Client().post(url, form), lambda: Client().post(url, form))

    assert sorted(answer.status_code for answer in answers) == [302, 302]
    assert User.objects.filter(email__iexact=invitation.email).count() == 1
    assert Membership.objects.filter(organisation=invitation.organisation).count() == 1


def test_a_sign_in_link_used_twice_at_once_signs_in_once(at):
    link = SignInLinkFactory(secret="pressed twice")
    url = reverse("accounts:link", args=["pressed twice"])
    browsers = [Client(), Client()]

    at_once(*(lambda browser=browser: browser.post(url) for browser in browsers))

    assert sorted("sessionid" in browser.cookies for browser in browsers) == [False, True]
    assert SignInLink.objects.get(pk=link.pk).used_at


def test_a_graduate_is_hired_once(at):
    employer, person = EmployerFactory(), PersonFactory()
    officers = [member(employer, Role.EMPLOYER_HR) for _number in range(2)]

    def hire(by):
        return outcomes.hire_graduate(
            person=person, employer=employer, hired_on=date(2026, 8, 20), position="электролизник", by=by, at=at
        )

    results = at_once(*(lambda by=by: hire(by) for by in officers))

    assert len(refusals(results)) == 1
    assert Hire.objects.count() == Fact.objects.filter(kind=FactKind.HIRED).count() == 1


def test_a_payment_is_cancelled_once(at):
    sides = side()
    contract = signed(sides, at=at)
    payment = admissions.record_payment(
        contract=contract,
        measure=sides.offer.support.first(),
        paid_on=at.date(),
        amount_kopecks=500_000,
        document="п/п 17",
        by=sides.hr,
        at=at,
    )

    def cancel():
        fresh = SupportPayment.objects.get(pk=payment.pk)
        admissions.cancel_payment(payment=fresh, reason="ошибка", by=sides.hr, at=at)

    assert len(refusals(at_once(cancel, cancel))) == 1
    assert sum(Fact.objects.filter(kind=FactKind.SUPPORT_PAID).values_list("quantity", flat=True)) == 0
    assert unbalanced_sums() == []


def test_a_month_is_paid_once(at):
    sides = side()
    contract = signed(sides, at=at)

    def pay():
        return admissions.pay_month(
            offer=sides.offer,
            measure=sides.offer.support.first(),
            contracts=[contract.pk],
            paid_on=at.date(),
            document="реестр 9",
            by=sides.hr,
            at=at,
        )

    results = at_once(pay, pay)

    assert len(refusals(results)) == 1
    assert SupportPayment.objects.count() == 1

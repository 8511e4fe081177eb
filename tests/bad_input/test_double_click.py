"""A button pressed twice before an answer comes: done once, and both presses lead to the same page.

Every form of every page is pressed twice one press after the other in test_everywhere.py; here the presses that
cost most come at the same time.
"""

import re
from datetime import date

import pytest
from django.urls import reverse

from kuznitsa.admissions import actions as admissions
from kuznitsa.admissions.enums import CampaignState, ContractRole, ContractState, RunState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat, SupportPayment, TargetContract
from kuznitsa.agreements.models import Party
from kuznitsa.demand.models import Need
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes.models import Hire
from tests.architecture.code import place, template_source, templates
from tests.bad_input.together import double_click
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published, submitted
from tests.factories.agreements import partners, sent
from tests.factories.classifiers import OccupationFactory
from tests.factories.contracts import drawn_up, side, signed, signer
from tests.factories.organisations import EmployerFactory, member
from tests.factories.people import PersonFactory

at_the_same_time = pytest.mark.django_db(transaction=True, serialized_rollback=True)
POST_FORM = re.compile(r"""<form\b[^>]*method=["']post["'].*?</form>""", re.DOTALL | re.IGNORECASE)
# Pressed twice they do what they do once, and must work again on a page that was left open.
SWITCHES = {"ui/preferences.html", "ui/user_menu.html"}


def test_every_form_written_by_hand_is_sent_once():
    without = [
        place(path)
        for name, path in templates().items()
        for form in POST_FORM.findall(template_source(path))
        if name not in SWITCHES and "{% once_field %}" not in form and 'name="_once"' not in form
    ]
    assert without == [], "put {% once_field %} beside {% csrf_token %}"


def both_lead_to_the_same_page(answers):
    first, second = answers
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    return first["Location"]


@at_the_same_time
def test_a_need_is_written_down_once(at):
    plant = EmployerFactory()
    fields = {"occupation": OccupationFactory().pk, "year": "2029", "replacement": "5", "growth": "0"}

    answers = double_click(
        member(plant, Role.EMPLOYER_HR), reverse("demand:create", args=[plant.slug]), confidence="firm", **fields
    )

    assert both_lead_to_the_same_page(answers) == Need.objects.get().get_absolute_url()


@at_the_same_time
def test_an_application_is_sent_once(at):
    person = PersonFactory(user=UserFactory())
    offer = OpenOfferFactory()
    application = submitted(offer, at=at, person=person)
    admissions.revise_application(application=application, by=person.user, at=at)

    answers = double_click(
        person.user,
        reverse("admissions:application-submit", args=[application.pk]),
        processing="on",
        employer="on",
        target_contract="on",
    )

    both_lead_to_the_same_page(answers)
    application = Application.objects.get()
    assert application.receipt_number
    assert sum(fact.quantity for fact in Fact.objects.filter(kind=FactKind.APPLIED)) == 1


@at_the_same_time
def test_a_seat_is_accepted_once(at):
    offer = OpenOfferFactory()
    application = checked(offer, at=at, person=PersonFactory(user=UserFactory()))
    published(offer.campaign, at=at)

    answers = double_click(application.person.user, reverse("admissions:seat-accept", args=[Seat.objects.get().pk]))

    both_lead_to_the_same_page(answers)
    assert Seat.objects.get().state == SeatState.ACCEPTED


@at_the_same_time
def test_a_run_is_published_once(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    Campaign.objects.update(state=CampaignState.CLOSED)
    run = admissions.run_allocation(campaign=offer.campaign, by=None, at=at)
    admissions.approve_run(run=run, by=office_of(offer.campaign), at=at)

    answers = double_click(office_of(offer.campaign), reverse("admissions:run-publish", args=[run.pk]))

    both_lead_to_the_same_page(answers)
    assert AllocationRun.objects.get().state == RunState.PUBLISHED
    assert Seat.objects.count() == 1


@at_the_same_time
def test_an_agreement_is_signed_once(at):
    world = partners()
    party = sent(world, at).parties.get(organisation=world.plant)

    answers = double_click(
        world.plant_signatory.user, reverse("agreements:sign", args=[party.pk]), text_hash=party.agreement.text_hash
    )

    both_lead_to_the_same_page(answers)
    assert Party.objects.exclude(signed_at=None).get() == party


@at_the_same_time
def test_a_contract_is_signed_once(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    last = contract.parties.get(role=ContractRole.CITIZEN)
    for party in contract.parties.exclude(pk=last.pk):
        admissions.sign_contract(party=party, by=signer(sides, party), at=at)

    answers = double_click(signer(sides, last), reverse("admissions:contract-sign", args=[contract.pk]), role=last.role)

    both_lead_to_the_same_page(answers)
    assert TargetContract.objects.get().state == ContractState.ACTIVE
    assert Fact.objects.filter(kind=FactKind.CONTRACT_SIGNED).count() == 1


@at_the_same_time
def test_a_payment_is_entered_once(at):
    sides = side()
    contract = signed(sides, at=at)
    fields = {"measure": sides.offer.support.get().pk, "paid_on": "2026-09-01", "amount_kopecks": "5 000"}

    answers = double_click(
        sides.hr, reverse("admissions:contract-pay", args=[contract.pk]), document="п/п 17", **fields
    )

    both_lead_to_the_same_page(answers)
    assert SupportPayment.objects.get().amount_kopecks == 500_000


@at_the_same_time
def test_a_graduate_is_hired_once(at):
    sides = side(starts_on=date(2024, 9, 1))
    contract = signed(sides, at=at)
    fields = {"contract": contract.pk, "hired_on": "2026-09-01", "position": "электролизник", "in_trade": "on"}

    answers = double_click(
        sides.hr, reverse("outcomes:hire-create"), employer=sides.offer.employer_id, person=contract.person_id, **fields
    )

    assert Hire.objects.count() == 1, answers[0].content.decode()[:3000]
    both_lead_to_the_same_page(answers)
    assert Fact.objects.filter(kind=FactKind.HIRED).count() == 1

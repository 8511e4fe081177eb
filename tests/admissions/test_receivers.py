"""Offers hold the places of an intake, contracts hold enrolments: what stands above is not pulled down from below."""

from datetime import date

import pytest
from django.urls import reverse

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import OfferState
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from kuznitsa.programmes.actions import annul_enrolment, cancel_intake, edit_intake
from kuznitsa.programmes.enums import EnrolmentState, IntakeState
from tests.factories.admissions import TargetOfferFactory
from tests.factories.contracts import drawn_up, side, signed
from tests.factories.organisations import member
from tests.factories.programmes import IntakeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def intake():
    return IntakeFactory(places=20)


@pytest.fixture
def office(intake, client_as):
    return client_as(member(intake.programme.college, Role.ADMISSIONS), language="en")


def typed(intake, places):
    return {"starts_on": intake.starts_on, "ends_on": intake.ends_on, "places": places, "group_name": "E-26"}


def edit(intake):
    return reverse("programmes:intake-edit", args=[intake.pk])


@pytest.mark.parametrize("state", [OfferState.AGREED, OfferState.PUBLISHED, OfferState.CLOSED])
def test_places_are_not_cut_below_what_offers_promise(intake, office, at, state):
    TargetOfferFactory(intake=intake, seats=7, state=state)
    TargetOfferFactory(intake=intake, seats=5, state=OfferState.AGREED)
    answer = office.post(edit(intake), typed(intake, 11))
    assert "12 places of this intake are promised by target offers" in answer.text
    intake.refresh_from_db()
    assert intake.places == 20


def test_places_are_cut_to_what_offers_promise(intake, office, at):
    TargetOfferFactory(intake=intake, seats=12, state=OfferState.PUBLISHED)
    TargetOfferFactory(intake=intake, seats=20, state=OfferState.WITHDRAWN)
    assert office.post(edit(intake), typed(intake, 12)).status_code == 302
    intake.refresh_from_db()
    assert intake.places == 12


def test_an_intake_that_promises_too_much_can_still_be_renamed(at):
    intake = IntakeFactory(places=5)
    TargetOfferFactory(intake=intake, seats=12, state=OfferState.PUBLISHED)
    edit_intake(intake=intake, group_name="E-27", by=None, at=at)
    edit_intake(intake=intake, places=6, by=None, at=at)
    intake.refresh_from_db()
    assert (intake.group_name, intake.places) == ("E-27", 6)


def test_the_floor_is_said_in_russian(intake, client_as, at):
    TargetOfferFactory(intake=intake, seats=12, state=OfferState.PUBLISHED)
    client = client_as(member(intake.programme.college, Role.ADMISSIONS), language="ru")
    assert "12 мест обещано целевыми предложениями" in client.post(edit(intake), typed(intake, 11)).text


@pytest.mark.parametrize("state", [OfferState.PROPOSED, OfferState.AGREED, OfferState.PUBLISHED])
def test_an_intake_with_live_offers_is_not_cancelled(intake, office, at, state):
    offer = TargetOfferFactory(intake=intake, state=state)
    cancel = reverse("programmes:intake-cancel", args=[intake.pk])
    answer = office.post(cancel, {"reason": "no teacher"}, follow=True)
    assert f"The target offer № {offer.number} stands on this intake" in answer.text
    intake.refresh_from_db()
    assert intake.state == IntakeState.PLANNED


@pytest.mark.parametrize("state", [OfferState.DRAFT, OfferState.WITHDRAWN, OfferState.CLOSED])
def test_an_intake_with_offers_that_bind_nobody_is_cancelled(intake, office, at, state):
    TargetOfferFactory(intake=intake, state=state)
    office.post(reverse("programmes:intake-cancel", args=[intake.pk]), {"reason": "no teacher"})
    intake.refresh_from_db()
    assert intake.state == IntakeState.CANCELLED


def test_a_closed_offer_with_a_contract_keeps_its_intake(at):
    sides = side()
    drawn_up(sides, at=at)
    sides.offer.state = OfferState.CLOSED
    sides.offer.save()
    with pytest.raises(Refused, match=sides.offer.number):
        cancel_intake(intake=sides.offer.intake, reason="no teacher", by=None, at=at)


def test_an_enrolment_under_a_contract_is_not_taken_back(at):
    sides = side(starts_on=date(2026, 9, 1))
    contract = signed(sides, at=at)
    with pytest.raises(Refused, match="опирается договор о целевом обучении"):
        annul_enrolment(enrolment=contract.enrolment, reason="by mistake", by=None, at=at)
    actions.annul_contract(contract=contract, reason="by mistake", by=sides.hr, at=at)
    contract.enrolment.refresh_from_db()
    assert contract.enrolment.state == EnrolmentState.ANNULLED

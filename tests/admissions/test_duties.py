"""Clocks of what waits in admissions, and who is told of seats, signatures, drafts and days ahead."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ApplicationState, CampaignState, ContractRole, OfferState, SeatState
from kuznitsa.admissions.models import Seat
from kuznitsa.admissions.queries import coming, duties
from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, TargetOfferFactory, checked, office_of
from tests.factories.admissions import published as publish
from tests.factories.contracts import drawn_up, side, signed, signer
from tests.factories.organisations import EmployerFactory, SchoolFactory, member
from tests.factories.people import PersonFactory

from .test_contract_actions import accepted_seat

pytestmark = pytest.mark.django_db

REMIND = "Remind those who have not answered for their seats"
SEE = "See that contracts are signed by all, on paper too"
HELP = "Help pupils to send their applications"
DRAFT = "Finish the draft of an offer and propose it"
DRAW_UP = "Draw up contracts for accepted seats"
PAY = "Pay this month's support"
STUDIES = date(2026, 10, 1)


def titles(user, today):
    with translation.override("en"):
        return {duty.title: duty.due_on for duty in duties(user, today)}


def days(user, today):
    with translation.override("en"):
        return [(row.title, row.on) for row in coming(user, today)]


def test_the_office_reminds_of_seats_that_lapse(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    publish(offer.campaign, at=at)
    seat = Seat.objects.get()
    office = office_of(offer.campaign)
    assert titles(office, at.date()) == {REMIND: seat.answer_by}
    assert titles(office_of(CampaignFactory()), at.date()) == {}
    assert REMIND not in titles(office, seat.answer_by + timedelta(days=1))
    seat.state = SeatState.DECLINED
    seat.save()
    assert REMIND not in titles(office, at.date())


def test_a_contract_has_the_first_day_of_study_for_its_clock(at):
    sides = side(starts_on=STUDIES)
    accepted_seat(sides.offer, at)
    assert titles(sides.admissions, at.date())[DRAW_UP] == titles(sides.hr, at.date())[DRAW_UP] == STUDIES

    contract = drawn_up(sides, at=at)
    assert titles(sides.director, at.date()) == {"Sign contracts": STUDIES}
    assert titles(contract.person.user, at.date()) == {"Read and sign your contract": STUDIES}
    for user in (sides.admissions, sides.hr):
        assert titles(user, at.date())[SEE] == STUDIES
    assert titles(member(EmployerFactory(), Role.EMPLOYER_HR), at.date()) == {}

    for party in contract.parties.order_by("pk"):
        actions.sign_contract(party=party, by=signer(sides, party), at=at)
    for user in (sides.admissions, sides.hr):
        assert SEE not in titles(user, at.date())


def test_who_signs_for_the_plant_is_told_of_others_only_afterwards(at):
    sides = side(starts_on=STUDIES)
    contract = drawn_up(sides, at=at)
    sides.director.memberships.create(organisation=sides.offer.employer, role=Role.DIRECTOR, started_at=at)
    assert titles(sides.director, at.date()) == {"Sign contracts": STUDIES}
    actions.sign_contract(party=contract.parties.get(role=ContractRole.CUSTOMER), by=sides.director, at=at)
    assert titles(sides.director, at.date()) == {SEE: STUDIES}


def test_support_is_due_by_the_end_of_the_oldest_month_that_is_not_paid(at):
    sides = side()
    contract = signed(sides, at=at)
    september, october = date(2026, 9, 30), date(2026, 10, 31)
    assert titles(sides.hr, at.date())[PAY] == september
    assert titles(sides.hr, date(2026, 11, 2))[PAY] == september
    assert PAY not in titles(sides.admissions, at.date())
    later = datetime(2026, 11, 2, 9, 0, tzinfo=at.tzinfo)
    actions.pay_month(
        offer=sides.offer,
        measure=sides.offer.support.get(),
        contracts=[contract.pk],
        paid_on=at.date(),
        document="ведомость",
        by=sides.hr,
        at=at,
    )
    assert PAY not in titles(sides.hr, at.date())
    assert titles(sides.hr, later.date())[PAY] == october


def test_a_draft_of_an_offer_waits_for_the_plant(at):
    offer = TargetOfferFactory(state=OfferState.DRAFT, intake__starts_on=STUDIES)
    hr = member(offer.employer, Role.EMPLOYER_HR)
    assert titles(hr, at.date()) == {DRAFT: STUDIES}
    assert titles(member(EmployerFactory(), Role.EMPLOYER_HR), at.date()) == {}
    assert titles(member(offer.intake.programme.college, Role.ADMISSIONS), at.date()) == {}
    offer.campaign = CampaignFactory(opens_on=date(2026, 9, 5), state=CampaignState.DRAFT)
    offer.save()
    assert titles(hr, at.date()) == {DRAFT: date(2026, 9, 5)}
    offer.state = OfferState.PROPOSED
    offer.save()
    assert titles(hr, at.date()) == {}


def test_a_careers_lead_helps_pupils_whose_applications_are_not_sent(at):
    school, offer = SchoolFactory(), OpenOfferFactory()
    lead = member(school, Role.CAREERS_LEAD)
    application = actions.start_application(
        campaign=offer.campaign, person=PersonFactory(school=school), by=None, at=at
    )
    assert titles(lead, at.date()) == {HELP: offer.campaign.closes_on}
    assert titles(member(SchoolFactory(), Role.CAREERS_LEAD), at.date()) == {}
    assert titles(lead, offer.campaign.closes_on + timedelta(days=1)) == {}
    application.state = ApplicationState.SUBMITTED
    application.save()
    assert titles(lead, at.date()) == {}


def test_days_of_a_campaign_come_next_for_college_plant_and_applicant(at):
    offer = OpenOfferFactory()
    campaign = offer.campaign
    person = PersonFactory(user=UserFactory())
    actions.start_application(campaign=campaign, person=person, by=None, at=at)
    rows = [("Last day of applications", campaign.closes_on), ("Results of the allocation", campaign.publishes_on)]
    hr = member(offer.employer, Role.EMPLOYER_HR)
    for user in (office_of(campaign), hr, person.user):
        assert days(user, at.date()) == rows
        assert days(user, campaign.closes_on) == rows[1:]
    for user in (UserFactory(), member(EmployerFactory(), Role.EMPLOYER_HR), member(offer.employer, Role.MENTOR)):
        assert days(user, at.date()) == []
    campaign.state = CampaignState.PUBLISHED
    campaign.save()
    assert days(hr, at.date()) == []


def test_studies_come_next_for_those_under_contract(at):
    sides = side(starts_on=STUDIES)
    contract = drawn_up(sides, at=at)
    ends = ("Studies end", sides.offer.intake.ends_on)
    for user in (contract.person.user, sides.hr):
        found = days(user, at.date())
        assert ("Studies begin", STUDIES) in found
        assert ends in found
    assert ends not in days(member(EmployerFactory(), Role.EMPLOYER_HR), at.date())


def test_duties_and_days_cost_the_same_for_one_and_for_three(at, query_count):
    sides = side(seats=9, starts_on=STUDIES)

    def add():
        drawn_up(sides, at=at)
        TargetOfferFactory(employer=sides.offer.employer, state=OfferState.DRAFT)

    for user in (sides.hr, sides.admissions, sides.director):
        query_count(lambda user=user: (duties(user, at.date()), coming(user, at.date())), add)

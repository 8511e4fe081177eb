from datetime import timedelta

import pytest

from kuznitsa.admissions import actions, queries
from kuznitsa.admissions.actions import SupportLine
from kuznitsa.admissions.enums import CampaignState, ContractState, OfferState, SeatState, SupportKind
from kuznitsa.admissions.models import AllocationRun, Application, Seat, TargetContract
from kuznitsa.agreements.models import Agreement
from kuznitsa.base.models import SentLetter
from kuznitsa.base.refusal import Refused
from kuznitsa.demand.models import Need
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.organisations.enums import Role
from tests.factories.admissions import CampaignFactory, SupportMeasureFactory, TargetOfferFactory
from tests.factories.facts import ThreadFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, SiteFactory, member
from tests.factories.people import PersonFactory
from tests.factories.programmes import IntakeFactory

pytestmark = pytest.mark.django_db

STIPEND = SupportLine(SupportKind.STIPEND, amount_kopecks=500_000)


@pytest.fixture
def plant():
    return EmployerFactory()


@pytest.fixture
def hr(plant):
    return member(plant, Role.EMPLOYER_HR)


@pytest.fixture
def intake():
    return IntakeFactory(places=25)


@pytest.fixture
def office(intake):
    return member(intake.programme.college, Role.ADMISSIONS)


def offer_in(state, plant, intake, **fields):
    offer = TargetOfferFactory(employer=plant, intake=intake, state=state, **fields)
    SupportMeasureFactory(offer=offer)
    return offer


@pytest.fixture
def published(plant, intake, hr, at):
    offer = offer_in(OfferState.AGREED, plant, intake)
    actions.publish_offer(offer=offer, by=hr, at=at)
    return offer


def seat_of(offer, at, state=SeatState.ACCEPTED):
    application = Application.objects.create(campaign=CampaignFactory(), person=PersonFactory())
    run = AllocationRun.objects.create(campaign=application.campaign, number=1, seed="1", created_at=at)
    return Seat.objects.create(
        application=application, offer=offer, run=run, rank=1, given_at=at, answer_by=at.date(), state=state
    )


def contract_of(offer, at, **fields):
    return TargetContract.objects.create(
        number=f"C-{TargetContract.objects.count()}",
        person=PersonFactory(),
        offer=offer,
        drawn_up_on=at.date(),
        regulation="555",
        terms_hash="0",
        service_months=36,
        **fields,
    )


def test_a_plant_drafts_an_offer_with_its_support(plant, hr, intake, at):
    offer = actions.create_offer(
        employer=plant, intake=intake, seats=5, position="operator", support=[STIPEND], by=hr, at=at
    )
    assert (offer.state, offer.number) == (OfferState.DRAFT, "2026-1")
    assert [measure.amount_kopecks for measure in offer.support.all()] == [500_000]


def test_another_plant_drafts_nothing_here(plant, intake, at):
    stranger = member(EmployerFactory(), Role.EMPLOYER_HR)
    with pytest.raises(Refused):
        actions.create_offer(employer=plant, intake=intake, seats=5, position="operator", by=stranger, at=at)


def test_a_college_makes_no_offers(intake, at):
    with pytest.raises(Refused):
        actions.create_offer(employer=CollegeFactory(), intake=intake, seats=5, position="operator", by=None, at=at)


def test_an_offer_has_seats(plant, hr, intake, at):
    with pytest.raises(Refused):
        actions.create_offer(employer=plant, intake=intake, seats=0, position="operator", by=hr, at=at)


def test_support_names_money_or_a_thing(plant, hr, intake, at, en):
    with pytest.raises(Refused, match="Name an amount"):
        actions.create_offer(
            employer=plant,
            intake=intake,
            seats=5,
            position="operator",
            support=[SupportLine(SupportKind.HOUSING)],
            by=hr,
            at=at,
        )


def test_an_unknown_term_is_an_error_of_the_caller(plant, hr, intake, at):
    with pytest.raises(TypeError):
        actions.create_offer(employer=plant, intake=intake, seats=5, workplace="operator", by=hr, at=at)


def test_parts_that_do_not_fit_are_each_named(plant, hr, intake, at, en):
    need = Need.objects.create(
        employer=EmployerFactory(), occupation=IntakeFactory().programme.occupation, year=2028, growth=5
    )
    with pytest.raises(Refused) as refused:
        actions.create_offer(
            employer=plant,
            intake=intake,
            seats=5,
            position="operator",
            need=need,
            campaign=CampaignFactory(state=CampaignState.CLOSED),
            site=SiteFactory(),
            agreement=Agreement.objects.create(number="1", title="A", subject="s", starts_on=at.date()),
            service_months=12,
            by=hr,
            at=at,
        )
    for part in (
        "another plant.",
        "another occupation",
        "another college",
        "no applications",
        "not a party",
        "36 to 60",
    ):
        assert part in refused.value.reason


def test_a_draft_is_edited_and_its_support_replaced(plant, hr, intake, at):
    offer = offer_in(OfferState.DRAFT, plant, intake)
    line = SupportLine(SupportKind.HOUSING, description="a room")
    actions.edit_offer(offer=offer, seats=7, support=[line], by=hr, at=at)
    offer.refresh_from_db()
    assert offer.seats == 7
    assert [measure.kind for measure in offer.support.all()] == [SupportKind.HOUSING]


def test_an_edit_without_support_keeps_it(plant, hr, intake, at):
    offer = offer_in(OfferState.DRAFT, plant, intake)
    actions.edit_offer(offer=offer, seats=7, by=hr, at=at)
    assert offer.support.count() == 1


def test_only_a_draft_is_edited(plant, hr, intake, at):
    with pytest.raises(Refused):
        actions.edit_offer(offer=offer_in(OfferState.PROPOSED, plant, intake), seats=7, by=hr, at=at)


def test_a_proposal_is_told_to_the_college(plant, hr, intake, office, at, django_capture_on_commit_callbacks):
    offer = offer_in(OfferState.DRAFT, plant, intake)
    with django_capture_on_commit_callbacks(execute=True):
        actions.propose_offer(offer=offer, by=hr, at=at)
    assert offer.state == OfferState.PROPOSED
    assert list(SentLetter.objects.values_list("to", flat=True)) == [office.email]


def test_the_college_proposes_nothing(plant, intake, office, at):
    with pytest.raises(Refused):
        actions.propose_offer(offer=offer_in(OfferState.DRAFT, plant, intake), by=office, at=at)


def test_the_college_agrees(plant, hr, intake, office, at, django_capture_on_commit_callbacks):
    offer = offer_in(OfferState.PROPOSED, plant, intake)
    with django_capture_on_commit_callbacks(execute=True):
        actions.agree_offer(offer=offer, by=office, at=at)
    assert offer.state == OfferState.AGREED
    assert list(SentLetter.objects.values_list("to", flat=True)) == [hr.email]


def test_the_plant_does_not_agree_for_the_college(plant, hr, intake, at):
    with pytest.raises(Refused):
        actions.agree_offer(offer=offer_in(OfferState.PROPOSED, plant, intake), by=hr, at=at)


def test_offers_do_not_promise_more_than_the_intake_has(plant, intake, office, at, en):
    offer_in(OfferState.PUBLISHED, plant, intake, seats=22)
    offer = offer_in(OfferState.PROPOSED, plant, intake, seats=4)
    with pytest.raises(Refused, match="25 places, and 3 of them"):
        actions.agree_offer(offer=offer, by=office, at=at)


@pytest.mark.parametrize("state", [OfferState.PROPOSED, OfferState.AGREED])
def test_an_offer_is_returned_with_a_reason(plant, hr, intake, office, at, state, django_capture_on_commit_callbacks):
    offer = offer_in(state, plant, intake)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_offer(offer=offer, reason="the wage is missing", by=office, at=at)
    assert offer.state == OfferState.DRAFT
    assert "the wage is missing" in SentLetter.objects.get().body or SentLetter.objects.get().status == "sent"


def test_an_offer_is_not_returned_without_reason(plant, intake, office, at):
    with pytest.raises(Refused):
        actions.return_offer(offer=offer_in(OfferState.PROPOSED, plant, intake), reason="", by=office, at=at)


def test_a_draft_is_not_returned(plant, intake, office, at):
    with pytest.raises(Refused):
        actions.return_offer(offer=offer_in(OfferState.DRAFT, plant, intake), reason="why", by=office, at=at)


def test_a_published_offer_records_its_seats_on_its_own_thread(plant, hr, intake, at):
    offer = offer_in(OfferState.AGREED, plant, intake)
    actions.publish_offer(offer=offer, by=hr, at=at)
    fact = Fact.objects.from_source(offer).get()
    assert (offer.state, offer.published_at) == (OfferState.PUBLISHED, at)
    assert (fact.kind, fact.quantity, fact.on) == (FactKind.SEATS_OFFERED, offer.seats, at.date())
    assert (fact.organisation, fact.counterpart) == (plant, intake.programme.college)
    assert fact.thread == offer.thread
    assert (offer.thread.parent, offer.thread.year) == (None, intake.ends_on.year)


def test_the_thread_of_an_offer_is_part_of_the_thread_of_its_need(plant, hr, intake, at):
    thread = ThreadFactory(employer=plant, year=2029)
    need = Need.objects.create(
        employer=plant,
        occupation=intake.programme.occupation,
        year=2029,
        growth=5,
        thread=thread,
        cluster=thread.cluster,
    )
    offer = offer_in(OfferState.AGREED, plant, intake, need=need)
    actions.publish_offer(offer=offer, by=hr, at=at)
    assert (offer.thread.parent, offer.thread.year, offer.thread.cluster) == (thread, 2029, thread.cluster)


def test_an_offer_that_lacks_terms_is_not_published(plant, hr, intake, at, en):
    offer = TargetOfferFactory(employer=plant, intake=intake, state=OfferState.AGREED, duties="", exit_terms=" ")
    with pytest.raises(Refused) as refused:
        actions.publish_offer(offer=offer, by=hr, at=at)
    for term in ("what support the plant gives", "what the student owes", "how one gets out"):
        assert term in refused.value.reason
    assert not Fact.objects.exists()


def test_an_offer_is_not_published_before_the_college_agrees(plant, hr, intake, at):
    with pytest.raises(Refused):
        actions.publish_offer(offer=offer_in(OfferState.PROPOSED, plant, intake), by=hr, at=at)


def test_the_college_does_not_publish(plant, intake, office, at):
    with pytest.raises(Refused):
        actions.publish_offer(offer=offer_in(OfferState.AGREED, plant, intake), by=office, at=at)


def test_a_change_of_seats_reverses_the_fact_and_records_a_new_one(published, hr, at):
    actions.change_seats(offer=published, seats=8, reason="one more shift", by=hr, at=at)
    published.refresh_from_db()
    facts = Fact.objects.from_source(published)
    assert published.seats == 8
    assert sorted(facts.values_list("quantity", flat=True)) == [-5, 5, 8]
    assert totals(Thread.objects.filter(pk=published.thread_id)) == {FactKind.SEATS_OFFERED: 8}
    assert unbalanced_sums() == []


@pytest.mark.parametrize(("seats", "reason"), [(8, " "), (5, "why"), (0, "why"), (26, "why")])
def test_a_change_of_seats_is_refused(published, hr, at, seats, reason):
    with pytest.raises(Refused):
        actions.change_seats(offer=published, seats=seats, reason=reason, by=hr, at=at)
    assert Fact.objects.from_source(published).count() == 1


def test_seats_do_not_fall_below_what_is_taken(published, hr, at, en):
    seat = seat_of(published, at)
    contract_of(published, at, seat=seat, state=ContractState.ACTIVE)
    contract_of(published, at, state=ContractState.SIGNING)
    contract_of(published, at, state=ContractState.CANCELLED)
    seat_of(published, at, SeatState.DECLINED)
    assert queries.seats_held(published) == 2
    with pytest.raises(Refused, match="2 seats are taken"):
        actions.change_seats(offer=published, seats=1, reason="fewer people", by=hr, at=at)


def test_seats_of_a_draft_are_not_changed_in_public(plant, hr, intake, at):
    offer = offer_in(OfferState.DRAFT, plant, intake)
    with pytest.raises(Refused):
        actions.change_seats(offer=offer, seats=8, reason="why", by=hr, at=at)


def test_an_offer_is_closed_and_opened_again(published, office, at):
    actions.close_offer(offer=published, reason="all seats given", by=office, at=at)
    assert published.state == OfferState.CLOSED
    actions.reopen_offer(offer=published, reason="one came back", by=office, at=at)
    assert published.state == OfferState.PUBLISHED


@pytest.mark.parametrize("verb", ["close_offer", "withdraw_offer"])
def test_an_offer_leaves_the_list_only_with_a_reason(published, hr, at, verb):
    with pytest.raises(Refused):
        getattr(actions, verb)(offer=published, reason="", by=hr, at=at)


def test_a_withdrawn_offer_takes_its_seats_back(published, hr, at):
    actions.withdraw_offer(offer=published, reason="the shop is closed", by=hr, at=at)
    assert published.state == OfferState.WITHDRAWN
    assert not Fact.objects.from_source(published).effective().exists()


def test_an_offer_with_somebody_on_a_seat_is_not_withdrawn(published, hr, at):
    seat_of(published, at, SeatState.OFFERED)
    with pytest.raises(Refused):
        actions.withdraw_offer(offer=published, reason="the shop is closed", by=hr, at=at)


def test_a_withdrawn_offer_is_taken_up_and_published_on_the_same_thread(published, hr, office, at):
    thread = published.thread
    actions.withdraw_offer(offer=published, reason="the shop is closed", by=hr, at=at)
    actions.restore_offer(offer=published, reason="the shop is open", by=hr, at=at)
    actions.propose_offer(offer=published, by=hr, at=at)
    actions.agree_offer(offer=published, by=office, at=at)
    actions.publish_offer(offer=published, by=hr, at=at)
    assert published.thread == thread
    assert totals(Thread.objects.filter(pk=thread.pk)) == {FactKind.SEATS_OFFERED: 5}


def test_a_draft_is_not_restored(plant, hr, intake, at):
    with pytest.raises(Refused):
        actions.restore_offer(offer=offer_in(OfferState.DRAFT, plant, intake), reason="why", by=hr, at=at)


def test_duties_show_what_waits_for_whom(plant, hr, intake, office, at):
    offer_in(OfferState.PROPOSED, plant, intake)
    offer_in(OfferState.AGREED, plant, intake)
    assert [duty.title for duty in queries.duties(office, at.date())] == ["Согласовать целевое предложение"]
    assert [duty.title for duty in queries.duties(hr, at.date())] == ["Опубликовать согласованное предложение"]


def test_open_offers_are_those_one_can_apply_to_today(at):
    open_ = TargetOfferFactory(published=True)
    TargetOfferFactory(published=True, campaign__closes_on=at.date() - timedelta(days=1))
    TargetOfferFactory(published=True, campaign__state=CampaignState.CLOSED)
    TargetOfferFactory()
    assert list(queries.open_offers(at.date())) == [open_]

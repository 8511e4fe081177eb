from datetime import date, timedelta

import pytest

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import CampaignState, OfferState
from kuznitsa.admissions.jobs import close_campaigns
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from tests.factories.admissions import CampaignFactory, TargetOfferFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

DATES = {"opens_on": date(2026, 9, 1), "closes_on": date(2026, 9, 20), "publishes_on": date(2026, 9, 25)}


@pytest.fixture
def college():
    return CollegeFactory()


@pytest.fixture
def office(college):
    return member(college, Role.ADMISSIONS)


def campaign_in(college, state=CampaignState.OPEN, **fields):
    return CampaignFactory(college=college, state=state, **fields)


def test_a_campaign_is_prepared(college, office, at):
    campaign = actions.create_campaign(college=college, name="2026", **DATES, by=office, at=at)
    assert campaign.state == CampaignState.DRAFT


def test_dates_follow_each_other(college, office, at, en):
    dates = DATES | {"publishes_on": date(2026, 9, 10)}
    with pytest.raises(Refused, match="must follow each other"):
        actions.create_campaign(college=college, name="2026", **dates, draw_source="lottery", by=office, at=at)


def test_a_plant_runs_no_campaign(at):
    with pytest.raises(Refused):
        actions.create_campaign(college=EmployerFactory(), name="2026", **DATES, by=None, at=at)


def test_another_college_runs_no_campaign_here(college, at):
    stranger = member(CollegeFactory(), Role.ADMISSIONS)
    with pytest.raises(Refused):
        actions.create_campaign(college=college, name="2026", **DATES, by=stranger, at=at)


def test_a_draft_is_edited(college, office, at):
    campaign = campaign_in(college, CampaignState.DRAFT)
    actions.edit_campaign(campaign=campaign, max_choices=3, by=office, at=at)
    campaign.refresh_from_db()
    assert campaign.max_choices == 3


def test_an_open_campaign_is_not_edited(college, office, at):
    with pytest.raises(Refused):
        actions.edit_campaign(campaign=campaign_in(college), max_choices=3, by=office, at=at)


def test_a_campaign_opens(college, office, at):
    campaign = campaign_in(college, CampaignState.DRAFT)
    TargetOfferFactory(campaign=campaign, state=OfferState.PUBLISHED)
    actions.open_campaign(campaign=campaign, by=office, at=at)
    assert campaign.state == CampaignState.OPEN


def test_the_source_of_the_draw_is_named_before_opening(college, office, at, en):
    campaign = campaign_in(college, CampaignState.DRAFT, draw_source=" ")
    with pytest.raises(Refused, match="source of the draw"):
        actions.open_campaign(campaign=campaign, by=office, at=at)


@pytest.mark.parametrize(("opens_on", "closes_on"), [(2, 10), (-9, -1)])
def test_a_campaign_opens_between_its_days(college, office, at, opens_on, closes_on):
    first, last = at.date() + timedelta(days=opens_on), at.date() + timedelta(days=closes_on)
    campaign = campaign_in(college, CampaignState.DRAFT, opens_on=first, closes_on=last)
    with pytest.raises(Refused):
        actions.open_campaign(campaign=campaign, by=office, at=at)


def test_a_campaign_opens_once(college, office, at):
    with pytest.raises(Refused):
        actions.open_campaign(campaign=campaign_in(college), by=office, at=at)


def test_an_open_campaign_is_prepared_anew(college, office, at):
    campaign = campaign_in(college)
    actions.return_campaign(campaign=campaign, reason="wrong date", by=office, at=at)
    assert campaign.state == CampaignState.DRAFT


def test_a_campaign_that_has_opened_meanwhile_is_not_edited(college, office, at):
    campaign = campaign_in(college, CampaignState.DRAFT)
    Campaign.objects.update(state=CampaignState.OPEN)
    with pytest.raises(Refused):
        actions.edit_campaign(campaign=campaign, max_choices=3, by=office, at=at)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.max_choices) == (CampaignState.OPEN, 5)


def test_a_draft_in_which_somebody_has_applied_keeps_its_rules(college, office, at):
    campaign = campaign_in(college, CampaignState.DRAFT)
    Application.objects.create(campaign=campaign, person=PersonFactory())
    with pytest.raises(Refused):
        actions.edit_campaign(campaign=campaign, max_choices=3, by=office, at=at)


def test_rules_stay_when_somebody_has_applied(college, office, at):
    campaign = campaign_in(college)
    Application.objects.create(campaign=campaign, person=PersonFactory())
    with pytest.raises(Refused):
        actions.return_campaign(campaign=campaign, reason="wrong date", by=office, at=at)


def test_a_campaign_closes_early_with_a_reason(college, office, at):
    campaign = campaign_in(college)
    with pytest.raises(Refused):
        actions.close_campaign(campaign=campaign, by=office, at=at)
    actions.close_campaign(campaign=campaign, reason="by order", by=office, at=at)
    assert campaign.state == CampaignState.CLOSED


def test_a_campaign_closes_after_its_last_day(college, office, at):
    campaign = campaign_in(college, closes_on=at.date() - timedelta(days=1))
    actions.close_campaign(campaign=campaign, by=office, at=at)
    assert campaign.state == CampaignState.CLOSED


def test_a_draft_is_not_closed(college, office, at):
    with pytest.raises(Refused):
        actions.close_campaign(campaign=campaign_in(college, CampaignState.DRAFT), by=office, at=at)


def test_the_clock_closes_campaigns_that_are_over(college, at):
    over = campaign_in(college, closes_on=at.date() - timedelta(days=1))
    last_day = campaign_in(college, closes_on=at.date())
    close_campaigns()
    over.refresh_from_db()
    last_day.refresh_from_db()
    assert (over.state, last_day.state) == (CampaignState.CLOSED, CampaignState.OPEN)


def test_a_closed_campaign_opens_again_with_a_new_last_day(college, office, at):
    campaign = campaign_in(college, CampaignState.CLOSED)
    closes_on, publishes_on = at.date() + timedelta(days=3), at.date() + timedelta(days=9)
    actions.reopen_campaign(
        campaign=campaign, closes_on=closes_on, publishes_on=publishes_on, reason="few applied", by=office, at=at
    )
    campaign.refresh_from_db()
    assert (campaign.state, campaign.closes_on) == (CampaignState.OPEN, closes_on)


@pytest.mark.parametrize(
    ("days", "reason", "seed"), [(-1, "few applied", ""), (3, "", ""), (3, "few applied", "17 4 9"), (30, "few", "")]
)
def test_a_closed_campaign_does_not_open_again(college, office, at, days, reason, seed):
    campaign = campaign_in(college, CampaignState.CLOSED, draw_seed=seed)
    with pytest.raises(Refused):
        actions.reopen_campaign(
            campaign=campaign,
            closes_on=at.date() + timedelta(days=days),
            publishes_on=at.date() + timedelta(days=9),
            reason=reason,
            by=office,
            at=at,
        )


def test_the_seed_is_entered_once(college, office, at):
    campaign = campaign_in(college, CampaignState.CLOSED)
    actions.enter_draw_seed(campaign=campaign, seed=" 17 4 9 ", by=office, at=at)
    campaign.refresh_from_db()
    entry = AuditEntry.objects.get(verb="admissions.campaign.seed_entered")
    assert (campaign.draw_seed, entry.details["seed"]) == ("17 4 9", "17 4 9")
    with pytest.raises(Refused):
        actions.enter_draw_seed(campaign=campaign, seed="1", by=office, at=at)


def test_of_two_seeds_entered_at_once_the_second_is_refused(college, office, at):
    campaign = campaign_in(college, CampaignState.CLOSED)
    same = Campaign.objects.get(pk=campaign.pk)
    actions.enter_draw_seed(campaign=campaign, seed="1", by=office, at=at)
    with pytest.raises(Refused):
        actions.enter_draw_seed(campaign=same, seed="2", by=office, at=at)


def test_the_seed_waits_for_the_close(college, office, at):
    with pytest.raises(Refused):
        actions.enter_draw_seed(campaign=campaign_in(college), seed="1", by=office, at=at)


@pytest.mark.parametrize("seed", ["  ", "1" * 101])
def test_an_impossible_seed_is_refused(college, office, at, seed):
    with pytest.raises(Refused):
        actions.enter_draw_seed(campaign=campaign_in(college, CampaignState.CLOSED), seed=seed, by=office, at=at)


def test_a_campaign_is_completed(college, office, at):
    campaign = campaign_in(college, CampaignState.PUBLISHED)
    actions.complete_campaign(campaign=campaign, by=office, at=at)
    assert campaign.state == CampaignState.COMPLETED


def test_a_campaign_with_unanswered_seats_is_not_completed(college, office, at, en):
    campaign = campaign_in(college, CampaignState.PUBLISHED)
    application = Application.objects.create(campaign=campaign, person=PersonFactory())
    run = AllocationRun.objects.create(campaign=campaign, number=1, seed="1", created_at=at)
    Seat.objects.create(
        application=application, offer=TargetOfferFactory(), run=run, rank=1, given_at=at, answer_by=at.date()
    )
    with pytest.raises(Refused, match="1 seat still waits"):
        actions.complete_campaign(campaign=campaign, by=office, at=at)


def test_a_campaign_without_results_is_not_completed(college, office, at):
    with pytest.raises(Refused):
        actions.complete_campaign(campaign=campaign_in(college), by=office, at=at)

"""Quotas, pools, limits and smallest groups: set while a campaign is prepared, checked, and read by everybody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kuznitsa.admissions import actions
from kuznitsa.admissions.actions import GroupLine, PoolLine
from kuznitsa.admissions.enums import CampaignState, ClaimState, MinSizeRule, OfferState
from kuznitsa.admissions.models import Campaign, CompanyLimit, OfferPool, QuotaClaim, QuotaGroup
from kuznitsa.admissions.queries.instances import build_instance
from kuznitsa.admissions.queries.rules import check_rules
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, TargetOfferFactory, office_of, submitted
from tests.factories.organisations import EmployerFactory, member
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

DISTRICT = GroupLine("ученики района", "Кто оканчивает школу района.", "справка из школы")


@pytest.fixture
def offer(at):
    """Ten seats in a campaign that is being prepared."""
    return OpenOfferFactory(seats=10, campaign__state=CampaignState.DRAFT)


@pytest.fixture
def office(offer):
    return office_of(offer.campaign)


@pytest.fixture
def group(offer, office, at):
    actions.set_campaign_rules(campaign=offer.campaign, groups=[DISTRICT], limits=[], by=office, at=at)
    return offer.campaign.quota_groups.get()


def url(name, obj):
    return reverse(f"admissions:{name}", args=[obj.pk])


# Setting


def test_rules_are_set_and_reach_the_engine(offer, office, group, at):
    campaign, employer = offer.campaign, offer.employer
    actions.set_campaign_rules(
        campaign=campaign,
        groups=[GroupLine("ученики района", "Новые слова.", "справка", group.pk)],
        limits=[(employer, 8)],
        by=office,
        at=at,
    )
    pools = [PoolLine("открытые", 2), PoolLine("квота", 5, group, is_hard=True)]
    actions.set_offer_rules(offer=offer, pools=pools, minimum_group=3, by=office, at=at)
    actions.edit_campaign(campaign=campaign, min_size_rule=MinSizeRule.CLOSE, by=office, at=at)
    group.refresh_from_db()
    assert group.who == "Новые слова."
    instance = build_instance(Campaign.objects.get())
    [place] = instance.places
    assert place.pools == (
        allocation.Pool("открытые", None, 2),
        allocation.Pool("квота", "ученики района", 5, hard=True),
    )
    assert (place.min_size, place.company) == (3, f"E-{employer.pk}")
    assert instance.companies == (allocation.Company(f"E-{employer.pk}", 8),)
    assert instance.rules.min_size == allocation.MinSize.CLOSE
    assert AuditEntry.objects.filter(verb="admissions.targetoffer.rules_set").count() == 1


def test_min_size_rules_are_those_of_the_engine():
    assert set(MinSizeRule.values) == {rule.value for rule in allocation.MinSize}


def test_rules_stand_once_the_campaign_has_opened(offer, office, group, at):
    Campaign.objects.update(state=CampaignState.OPEN)  # while somebody else still writes
    with pytest.raises(Refused):
        actions.set_campaign_rules(campaign=offer.campaign, groups=[], limits=[], by=office, at=at)
    with pytest.raises(Refused):
        actions.set_offer_rules(offer=offer, pools=[PoolLine("квота", 5, group)], by=office, at=at)
    assert (QuotaGroup.objects.count(), OfferPool.objects.count()) == (1, 0)


def test_others_set_no_rules(offer, at):
    for user in (UserFactory(), member(offer.employer, Role.EMPLOYER_HR)):
        with pytest.raises(Refused):
            actions.set_campaign_rules(campaign=offer.campaign, groups=[DISTRICT], limits=[], by=user, at=at)
        with pytest.raises(Refused):
            actions.set_offer_rules(offer=offer, pools=[], by=user, at=at)


def test_impossible_rules_are_refused(offer, office, group, at):
    elsewhere = QuotaGroup.objects.create(campaign=CampaignFactory(), name="район", who="кто", paper="справка")
    for pools, least in [
        ([PoolLine("квота", 11, group)], 0),
        ([PoolLine("квота", 5, elsewhere)], 0),
        ([PoolLine("Open", 5, group)], 0),
        ([PoolLine("квота", 2, group), PoolLine("квота", 2, group)], 0),
        ([PoolLine("квота", 2, is_hard=True)], 0),
        ([], 11),
    ]:
        with pytest.raises(Refused):
            actions.set_offer_rules(offer=offer, pools=pools, minimum_group=least, by=office, at=at)
    with pytest.raises(Refused):
        actions.set_offer_rules(offer=TargetOfferFactory(), pools=[], by=office, at=at)
    assert not OfferPool.objects.exists()


@pytest.mark.parametrize("groups", [[DISTRICT, DISTRICT], [GroupLine("", "кто", "справка")]])
def test_impossible_groups_are_refused(offer, office, at, groups):
    with pytest.raises(Refused):
        actions.set_campaign_rules(campaign=offer.campaign, groups=groups, limits=[], by=office, at=at)


def test_a_group_with_seats_and_a_stranger_s_limit_are_refused(offer, office, group, at):
    actions.set_offer_rules(offer=offer, pools=[PoolLine("квота", 5, group)], by=office, at=at)
    with pytest.raises(Refused):
        actions.set_campaign_rules(campaign=offer.campaign, groups=[], limits=[], by=office, at=at)
    limits = [(EmployerFactory(), 5)]
    kept = GroupLine(group.name, group.who, group.paper, group.pk)
    with pytest.raises(Refused):
        actions.set_campaign_rules(campaign=offer.campaign, groups=[kept], limits=limits, by=office, at=at)
    assert not CompanyLimit.objects.exists()


def test_seats_that_are_set_aside_are_not_taken_away(offer, office, group, at):
    actions.set_offer_rules(offer=offer, pools=[PoolLine("квота", 5, group)], minimum_group=6, by=office, at=at)
    for seats in (4, 5):
        with pytest.raises(Refused):
            actions.change_seats(offer=offer, seats=seats, reason="меньше", by=None, at=at)


def test_what_people_have_chosen_by_stays(at):
    offer = OpenOfferFactory()
    submitted(offer, at=at)
    actions.withdraw_offer(offer=offer, reason="ошибка", by=None, at=at)
    actions.restore_offer(offer=offer, reason="вернуть", by=None, at=at)
    with pytest.raises(Refused):
        actions.edit_offer(offer=offer, minimum_mark_hundredths=480, by=None, at=at)
    offer.refresh_from_db()
    actions.edit_offer(offer=offer, contact="Отдел кадров", by=None, at=at)


# The check before opening


def errors_of(campaign, at):
    return [
        finding.text for finding in check_rules(Campaign.objects.get(pk=campaign.pk), at.date()) if finding.is_error
    ]


def test_good_rules_have_no_errors_and_open(offer, office, group, at):
    actions.set_offer_rules(offer=offer, pools=[PoolLine("квота", 5, group)], by=office, at=at)
    assert errors_of(offer.campaign, at) == []
    actions.open_campaign(campaign=offer.campaign, by=office, at=at)
    assert Campaign.objects.get().state == CampaignState.OPEN


def _no_source(offer, group, at):
    Campaign.objects.update(draw_source=" ")


def _past(offer, group, at):
    Campaign.objects.update(opens_on=at.date() - timedelta(days=9), closes_on=at.date() - timedelta(days=1))


def _nothing_published(offer, group, at):
    offer.state = OfferState.AGREED
    offer.save()


def _too_many_in_pools(offer, group, at):
    OfferPool.objects.create(offer=offer, order=1, name="квота", group=group, seats=11)


def _nobody_can_be_tagged(offer, group, at):
    elsewhere = QuotaGroup.objects.create(campaign=CampaignFactory(), name="район", who="кто", paper="справка")
    OfferPool.objects.create(offer=offer, order=1, name="квота", group=elsewhere, seats=1)


def _minimum_above_seats(offer, group, at):
    Campaign.objects.update(min_size_rule=MinSizeRule.CLOSE)
    offer.minimum_group = 11
    offer.save()


def _minimum_without_rule(offer, group, at):
    offer.minimum_group = 3
    offer.save()


def _limit_of_zero(offer, group, at):
    CompanyLimit.objects.create(campaign=offer.campaign, employer=offer.employer, seats=0)


def _limit_below_minimum(offer, group, at):
    Campaign.objects.update(min_size_rule=MinSizeRule.CLOSE)
    offer.minimum_group = 5
    offer.save()
    CompanyLimit.objects.create(campaign=offer.campaign, employer=offer.employer, seats=4)


@pytest.mark.parametrize(
    "spoil",
    [
        _no_source,
        _past,
        _nothing_published,
        _too_many_in_pools,
        _nobody_can_be_tagged,
        _minimum_above_seats,
        _minimum_without_rule,
        _limit_of_zero,
        _limit_below_minimum,
    ],
)
def test_impossible_rules_do_not_open(offer, office, group, at, client_as, spoil):
    spoil(offer, group, at)
    campaign = Campaign.objects.get(pk=offer.campaign_id)
    found = errors_of(campaign, at)
    assert len(found) == 1
    with pytest.raises(Refused):
        actions.open_campaign(campaign=campaign, by=office, at=at)
    for name in ("campaign", "campaign-rules"):
        page = client_as(office).get(url(name, campaign)).text
        assert found[0].replace("“", "&ldquo;") in page or found[0] in page


def test_warnings_are_shown_and_do_not_stop(offer, office, group, at):
    TargetOfferFactory(campaign=offer.campaign, seats=3, state=OfferState.DRAFT, employer=offer.employer)
    Campaign.objects.update(max_choices=1, publishes_on=offer.campaign.closes_on, min_size_rule=MinSizeRule.CLOSE)
    OpenOfferFactory(campaign=offer.campaign, minimum_mark_hundredths=500)
    OfferPool.objects.create(offer=offer, order=1, name="квота", group=group, seats=10, is_hard=True)
    QuotaGroup.objects.create(campaign=offer.campaign, name="сироты", who="кто", paper="справка")
    for employer, seats in ((offer.employer, 4), (offer.campaign.offers.last().employer, 100)):
        CompanyLimit.objects.create(campaign=offer.campaign, employer=employer, seats=seats)
    findings = check_rules(Campaign.objects.get(), at.date())
    assert not [finding for finding in findings if finding.is_error]
    assert len({finding.text for finding in findings}) >= 9
    actions.open_campaign(campaign=offer.campaign, by=office, at=at)


def test_findings_cost_the_same_for_any_number(offer, at, query_count):
    def add():
        one = OpenOfferFactory(campaign=offer.campaign)
        group = QuotaGroup.objects.create(campaign=offer.campaign, name=f"группа {one.pk}", who="кто", paper="справка")
        OfferPool.objects.create(offer=one, order=1, name="квота", group=group, seats=1)
        CompanyLimit.objects.create(campaign=offer.campaign, employer=one.employer, seats=1)

    campaign = Campaign.objects.get()
    query_count(lambda: check_rules(campaign, at.date()), add)


# Screens


def test_everybody_reads_the_rules(offer, office, group, at, client_as):
    actions.set_offer_rules(offer=offer, pools=[PoolLine("квота", 5, group, is_hard=True)], by=office, at=at)
    visitor = client_as(None)
    assert visitor.get(url("campaign-rules", offer.campaign)).status_code == 404
    actions.open_campaign(campaign=offer.campaign, by=office, at=at)
    page = visitor.get(url("campaign-rules", offer.campaign)).text
    for words in ("ученики района", "справка из школы", "квота: 5", offer.campaign.draw_source):
        assert words in page
    assert "edit/" not in page


def test_rules_cost_the_same_for_any_number(offer, client_as, query_count):
    visitor = client_as(office_of(offer.campaign))

    def add():
        one = OpenOfferFactory(campaign=offer.campaign)
        group = QuotaGroup.objects.create(campaign=offer.campaign, name=f"группа {one.pk}", who="кто", paper="справка")
        OfferPool.objects.create(offer=one, order=1, name="квота", group=group, seats=1)
        CompanyLimit.objects.create(campaign=offer.campaign, employer=one.employer, seats=1)

    query_count(lambda: visitor.get(url("campaign-rules", offer.campaign)), add)


def rows(prefix, *rows, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{number}-{key}": value for number, row in enumerate(rows) for key, value in row.items()}


def test_the_office_writes_the_rules_on_screen(offer, office, client_as):
    client, campaign = client_as(office), offer.campaign
    assert client.get(url("campaign-rules-edit", campaign)).status_code == 200
    whole = rows("groups", {"name": "район", "who": "кто", "paper": "справка"}, {}) | rows(
        "limits", {"employer": offer.employer_id, "seats": 9}
    )
    client.post(url("campaign-rules-edit", campaign), whole)
    group = campaign.quota_groups.get()
    assert campaign.company_limits.get().seats == 9
    half = rows("groups", {"name": "сироты"}) | rows("limits")
    assert client.post(url("campaign-rules-edit", campaign), half).status_code == 200
    pool = {"name": "квота", "group": group.pk, "seats": 4, "is_hard": "1"}
    client.post(url("offer-rules", offer), rows("pools", pool, {}) | {"minimum_group": 2})
    offer.refresh_from_db()
    assert (offer.pools.get().is_hard, offer.pools.get().seats, offer.minimum_group) == (True, 4, 2)
    assert client.get(url("offer-rules", offer)).status_code == 200
    too_many = client.post(url("offer-rules", offer), rows("pools", {**pool, "seats": 11}) | {"minimum_group": ""})
    assert too_many.context["problem"]
    gone = {**pool, "DELETE": "on"}
    client.post(url("offer-rules", offer), rows("pools", gone, initial=1) | {"minimum_group": ""})
    assert (offer.pools.count(), type(offer).objects.get().minimum_group) == (0, 0)
    struck = {"pk": group.pk, "name": "район", "who": "кто", "paper": "справка", "DELETE": "on"}
    client.post(url("campaign-rules-edit", campaign), rows("groups", struck, initial=1) | rows("limits"))
    assert not QuotaGroup.objects.exists()


# Rights to quotas


@pytest.fixture
def application(offer, group, office, at):
    actions.open_campaign(campaign=offer.campaign, by=office, at=at)
    person = PersonFactory(user=UserFactory())
    return actions.start_application(campaign=Campaign.objects.get(), person=person, by=None, at=at)


def test_a_right_is_stated_and_counts_when_it_is_confirmed(application, group, office, at):
    user = application.person.user
    claim = actions.state_claim(application=application, group=group, by=user, at=at)
    actions.edit_application(
        application=application, offers=application.campaign.offers.all(), average_mark_hundredths=400, by=user, at=at
    )
    actions.submit_application(application=application, by=None, at=at)
    assert build_instance(application.campaign).applicants[0].tags == frozenset()
    actions.confirm_claim(claim=claim, paper="справка № 12", by=office, at=at)
    assert build_instance(application.campaign).applicants[0].tags == {"ученики района"}
    assert (claim.paper, claim.decided_by) == ("справка № 12", office)
    with pytest.raises(Refused):
        actions.take_back_claim(claim=claim, by=user, at=at)
    actions.refuse_claim(claim=claim, reason="справка другой школы", by=office, at=at)
    assert build_instance(application.campaign).applicants[0].tags == frozenset()
    verbs = AuditEntry.objects.about(application).values_list("verb", flat=True)
    assert {f"admissions.application.claim_{done}" for done in ("stated", "confirmed", "refused")} <= set(verbs)


def test_rights_are_refused(application, group, office, at):
    with pytest.raises(Refused):
        actions.state_claim(application=application, group=group, by=UserFactory(), at=at)
    elsewhere = QuotaGroup.objects.create(campaign=CampaignFactory(), name="район", who="кто", paper="справка")
    with pytest.raises(Refused):
        actions.state_claim(application=application, group=elsewhere, by=office, at=at)
    claim = actions.state_claim(application=application, group=group, by=office, at=at)
    with pytest.raises(Refused):
        actions.state_claim(application=application, group=group, by=office, at=at)
    for user, paper in ((application.person.user, "справка"), (office, " ")):
        with pytest.raises(Refused):
            actions.confirm_claim(claim=claim, paper=paper, by=user, at=at)
    with pytest.raises(Refused):
        actions.refuse_claim(claim=claim, reason="", by=office, at=at)
    Campaign.objects.update(state=CampaignState.PUBLISHED)
    claim = QuotaClaim.objects.get()
    for late in (
        lambda: actions.confirm_claim(claim=claim, paper="справка", by=office, at=at),
        lambda: actions.refuse_claim(claim=claim, reason="нет", by=office, at=at),
        lambda: actions.take_back_claim(claim=claim, by=office, at=at),
    ):
        with pytest.raises(Refused):
            late()
    assert QuotaClaim.objects.get().state == ClaimState.STATED


def test_rights_on_screen(application, group, office, client_as):
    own, desk = client_as(application.person.user), client_as(office)
    page = application.get_absolute_url()
    assert "ученики района" in own.get(page).text
    own.post(url("claim-add", application), {"group": group.pk})
    claim = QuotaClaim.objects.get()
    own.post(url("claim-confirm", claim), {"paper": "сам"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.STATED
    desk.post(url("claim-confirm", claim), {"paper": "справка № 3"})
    assert "справка № 3" in own.get(page).text
    desk.post(url("claim-refuse", claim), {"reason": "не та школа"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED
    own.post(url("claim-take-back", claim))
    assert not QuotaClaim.objects.exists()
    assert own.post(url("claim-add", application), {"group": "x"}).status_code == 404

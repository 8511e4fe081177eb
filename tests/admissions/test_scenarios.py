"""What if: trials beside the campaign, which change nothing and know nothing of the draw."""

import pytest
from django.urls import reverse

from kuznitsa.admissions import actions
from kuznitsa.admissions.actions import scenarios
from kuznitsa.admissions.enums import CampaignState
from kuznitsa.admissions.models import AllocationRun, Campaign, QuotaClaim, QuotaGroup, Scenario, Seat
from kuznitsa.admissions.queries.instances import build_instance
from kuznitsa.admissions.queries.scenarios import (
    OPEN_FIRST,
    REVERSED,
    Changes,
    changed,
    columns_of,
    compare,
    trial_seed,
)
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(at):
    """Two seats, one first for the district; four applicants, the first and the last from the district."""
    offer = OpenOfferFactory(seats=2)
    group = QuotaGroup.objects.create(campaign=offer.campaign, name="район", who="кто", paper="справка")
    offer.pools.create(order=1, name="квота", group=group, seats=1)
    best, _second, _third, last = (checked(offer, at=at, mark=mark) for mark in (500, 450, 400, 300))
    for application in (best, last):
        QuotaClaim.objects.create(application=application, group=group, state="confirmed", stated_at=at)
    return offer


def tried(at_offer, **changes):
    return compare(at_offer.campaign, Changes(**changes))["changed"]


def test_more_and_fewer_seats(offer):
    more, fewer = tried(offer, offer=offer.pk, extra_seats=1), tried(offer, offer=offer.pk, extra_seats=-5)
    assert (more["placed"], more["better"], more["worse"], more["empty_seats"]) == (3, 1, 0, 0)
    assert (fewer["placed"], fewer["better"], fewer["worse"]) == (0, 0, 2)


@pytest.mark.parametrize("order", [OPEN_FIRST, REVERSED])
def test_another_order_of_pools(offer, order):
    # Open seats first: the best takes the open one, and the seat of the quota goes to the last.
    other = tried(offer, offer=offer.pk, pool_order=order)
    assert (other["better"], other["worse"], other["placed"]) == (1, 1, 2)
    pools = other["pools"][f"O-{offer.pk}"]
    assert [(pool["pool"], pool["cut_off"]) for pool in pools] == [("open", 500), ("квота", 300)]


def test_another_minimum_closes_the_group(offer):
    other = tried(offer, offer=offer.pk, minimum=3, min_size_rule="close")
    assert (other["closed_places"], other["placed"], other["worse"]) == (1, 0, 2)


def test_another_limit(offer):
    other = tried(offer, employer=offer.employer_id, limit=1)
    assert (other["placed"], other["worse"]) == (1, 1)


def test_a_trial_has_a_seed_of_its_own(offer):
    assert offer.campaign.draw_seed not in trial_seed(offer.campaign)
    instance = build_instance(offer.campaign)
    assert changed(instance, Changes()) == instance


def test_a_scenario_changes_nothing(offer, at):
    before = build_instance(offer.campaign)
    scenario = actions.try_scenario(
        campaign=offer.campaign,
        name="ещё одно",
        changes=Changes(offer=offer.pk, extra_seats=1),
        by=office_of(offer.campaign),
        at=at,
    )
    assert scenario.outcome["base"]["placed"] == 2
    assert build_instance(Campaign.objects.get()) == before
    assert not AllocationRun.objects.exists()
    assert not Seat.objects.exists()
    assert not AuditEntry.objects.filter(verb__startswith="admissions.run").exists()


def test_a_scenario_is_refused(offer, at):
    campaign, office = offer.campaign, office_of(offer.campaign)
    more = Changes(offer=offer.pk, extra_seats=1)
    elsewhere = OpenOfferFactory()
    for changes in (
        Changes(),
        Changes(offer=offer.pk),
        Changes(extra_seats=5),
        Changes(employer=offer.employer_id),
        Changes(offer=elsewhere.pk, extra_seats=1),
        Changes(employer=elsewhere.employer_id, limit=1),
    ):
        with pytest.raises(Refused):
            actions.try_scenario(campaign=campaign, name="x", changes=changes, by=office, at=at)
    with pytest.raises(Refused):
        actions.try_scenario(campaign=campaign, name="x", changes=more, by=UserFactory(), at=at)
    with pytest.raises(Refused):
        actions.try_scenario(campaign=elsewhere.campaign, name="x", changes=more, by=None, at=at)
    for number in range(scenarios.MOST):
        actions.try_scenario(campaign=campaign, name=str(number), changes=more, by=office, at=at)
    with pytest.raises(Refused):
        actions.try_scenario(campaign=campaign, name="x", changes=more, by=office, at=at)
    actions.remove_scenario(scenario=campaign.scenarios.first(), by=office, at=at)
    campaign.state = CampaignState.PUBLISHED
    with pytest.raises(Refused):
        actions.try_scenario(campaign=campaign, name="x", changes=more, by=office, at=at)
    with pytest.raises(Refused):
        actions.remove_scenario(scenario=campaign.scenarios.first(), by=UserFactory(), at=at)


def test_a_large_campaign_is_tried_by_a_worker(offer, at, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(scenarios, "AT_ONCE", 1)
    more = Changes(offer=offer.pk, extra_seats=1)
    with django_capture_on_commit_callbacks(execute=True):
        scenario = actions.try_scenario(campaign=offer.campaign, name="x", changes=more, by=None, at=at)
        gone = actions.try_scenario(campaign=offer.campaign, name="y", changes=more, by=None, at=at)
        assert scenario.outcome == {}
        gone.delete()
    scenario.refresh_from_db()
    assert scenario.outcome["changed"]["placed"] == 3


def test_scenarios_on_screen(offer, at, client_as):
    submitted(offer, at=at)
    page = reverse("admissions:scenarios", args=[offer.campaign_id])
    client = client_as(office_of(offer.campaign))
    assert client.get(page).context["columns"] == []
    assert client.post(page, {"name": "ничего"}).status_code == 200
    client.post(page, {"name": "ещё место", "offer": offer.pk, "extra_seats": 1})
    shown = client.get(page)
    assert [column.numbers["placed"] for column in shown.context["columns"]] == [2, 3]
    assert shown.context["unchecked"] == 1
    checked(offer, at=at, mark=500)
    client.post(page, {"name": "иначе", "offer": offer.pk, "pool_order": "reversed"})
    assert [column.is_stale for column in columns_of(list(Scenario.objects.order_by("pk")))] == [False, True, False]
    client.post(reverse("admissions:scenario-remove", args=[Scenario.objects.first().pk]))
    assert Scenario.objects.count() == 1
    assert client_as(UserFactory()).get(page).status_code == 302


def test_the_table_costs_the_same_for_any_number(offer, at, client_as, query_count):
    page = reverse("admissions:scenarios", args=[offer.campaign_id])
    client = client_as(office_of(offer.campaign))
    more = Changes(offer=offer.pk, extra_seats=1)
    query_count(
        lambda: client.get(page),
        lambda: actions.try_scenario(campaign=offer.campaign, name="x", changes=more, by=None, at=at),
    )

"""A campaign of 41 applicants for 25 seats with a district quota: from the rules to "why", and the record verified."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kuznitsa.accounts.models import User
from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import CampaignState, RunState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, QuotaClaim, QuotaGroup, Seat, TargetOffer
from kuznitsa.admissions.queries.seats import result_of
from kuznitsa.organisations.enums import Role
from tests.browser.walker import Walker
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked
from tests.factories.organisations import member
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)

APPLICANTS, SEATS, QUOTA = 41, 25, 5
# Applicants have 460, 459, … points. Every fifth of the others is of the district: enough of them to fill the quota.
BEST = 460
# With so many points the one who is followed gets no open seat, but one of the quota.
FOLLOWED = 424


@pytest.fixture
def offer():
    """Twenty-five seats in a campaign that is being prepared, and nothing said about quotas yet."""
    today = timezone.localdate()
    return OpenOfferFactory(
        seats=SEATS,
        campaign__state=CampaignState.DRAFT,
        campaign__draw_seed="",
        campaign__opens_on=today,
        campaign__closes_on=today + timedelta(days=10),
        campaign__publishes_on=today + timedelta(days=12),
        intake__starts_on=today + timedelta(days=60),
    )


class Journey:
    """Walks through the screens as one person after another."""

    def __init__(self, walker: Walker, sign_in, offer: TargetOffer, language: str) -> None:
        self.walker, self.offer, self.campaign = walker, offer, offer.campaign
        self._sign_in = sign_in
        self.office = member(offer.campaign.college, Role.ADMISSIONS)
        self.director = member(offer.campaign.college, Role.DIRECTOR)
        self.pupil = PersonFactory(user=UserFactory())
        User.objects.update(language=language)

    def become(self, user: User | None) -> None:
        self.walker.page.context.clear_cookies()
        if user is not None:
            self._sign_in(self.walker.page, user)


@pytest.mark.parametrize(("size", "language"), [("phone", "ru"), ("desktop", "en")])
def test_from_the_rules_to_why(request, size, language, offer, sign_in, tmp_path, shot, assert_accessible):
    walker = Walker(request.getfixturevalue(size), language)
    journey = Journey(walker, sign_in, offer, language)

    def look(name: str) -> None:
        assert_accessible(walker.page)
        shot(walker.page, f"campaign-{name}")

    _set_the_rules(journey, look)
    _read_the_rules(journey, look)
    followed = _apply(journey, look)
    _confirm_the_quota(journey, followed)
    _try_other_rules(journey, look)
    _publish_by_two(journey, look)
    _verify_the_record(journey, look, tmp_path)
    _ask_why(journey, followed, look)


def _set_the_rules(journey: Journey, look) -> None:
    walker, campaign = journey.walker, journey.campaign
    journey.become(journey.office)
    walker.go("admissions:campaign-rules-edit", campaign.pk)
    walker.fill(groups__0__name="ученики района", groups__0__who="Кто учится в районе.", groups__0__paper="справка")
    look("rules-edit")
    walker.save()
    walker.go("admissions:offer-rules", journey.offer.pk)
    walker.fill(pools__0__name="районная квота", pools__0__group=QuotaGroup.objects.get().pk, pools__0__seats=QUOTA)
    look("offer-rules")
    walker.save()
    assert walker.page.locator(".k-alert--success").count()
    walker.go("admissions:campaign", campaign.pk)
    look("prepared")
    walker.press("admissions:campaign-open", campaign.pk)
    assert Campaign.objects.get().state == CampaignState.OPEN


def _read_the_rules(journey: Journey, look) -> None:
    journey.become(None)
    journey.walker.go("admissions:campaign-rules", journey.campaign.pk)
    text = journey.walker.page.locator("main").inner_text()
    assert f"районная квота: {QUOTA}" in text
    assert journey.campaign.draw_source in text
    look("rules")


def _apply(journey: Journey, look) -> Application:
    """Forty apply on paper; the one who is followed states the right to the quota on the screen."""
    now, offer = timezone.now(), TargetOffer.objects.get()
    points = [points for points in range(BEST, BEST - APPLICANTS, -1) if points != FOLLOWED]
    for number, mark in enumerate(points):
        application = checked(offer, at=now, mark=mark)
        if number % 10 == 0:
            claim = actions.state_claim(application=application, group=QuotaGroup.objects.get(), by=None, at=now)
            actions.confirm_claim(claim=claim, paper="справка", by=journey.office, at=now)
    followed = actions.start_application(campaign=offer.campaign, person=journey.pupil, by=None, at=now)
    actions.edit_application(
        application=followed, offers=[offer], average_mark_hundredths=FOLLOWED, by=journey.pupil.user, at=now
    )
    journey.become(journey.pupil.user)
    journey.walker.go("admissions:application", followed.pk)
    look("claim")
    journey.walker.press("admissions:claim-add", followed.pk)
    actions.submit_application(application=followed, by=None, at=now)
    actions.check_application(application=followed, by=None, at=now)
    return followed


def _confirm_the_quota(journey: Journey, followed: Application) -> None:
    journey.become(journey.office)
    journey.walker.go("admissions:application", followed.pk)
    claim = QuotaClaim.objects.get(application=followed)
    journey.walker.press("admissions:claim-confirm", claim.pk, paper="справка № 7")
    claim.refresh_from_db()
    assert claim.decided_by == journey.office


def _try_other_rules(journey: Journey, look) -> None:
    walker, campaign = journey.walker, journey.campaign
    walker.go("admissions:scenarios", campaign.pk)
    walker.fill(name="+5", offer=journey.offer.pk, extra_seats=5)
    walker.save()
    walker.fill(name="места для всех первыми", offer=journey.offer.pk, pool_order="open_first")
    walker.save()
    look("scenarios")
    outcomes = [scenario.outcome["changed"]["placed"] for scenario in campaign.scenarios.order_by("pk")]
    assert outcomes == [SEATS + 5, SEATS]


def _publish_by_two(journey: Journey, look) -> None:
    walker, campaign = journey.walker, journey.campaign
    walker.go("admissions:campaign", campaign.pk)
    walker.press("admissions:campaign-close", campaign.pk, reason="все пришли")
    walker.go("admissions:campaign-seed", campaign.pk)
    walker.fill(seed="05 11 17 23 31")
    walker.save()
    walker.go("admissions:runs", campaign.pk)
    walker.press("admissions:run-create", campaign.pk)
    run = AllocationRun.objects.get()
    look("draft")
    walker.press("admissions:run-approve", run.pk)
    journey.become(journey.director)
    walker.go("admissions:run", run.pk)
    walker.press("admissions:run-publish", run.pk)
    run.refresh_from_db()
    assert run.state == RunState.PUBLISHED
    assert (Application.objects.count(), Seat.objects.count()) == (APPLICANTS, SEATS)


def _verify_the_record(journey: Journey, look, tmp_path) -> None:
    """Somebody who is not signed in downloads the record and verifies it where nothing is set up."""
    page, run = journey.walker.page, AllocationRun.objects.get()
    journey.become(None)
    journey.walker.go("admissions:run", run.pk)
    look("result")
    page.locator(f'a[href="{reverse("admissions:record", args=[run.pk])}"]').click()
    look("record")
    command = page.locator("samp", has_text="--verify").inner_text()
    with page.expect_download() as download:
        page.locator('a[href$="record.zip"]').click()
    name = command.split()[-1]
    assert download.value.suggested_filename == name
    download.value.save_as(tmp_path / name)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "KUZNITSA", "DAT"))}
    done = subprocess.run(
        [sys.executable, "-m", "kuznitsa.cli", *command.split()[1:]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def _ask_why(journey: Journey, followed: Application, look) -> None:
    journey.become(journey.pupil.user)
    journey.walker.go("admissions:application-why", followed.pk)
    text = journey.walker.page.locator("main").inner_text()
    assert followed.pseudonym in text
    seat = followed.seats.get()
    run = AllocationRun.objects.get()
    assert result_of(run).pool[followed.pseudonym] == "районная квота"
    assert str(seat.offer) in text
    look("why")

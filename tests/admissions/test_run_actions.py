import pytest
from django.core import mail
from django.urls import reverse

from kuznitsa.admissions.actions import applications, checking, runs
from kuznitsa.admissions.enums import CampaignState, OfferState, RunState
from kuznitsa.admissions.models import AllocationRun, Seat
from kuznitsa.admissions.notifications import runs as letters
from kuznitsa.admissions.queries.seats import instance_of, result_of
from kuznitsa.base.models import SentLetter
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, checked, office_of, submitted
from tests.factories.organisations import member
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def close(campaign):
    campaign.state = CampaignState.CLOSED
    campaign.save()
    return campaign


@pytest.fixture
def contested(at):
    """Two seats of a dear offer, one of another; three applicants with marks 5.00, 4.50, 4.00."""
    dear = OpenOfferFactory(seats=2)
    other = OpenOfferFactory(campaign=dear.campaign)
    best, middle, last = (checked(dear, other, at=at, mark=mark) for mark in (500, 450, 400))
    close(dear.campaign)
    return dear, other, best, middle, last


def test_a_run_is_a_draft_with_a_checked_result(at, contested):
    dear, other, best, middle, last = contested
    run = runs.run_allocation(campaign=dear.campaign, by=office_of(dear.campaign), at=at)
    assert (run.state, run.number) == (RunState.DRAFT, 1)
    placed = result_of(run).assignment
    assert placed == {
        best.pseudonym: f"O-{dear.pk}",
        middle.pseudonym: f"O-{dear.pk}",
        last.pseudonym: f"O-{other.pk}",
    }
    assert allocation.check(instance_of(run), result_of(run)) == []
    assert not best.seats.exists()
    assert "Примеров" not in str(instance_of(run))


def test_a_run_is_refused(at):
    offer = OpenOfferFactory()
    campaign = offer.campaign
    submitted(offer, at=at)
    with pytest.raises(Refused):
        runs.run_allocation(campaign=campaign, by=None, at=at)
    close(campaign)
    with pytest.raises(Refused):
        runs.run_allocation(campaign=campaign, by=UserFactory(), at=at)
    with pytest.raises(Refused):
        runs.run_allocation(campaign=close(CampaignFactory()), by=None, at=at)
    campaign.draw_seed = ""
    campaign.save()
    with pytest.raises(Refused, match=campaign.draw_source):
        runs.run_allocation(campaign=campaign, by=None, at=at)


def test_only_the_checked_with_mark_and_papers_compete(at):
    offer = OpenOfferFactory(seats=5, minimum_mark_hundredths=350, needs_medical=True)
    unchecked = submitted(offer, at=at)
    low, _without_paper, whole = (checked(offer, at=at, mark=mark) for mark in (340, 400, 360))
    for application in (low, whole, unchecked):
        applications.add_document(application=application, kind="medical", by=None, at=at)
    run = runs.run_allocation(campaign=close(offer.campaign), by=None, at=at)
    placed = {name for name, place in result_of(run).assignment.items() if place}
    assert placed == {whole.pseudonym}
    assert len(result_of(run).assignment) == 4


def test_a_withdrawn_offer_has_no_seats(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    offer.state = OfferState.WITHDRAWN
    offer.save()
    run = runs.run_allocation(campaign=close(offer.campaign), by=None, at=at)
    assert not any(result_of(run).assignment.values())


def test_two_different_people_publish(at, contested, django_capture_on_commit_callbacks):
    dear, other, best, *_rest = contested
    best.person.user = UserFactory()
    best.person.save()
    campaign = dear.campaign
    one, two = office_of(campaign), member(campaign.college, Role.DIRECTOR)
    run = runs.run_allocation(campaign=campaign, by=one, at=at)
    with pytest.raises(Refused):
        runs.publish_run(run=run, by=two, at=at)
    with pytest.raises(Refused):
        runs.approve_run(run=run, by=UserFactory(), at=at)
    runs.approve_run(run=run, by=one, at=at)
    with pytest.raises(Refused):
        runs.publish_run(run=run, by=one, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        runs.publish_run(run=run, by=two, at=at)
    campaign.refresh_from_db()
    assert (run.state, campaign.state) == (RunState.PUBLISHED, CampaignState.PUBLISHED)
    seat = best.seats.get()
    assert (seat.offer, seat.rank, str(seat.answer_by)) == (dear, 1, "2026-09-08")
    assert totals(Thread.objects.filter(pk=dear.thread_id))[FactKind.SEAT_ALLOCATED] == 2
    assert totals(Thread.objects.filter(pk=other.thread_id))[FactKind.SEAT_ALLOCATED] == 1
    assert "08.09.2026" in mail.outbox[0].subject
    assert run in AllocationRun.objects.visible_to(UserFactory())
    with pytest.raises(Refused):
        runs.discard_run(run=run, reason="поздно", by=one, at=at)


def test_a_run_that_is_out_of_date_is_not_published(at, contested):
    dear, _other, best, *_rest = contested
    run = runs.run_allocation(campaign=dear.campaign, by=None, at=at)
    runs.approve_run(run=run, by=office_of(dear.campaign), at=at)
    applications.withdraw_application(application=best, reason="уезжает", by=None, at=at)
    with pytest.raises(Refused):
        runs.publish_run(run=run, by=office_of(dear.campaign), at=at)
    run.refresh_from_db()
    assert (run.state, run.published_by) == (RunState.APPROVED, None)
    again = runs.run_allocation(campaign=dear.campaign, by=None, at=at)
    assert (again.number, again.instance_hash != run.instance_hash) == (2, True)


def test_a_late_check_makes_a_draft_out_of_date(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    late = submitted(offer, at=at)
    run = runs.run_allocation(campaign=close(offer.campaign), by=None, at=at)
    checking.check_application(application=late, by=None, at=at)
    with pytest.raises(Refused):
        runs.approve_run(run=run, by=office_of(offer.campaign), at=at)


def test_only_one_run_of_a_campaign_is_published(at, contested):
    campaign = contested[0].campaign
    first, second = (runs.run_allocation(campaign=campaign, by=None, at=at) for _time in range(2))
    assert first.instance_hash == second.instance_hash
    for run in (first, second):
        runs.approve_run(run=run, by=office_of(campaign), at=at)
    runs.publish_run(run=first, by=office_of(campaign), at=at)
    with pytest.raises(Refused):
        runs.publish_run(run=second, by=office_of(campaign), at=at)
    assert campaign.runs.published().count() == 1


def test_approval_is_taken_back_and_a_run_discarded_with_a_reason(at, contested):
    campaign = contested[0].campaign
    run = runs.run_allocation(campaign=campaign, by=None, at=at)
    with pytest.raises(Refused):
        runs.take_back_approval(run=run, reason="рано", by=None, at=at)
    runs.approve_run(run=run, by=office_of(campaign), at=at)
    with pytest.raises(Refused):
        runs.take_back_approval(run=run, reason="", by=None, at=at)
    runs.take_back_approval(run=run, reason="рано", by=None, at=at)
    assert (run.state, run.approved_by) == (RunState.DRAFT, None)
    with pytest.raises(Refused):
        runs.discard_run(run=run, reason="", by=None, at=at)
    runs.discard_run(run=run, reason="ошибка в местах", by=None, at=at)
    assert run.state == RunState.DISCARDED


def test_a_large_campaign_is_calculated_by_a_worker(at, contested, monkeypatch, django_capture_on_commit_callbacks):
    campaign = contested[0].campaign
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.run_allocation(campaign=campaign, by=None, at=at)
        assert not run.is_calculated
        with pytest.raises(Refused):
            runs.run_allocation(campaign=campaign, by=None, at=at)
        with pytest.raises(Refused):
            runs.approve_run(run=run, by=office_of(campaign), at=at)
    run.refresh_from_db()
    was = result_of(run)
    assert any(was.assignment.values())
    assert result_of(runs.calculate_run(run=run, by=None, at=at)) == was


@pytest.fixture
def large(at, contested, monkeypatch):
    """A run of a campaign that is too large to be published at once, approved by the first of two."""
    campaign = contested[0].campaign
    run = runs.run_allocation(campaign=campaign, by=None, at=at)
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    return runs.approve_run(run=run, by=office_of(campaign), at=at)


def test_a_large_campaign_is_published_by_a_worker(at, contested, large, client_as, django_capture_on_commit_callbacks):
    dear, other, best, middle, last = contested
    for application in (best, middle, last):
        application.person.user = UserFactory()
        application.person.save()
    second, another = office_of(dear.campaign), office_of(dear.campaign)
    client = client_as(second)
    with django_capture_on_commit_callbacks(execute=True) as jobs:
        client.post(reverse("admissions:run-publish", args=[large.pk]))
        assert not Seat.objects.exists()
        assert "Публикуется" in client.get(large.get_absolute_url()).text
        with pytest.raises(Refused, match="публикуется"):
            runs.publish_run(run=AllocationRun.objects.get(pk=large.pk), by=another, at=at)
        with pytest.raises(Refused, match="публикуется"):
            runs.publish_run(run=large, by=another, at=at)
    large.refresh_from_db()

    assert (large.state, large.published_by, large.campaign.state) == (
        RunState.PUBLISHED,
        second,
        CampaignState.PUBLISHED,
    )
    assert large.record.manifest["about"]["published_by"] == str(second)
    assert {seat.application: seat.offer.pk for seat in Seat.objects.all()} == {
        best: dear.pk,
        middle: dear.pk,
        last: other.pk,
    }
    assert unbalanced_sums() == []
    assert len(jobs) > 1
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        application.person.user.email for application in (best, middle, last)
    )


def test_what_a_worker_could_not_publish_says_why(at, contested, large, client_as, django_capture_on_commit_callbacks):
    second = office_of(contested[0].campaign)
    applications.withdraw_application(application=contested[2], reason="уезжает", by=None, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        runs.publish_run(run=large, by=second, at=at)
    large.refresh_from_db()

    assert (large.state, large.published_by, large.published_at) == (RunState.APPROVED, None, None)
    assert not Seat.objects.exists()
    page = client_as(second).get(large.get_absolute_url()).text
    assert "Опубликовать не удалось" in page
    assert "изменились" in page


def test_a_publication_that_waits_can_be_stopped(at, contested, large):
    second = office_of(contested[0].campaign)
    runs.publish_run(run=large, by=second, at=at)
    runs.take_back_approval(run=AllocationRun.objects.get(pk=large.pk), reason="рано", by=second, at=at)

    assert runs.carry_out_publication(run=large, by=second, at=at).state == RunState.DRAFT
    assert not Seat.objects.exists()


def test_results_are_told_in_portions_and_once(at, contested, large, monkeypatch):
    monkeypatch.setattr(letters, "PORTION", 2)
    for application in contested[2:]:
        application.person.email = f"{application.pk}@forge.example"
        application.person.save()
    runs.publish_run(run=large, by=office_of(contested[0].campaign), at=at)
    runs.carry_out_publication(run=large, by=large.published_by, at=at)

    first = letters.some_results(large.pk, after=0)
    assert SentLetter.objects.count() == 2
    assert letters.some_results(large.pk, after=0) == first
    last = letters.some_results(large.pk, after=first)
    assert letters.some_results(large.pk, after=last) is None
    assert SentLetter.objects.count() == 3


def test_a_result_that_fails_the_check_is_not_kept(at, contested, monkeypatch):
    campaign = contested[0].campaign
    monkeypatch.setattr(allocation, "check", lambda instance, result: ["A-1 sits nowhere"])
    with pytest.raises(Refused, match="A-1"):
        runs.run_allocation(campaign=campaign, by=None, at=at)
    assert not campaign.runs.exists()


def test_persons_without_addresses_get_no_letters(at, contested, django_capture_on_commit_callbacks):
    campaign = contested[0].campaign
    run = runs.run_allocation(campaign=campaign, by=None, at=at)
    runs.approve_run(run=run, by=office_of(campaign), at=at)
    assert PersonFactory().email == ""
    with django_capture_on_commit_callbacks(execute=True):
        runs.publish_run(run=run, by=office_of(campaign), at=at)
    assert mail.outbox == []

"""A worker that was killed: its job is given out again, and what it had done is not done twice."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings as project_settings
from django.core import mail
from django.db import transaction
from django.db.models import Sum
from django_q.brokers import get_broker
from django_q.signing import SignedPackage

from kuznitsa.admissions.actions import rounds, runs
from kuznitsa.admissions.actions.seats import decline_seat
from kuznitsa.admissions.enums import CampaignState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, RunFiles, RunPage, RunPlace, Scenario, Seat
from kuznitsa.admissions.queries.scenarios import Changes
from kuznitsa.admissions.queries.seats import result_of
from kuznitsa.agreements.models import Agreement
from kuznitsa.base import jobs
from kuznitsa.base.mail import Letter, send
from kuznitsa.base.models import AuditEntry, SentLetter
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import unbalanced_sums
from kuznitsa.people.models import Person
from tests.admissions.test_imports import sheet, upload
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published
from tests.factories.agreements import agreed, partners
from tests.factories.outcomes import CheckPointFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def state_of_the_world():
    """What a job leaves: rows, the ledger, letters."""
    return {
        "applications": Application.objects.count(),
        "persons": Person.objects.count(),
        "seats": sorted(Seat.objects.values_list("application", "offer", "state")),
        "campaigns": sorted(Campaign.objects.values_list("pk", "state")),
        "agreements": sorted(Agreement.objects.values_list("pk", "state")),
        "runs": sorted(AllocationRun.objects.values_list("pk", "instance_hash")),
        "facts": Fact.objects.aggregate(count=Sum("quantity"))["count"],
        "rows of the ledger": Fact.objects.count(),
        "audit": AuditEntry.objects.count(),
        "letters": SentLetter.objects.count(),
        "sent": len(mail.outbox),
    }


def test_a_letter_is_not_sent_again(at, settings):
    """The worker is killed after the letter has left and before it could say so to the queue."""
    settings.JOBS_INLINE = False
    with transaction.atomic():
        send(
            Letter(
                to=UserFactory(),
                template="accounts/letters/link",
                context={"link": "https://forge.example/", "url": "https://forge.example/"},
            ),
            at=at,
        )
    broker = get_broker()
    assert work(broker) == 1

    with time_machine.travel(at + timedelta(seconds=project_settings.Q_CLUSTER["retry"] + 5)):
        assert work(broker) == 1, "the job is given out again"

    assert len(mail.outbox) == 1


def work(broker):
    """Run the jobs that are due and say nothing to the queue, as a worker that was killed."""
    taken = broker.dequeue() or []
    for _pk, payload in taken:
        jobs.run(*SignedPackage.loads(payload)["args"])
    return len(taken)


@pytest.fixture
def held(at):
    """Three who wait for the answer of one: a seat that lapses moves the next up."""
    offer = OpenOfferFactory()
    for mark in (500, 450, 400):
        checked(offer, at=at, mark=mark, person=PersonFactory(user=UserFactory()))
    published(offer.campaign, at=at)
    return offer


def test_a_seat_lapses_once(at, held):
    with time_machine.travel(at + timedelta(days=8)):
        jobs.run("admissions.lapse_seats", {})
        once = state_of_the_world()
        jobs.run("admissions.lapse_seats", {})

        assert state_of_the_world() == once
    assert Seat.objects.filter(state=SeatState.LAPSED).count() == 1
    assert unbalanced_sums() == []


def test_an_allocation_that_was_cut_off_is_calculated_once(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    Campaign.objects.update(state=CampaignState.CLOSED)
    run = runs.run_allocation(campaign=offer.campaign, by=None, at=at)
    AllocationRun.objects.filter(pk=run.pk).update(instance_hash="")
    for pieces in (RunFiles, RunPage, RunPlace):
        pieces.objects.all().delete()

    with transaction.atomic():  # killed before its transaction was committed
        runs.calculate_run(run=AllocationRun.objects.get(pk=run.pk), by=None, at=at)
        transaction.set_rollback(True)
    assert not AllocationRun.objects.get().is_calculated
    jobs.run("admissions.calculate", {"run": run.pk})
    once = state_of_the_world()
    jobs.run("admissions.calculate", {"run": run.pk})

    assert state_of_the_world() == once
    assert any(result_of(AllocationRun.objects.get()).assignment.values())


def test_a_publication_that_was_cut_off_is_made_once(at, monkeypatch):
    offer = OpenOfferFactory()
    for mark in (500, 400):
        checked(offer, at=at, mark=mark, person=PersonFactory(user=UserFactory()))
    Campaign.objects.update(state=CampaignState.CLOSED)
    run = runs.run_allocation(campaign=offer.campaign, by=None, at=at)
    runs.approve_run(run=run, by=office_of(offer.campaign), at=at)
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    monkeypatch.setattr(runs, "enqueue", lambda *job, **arguments: None)  # the worker was killed
    runs.publish_run(run=run, by=office_of(offer.campaign), at=at)

    with transaction.atomic():  # killed before its transaction was committed
        jobs.run("admissions.publish", {"run": run.pk})
        assert Seat.objects.exists()
        transaction.set_rollback(True)
    assert not Seat.objects.exists()
    jobs.run("admissions.publish", {"run": run.pk})
    jobs.run("admissions.tell_results", {"run": run.pk, "after": 0})
    once = state_of_the_world()
    jobs.run("admissions.publish", {"run": run.pk})
    jobs.run("admissions.tell_results", {"run": run.pk, "after": 0})

    assert state_of_the_world() == once
    results = SentLetter.objects.filter(template__contains="result_").count()
    assert (once["campaigns"], len(once["seats"]), results) == (
        [(offer.campaign_id, CampaignState.PUBLISHED)],
        1,
        2,
    )


def test_a_long_import_is_brought_in_once(at):
    offer = OpenOfferFactory(number="Э-1", seats=5)
    office = office_of(offer.campaign)
    row = upload(offer.campaign, sheet({}, {"given_name": "Пётр", "born_on": date(2010, 7, 7)}), at, office)
    assert row.errors == []

    job = {"applicant_import": row.pk, "by": office.pk}
    jobs.run("admissions.confirm_import", job)
    once = state_of_the_world()
    jobs.run("admissions.confirm_import", job)

    assert once["applications"] == 2
    assert state_of_the_world() == once


@pytest.mark.parametrize(
    "name",
    [
        "admissions.close_campaigns",
        "agreements.expire",
        "outcomes.remind_of_check_points",
        "accounts.tidy",
        "base.clear_old_tokens",
    ],
)
def test_what_is_done_each_night_is_done_once(at, name):
    checked(OpenOfferFactory(), at=at)
    agreed(partners(), at)
    CheckPointFactory(hire__person__user=UserFactory())
    before = state_of_the_world()

    with time_machine.travel(at + timedelta(days=400) if name == "admissions.close_campaigns" else at):
        jobs.run(name, {})
        once = state_of_the_world()
        jobs.run(name, {})

        assert state_of_the_world() == once
    if name in ("admissions.close_campaigns", "outcomes.remind_of_check_points"):
        assert once != before, "the job had nothing to do"


@pytest.mark.parametrize("name", ["admissions.hold_round", "admissions.hold_rounds"])
def test_a_round_is_held_once(at, name, monkeypatch):
    offer = OpenOfferFactory()
    first, _second = (checked(offer, at=at, mark=mark) for mark in (500, 400))
    published(offer.campaign, at=at)
    monkeypatch.setattr(rounds, "AT_ONCE", 0)
    monkeypatch.setattr(rounds, "enqueue", lambda *job, **arguments: None)  # the worker was killed
    decline_seat(seat=first.seats.get(), by=None, at=at)
    before = state_of_the_world()

    job = {"campaign": offer.campaign_id, "reason": "место"} if name == "admissions.hold_round" else {}
    jobs.run(name, job)
    once = state_of_the_world()
    jobs.run(name, job)

    assert once != before
    assert state_of_the_world() == once


def test_a_scenario_is_calculated_once(at):
    offer = OpenOfferFactory(seats=1)
    checked(offer, at=at)
    scenario = Scenario.objects.create(
        campaign=offer.campaign, name="x", changes=asdict(Changes(offer=offer.pk, extra_seats=1)), created_at=at
    )

    jobs.run("admissions.calculate_scenario", {"scenario": scenario.pk})
    scenario.refresh_from_db()
    once = scenario.outcome
    jobs.run("admissions.calculate_scenario", {"scenario": scenario.pk})
    scenario.refresh_from_db()

    assert once != {}
    assert scenario.outcome == once


def test_every_job_is_tried_here_or_idle():
    ours = {name for name in jobs._handlers if not name.startswith("tests.")}

    assert ours == {
        "base.send_letter",
        "base.clear_old_tokens",
        "accounts.tidy",
        "admissions.calculate",
        "admissions.close_campaigns",
        "admissions.calculate_scenario",
        "admissions.confirm_import",
        "admissions.hold_round",
        "admissions.hold_rounds",
        "admissions.lapse_seats",
        "admissions.publish",
        "admissions.tell_results",
        "agreements.expire",
        "outcomes.remind_of_check_points",
    }, "a new job: show here that it may be given out twice"

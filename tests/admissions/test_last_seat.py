"""Two people at once: threads with connections of their own, on both databases."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from kuznitsa.admissions.actions import runs, seats
from kuznitsa.admissions.enums import CampaignState
from kuznitsa.admissions.models import AllocationRun, Seat, TargetOffer
from kuznitsa.base.refusal import Refused
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all at the same time; return what was refused."""
    start, refusals = threading.Barrier(len(deeds)), []

    def do(deed: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            deed()
        except Refused as refused:
            refusals.append(refused.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return refusals


@pytest.fixture
def waiting(at):
    """One seat that is held, one that has just been added, and two who wait."""
    offer = OpenOfferFactory()
    for mark in (500, 450, 400):
        checked(offer, at=at, mark=mark)
    published(offer.campaign, at=at)
    TargetOffer.objects.filter(pk=offer.pk).update(seats=2)
    return offer


def test_the_last_seat_is_given_once(at, waiting):
    def call():
        seats.call_next(offer=TargetOffer.objects.get(pk=waiting.pk), by=None, at=at)

    [refusal] = at_once(call, call)
    assert refusal
    assert Seat.objects.held().filter(offer=waiting).count() == 2


def test_a_seat_is_answered_once(at, waiting):
    seat = Seat.objects.get()
    refusals = at_once(
        lambda: seats.accept_seat(seat=Seat.objects.get(pk=seat.pk), by=None, at=at),
        lambda: seats.decline_seat(seat=Seat.objects.get(pk=seat.pk), by=None, at=at),
    )
    assert len(refusals) == 1
    assert Seat.objects.held().filter(offer=waiting).count() in (1, 2)


def test_two_runs_are_not_both_published(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    campaign = offer.campaign
    campaign.state = CampaignState.CLOSED
    campaign.save()
    drafts = [runs.run_allocation(campaign=campaign, by=None, at=at) for _number in range(2)]
    for run in drafts:
        runs.approve_run(run=run, by=office_of(campaign), at=at)
    publishers = [office_of(campaign), office_of(campaign)]

    def publish(run, user):
        return lambda: runs.publish_run(run=AllocationRun.objects.get(pk=run.pk), by=user, at=at)

    refusals = at_once(*(publish(run, user) for run, user in zip(drafts, publishers, strict=True)))
    assert len(refusals) == 1
    assert AllocationRun.objects.published().count() == 1
    assert Seat.objects.count() == 1

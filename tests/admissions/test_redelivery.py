"""A worker killed in the middle of an allocation: the job is given out again, and the same draft is completed once."""

import pytest

from kuznitsa.admissions.actions import calculated, runs
from kuznitsa.admissions.jobs import calculate
from kuznitsa.admissions.models import AllocationRun, RunFiles
from kuznitsa.admissions.queries.seats import result_of
from kuznitsa.base.models import AuditEntry
from tests.factories.admissions import OpenOfferFactory, checked

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What a worker meets when it is killed: nothing catches it."""


@pytest.fixture
def draft(at):
    """A draft that waits for its worker."""
    offer = OpenOfferFactory()
    for mark in (400, 450):
        checked(offer, at=at, mark=mark)
    offer.campaign.state = "closed"
    offer.campaign.save()
    return AllocationRun.objects.create(campaign=offer.campaign, number=1, seed="12 7 31", created_at=at)


@pytest.mark.parametrize("moment", ["build_instance", "calculate", "keep_calculation", "audit"])
def test_a_job_given_out_again_completes_the_same_draft_once(draft, monkeypatch, moment):
    with monkeypatch.context() as killing:
        killing.setattr(
            calculated if moment == "audit" else runs, moment, lambda *args, **kwargs: (_ for _ in ()).throw(Killed)
        )
        with pytest.raises(Killed):
            calculate(run=draft.pk)
    draft.refresh_from_db()
    assert not draft.is_calculated
    assert not RunFiles.objects.exists()
    calculate(run=draft.pk)
    draft.refresh_from_db()
    was = result_of(draft)
    assert sum(place is not None for place in was.assignment.values()) == 1
    calculate(run=draft.pk)
    draft.refresh_from_db()
    assert result_of(draft) == was
    assert AllocationRun.objects.count() == 1
    assert AuditEntry.objects.filter(verb="admissions.run.calculated").count() == 1


def test_of_two_workers_with_the_same_job_one_keeps_its_result(draft, at):
    same = AllocationRun.objects.select_related("campaign").get(pk=draft.pk)
    first = runs.calculate_run(run=draft, by=None, at=at)
    second = runs.calculate_run(run=same, by=None, at=at)
    assert result_of(first) == result_of(second)
    assert RunFiles.objects.count() == 1
    assert AuditEntry.objects.filter(verb="admissions.run.calculated").count() == 1


def test_a_draft_put_aside_in_the_meantime_stays_aside(draft, at):
    same = AllocationRun.objects.select_related("campaign").get(pk=draft.pk)
    runs.discard_run(run=draft, reason="ошибка", by=None, at=at)
    runs.calculate_run(run=same, by=None, at=at)
    draft.refresh_from_db()
    assert (draft.state, draft.is_calculated) == ("discarded", False)

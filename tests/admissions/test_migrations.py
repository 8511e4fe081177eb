"""Migrations that move rows: there and back on a filled database, on whichever database runs the tests."""

import hashlib
import json

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kuznitsa.admissions.actions.seats import give_back_seat
from kuznitsa.admissions.enums import ClaimState, RunKind
from kuznitsa.admissions.models import (
    AllocationRun,
    CompanyLimit,
    OfferPool,
    QuotaClaim,
    QuotaGroup,
    RunPlace,
    Seat,
)
from kuznitsa.admissions.queries.calculated import entries_on
from kuznitsa.admissions.queries.records import input_file, result_file
from kuznitsa.engines import allocation
from tests.factories.admissions import OpenOfferFactory, checked, published

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.sweep]

BEFORE = "0004_rounds"
LAST = "0008_seats_of_pools"


@pytest.fixture
def migrate():
    """Return a function that brings admissions to a migration; at the end it is brought to the last one again."""

    def to(name):
        executor = MigrationExecutor(connection)
        executor.migrate([("admissions", name)])
        return executor.loader.project_state([("admissions", name)]).apps

    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield to
    MigrationExecutor(connection).migrate(leaves)


@pytest.fixture
def runs(at):
    """The results of a campaign with a quota, a limit and somebody without a seat, and a round after them."""
    dear = OpenOfferFactory(seats=2)
    other = OpenOfferFactory(campaign=dear.campaign, employer=dear.employer)
    group = QuotaGroup.objects.create(campaign=dear.campaign, name="район", who="кто", paper="справка")
    OfferPool.objects.create(offer=dear, order=1, name="квота", group=group, seats=1, is_hard=True)
    CompanyLimit.objects.create(campaign=dear.campaign, employer=dear.employer, seats=2)
    people = [checked(dear, other, at=at, mark=mark) for mark in (500, 450, 400, 350)]
    QuotaClaim.objects.create(application=people[1], group=group, state=ClaimState.CONFIRMED, stated_at=at)
    published(dear.campaign, at=at)
    give_back_seat(seat=people[0].seats.get(), reason="переезд", by=None, at=at)
    return list(AllocationRun.objects.order_by("number"))


def kept(run):
    """Return all that is kept of a run, without the ids of its rows."""
    return {
        "input": input_file(run),
        "result": result_file(run),
        "entries": entries_on(run, 0),
        "places": list(RunPlace.objects.filter(run=run).order_by("offer").values_list("offer", "data", "waiting")),
        "pools": sorted(Seat.objects.filter(application__campaign=run.campaign_id).values_list("pk", "pool")),
    }


def fresh(runs):
    return [AllocationRun.objects.get(pk=run.pk) for run in runs]


def test_runs_go_into_pieces_and_back_and_nothing_is_lost(migrate, runs):
    assert [run.kind for run in runs] == [RunKind.FIRST, RunKind.ROUND]
    before = [kept(run) for run in runs]
    assert {pool for _seat, pool in before[0]["pools"]} == {"квота", allocation.OPEN_POOL}

    apps = migrate(BEFORE)
    rows = list(apps.get_model("admissions", "AllocationRun").objects.order_by("number"))
    assert [row.result["assignment"] for row in rows] == [json.loads(was["result"])["assignment"] for was in before]
    assert [row.instance for row in rows] == [json.loads(was["input"]) for was in before]
    migrate(LAST)

    assert [kept(run) for run in fresh(runs)] == before
    assert [hashlib.sha256(input_file(run)).hexdigest() for run in fresh(runs)] == [run.instance_hash for run in runs]


def test_a_result_that_was_kept_without_reasons_gets_them(migrate, runs):
    before = [kept(run) for run in runs]
    old = migrate(BEFORE).get_model("admissions", "AllocationRun")
    for row in old.objects.all():
        row.result["explanations"] = {}
        row.save()
    # A run that is still to be calculated has nothing to take apart.
    details = {"seed": "1", "code_version": "1", "created_at": runs[0].created_at}
    waiting = old.objects.create(campaign_id=runs[0].campaign_id, number=9, **details)
    migrate(LAST)

    assert [kept(run) for run in fresh(runs)] == before
    assert not AllocationRun.objects.get(pk=waiting.pk).is_calculated

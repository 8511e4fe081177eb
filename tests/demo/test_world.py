"""The measured world: as large as asked, and consistent."""

import pytest
from django.core.management import CommandError
from django.db import connection

from kuznitsa.admissions.models import AllocationRun, TargetContract
from kuznitsa.admissions.queries.seats import instance_of, result_of
from kuznitsa.clusters.models import Cluster
from kuznitsa.demo import world
from kuznitsa.engines import allocation
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.people.models import Person
from tests.factories.clusters import ClusterFactory

pytestmark = pytest.mark.django_db

SMALL = ["--clusters", "2", "--people", "120", "--facts", "3000"]


def test_world_has_the_size_that_was_asked_for(capsys):
    assert world.main(SMALL) == 0

    assert (Cluster.objects.count(), Person.objects.count(), Fact.objects.count()) == (2, 120, 3000)
    assert "3000" in capsys.readouterr().out


def test_world_is_consistent():
    world.main(SMALL)

    connection.check_constraints()
    assert unbalanced_sums() == []
    sums = totals(Thread.objects.all())
    assert sums[FactKind.CONTRACT_SIGNED] == TargetContract.objects.count()
    assert sums[FactKind.SEAT_ALLOCATED] >= sums[FactKind.CONTRACT_SIGNED] > sums[FactKind.HIRED] > 0


def test_published_runs_stand_the_independent_check():
    world.main(SMALL)

    for run in AllocationRun.objects.all():
        assert not allocation.check(instance_of(run), result_of(run))


def test_world_is_built_once(capsys):
    world.main(SMALL)
    capsys.readouterr()

    assert world.main(SMALL) == 0

    assert Fact.objects.count() == 3000
    assert capsys.readouterr().out.count("\n") == 1


def test_world_keeps_off_a_database_that_holds_something_else():
    ClusterFactory()

    with pytest.raises(CommandError):
        world.main(SMALL)

"""What stands in the database when the demonstration is to be built."""

import pytest
from django.core.management import CommandError
from django.utils import translation

from kuznitsa.accounts.models import User
from kuznitsa.clusters.models import Cluster
from kuznitsa.demo import build, building
from tests.factories.clusters import ClusterFactory

pytestmark = pytest.mark.django_db


def test_what_stands_is_kept_until_it_is_built_afresh(capsys):
    build(stage="need", reset=False)
    assert "координатор кластера" in capsys.readouterr().out
    User.objects.filter(email="hr@demo.example").update(full_name="Somebody else")

    with translation.override("en"):
        build(stage="agreed", reset=False)
    told = capsys.readouterr().out
    assert "RESET=1" in told
    assert "Needed 25" in told
    assert "cluster coordinator" in told
    assert building.standing_stage() == "need"
    assert User.objects.filter(full_name="Somebody else").exists()

    build(stage="agreed", reset=True)
    assert building.standing_stage() == "agreed"
    assert not User.objects.filter(full_name="Somebody else").exists()


def test_a_database_with_something_else_is_left_alone():
    ClusterFactory()

    with pytest.raises(CommandError):
        build(stage="need", reset=True)
    assert Cluster.objects.count() == 1

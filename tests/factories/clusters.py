"""Clusters and participations."""

from datetime import date

import factory

from kuznitsa.clusters.enums import ClusterStage, Part
from kuznitsa.clusters.models import Cluster, Participation
from tests.factories.classifiers import RegionFactory
from tests.factories.organisations import EmployerFactory


class ClusterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cluster

    name = factory.Sequence(lambda number: f"Кластер {number}")
    slug = factory.Sequence(lambda number: f"cluster-{number}")
    region = factory.SubFactory(RegionFactory)
    state = ClusterStage.OPERATING


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    cluster = factory.SubFactory(ClusterFactory)
    organisation = factory.SubFactory(EmployerFactory)
    part = Part.EMPLOYER
    started_on = date(2025, 9, 1)


def together(*organisations):
    """Return a cluster in which all of them take part."""
    cluster = ClusterFactory()
    for organisation in organisations:
        ParticipationFactory(cluster=cluster, organisation=organisation, part=Part.PARTNER)
    return cluster

"""Needs."""

import factory

from kuznitsa.demand.models import Need
from tests.factories.classifiers import OccupationFactory
from tests.factories.clusters import ClusterFactory
from tests.factories.organisations import EmployerFactory


class NeedFactory(factory.django.DjangoModelFactory):
    """A draft of 25 people for 2029; state it by `demand.actions.state_need`."""

    class Meta:
        model = Need

    employer = factory.SubFactory(EmployerFactory)
    cluster = factory.SubFactory(ClusterFactory)
    occupation = factory.SubFactory(OccupationFactory)
    year = 2029
    replacement = 20
    growth = 5

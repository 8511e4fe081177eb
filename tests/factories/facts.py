"""Threads and facts on them."""

from datetime import UTC, date, datetime

import factory

from kuznitsa.facts import actions
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from tests.factories.classifiers import OccupationFactory
from tests.factories.clusters import ClusterFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory


class ThreadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Thread

    title = factory.Sequence(lambda number: f"нить {number}")
    cluster = factory.SubFactory(ClusterFactory)
    employer = factory.SubFactory(EmployerFactory)
    college = factory.SubFactory(CollegeFactory)
    occupation = factory.SubFactory(OccupationFactory)
    year = 2029


class FactFactory(factory.django.DjangoModelFactory):
    """A fact with its place in the sums, past the refusals of `facts.actions.record`."""

    class Meta:
        model = Fact

    kind = FactKind.HIRED
    on = date(2026, 8, 1)
    quantity = 1
    organisation = factory.SubFactory(EmployerFactory)
    counterpart = factory.SubFactory(CollegeFactory)
    source = factory.SelfAttribute("organisation")
    recorded_at = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        fact = super()._create(model_class, *args, **kwargs)
        actions._add_to_sums(fact)
        return fact

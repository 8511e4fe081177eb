"""Classifier rows that do not collide with the loaded ones."""

import factory

from kuznitsa.classifiers.models import Industry, Occupation, Region


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region

    code = factory.Sequence(lambda number: f"T{number}")
    name_ru = factory.Sequence(lambda number: f"Примерная область {number}")
    name_en = factory.Sequence(lambda number: f"Sample Region {number}")


class IndustryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Industry

    code = factory.Sequence(lambda number: f"test-{number}")
    name_ru = factory.Sequence(lambda number: f"отрасль {number}")
    name_en = factory.Sequence(lambda number: f"industry {number}")


class OccupationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Occupation

    code = factory.Sequence(lambda number: f"99.01.{number:04d}")
    name_ru = factory.Sequence(lambda number: f"оператор {number}")
    name_en = factory.Sequence(lambda number: f"operator {number}")
    level = "01"

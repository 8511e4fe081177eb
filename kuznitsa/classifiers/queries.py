"""Choices for forms: what is valid on a day."""

from datetime import date

from django.utils.translation import get_language

from kuznitsa.classifiers.models import ClassifierQuerySet, Industry, Occupation, Region


def occupations_on(day: date) -> ClassifierQuerySet:
    """Return the occupations one may teach and ask for on `day`, by code."""
    return Occupation.objects.valid_on(day).order_by("code")


def regions_by_name() -> ClassifierQuerySet:
    """Return the regions by their name in the current language."""
    return Region.objects.order_by(_name_field())


def industries_by_name() -> ClassifierQuerySet:
    """Return the industries by their name in the current language."""
    return Industry.objects.order_by(_name_field())


def _name_field() -> str:
    return "name_en" if get_language() == "en" else "name_ru"

"""Lists of target offers."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.models import TargetOffer
from kuznitsa.classifiers.models import Occupation, Region
from kuznitsa.organisations.models import SHORT_NAMES, Organisation
from kuznitsa.ui.columns import DateColumn, MainColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class OfferTable(Table):
    position = MainColumn()
    employer = tables.Column(order_by="employer__search")
    college = tables.Column(
        accessor="intake__programme__college", order_by="intake__programme__college__search", verbose_name=_("college")
    )
    seats = NumberColumn()
    state = StateColumn()
    closes_on = DateColumn(accessor="campaign__closes_on", verbose_name=_("apply by"))

    empty_icon = "briefcase"
    empty_title = _("No offers yet")
    empty_hint = _("Offers appear here when plants publish them.")

    class Meta:
        model = TargetOffer
        fields = ("position", "employer", "college", "seats", "state", "closes_on")


def _occupations(request: Any) -> Any:
    # By the first offer of each: joined, all offers would be gone through.
    offered = TargetOffer.objects.filter(intake__programme__occupation=OuterRef("pk"))
    return Occupation.objects.filter(Exists(offered)).order_by("code")


def _employers(request: Any) -> Any:
    return Organisation.objects.employers().only(*SHORT_NAMES).order_by("short_name")


class OfferFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(
        field_name="employer__region", queryset=Region.objects.order_by("code"), label=_("region")
    )
    occupation = django_filters.ModelChoiceFilter(
        field_name="intake__programme__occupation", queryset=_occupations, label=_("occupation")
    )
    employer = django_filters.ModelChoiceFilter(queryset=_employers, label=_("enterprise"))

    class Meta:
        model = TargetOffer
        fields = ("region", "occupation", "employer", "state")

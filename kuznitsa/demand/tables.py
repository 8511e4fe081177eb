"""The list of needs."""

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.enums import Confidence, NeedState
from kuznitsa.demand.models import Need
from kuznitsa.ui.columns import MainColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class NeedTable(Table):
    occupation = MainColumn(order_by="occupation__code")
    number = NumberColumn(verbose_name=_("persons"), orderable=False)
    replacement = NumberColumn()
    growth = NumberColumn()
    confidence = tables.Column(accessor="get_confidence_display", verbose_name=_("confidence"), order_by="confidence")
    state = StateColumn(accessor="state", verbose_name=_("state"))

    empty_icon = "factory"
    empty_title = _("No needs yet")
    empty_hint = _("A plant says whom it needs: by occupation, site and year. Everything else follows from that.")

    class Meta:
        model = Need
        fields = ("occupation", "employer", "site", "year", "number", "replacement", "growth", "confidence", "state")
        order_by = ("year", "occupation")

    def render_occupation(self, value, record):
        return f"{record.occupation.code} {value}"

    def render_state(self, record, column, bound_column):
        return StateColumn.render(column, record.get_state_display(), record, bound_column)

    def value_state(self, record):
        return record.get_state_display()


class NeedFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=NeedState.choices, label=_("state"))
    confidence = django_filters.ChoiceFilter(choices=Confidence.choices, label=_("confidence"))
    year = django_filters.NumberFilter(label=_("year"))
    cluster = django_filters.ModelChoiceFilter(queryset=Cluster.objects.order_by("search"), label=_("cluster"))

    class Meta:
        model = Need
        fields = ("state", "confidence", "year", "cluster")

"""The list of clusters."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kuznitsa.classifiers.queries import industries_by_name, regions_by_name
from kuznitsa.clusters.enums import ClusterKind, ClusterStage
from kuznitsa.clusters.models import Cluster
from kuznitsa.ui.columns import MainColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class ClusterTable(Table):
    name = MainColumn(verbose_name=_("cluster"), order_by="search")
    state = StateColumn()
    partners = NumberColumn(verbose_name=_("participants"))

    empty_icon = "network"
    empty_title = _("No clusters yet")
    empty_hint = _("A coordinator founds the first one.")

    class Meta:
        model = Cluster
        fields = ("name", "kind", "industry", "region", "state", "partners")
        order_by = "name"

    def render_name(self, record: Cluster) -> str:
        """The name in the language of the page."""
        return str(record)


class ClusterFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=ClusterKind.choices, empty_label=_("all kinds"))
    state = django_filters.ChoiceFilter(label=_("stage"), choices=ClusterStage.choices, empty_label=_("all stages"))
    industry = django_filters.ModelChoiceFilter(
        label=_("industry"), queryset=lambda request: industries_by_name(), empty_label=_("all industries")
    )
    region = django_filters.ModelChoiceFilter(
        label=_("region"), queryset=lambda request: regions_by_name(), empty_label=_("all regions")
    )

    class Meta:
        model = Cluster
        fields = ("kind", "state", "industry", "region")

"""The directory of organisations."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kuznitsa.classifiers.queries import regions_by_name
from kuznitsa.organisations.enums import OrganisationKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.ui.columns import MainColumn
from kuznitsa.ui.listings import FilterSet, Table


class OrganisationTable(Table):
    short_name = MainColumn(verbose_name=_("organisation"), order_by="search")

    empty_icon = "building-2"
    empty_title = _("No organisations yet")
    empty_hint = _("A cluster begins with a plant and a college: add them first.")

    class Meta:
        model = Organisation
        fields = ("short_name", "kind", "region", "town", "tax_number")
        order_by = "short_name"

    def render_short_name(self, record: Organisation) -> str:
        """The name in the language of the page."""
        return str(record)


class OrganisationFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=OrganisationKind.choices, empty_label=_("all kinds"))
    region = django_filters.ModelChoiceFilter(
        label=_("region"), queryset=lambda request: regions_by_name(), empty_label=_("all regions")
    )

    class Meta:
        model = Organisation
        fields = ("kind", "region")

"""Lists of campaigns."""

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.models import Campaign
from kuznitsa.classifiers.models import Region
from kuznitsa.ui.columns import DateColumn, MainColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class CampaignTable(Table):
    name = MainColumn(order_by="search")
    college = tables.Column(order_by="college__search")
    state = StateColumn()
    opens_on = DateColumn()
    closes_on = DateColumn()
    seats_count = NumberColumn(verbose_name=_("seats"), empty_values=(), default=0)

    empty_icon = "megaphone"
    empty_title = _("No campaigns yet")
    empty_hint = _("A college prepares a campaign, plants make their offers to it, and applicants apply.")

    class Meta:
        model = Campaign
        fields = ("name", "college", "state", "opens_on", "closes_on", "seats_count")

    def render_seats_count(self, value: int | None) -> int:
        return value or 0


class CampaignFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(
        field_name="college__region", queryset=Region.objects.order_by("code"), label=_("region")
    )

    class Meta:
        model = Campaign
        fields = ("state", "region")

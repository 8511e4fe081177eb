"""Lists of programmes and facilities."""

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kuznitsa.classifiers.models import Region
from kuznitsa.programmes.models import Facility, Programme
from kuznitsa.ui.columns import DateColumn, MainColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class ProgrammeTable(Table):
    occupation = MainColumn(order_by="occupation__code")
    code = tables.Column(accessor="occupation__code", verbose_name=_("code"))
    college = tables.Column(order_by="college__search")
    months = NumberColumn(verbose_name=_("months"))

    empty_icon = "graduation-cap"
    empty_title = _("No programmes yet")
    empty_hint = _("A college adds what it teaches; target offers are made for its intakes.")

    class Meta:
        model = Programme
        fields = ("occupation", "code", "college", "base", "months")


class ProgrammeFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(
        field_name="college__region", queryset=Region.objects.order_by("code"), label=_("region")
    )

    class Meta:
        model = Programme
        fields = ("region", "base")


class FacilityTable(Table):
    name = MainColumn()
    organisation = tables.Column(order_by="organisation__search")
    sponsor = tables.Column(order_by="sponsor__search")
    due_on = DateColumn()
    state = StateColumn()

    empty_icon = "flask-conical"
    empty_title = _("No laboratories yet")
    empty_hint = _("Laboratories and workshops that plants have promised stand here until they are accepted.")

    class Meta:
        model = Facility
        fields = ("name", "kind", "organisation", "sponsor", "due_on", "state")


class FacilityFilter(FilterSet):
    class Meta:
        model = Facility
        fields = ("state", "kind")

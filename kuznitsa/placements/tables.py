"""Lists of practice places and of placements."""

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kuznitsa.placements.enums import PlacementState, PlaceState
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.models import Intake
from kuznitsa.ui.columns import DateColumn, MainColumn, NumberColumn, ProgressColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class PlaceTable(Table):
    title = MainColumn()
    host = tables.Column(order_by="host__search")
    intake = tables.Column(verbose_name=_("group"), order_by="intake__programme__occupation__code")
    taken = ProgressColumn(verbose_name=_("taken"), total="seats")
    starts_on = DateColumn()
    ends_on = DateColumn()
    mentor = tables.Column()
    state = StateColumn()

    empty_icon = "hard-hat"
    empty_title = _("No practice places yet")
    empty_hint = _("An enterprise opens places for a group; then the practice lead of the college places students.")

    class Meta:
        model = PracticePlace
        fields = ("title", "host", "intake", "taken", "starts_on", "ends_on", "mentor", "state")

    def render_intake(self, value: Intake) -> str:
        return value.group_name or str(value)


class PlaceFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=PlaceState.choices, label=_("state"))
    from_day = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte", label=_("from day"))

    class Meta:
        model = PracticePlace
        fields = ("state", "from_day")


class PlacementTable(Table):
    person = MainColumn(order_by="person__search")
    host = tables.Column(accessor="place__host", verbose_name=_("enterprise"), order_by="place__host__search")
    title = tables.Column(accessor="place__title", verbose_name=_("workplace"))
    mentor = tables.Column()
    # Two columns in a file, one on the screen: the state has to stay in sight.
    days = tables.Column(accessor="starts_on", verbose_name=_("Days"), exclude_from_export=True)
    starts_on = DateColumn(visible=False)
    ends_on = DateColumn(visible=False)
    hours = NumberColumn(verbose_name=_("Hours"))
    mark = NumberColumn(verbose_name=_("Mark"))
    state = StateColumn()

    empty_icon = "hard-hat"
    empty_title = _("Nobody is placed yet")
    empty_hint = _("Students are placed from the page of a practice place.")

    class Meta:
        model = Placement
        fields = ("person", "host", "title", "mentor", "days", "starts_on", "ends_on", "hours", "mark", "state")

    def render_days(self, record: Placement) -> str:
        return f"{record.starts_on:%d.%m} – {record.ends_on:%d.%m.%Y}"


class PlacementFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=PlacementState.choices, label=_("state"))
    from_day = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte", label=_("from day"))

    class Meta:
        model = Placement
        fields = ("state", "from_day")

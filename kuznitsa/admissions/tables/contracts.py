"""The list of contracts."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.models import TargetContract
from kuznitsa.organisations.models import SHORT_NAMES, Organisation
from kuznitsa.ui.columns import DateColumn, MainColumn, ProgressColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class ContractTable(Table):
    person = MainColumn(order_by="person__search")
    number = tables.Column(attrs={"td": {"class": "k-nowrap"}})
    employer = tables.Column(
        accessor="offer__employer", verbose_name=_("enterprise"), order_by="offer__employer__search"
    )
    signed_count = ProgressColumn(verbose_name=_("signatures"), total="parties_count")
    signed_on = DateColumn()
    state = StateColumn()

    empty_icon = "file-pen-line"
    empty_title = _("No contracts yet")
    empty_hint = _("A contract is drawn up when a student has accepted a seat, or for somebody who studies already.")

    class Meta:
        model = TargetContract
        fields = ("person", "number", "employer", "signed_count", "signed_on", "state")


def _employers(request: Any) -> Any:
    seen = TargetContract.objects.visible_to(request.user)
    found = Organisation.objects.filter(pk__in=seen.values("offer__employer"))
    return found.only(*SHORT_NAMES).order_by("short_name")


class ContractFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=ContractState.choices, label=_("state"))
    employer = django_filters.ModelChoiceFilter(
        field_name="offer__employer", queryset=_employers, label=_("enterprise")
    )
    signed_after = django_filters.DateFilter(field_name="signed_on", lookup_expr="gte", label=_("in force since"))

    class Meta:
        model = TargetContract
        fields = ("state", "employer", "signed_after")

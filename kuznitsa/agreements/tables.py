"""Lists of agreements and of obligations."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kuznitsa.agreements.enums import Fulfilment, ObligationKind
from kuznitsa.agreements.models import Agreement, Obligation
from kuznitsa.agreements.queries import URGENCY, Stand
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import Unit
from kuznitsa.organisations.models import SHORT_NAMES, Organisation
from kuznitsa.ui.columns import RIGHT, DateColumn, MainColumn, StateColumn, drawn_badge
from kuznitsa.ui.listings import FilterSet, Table
from kuznitsa.ui.tones import tone_of


class AgreementTable(Table):
    title = MainColumn()
    kind = tables.Column()
    cluster = tables.Column(order_by="cluster__search")
    starts_on = DateColumn()
    ends_on = DateColumn()
    state = StateColumn()

    empty_icon = "handshake"
    empty_title = _("No agreements yet")
    empty_hint = _("An agreement says who promises what to whom, and by when.")

    class Meta:
        model = Agreement
        fields = ("number", "title", "kind", "cluster", "starts_on", "ends_on", "state")

    def render_title(self, value: str) -> str:
        return capfirst(value)


def _clusters(request: Any) -> Any:
    return Cluster.objects.filter(agreements__in=Agreement.objects.visible_to(request.user)).distinct().order_by("name")


class AgreementFilter(FilterSet):
    cluster = django_filters.ModelChoiceFilter(queryset=_clusters, label=_("cluster"))

    class Meta:
        model = Agreement
        fields = ("state", "kind", "cluster")


class ObligationTable(Table):
    obligation = MainColumn(accessor="pk", verbose_name=_("obligation"), order_by=("kind", "text"))
    owner = tables.Column(order_by="owner__search")
    beneficiary = tables.Column(order_by="beneficiary__search")
    done = tables.Column(accessor="pk", verbose_name=_("done"), orderable=False, attrs=RIGHT)
    quantity = tables.Column(verbose_name=_("promised"), visible=False)
    due_on = DateColumn()
    standing = tables.Column(accessor="pk", verbose_name=_("how it stands"), order_by=("urgency", "due_on"))

    empty_icon = "list-checks"
    empty_title = _("No obligations yet")
    empty_hint = _("Obligations stand in agreements; what is done is counted from what happens.")

    class Meta:
        model = Obligation
        fields = ("obligation", "owner", "beneficiary", "done", "quantity", "due_on", "standing")

    def __init__(self, *args: Any, stands: Mapping[int, Stand], **kwargs: Any) -> None:
        self.stands = stands
        super().__init__(*args, **kwargs)

    def render_done(self, record: Obligation) -> str:
        numbers = (self.stands[record.pk].done, record.quantity)
        done, total = (number_format(number, force_grouping=True) for number in numbers)
        unit = "₽" if record.unit == Unit.ROUBLES else record.unit.label
        return format_html("<span>{} / {} {}</span>", done, total, unit)

    def value_done(self, record: Obligation) -> int:
        return self.stands[record.pk].done

    def render_standing(self, record: Obligation) -> str:
        standing = self.stands[record.pk].standing
        return drawn_badge(str(standing.label), tone_of(standing))

    def value_standing(self, record: Obligation) -> str:
        return str(self.stands[record.pk].standing.label)

    def render_obligation(self, record: Obligation) -> str:
        return capfirst(str(record))

    def value_obligation(self, record: Obligation) -> str:
        return str(record)


def _owners(request: Any) -> Any:
    return _sides(request, "owner")


def _beneficiaries(request: Any) -> Any:
    return _sides(request, "beneficiary")


def _sides(request: Any, side: str) -> Any:
    seen = Obligation.objects.visible_to(request.user)
    return Organisation.objects.filter(pk__in=seen.values(side)).only(*SHORT_NAMES).order_by("short_name")


class ObligationFilter(FilterSet):
    standing = django_filters.ChoiceFilter(
        choices=Fulfilment.choices, label=_("how it stands"), method="filter_standing"
    )
    kind = django_filters.ChoiceFilter(choices=ObligationKind.choices, label=_("what"))
    owner = django_filters.ModelChoiceFilter(queryset=_owners, label=_("who owes"))
    beneficiary = django_filters.ModelChoiceFilter(queryset=_beneficiaries, label=_("to whom"))
    due_by = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due by"))

    class Meta:
        model = Obligation
        fields = ("standing", "kind", "owner", "beneficiary", "due_by")

    def filter_standing(self, obligations: Any, name: str, value: str) -> Any:
        return obligations.filter(urgency=URGENCY.index(Fulfilment(value)))

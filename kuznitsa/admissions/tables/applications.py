"""The list of applications."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import Application
from kuznitsa.admissions.queries.applications import campaigns_applied_in, offers_applied_for
from kuznitsa.ui.columns import DateColumn, MainColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class MarkColumn(tables.Column):
    """Hundredths as a mark: 4.35, in Russian 4,35."""

    def render(self, value: int) -> str:
        return number_format(value / 100, 2)

    def value(self, value: int | None) -> float | None:
        return None if value is None else value / 100


class ApplicationTable(Table):
    empty_icon = "file-text"
    empty_title = _("No applications yet")
    empty_hint = _("They appear here as soon as somebody applies, or when you import a spreadsheet.")

    person = MainColumn(order_by="person__search", verbose_name=_("applicant"))
    campaign = tables.Column(order_by="campaign__search", verbose_name=_("campaign"))
    choices = tables.Column(verbose_name=_("choices"), orderable=False, empty_values=())
    average_mark_hundredths = MarkColumn(verbose_name=_("mark"), attrs={"td": {"class": "k-num"}})
    seat = tables.Column(verbose_name=_("seat"), orderable=False, empty_values=())
    submitted_at = DateColumn(verbose_name=_("sent"))
    state = StateColumn()

    class Meta:
        model = Application
        fields = ("person", "campaign", "choices", "average_mark_hundredths", "seat", "submitted_at", "state")

    def render_choices(self, record: Application) -> str:
        ranked = sorted(record.choices.all(), key=lambda choice: choice.rank)
        return ", ".join(choice.offer.number for choice in ranked)

    def render_seat(self, record: Application) -> str:
        seats = sorted(record.seats.all(), key=lambda seat: seat.pk)
        return str(seats[-1].get_state_display()) if seats else ""


class ApplicationFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=ApplicationState.choices, label=_("state"))
    campaign = django_filters.ModelChoiceFilter(queryset=lambda request: _campaigns(request), label=_("campaign"))
    offer = django_filters.ModelChoiceFilter(
        queryset=lambda request: _offers(request), field_name="choices__offer", label=_("offer")
    )

    class Meta:
        model = Application
        fields = ("state", "campaign", "offer")


def _campaigns(request: Any) -> Any:
    return campaigns_applied_in(request.user).order_by("-opens_on")


def _offers(request: Any) -> Any:
    return offers_applied_for(request.user).select_related("employer").order_by("position")

"""Examples for the gallery at /_ui/: every component in every variant and state, from made-up values."""

from datetime import datetime, time, timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.models import AuditEntry
from kuznitsa.ui.columns import DateColumn, MoneyColumn, NumberColumn, ProgressColumn, StateColumn
from kuznitsa.ui.forms import RoublesField
from kuznitsa.ui.listings import FilterSet, Listing, Table
from kuznitsa.ui.parts import Crumb, Event, Fact, Series, Stage, Step, Tab
from kuznitsa.ui.tones import TONES

SURE = [("interest", _("interest")), ("probable", _("probable")), ("firm", _("firm"))]
YEARS = [2026, 2027, 2028, 2029, 2030, 2031]


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name of the programme"), help_text=_("As it stands in the licence."))
    seats = forms.IntegerField(label=_("Seats"), min_value=1)
    support = RoublesField(label=_("Support a month"), required=False)
    until = forms.DateField(label=_("Applications until"))
    college = forms.ChoiceField(label=_("College"), choices=[("1", "КМТ им. И. П. Бардина"), ("2", "СТТТ")])
    sure = forms.ChoiceField(label=_("How sure is the need"), widget=forms.RadioSelect, choices=SURE)
    scan = forms.FileField(label=_("Scan of the paper"), required=False)
    remarks = forms.CharField(label=_("Remarks"), widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label=_("I have read the terms and agree"))


class ExampleTable(Table):
    """Rows of plain dictionaries."""

    empty_title = _("No needs yet")
    empty_hint = _("State what your plant will need; colleges see it at once.")
    empty_icon = "factory"

    occupation = tables.Column(verbose_name=_("occupation"), linkify=lambda: "#", attrs={"td": {"class": "k-main"}})
    state = StateColumn(verbose_name=_("state"))
    seats = NumberColumn(verbose_name=_("seats"))
    taken = ProgressColumn(verbose_name=_("taken"), total="seats")
    support = MoneyColumn(verbose_name=_("support"))
    until = DateColumn(verbose_name=_("Applications until"))


class ExampleFilter(FilterSet):
    """Two filters over no rows: the bar is what is shown."""

    sure = django_filters.ChoiceFilter(label=_("How sure"), choices=SURE)
    year = django_filters.ChoiceFilter(label=_("Year"), choices=[(year, year) for year in YEARS])


def context(request: HttpRequest) -> dict[str, Any]:
    """Return everything `ui/gallery.html` draws."""
    today = timezone.localdate()
    return {
        "tones": TONES,
        "names": ["Анна Петрова", "Илья Громов", "«РУСАЛ» Новокузнецк", "Техникум имени Бардина"],
        "crumbs": [Crumb(_("Clusters"), "/"), Crumb(_("Metallurgy of Kuzbass"), "/"), Crumb(_("Need"))],
        "tabs": [
            Tab(_("All"), "?", active=True, count=41),
            Tab(_("In work"), "?state=open", count=7),
            Tab(_("Closed"), "?state=closed"),
        ],
        "form": ExampleForm(initial={"seats": 25, "support": 500000, "sure": "firm"}),
        "wrong_form": ExampleForm({"wrong-seats": "0", "wrong-until": ""}, prefix="wrong"),
        "listing": _listing(request, rows=True),
        "empty_listing": _listing(request, rows=False),
        "page": Paginator(range(400), 25).page(5),
        "facts": [
            Fact(_("Occupation"), _("electrolysis operator of molten salts")),
            Fact(_("College"), _("Bardin technical school"), url="#"),
            Fact(_("Years to work"), 3, note=_("From the day of hire.")),
            Fact(_("Hostel"), ""),
        ],
        "steps": [
            Step(_("Need stated"), "done", note=_("3 March"), url="#"),
            Step(_("Agreement signed"), "done"),
            Step(_("Applications"), "current", note=_("41 of 25 seats")),
            Step(_("Allocation")),
            Step(_("Contracts")),
        ],
        "failed_steps": [
            Step(_("Need stated"), "done"),
            Step(_("Agreement signed"), "failed", note=_("The plant withdrew.")),
            Step(_("Applications")),
        ],
        "stages": _stages(),
        "short_stages": _stages()[:4],
        "years": YEARS,
        "series": [
            Series(_("need: replacement"), [31, 34, 36, 38, 38, 40], "steel", stack="need"),
            Series(_("need: growth"), [0, 6, 12, 12, 18, 20], "steel-soft", stack="need"),
            Series(_("studying now"), [18, 23, 25, 24, 0, 0], "ember", stack="pipeline"),
            Series(_("open seats"), [0, 0, 0, 25, 25, 25], "ember-soft", stack="pipeline"),
        ],
        "soon": today + timedelta(days=1),
        "later": today + timedelta(days=40),
        "past": today - timedelta(days=2),
        "today": today,
        "events": [
            Event(today - timedelta(days=90), _("Agreement signed"), tone="success", icon="signature", url="#"),
            Event(today - timedelta(days=30), _("Laboratory is late"), _("The goods have not come."), tone="danger"),
            Event(today, _("Applications open"), icon="door-open", tone="accent"),
            Event(today + timedelta(days=60), _("Results"), planned=True),
        ],
        "entries": [
            _entry("created", today, "Анна Петрова"),
            _entry("signed", today, "Илья Громов", reason=_("By order 17-p.")),
            _entry("edited", today, ""),
        ],
    }


def _stages() -> list[Stage]:
    return [
        Stage(_("Need"), 31, "#"),
        Stage(_("Promised"), 25, "#"),
        Stage(_("Offered"), 25, "#"),
        Stage(_("Applied"), 41, "#"),
        Stage(_("Allocated"), 25, "#"),
        Stage(_("Contract"), 23, "#", note=_("2 left")),
        Stage(_("Practice"), 22, "#"),
        Stage(_("Hired"), 19, "#"),
        Stage(_("Stayed a year"), None),
    ]


def _listing(request: HttpRequest, *, rows: bool) -> Listing:
    names = [_("electrolysis operator of molten salts"), _("welder"), _("fitter of control instruments")] * 10
    states = ["draft", "open", "in_force", "signed", "partly_met", "unmet"] * 5
    today = timezone.localdate()
    data = [
        {
            "occupation": name,
            "state": state,
            "seats": 25 + number,
            "taken": number,
            "support": 500000 * number,
            "until": today + timedelta(days=number),
        }
        for number, (name, state) in enumerate(zip(names, states, strict=True))
    ]
    return Listing(
        request,
        table=ExampleTable(data if rows else []),
        filterset=ExampleFilter(request.GET, queryset=AuditEntry.objects.none()),
        search_in=("search",),
        filename="example",
    )


def _entry(verb: str, day: Any, who: str, **details: Any) -> AuditEntry:
    at = timezone.make_aware(datetime.combine(day, time(10, 15)))
    return AuditEntry(verb=f"example.need.{verb}", at=at, actor_name=who, details=details)

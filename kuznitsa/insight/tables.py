"""The facts behind a number, and the rows of the balance."""

from typing import Any

import django_tables2 as tables
from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kuznitsa.facts.enums import Unit
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import openable_sources
from kuznitsa.people.models import Person
from kuznitsa.ui.columns import DateColumn, NumberColumn
from kuznitsa.ui.listings import Table

SHOWN = ("organisation", "counterpart", "person")


class FactTable(Table):
    on = DateColumn(verbose_name=_("date"))
    kind = tables.Column(verbose_name=_("what happened"), order_by=("kind", "-on"))
    person = tables.Column(verbose_name=_("person"), order_by="person__search")
    quantity = NumberColumn(verbose_name=_("how much"))
    paper = tables.Column(verbose_name=_("paper"), empty_values=(), orderable=False)

    empty_icon = "scroll-text"
    empty_title = _("No facts here that you may see")
    empty_hint = _(
        "Numbers are open to everybody. The people and papers behind them are seen by the plant and the college "
        "concerned, by the members of their cluster and by those who oversee it."
    )

    class Meta:
        model = Fact
        fields = ("on", "kind", "person", "organisation", "counterpart", "quantity", "paper", "reason")
        order_by = "-on"

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._visible: set[int] = set()
        self._openable: set[tuple[int, int]] = set()

    def before_render(self, request: Any) -> None:
        """Ask once which of the persons on this page the user may see, and which of the papers open."""
        facts = [row.record for row in self.paginated_rows]
        # Not joined: a database would sort all facts with all that a page shows of them.
        prefetch_related_objects(facts, *SHOWN)
        persons = Person.objects.visible_to(self.user).filter(pk__in=[fact.person_id for fact in facts])
        self._visible = set(persons.values_list("pk", flat=True))
        self._openable = openable_sources(facts, self.user)

    def as_values(self, *args: Any, **kwargs: Any) -> Any:
        self.data.data = self.data.data.select_related(*SHOWN, "source_type")
        return super().as_values(*args, **kwargs)

    @cached_property
    def _visible_in_file(self) -> set[int]:
        """A file has no pages: everybody whom the user may see."""
        return set(Person.objects.visible_to(self.user).values_list("pk", flat=True))

    def render_person(self, record: Fact) -> str:
        if record.person_id not in self._visible:
            return gettext("name not shown")
        return format_html('<a href="{}">{}</a>', record.person.get_absolute_url(), record.person)

    def value_person(self, record: Fact) -> str:
        return str(record.person) if record.person_id in self._visible_in_file else ""

    def render_quantity(self, record: Fact) -> str:
        value = record.quantity / 100 if record.card.unit == Unit.ROUBLES else record.quantity
        return f"{value:,.0f}".replace(",", "\u00a0") + f" {record.card.unit.label}"

    def value_quantity(self, record: Fact) -> float:
        return record.quantity / 100 if record.card.unit == Unit.ROUBLES else record.quantity

    def render_paper(self, record: Fact) -> str:
        if record.source is None:
            return gettext("no longer there")
        name = record.source._meta.verbose_name
        if (record.source_type_id, record.source_id) not in self._openable:
            return name
        return format_html('<a href="{}">{}</a>', record.source.get_absolute_url(), name)

    def value_paper(self, record: Fact) -> str:
        return f"{record.source_type} {record.source_id}"


class BalanceTable(Table):
    """Rows of `queries.balance()`: an occupation in a year."""

    year = tables.Column(verbose_name=_("year"))
    occupation = tables.Column(
        verbose_name=_("occupation"), order_by="occupation__code", attrs={"td": {"class": "k-main"}}
    )
    need = NumberColumn(verbose_name=_("need"))
    expected = NumberColumn(verbose_name=_("expected hires"))
    gap = NumberColumn(verbose_name=_("missing"))
    seats = NumberColumn(verbose_name=_("seats"))
    contracts = NumberColumn(verbose_name=_("contracts"))
    graduates = NumberColumn(verbose_name=_("graduates"))
    hires = NumberColumn(verbose_name=pgettext_lazy("balance", "hired"))


class WhatIfTable(BalanceTable):
    """The rows of one occupation with what more seats would change."""

    year = tables.Column(verbose_name=_("year"), attrs={"td": {"class": "k-main"}})
    added = NumberColumn(verbose_name=_("from the new seats"))
    gap_then = NumberColumn(verbose_name=_("missing then"))

    class Meta:
        exclude = ("occupation",)
        sequence = ("year", "need", "expected", "gap", "added", "gap_then", "...")

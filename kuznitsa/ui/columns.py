"""Columns of lists, beside those of django-tables2. Exports get plain values."""

from functools import lru_cache
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from kuznitsa.base.money import format_money
from kuznitsa.ui.cells import here
from kuznitsa.ui.tones import tone_of

RIGHT = {"td": {"class": "k-num"}, "th": {"class": "k-num"}}


@lru_cache(maxsize=1024)
def drawn_badge(label: str, tone: str) -> str:
    """Return a badge of a list; the same few stand in all its rows, so each is drawn once."""
    return render_to_string("ui/badge.html", {"label": label, "tone": tone, "icon": ""})


class MainColumn(tables.Column):
    """What the row is called: a link to the row's page, the title of the card on a phone.

    `MainColumn(url="demand:detail")` reverses with the row's pk; without `url`, `get_absolute_url()` is asked.
    """

    def __init__(self, *args: Any, url: str = "", **kwargs: Any) -> None:
        # Not `linkify=True`: in a column that shows another thing (the person of a contract) that leads to the other.
        kwargs.setdefault("linkify", (url, [tables.A("pk")]) if url else lambda record: record.get_absolute_url())
        kwargs.setdefault("attrs", {"td": {"class": "k-main"}})
        super().__init__(*args, **kwargs)


class NumberColumn(tables.Column):
    """A number, to the right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        super().__init__(*args, localize=True, **kwargs)


class MoneyColumn(tables.Column):
    """A sum of kopecks as roubles; exported as a number of roubles."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        super().__init__(*args, **kwargs)

    def render(self, value: int) -> str:
        return format_money(value)

    def value(self, value: int | None) -> float | None:
        return None if value is None else value / 100


class StateColumn(tables.Column):
    """A state as a badge: give it the accessor of the field with choices."""

    def render(self, value: Any, record: Any, bound_column: Any) -> str:
        raw = bound_column.accessor.resolve(record, safe=True)
        return drawn_badge(str(value), tone_of(raw))

    def value(self, value: Any) -> str:
        return str(value)


class DateColumn(tables.Column):
    """A day; exported as a date. That of django-tables2 compiles a template for every cell."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "k-date"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return f"{here(value):%d.%m.%Y}"

    def value(self, record: Any, bound_column: Any) -> Any:
        return bound_column.accessor.resolve(record, safe=True)


class ProgressColumn(tables.Column):
    """Done of promised: give it the accessor of the done number and the name of the total."""

    def __init__(self, *args: Any, total: str, **kwargs: Any) -> None:
        self.total = tables.A(total)
        kwargs.setdefault("attrs", RIGHT)
        super().__init__(*args, **kwargs)

    def render(self, value: int, record: Any) -> str:
        return format_html('<span class="k-nowrap">{} / {}</span>', value, self.total.resolve(record, safe=True))

    def value(self, value: int) -> int:
        return value

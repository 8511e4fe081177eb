"""Lists: search, filter, sort, page and export by one call in a view.

    listing = list_page(request, queryset=needs, table=NeedTable, filterset=NeedFilter)
    if listing.export:
        return listing.export
    return render(request, listing.template("demand/list.html"), {"listing": listing})

and in the template, so that htmx replaces only the rows:

    {% filter_bar listing=listing %}
    {% partialdef rows inline %}{% rows listing=listing %}{% endpartialdef %}

The queryset brings its own `select_related`; one row and three rows must cost the same queries.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.text import searchable
from kuznitsa.ui import exports
from kuznitsa.ui.cells import drawn_rows
from kuznitsa.ui.forms import DJANGO_EMPTY_LABEL

PER_PAGE = 25
NUMBERS = ("pk", "-pk", "id", "-id")


class Table(tables.Table):
    """The base of all tables: `class Meta: model = …; fields = (…)`; columns of our own are in `ui.columns`.

    Set `empty_icon`, `empty_title` and `empty_hint` to say what to do first when there is nothing.
    """

    empty_icon = "inbox"
    empty_title: Any = _("Nothing here yet")
    empty_hint: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", self.empty_title)
        super().__init__(*args, **kwargs)

    def drawn_rows(self) -> list[SafeString]:
        return list(drawn_rows(self))


class FilterSet(django_filters.FilterSet):
    """The base of all filters; wrong values in an address are ignored instead of emptying the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.filters.values():
            is_default = each.extra.get("empty_label", DJANGO_EMPTY_LABEL) == DJANGO_EMPTY_LABEL
            if is_default and isinstance(each, django_filters.ChoiceFilter | django_filters.ModelChoiceFilter):
                each.extra["empty_label"] = _("all")

    @property
    def qs(self) -> QuerySet[Any]:
        if self.is_bound and not self.form.is_valid():
            return self.queryset.all()
        return super().qs


def settled(rows: Any) -> Any:
    """Return the rows with their number as the last key, so that equal ones do not change places between two pages.

    It runs as the first key does: then one index serves both. What is no queryset has an order already.
    """
    keys = tuple(rows.query.order_by) if isinstance(rows, QuerySet) else ()
    if not keys or keys[-1] in NUMBERS:
        return rows
    return rows.order_by(*keys, "-pk" if str(keys[0]).startswith("-") else "pk")


class Listing:
    """A list as asked for by the address; what the tags `filter_bar` and `rows` draw."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        table: tables.Table,
        filterset: FilterSet | None,
        search_in: tuple[str, ...],
        filename: str,
        within: Mapping[str, Any] | None = None,
    ) -> None:
        self.request = request
        self.within = within or {}
        self.table = table
        self.filterset = filterset
        self.query = request.GET.get("q", "").strip() if search_in else ""
        self.has_search = bool(search_in)
        self.filename = filename
        self._turn_to_page()

    def _turn_to_page(self) -> None:
        """Sort and page as the address asks; the last page stands for those after it, the first for nonsense.

        Rows on a page are not for the address to choose, as they are with `RequestConfig`.
        """
        self.table.request = self.request
        order = self.request.GET.getlist(self.table.prefixed_order_by_field)
        if order:
            self.table.order_by = order
        self.table.data.data = settled(self.table.data.data)
        self.table.paginate(per_page=PER_PAGE)
        self.table.page = self.table.paginator.get_page(self.request.GET.get(self.table.prefixed_page_field))

    @cached_property
    def export(self) -> HttpResponseBase | None:
        """The file when the address asks for one (`?export=xlsx` or `csv`), else None."""
        return exports.respond(self.table, form=self.request.GET.get("export", ""), filename=self.filename)

    @property
    def count(self) -> int:
        return self.table.paginator.count

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter is on, so that an empty list means "not found" and not "none yet"."""
        kept = {"sort", "page", "export", *self.within}
        return any(value for name, value in self.request.GET.items() if name not in kept)

    @property
    def all_url(self) -> str:
        """The list without search and filters."""
        return f"?{urlencode(self.within)}"

    @property
    def sort(self) -> str:
        return self.request.GET.get("sort", "")

    def template(self, name: str) -> str:
        """Return `name`, or its partial `#rows` when htmx asks for the rows alone."""
        headers = self.request.headers
        asks_rows = headers.get("HX-Target") == "rows" and not headers.get("HX-History-Restore-Request")
        return f"{name}#rows" if asks_rows else name

    def export_url(self, form: str) -> str:
        query = self.request.GET.copy()
        query["export"] = form
        return f"?{query.urlencode()}"

    @property
    def xlsx_url(self) -> str:
        return self.export_url("xlsx")

    @property
    def csv_url(self) -> str:
        return self.export_url("csv")


def list_page(
    request: HttpRequest,
    *,
    queryset: QuerySet[Any],
    table: type[tables.Table],
    filterset: type[FilterSet] | None = None,
    search_in: tuple[str, ...] = ("search",),
    table_options: Mapping[str, Any] | None = None,
    filename: str = "",
    within: Mapping[str, Any] | None = None,
) -> Listing:
    """Return the rows of `queryset` as the address asks: `q`, filters, `sort`, `page`, `export`.

    `search_in` names columns filled by `SearchField` (also `person__search`); () hides the search box.
    `table_options` go to the table's constructor, for example `{"exclude": ("cluster",)}`. `within` is the part of
    the address that says what is listed rather than how: a search keeps it and it narrows nothing.
    """
    search_in = tuple(name for name in search_in if name != "search" or _has_field(queryset, name))
    query = request.GET.get("q", "") if search_in else ""
    for word in searchable(query).split():
        queryset = queryset.filter(_anywhere(search_in, word))
    filters = filterset(request.GET, queryset=queryset, request=request) if filterset else None
    rows = filters.qs if filters else queryset
    return Listing(
        request,
        table=table(rows, **(table_options or {})),
        filterset=filters,
        search_in=search_in,
        filename=filename or str(queryset.model._meta.verbose_name_plural),
        within=within,
    )


def _anywhere(names: tuple[str, ...], word: str) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__contains": word})
    return found


def _has_field(queryset: QuerySet[Any], name: str) -> bool:
    return any(field.name == name for field in queryset.model._meta.get_fields())

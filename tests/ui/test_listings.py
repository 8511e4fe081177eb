"""Lists over the audit trail: the one model that has rows without any product knowledge."""

import csv
import io
from types import SimpleNamespace

import django_filters
import django_tables2 as tables
import pytest
from python_calamine import CalamineWorkbook

from kuznitsa.base.models import AuditEntry
from kuznitsa.ui.columns import DateColumn, MoneyColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table, list_page

pytestmark = pytest.mark.django_db


class EntryTable(Table):
    empty_title = "No entries"

    object_name = tables.Column()
    verb = StateColumn()
    actor_id = MoneyColumn()
    at = DateColumn()


class EntryFilter(FilterSet):
    verb = django_filters.ChoiceFilter(choices=[("signed", "signed"), ("draft", "draft")])


@pytest.fixture
def entries(at):
    names = ["Сварщик", "Слесарь", "=1+1"]
    for number, name in enumerate(names):
        AuditEntry.objects.create(
            verb="signed" if number else "draft",
            object_type="x",
            object_id="1",
            object_name=name,
            actor_id=number * 100,
            actor_name="",
            at=at,
        )


def listing(rf, query="", within=None, **headers):
    request = rf.get(f"/entries/{query}", headers=headers)
    return list_page(
        request,
        queryset=AuditEntry.objects.order_by("pk"),
        table=EntryTable,
        filterset=EntryFilter,
        search_in=("object_name",),
        filename="записи",
        within=within,
    )


def names(listing):
    return [row.record.object_name for row in listing.table.paginated_rows]


def test_all_rows_in_the_order_of_the_queryset(rf, entries):
    assert names(listing(rf)) == ["Сварщик", "Слесарь", "=1+1"]


def test_equal_rows_keep_their_places_from_page_to_page(rf, at):
    for number in range(60):
        AuditEntry.objects.create(verb="signed", object_type="x", object_id="1", object_name=f"{number % 2}", at=at)
    pages = [listing(rf, f"?sort=object_name&page={number}").table.page for number in (1, 2, 3)]
    seen = [row.record.pk for page in pages for row in page]
    even, odd = (
        list(AuditEntry.objects.filter(object_name=name).order_by("pk").values_list("pk", flat=True)) for name in "01"
    )
    assert seen == even + odd
    backwards = listing(rf, "?sort=-object_name").table.page
    assert [row.record.pk for row in backwards] == odd[::-1][:25]


def test_search_asks_for_every_word(rf, entries):
    AuditEntry.objects.update(object_name="электролизник расплавленных солей")
    assert listing(rf, "?q=солей+электролизник").count == 3
    assert listing(rf, "?q=солей+сварщик").count == 0


def test_filter_narrows_and_says_so(rf, entries):
    narrowed = listing(rf, "?verb=draft")
    assert names(narrowed) == ["Сварщик"]
    assert narrowed.is_narrowed


def test_what_is_listed_narrows_nothing_and_is_kept(rf, entries):
    within = {"scope": "a&b"}
    whole = listing(rf, "?scope=a%26b", within=within)
    assert not whole.is_narrowed
    assert whole.all_url == "?scope=a%26b"
    assert listing(rf, "?scope=a%26b&q=солей", within=within).is_narrowed


def test_nonsense_in_the_address_is_ignored(rf, entries):
    assert listing(rf, "?verb=nonsense&page=99&sort=nothing").count == 3


def test_sorting_and_paging_do_not_narrow(rf, entries):
    sorted_listing = listing(rf, "?sort=-actor_id&page=1")
    assert names(sorted_listing)[0] == "=1+1"
    assert not sorted_listing.is_narrowed


def test_htmx_gets_the_rows_and_the_back_button_the_page(rf, entries):
    assert listing(rf).template("x.html") == "x.html"
    assert listing(rf, **{"HX-Target": "rows"}).template("x.html") == "x.html#rows"
    back = {"HX-Target": "rows", "HX-History-Restore-Request": "true"}
    assert listing(rf, **back).template("x.html") == "x.html"


def test_csv_opens_in_the_russian_excel_and_runs_no_formula(rf, entries):
    response = listing(rf, "?export=csv").export
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Сварщик", "Слесарь", "'=1+1"]
    assert rows[2][2] == "1.0"


def test_xlsx_keeps_numbers_dates_and_text(rf, entries, at):
    response = listing(rf, "?export=xlsx&verb=signed").export
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert rows[2][:3] == ["=1+1", "signed", 2.0]
    assert str(rows[2][3]).startswith(str(at.date()))


def test_no_export_unless_asked(rf, entries):
    assert listing(rf).export is None
    assert listing(rf, "?export=exe").export is None


def test_rows_are_drawn_with_labels_for_phones(rf, entries, draw, en):
    html = draw("{% filter_bar listing=listing %}{% rows listing=listing %}", listing=listing(rf))
    assert 'data-label="Object"' in html
    assert "k-badge--success" in html
    assert 'name="q"' in html
    assert "3 rows" in html
    assert ">all</option>" in html


def test_empty_list_says_whether_nothing_is_there_or_nothing_was_found(rf, draw, en):
    assert "No entries" in draw("{% rows listing=listing %}", listing=listing(rf))
    assert "Nothing found" in draw("{% rows listing=listing %}", listing=listing(rf, "?q=x"))


def test_long_list_has_pages(rf, entries, draw, at):
    AuditEntry.objects.bulk_create(AuditEntry(verb="x", object_name=str(n), at=at) for n in range(60))
    html = draw("{% rows listing=listing %}", listing=listing(rf, "?sort=object_name&page=2"))
    assert "sort=object_name&amp;page=3" in html


def test_number_is_written_in_the_notation_of_the_language(en):
    table = type("T", (Table,), {"n": NumberColumn()})([{"n": 12000}])
    assert table.rows[0].get_cell("n") == 12000


def drawn(record, **columns):
    table = type("RecordTable", (Table,), columns)([record])
    return "".join(table.drawn_rows())


def test_a_cell_shows_a_dash_for_nothing_and_escapes_the_rest():
    record = {"name": "<b>", "none": None}
    row = drawn(SimpleNamespace(**record), name=tables.Column(), none=tables.Column())
    assert row == '<tr><td  data-label="Name">&lt;b&gt;</td><td  data-label="None">—</td></tr>'


def test_a_cell_follows_names_and_links_where_the_column_says():
    record = SimpleNamespace(of=SimpleNamespace(name="a&b"), way=lambda: "called")
    linked = tables.Column(accessor="of__name", linkify=lambda record, value: f"/{value}")
    row = drawn(record, linked=linked, way=tables.Column(), missing=tables.Column(accessor="of__other"))
    assert '<a href="/a&amp;b">a&amp;b</a>' in row
    assert ">called</td>" in row
    assert row.endswith(">—</td></tr>")


def test_the_function_of_a_column_is_given_what_it_names():
    class Shouted(tables.Column):
        def render(self, value, bound_column, **kwargs):
            return f"{value}!{bound_column.name}"

    assert ">a!name</td>" in drawn(SimpleNamespace(name="a"), name=Shouted())

"""Lists as files."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.base.spreadsheets.cells import Kind
from kuznitsa.base.spreadsheets.parsing import Column

FORMATS: dict[Kind, str] = {
    "date": "dd.mm.yyyy",
    "money": "#,##0.00\\ [$₽-419]",
    "hundredths": "0.00",
    "integer": "0",
}
SHEET_NAME_LENGTH = 31
MIN_WIDTH, MAX_WIDTH = 8, 60
# A spreadsheet takes text that begins so for a formula when it opens a CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, title: str = "") -> bytes:
    """Return a list as XLSX: headings that stay in sight, a filter, widths that fit, dates and amounts as such.

    A row gives its values in the order of `columns`: days as dates, money in kopecks, marks in hundredths.
    """
    import xlsxwriter  # a tenth of a second, at the start of every command, for those who want a file

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_sheet_name(title))
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": layout}) for kind, layout in FORMATS.items()}
    widths = [len(str(column.titles[0])) for column in columns]
    for place, column in enumerate(columns):
        sheet.write_string(0, place, str(column.titles[0]), heading)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            cell = _as_cell(column.kind, value)
            if cell is not None:
                _write(sheet, last, place, cell, formats.get(column.kind))
                widths[place] = max(widths[place], len(str(value)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 2, MIN_WIDTH), MAX_WIDTH))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return data.getvalue()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a list as CSV as Russian spreadsheets open it: UTF-8 with a mark, semicolons, decimal commas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([str(column.titles[0]) for column in columns])
    for row in rows:
        writer.writerow([_as_text(column.kind, value) for column, value in zip(columns, row, strict=True)])
    return text.getvalue().encode("utf-8-sig")


def _sheet_name(title: str) -> str:
    """Return a name that a sheet may have: some signs and long names are not allowed."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip(" '")[:SHEET_NAME_LENGTH] or _("List")


def _as_cell(kind: Kind, value: Any) -> Any:
    if value is None or value == "":
        return None
    if kind in ("money", "hundredths"):
        return value / 100
    if kind == "yes_no":
        return _("yes") if value else _("no")
    return str(value) if kind == "text" else value


def _as_text(kind: Kind, value: Any) -> str:
    cell = _as_cell(kind, value)
    if cell is None:
        return ""
    if kind in ("money", "hundredths"):
        return f"{cell:.2f}".replace(".", ",")
    if kind == "date":
        return f"{cell:%d.%m.%Y}"
    text = str(cell)
    return f"'{text}" if kind == "text" and text.startswith(FORMULA_STARTS) else text


def _write(sheet: Any, row: int, place: int, cell: Any, layout: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, cell, layout)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell, layout)
    else:
        sheet.write_datetime(row, place, cell, layout)

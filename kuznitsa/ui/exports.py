"""Lists as files: xlsx, and csv as the Russian Excel opens it by a double click."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins so would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60


def respond(table: tables.Table, *, form: str, filename: str) -> HttpResponseBase | None:
    """Return all rows of `table` as a file in `form`, "xlsx" or "csv"; None for any other form."""
    if form == "xlsx":
        return FileResponse(
            _xlsx(table.as_values()), as_attachment=True, filename=f"{filename}.xlsx", content_type=XLSX
        )
    if form == "csv":
        response = StreamingHttpResponse(_csv(table.as_values()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, f"{filename}.csv")
        return response
    return None


class _Echo:
    """A file that hands back what is written, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM
    for row in rows:
        yield writer.writerow([_harmless(_plain(value)) for value in row])


def _xlsx(rows: Iterable[list[Any]]) -> io.BytesIO:
    import xlsxwriter  # a fifth of a second, needed by exports only

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        date: book.add_format({"num_format": "dd.mm.yyyy"}),
    }
    widths: list[int] = []
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            value = _plain(value)
            sheet.write(number, column, value, head if number == 0 else formats.get(type(value)))
            if column >= len(widths):
                widths.append(0)
            widths[column] = max(widths[column], min(len(str(value)), WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file


def _plain(value: Any) -> Any:
    """Return a value that a spreadsheet keeps: numbers and dates as they are, the rest as text."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return "" if value is None else value
    return str(value)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

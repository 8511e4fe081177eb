"""The user's own file with its errors marked, to be mended and sent again."""

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kuznitsa.base.spreadsheets.parsing import RowError
from kuznitsa.base.spreadsheets.reading import ZIP, read_table

PAINT = PatternFill("solid", fgColor="FFF4B6B6")
COMMENT_WIDTH, COMMENT_HEIGHT = 320, 90
MESSAGES_WIDTH = 60


def annotated_copy(original: bytes, errors: Iterable[RowError]) -> bytes:
    """Return a copy of the file `original` as XLSX: error cells painted and commented, messages in an extra column.

    An XLSX keeps its sheets and looks; of another kind of file the table is copied.
    """
    table = read_table(original)
    book = _own_book(original) or _copied_book(table.rows)
    sheet = book[table.sheet] if table.sheet in book.sheetnames else book.worksheets[0]
    messages: dict[int, list[str]] = {}
    for error in errors:
        messages.setdefault(error.row, []).append(error.message)
        if error.column:
            _mark(sheet.cell(error.row, error.column), error.message)
    _write_messages(sheet, messages)
    copy = io.BytesIO()
    book.save(copy)
    return copy.getvalue()


def _own_book(original: bytes) -> openpyxl.Workbook | None:
    """Return the user's workbook; None when it is not an XLSX."""
    if not original.startswith(ZIP):
        return None
    try:
        return openpyxl.load_workbook(io.BytesIO(original))
    except (KeyError, ValueError, TypeError):
        # An ODS, or an XLSX with decorations that the library does not know.
        return None


def _copied_book(rows: Iterable[Iterable[Any]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, cells in enumerate(rows, start=1):
        for place, value in enumerate(cells, start=1):
            text = isinstance(value, str)
            # Control characters, as the end mark of DOS, cannot stand in a workbook.
            cell = sheet.cell(number, place, ILLEGAL_CHARACTERS_RE.sub("", value) if text else value)
            if text:
                # Text that begins with = stays text.
                cell.data_type = "s"
    return book


def _mark(cell: Any, message: str) -> None:
    if isinstance(cell, MergedCell):
        return
    cell.fill = PAINT
    text = f"{cell.comment.text}\n{message}" if cell.comment else message
    cell.comment = Comment(text, "Kuznitsa", height=COMMENT_HEIGHT, width=COMMENT_WIDTH)


def _write_messages(sheet: Worksheet, messages: dict[int, list[str]]) -> None:
    column = sheet.max_column + 1
    if messages:
        above = max(min(messages) - 1, 1)
        sheet.cell(above, column, _("What to mend"))
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = MESSAGES_WIDTH
    for row, texts in messages.items():
        cell = sheet.cell(row, column, " ".join(texts))
        cell.data_type = "s"
        cell.fill = PAINT

"""Any spreadsheet file as rows of cells: XLSX, XLS, ODS, and text in the encodings that people really have."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_CELLS = 5_000_000

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
OLD_ENCODINGS = ("cp1251", "cp866", "koi8-r", "mac-cyrillic")
FAMILIAR_SIGNS = "ёЁ«»№–—\N{NO-BREAK SPACE}"
SAMPLE_BYTES = 50_000
DELIMITERS = ";\t,"

# Cells with something in them; an empty cell closes itself and is not laid out.
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
REPEATED_CELL = re.compile(rb'<table:table-cell\b(?=[^>]*office:value-type)[^>]*number-columns-repeated="(\d+)"')
REPEATED_ROW = re.compile(
    rb'<table:table-row\b[^>]*number-rows-repeated="(\d+)"[^>]*>(?:(?!</table:table-row>).)*?office:value-type',
    re.DOTALL,
)


class SheetError(ValidationError):
    """The file as a whole cannot be used; carries a translated message."""


@dataclass(frozen=True)
class Table:
    """The first sheet with anything in it. Row and column 0 of `rows` are row 1 and column A of the file."""

    sheet: str
    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell as spreadsheets show it; both numbers count from 0: (6, 2) is `C7`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def read_table(data: bytes, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Table:
    """Return the cells of a file; formulas come as their values.

    Raises `SheetError` when it is no spreadsheet, is protected, empty, or has more rows or columns than allowed.
    """
    if data.startswith((ZIP, OLE)):
        table = _read_workbook(data, max_rows, max_columns)
    else:
        table = Table("", _read_text(data), [])
    while table.rows and not any(_is_filled(cell) for cell in table.rows[-1]):
        table.rows.pop()
    if not table.rows:
        raise SheetError(_("The file is empty."))
    _check_size(len(table.rows), max(map(len, table.rows)), max_rows, max_columns)
    return table


def _is_filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _check_size(rows: int, columns: int, max_rows: int, max_columns: int) -> None:
    if rows > max_rows:
        raise SheetError(_("The file has more than %(limit)d rows.") % {"limit": max_rows})
    if columns > max_columns:
        raise SheetError(_("The file has more than %(limit)d columns.") % {"limit": max_columns})


def _read_workbook(data: bytes, max_rows: int, max_columns: int) -> Table:
    if data.startswith(ZIP):
        _check_archive(data, max_rows, max_columns)
    try:
        sheet = _first_filled_sheet(CalamineWorkbook.from_filelike(io.BytesIO(data)))
        if sheet is None:
            raise SheetError(_("The file is empty."))
        _check_size(sheet.total_height, sheet.total_width, max_rows + 1, max_columns)
        rows = sheet.to_python(skip_empty_area=False)
        return Table(sheet.name, rows, list(sheet.merged_cell_ranges or []))
    except PasswordError as error:
        raise SheetError(_("The file is protected by a password. Save it without one and send it again.")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(_("The file is damaged or is not a spreadsheet (XLSX, XLS, ODS, CSV).")) from error


def _first_filled_sheet(book: CalamineWorkbook) -> CalamineSheet | None:
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_name(about.name)
            if sheet.end is not None:
                return sheet
    return None


def _check_archive(data: bytes, max_rows: int, max_columns: int) -> None:
    """Refuse what would fill the memory when unpacked: one far cell makes the reader lay out every cell before it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise SheetError(_("The file is too large when it is unpacked."))
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_cells(archive.read(name))
                elif name == "content.xml":
                    _check_repeats(archive.read(name), max_rows, max_columns)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SheetError(_("The file is damaged or is not a spreadsheet (XLSX, XLS, ODS, CSV).")) from error


def _check_cells(xml: bytes) -> None:
    last_row = last_column = 0
    for letters, row in CELL.findall(xml):
        last_row = max(last_row, int(row))
        last_column = max(last_column, _column_number(letters))
    if last_row * last_column > MAX_CELLS:
        raise SheetError(
            _("The table is too large: its last cell is %(cell)s.") % {"cell": cell_name(last_row - 1, last_column - 1)}
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _check_repeats(xml: bytes, max_rows: int, max_columns: int) -> None:
    for times in REPEATED_CELL.findall(xml):
        _check_size(0, int(times), max_rows, max_columns)
    for times in REPEATED_ROW.findall(xml):
        _check_size(int(times), 0, max_rows, max_columns)


def _read_text(data: bytes) -> list[list[Any]]:
    text = decode(data)
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SheetError(_("The file is damaged or is not a spreadsheet (XLSX, XLS, ODS, CSV).")) from error


def decode(data: bytes) -> str:
    """Return a text file as text: UTF-8, UTF-16, or one of the old Cyrillic encodings. Raises `SheetError`."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data[:4096]:
        return _decoded(data, "utf-16-le" if data[1:2] == b"\0" or data[1:2] == b"\x04" else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, _old_encoding(data[:SAMPLE_BYTES]))


def _old_encoding(sample: bytes) -> str:
    """Return the encoding in which `sample` looks most like Russian: mostly small letters, hardly any strange signs.

    A list of three surnames is too short for general detectors.
    """

    def likeness(encoding: str) -> int:
        signs = sample.decode(encoding, errors="replace")
        small = sum("а" <= sign <= "я" or sign == "ё" for sign in signs)
        strange = sum(not sign.isascii() and not "А" <= sign <= "я" and sign not in FAMILIAR_SIGNS for sign in signs)
        return small - 3 * strange

    return max(OLD_ENCODINGS, key=likeness)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(_("The text of the file cannot be read: save it as CSV in UTF-8 or as XLSX.")) from error
    if "\0" in text:
        raise SheetError(_("The file is damaged or is not a spreadsheet (XLSX, XLS, ODS, CSV)."))
    return text

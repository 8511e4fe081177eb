"""Spreadsheets, in and out.

columns = [Column("last_name", (_("Last name"), "Фамилия"), required=True), ...]
sheet = parse_sheet(file.read(), columns)
sheet.rows, sheet.errors                        # what can be used, and what the user has to mend
annotated_copy(data, sheet.errors)              # the user's own file with the errors marked
write_table(columns, rows)                      # a list as XLSX
parse_block(text)                               # cells pasted from a spreadsheet
"""

from collections.abc import Iterable

from kuznitsa.base.spreadsheets.cells import Kind
from kuznitsa.base.spreadsheets.parsing import Column, ParsedRow, ParsedSheet, RowError, parse_sheet
from kuznitsa.base.spreadsheets.pasting import parse_block
from kuznitsa.base.spreadsheets.reading import SheetError, Table, cell_name, read_table
from kuznitsa.base.spreadsheets.writing import write_csv, write_table

__all__ = [
    "Column",
    "Kind",
    "ParsedRow",
    "ParsedSheet",
    "RowError",
    "SheetError",
    "Table",
    "annotated_copy",
    "cell_name",
    "parse_block",
    "parse_sheet",
    "read_table",
    "write_csv",
    "write_table",
]


def annotated_copy(original: bytes, errors: Iterable[RowError]) -> bytes:
    # openpyxl takes a quarter of the start of every command, and only this needs it.
    from kuznitsa.base.spreadsheets.annotating import annotated_copy

    return annotated_copy(original, errors)

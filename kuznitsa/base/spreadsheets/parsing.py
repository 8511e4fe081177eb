"""A table with known columns: rows that can be used, and errors that name the cell and what to mend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kuznitsa.base.spreadsheets.cells import PARSERS, Kind, text
from kuznitsa.base.spreadsheets.headings import find_headings
from kuznitsa.base.spreadsheets.reading import MAX_ROWS, SheetError, cell_name, read_table


@dataclass(frozen=True)
class Column:
    """A column of a table that people send or get.

    The first of `titles` heads the column in a file that we write; any of them, in any language of the
    product, heads it in a file that we read. `parse` takes the value of the `kind` further: it returns what to
    keep, or raises `ValidationError`. A `required` column must be there and be filled in every row.
    """

    name: str
    titles: tuple[str | Promise, ...]
    kind: Kind = "text"
    required: bool = False
    parse: Callable[[Any], Any] | None = None

    def value(self, cell: Any) -> Any:
        """Return what `cell` stands for, None when it is empty. Raises `ValidationError`."""
        if text(cell) == "":
            if self.required:
                raise ValidationError(_("“%(column)s” is not filled in.") % {"column": self.titles[0]})
            return None
        value = PARSERS[self.kind](cell)
        return self.parse(value) if self.parse else value


@dataclass(frozen=True)
class RowError:
    """What is wrong in a cell. Row and column count from 1, as spreadsheets do; column 0 is the row as a whole."""

    row: int
    column: int
    message: str

    @property
    def cell(self) -> str:
        """The name of the cell: `C7`; the number of the row when the row as a whole is meant."""
        return cell_name(self.row - 1, self.column - 1) if self.column else str(self.row)


@dataclass(frozen=True)
class ParsedRow:
    """The values of a row by column name; `number` is its row in the file, from 1."""

    number: int
    values: dict[str, Any]


@dataclass
class ParsedSheet:
    """Rows without errors, errors of the other rows, and titles of columns that nobody knows."""

    rows: list[ParsedRow]
    errors: list[RowError]
    places: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def reject(self, row: ParsedRow, column: str, message: str) -> None:
        """Move `row` from the good ones to the errors: `column` by name, "" for the row as a whole."""
        self.rows = [other for other in self.rows if other.number != row.number]
        self.errors.append(RowError(row.number, self.places.get(column, -1) + 1, message))


def parse_sheet(data: bytes, columns: Sequence[Column], *, max_rows: int = MAX_ROWS) -> ParsedSheet:
    """Read a file that a user sent as a table of `columns`.

    Raises `SheetError` when the file as a whole cannot be used: unreadable, too large, columns missing or there
    twice, merged cells, several rows of headings, no rows.
    """
    table = read_table(data, max_rows=max_rows)
    heading_row, places = find_headings(table, columns)
    headings = table.rows[heading_row]
    ignored = [text(cell) for number, cell in enumerate(headings) if text(cell) and number not in places.values()]
    sheet = ParsedSheet([], [], places, ignored)
    for number, cells in enumerate(table.rows[heading_row + 1 :], start=heading_row + 2):
        if any(text(cell) for cell in cells) and not _numbers_columns(cells, number - heading_row):
            _parse_row(sheet, columns, number, cells)
    if not (sheet.rows or sheet.errors):
        raise SheetError(_("There are no rows under the headings."))
    return sheet


def _parse_row(sheet: ParsedSheet, columns: Sequence[Column], number: int, cells: Sequence[Any]) -> None:
    values, errors = {}, []
    for column in columns:
        place = sheet.places.get(column.name)
        cell = cells[place] if place is not None and place < len(cells) else None
        try:
            values[column.name] = column.value(cell) if place is not None else None
        except ValidationError as error:
            errors.append(RowError(number, (place or 0) + 1, " ".join(error.messages)))
    if errors:
        sheet.errors += errors
    else:
        sheet.rows.append(ParsedRow(number, values))


def _numbers_columns(cells: Sequence[Any], below_headings: int) -> bool:
    """Tell the row `1 2 3 …` that printed forms have under their headings."""
    filled = [text(cell) for cell in cells if text(cell)]
    return below_headings == 2 and len(filled) > 2 and filled == [str(n) for n in range(1, len(filled) + 1)]

"""Finding the row of headings in what people send: titles above it, other words, other order."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kuznitsa.base.spreadsheets.cells import text
from kuznitsa.base.spreadsheets.reading import SheetError, Table, cell_name
from kuznitsa.base.text import searchable

if TYPE_CHECKING:
    from kuznitsa.base.spreadsheets.parsing import Column

ROWS_SEARCHED = 20
SHOWN_TITLES = 10


def find_headings(table: Table, columns: "Sequence[Column]") -> tuple[int, dict[str, int]]:
    """Return the row of headings and where each column stands, both counted from 0.

    Raises `SheetError` naming the cells when a column is missing or there twice, when headings take
    several rows, and when cells in the table are merged.
    """
    known = {title: column.name for column in columns for title in _titles(column)}
    matches = [_matches(row, known) for row in table.rows[:ROWS_SEARCHED]]
    row = max(range(len(matches)), key=lambda number: (len(matches[number]), -number))
    found = matches[row]
    _refuse_several_rows(matches, row)
    _refuse_missing(table, columns, row, found)
    _refuse_repeated(row, found)
    _refuse_merged(table, row)
    return row, {name: cells[0] for name, cells in found.items()}


def _titles(column: "Column") -> set[str]:
    titles = {_plain(column.name)}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles |= {_plain(str(title)) for title in column.titles}
    return titles


def _plain(title: str) -> str:
    return re.sub(r"[\W_]+", " ", searchable(title)).strip()


def _matches(row: Sequence[Any], known: Mapping[str, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(row):
        name = known.get(_plain(text(cell)))
        if name:
            found.setdefault(name, []).append(number)
    return found


def _refuse_several_rows(matches: Sequence[Mapping[str, list[int]]], row: int) -> None:
    for other in (row - 1, row + 1):
        if 0 <= other < len(matches) and matches[other].keys() - matches[row].keys():
            first, second = sorted((row, other))
            raise SheetError(
                _("The headings take several rows, %(first)d and %(second)d: put them into one.")
                % {"first": first + 1, "second": second + 1}
            )


def _refuse_missing(table: Table, columns: "Sequence[Column]", row: int, found: Mapping[str, list[int]]) -> None:
    missing = [str(column.titles[0]) for column in columns if column.required and column.name not in found]
    if missing or not found:
        titles = [text(cell) for cell in table.rows[row] if text(cell)][:SHOWN_TITLES]
        raise SheetError(
            _("These columns are missing: %(missing)s. Row %(row)d was read as the headings: %(titles)s.")
            % {
                "missing": ", ".join(missing or [str(column.titles[0]) for column in columns]),
                "row": row + 1,
                "titles": ", ".join(titles),
            }
        )


def _refuse_repeated(row: int, found: Mapping[str, list[int]]) -> None:
    for cells in found.values():
        if len(cells) > 1:
            names = ", ".join(cell_name(row, cell) for cell in cells)
            raise SheetError(_("These headings mean the same column: %(cells)s. Leave one of them.") % {"cells": names})


def _refuse_merged(table: Table, row: int) -> None:
    merged = [
        f"{cell_name(*start)}:{cell_name(*end)}"
        for start, end in table.merged
        if end[0] >= row and start[0] < len(table.rows)
    ]
    if merged:
        raise SheetError(
            _("Cells are merged: %(cells)s. Split them, so that each row stands for itself.")
            % {"cells": ", ".join(merged[:SHOWN_TITLES])}
        )

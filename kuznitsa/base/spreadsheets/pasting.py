"""Cells copied in a spreadsheet and pasted into a page."""

import re

from kuznitsa.base.text import clean

# A quoted cell ends where a cell can end; a quotation mark inside a cell is only a mark: АО "Завод".
CELLS = {separator: re.compile(rf'"((?:[^"]|"")*)"(?=[{separator}\n]|\Z)|([^{separator}\n]*)') for separator in "\t;"}


def parse_block(text: str) -> list[list[str]]:
    """Return rows of cells of a pasted block; empty lines at its end are dropped.

    Cells are separated by tabs, or by semicolons when there is no tab. A comma separates nothing: it is
    the decimal sign. Quoted cells may hold separators and line ends, which become spaces.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if not text.strip():
        return []
    cells = CELLS["\t" if "\t" in text else ";"]
    rows: list[list[str]] = [[]]
    position = 0
    while True:
        match = cells.match(text, position)
        assert match is not None  # the pattern matches an empty cell, too
        quoted, plain = match.groups()
        rows[-1].append(clean(quoted.replace('""', '"') if quoted is not None else plain))
        position = match.end()
        if position >= len(text):
            break
        if text[position] == "\n":
            rows.append([])
        position += 1
    while rows and not any(rows[-1]):
        rows.pop()
    return rows

"""Sections, rows and numbers of a `.pb` file, before anybody asks what they mean.

A row is a line of cells parted by semicolons. A cell in quotation marks may hold semicolons and even ends of lines; a
mark that nothing closes belongs to the text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import NoReturn

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.tally.model import BadInput

SECTIONS = ("META", "PROJECTS", "VOTES")
NUMBER = re.compile(r"\+?\d{1,18}(?:[.,]\d{0,9})?(?:[eE]\+?\d{1,2})?", re.ASCII)
HEAD = re.compile(r"^[ \t]*(META|PROJECTS|VOTES)[ \t;]*$", re.MULTILINE | re.IGNORECASE)
WHOLE = re.compile(r"\d{1,18}", re.ASCII)
CELL = re.compile(r'"((?:[^"]|"")*+)"([^;]*)|([^;]*)')
LARGEST = 10**18
LONGEST_TEXT = 200  # lines that a quoted text may have
SHOWN = 40

# Stands in no file: it parts cells that are looked at together.
BETWEEN = "\0"

Row = tuple[int, list[str]]


class Section:
    """A section: the block of text after its name, which stands in line `line`. The first row names the columns."""

    def __init__(self, block: str, line: int) -> None:
        self.line = line
        self.block = block

    @cached_property
    def table(self) -> list[Row]:
        """All rows; each has at least as many cells as the first one. Raises BadInput."""
        lines = self.block.split("\n")
        rows = list(quoted_rows(lines, self.line) if '"' in self.block else plain_rows(lines, self.line))
        width = len(rows[0][1]) if rows else 0
        for line, cells in rows:
            if len(cells) < width:
                refuse_short(line, len(cells), width)
        return rows

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns, in small letters."""
        row = next(plain_rows(self.block.lstrip().split("\n", 1), self.line), (self.line, []))
        return [cell.strip().lower() for cell in (self.table[0] if '"' in self.block else row)[1]]

    def column(self, name: str) -> int:
        """The position of a column. Raises BadInput if there is none."""
        if name not in self.columns:
            refuse(self.line, _("there is no column %(name)s in this section") % {"name": name})
        return self.columns.index(name)

    def cells(self, *names: str) -> Iterator[Row]:
        """The line and these cells of every row, without the spaces around them."""
        positions = [self.column(name) for name in names]
        for line, row in self.table[1:]:
            yield line, [row[position].strip() for position in positions]

    def times(self, *names: str) -> "Counter[str]":
        """How often these cells, joined, stand together in a row. Takes rows apart only when something is special in
        them."""
        positions = [self.column(name) for name in names]
        if '"' not in self.block and positions == sorted(positions):
            found = re.findall(self._pattern(positions), self.block, re.MULTILINE)
            if len(found) == sum(map(bool, self.block.split("\n"))):
                del found[0]
                return Counter(found if len(names) == 1 else map(BETWEEN.join, found))
        return Counter(BETWEEN.join([row[position] for position in positions]) for _line, row in self.table[1:])

    def _pattern(self, positions: list[int]) -> str:
        """What matches every row that has all its columns, with the cells at these positions as groups."""
        cells = ["([^;\\n]*)" if position in positions else "[^;\\n]*" for position in range(max(positions) + 1)]
        rest = len(self.columns) - len(cells)
        return f"^{';'.join(cells)}(?:;[^;\\n]*){{{rest},}}$"


def refuse(line: int, problem: str) -> NoReturn:
    raise BadInput(_("line %(line)d: %(problem)s") % {"line": line, "problem": problem})


def text_of(data: bytes) -> str:
    """The text of a file. Raises BadInput with the line that is not in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(data.count(b"\n", 0, error.start) + 1, _("this is not text in UTF-8"))
    if "\0" in text:
        refuse(text.count("\n", 0, text.index("\0")) + 1, _("this is not text"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def split(text: str) -> dict[str, Section]:
    """The sections of a file by name. Every row has at least as many cells as its section has columns."""
    heads = list(HEAD.finditer(text))
    before = text[: heads[0].start()] if heads else text
    if not heads or (not before.isspace() and before):
        line = len(before) - len(before.lstrip())
        refuse(1 + before.count("\n", 0, line), _("this is no Pabulib file: it does not begin with a section META"))
    sections: dict[str, Section] = {}
    line = 1 + before.count("\n")
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        name = head[1].upper()
        if name in sections:
            refuse(line, _("the section %(name)s appears twice") % {"name": name})
        block = text[head.end() : following.start() if following else len(text)]
        sections[name] = Section(block, line)
        line += block.count("\n")
    return sections


def refuse_short(line: int, found: int, expected: int) -> NoReturn:
    words = {"found": found, "expected": expected}
    refuse(line, _("the row has %(found)d of %(expected)d columns; the file may be cut off") % words)


def plain_rows(lines: list[str], start: int) -> Iterator[Row]:
    """The rows of lines without quotation marks."""
    for line, text in enumerate(lines, start):
        if text.strip("; \t"):
            yield line, text.split(";")


def quoted_rows(lines: list[str], start: int) -> Iterator[Row]:
    """The rows of lines of which some have quotation marks."""
    position = width = 0
    while position < len(lines):
        line = start + position
        text = lines[position]
        if '"' in text:
            cells, position = quoted_row(lines, position, width)
        else:
            position += 1
            cells = text.split(";")
        if text.strip("; \t"):
            width = width or len(cells)
            yield line, cells


def quoted_row(lines: list[str], start: int, width: int) -> tuple[list[str], int]:
    """The cells of a row with quotation marks, and the position of the next row.

    A mark that opens a cell and is closed in a later line makes one row of these lines, if that row then has its
    `width`; otherwise the mark is only a letter.
    """
    cells, is_open = cells_of(lines[start])
    if not is_open:
        return cells, start + 1
    for end in range(start + 1, min(start + LONGEST_TEXT, len(lines))):
        if '"' not in lines[end]:
            if lines[end].count(";") + 1 == width > 1:
                break  # a row of its own
            continue
        joined, is_open = cells_of("\n".join(lines[start : end + 1]))
        if not is_open:
            if len(joined) == width:
                return joined, end + 1
            break
    return cells, start + 1


def cells_of(text: str) -> tuple[list[str], bool]:
    """The cells of a row, and whether one of them begins with a quotation mark that nothing closes."""
    cells, is_open = [], False
    position = 0
    while True:
        match = CELL.match(text, position)
        assert match is not None  # it matches an empty cell at least
        inside, after, plain = match.groups()
        if inside is None:
            is_open = is_open or plain.startswith('"')
            cells.append(plain)
        else:
            cells.append(inside.replace('""', '"') + after)
        position = match.end() + 1
        if position > len(text):
            return cells, is_open


def number(line: int, text: str) -> Fraction:
    """A number that is not negative. Raises BadInput."""
    if WHOLE.fullmatch(text):
        return Fraction(int(text))
    if not NUMBER.fullmatch(text):
        refuse(line, _("%(text)s is not a number from 0 to 10^18") % {"text": shown(text)})
    found = Fraction(text.replace(",", "."))
    if found > LARGEST:
        refuse(line, _("%(text)s is not a number from 0 to 10^18") % {"text": shown(text)})
    return found


def unit(numbers: Iterable[Fraction]) -> int:
    """The power of ten that makes all these decimals whole."""
    power = 1
    denominators = {found.denominator for found in numbers}
    while any(power % denominator for denominator in denominators):
        power *= 10
    return power


def shown(text: str) -> str:
    """A piece of the file for a message."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"

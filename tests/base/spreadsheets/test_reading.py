import io
import zipfile

import pytest
import xlsxwriter

from kuznitsa.base.spreadsheets import SheetError, cell_name, read_table
from tests.base.spreadsheets.files import ods, text, xlsx

ROWS = [["Фамилия", "Балл"], ["Щёкина", "4,5"], ["Ёлкин", "5"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_text_in_any_encoding_is_read(encoding, delimiter):
    assert read_table(text(*ROWS, encoding=encoding, delimiter=delimiter)).rows == ROWS


def test_commas_separate_when_nothing_else_does():
    assert read_table(b"Name,Mark\nAnna,5\n").rows == [["Name", "Mark"], ["Anna", "5"]]


def test_quoted_cells_hold_separators_and_line_ends():
    assert read_table('Имя;Адрес\n"Анна; Мария";"дом 1\nкв. 2"\n'.encode()).rows[1] == ["Анна; Мария", "дом 1\nкв. 2"]


def test_xlsx_and_ods_are_read():
    assert read_table(xlsx(*ROWS)).rows == ROWS
    assert read_table(ods(*ROWS)).rows == ROWS


def test_formulas_come_as_values():
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    book.add_worksheet().write_formula("A1", "=2+2", value=4)
    book.close()

    assert read_table(data.getvalue()).rows == [[4.0]]


def test_hidden_sheets_are_passed_over():
    assert read_table(xlsx(*ROWS, hidden_first=True)).sheet == "List"


def test_rows_keep_their_numbers_when_the_table_starts_lower():
    assert read_table(xlsx([], [], ["Имя"])).rows[2] == ["Имя"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (xlsx(), "empty"),
        (b"PK\x03\x04 broken", "damaged or is not a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "damaged or is not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00", "read|damaged"),
        (b"a\n" * 6, "more than 5 rows"),
        (text(["x"] * 300), "more than 200 columns"),
        (ods(["x"], ["y"], repeated_rows=1_000_000), "more than 5 rows"),
    ],
)
def test_what_cannot_be_used_is_told(data, message):
    with pytest.raises(SheetError, match=message):
        read_table(data, max_rows=5)


def test_one_far_cell_does_not_fill_the_memory():
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write("A1", "near")
    sheet.write("XFD1048576", "far")
    book.close()

    with pytest.raises(SheetError, match="its last cell is XFD1048576"):
        read_table(data.getvalue())


def test_an_archive_that_swells_is_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(101 * 1024 * 1024))

    with pytest.raises(SheetError, match="too large when it is unpacked"):
        read_table(data.getvalue())


@pytest.mark.parametrize(("row", "column", "name"), [(0, 0, "A1"), (6, 2, "C7"), (0, 25, "Z1"), (9, 26, "AA10")])
def test_names_of_cells(row, column, name):
    assert cell_name(row, column) == name

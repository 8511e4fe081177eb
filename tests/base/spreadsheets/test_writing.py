import io
from datetime import date

import openpyxl

from kuznitsa.base.spreadsheets import Column, parse_sheet, write_csv, write_table

COLUMNS = [
    Column("name", ("Name",)),
    Column("born_on", ("Born",), kind="date"),
    Column("support", ("Support",), kind="money"),
    Column("mark", ("Mark",), kind="hundredths"),
    Column("seats", ("Seats",), kind="integer"),
    Column("minor", ("Minor",), kind="yes_no"),
]
ROWS = [
    ("=Анна", date(2010, 2, 1), 500_050, 467, 3, True),
    ("Борис", None, None, None, None, False),
]


def test_what_is_written_is_read_back():
    sheet = parse_sheet(write_table(COLUMNS, ROWS, title="Заявки: 2026/27"), COLUMNS)

    assert [tuple(row.values.values()) for row in sheet.rows] == ROWS


def test_text_is_text_and_amounts_are_amounts():
    sheet = openpyxl.load_workbook(io.BytesIO(write_table(COLUMNS, ROWS, title="Заявки: 2026/27"))).worksheets[0]

    assert sheet.title == "Заявки  2026 27"
    assert sheet["A2"].data_type == "s"
    assert (sheet["C2"].value, sheet["C2"].number_format) == (5000.5, "#,##0.00\\ [$₽-419]")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F3"


def test_an_empty_list_has_its_headings():
    assert openpyxl.load_workbook(io.BytesIO(write_table(COLUMNS, []))).worksheets[0]["A1"].value == "Name"


def test_csv_opens_in_russian_spreadsheets():
    assert write_csv(COLUMNS, ROWS).decode("utf-8-sig").splitlines() == [
        "Name;Born;Support;Mark;Seats;Minor",
        "'=Анна;01.02.2010;5000,50;4,67;3;yes",
        "Борис;;;;;no",
    ]

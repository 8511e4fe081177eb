from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.identifiers import validate_snils
from kuznitsa.base.spreadsheets import Column, RowError, SheetError, parse_sheet
from tests.base.spreadsheets.files import text, xlsx


def snils(value):
    validate_snils(value)
    return value


COLUMNS = [
    Column("last_name", (_("Last name"), "Фамилия", "Surname"), required=True),
    Column("born_on", (_("Date of birth"), "Дата рождения"), kind="date", required=True),
    Column("mark", ("Average mark", "Средний балл"), kind="hundredths"),
    Column("snils", ("SNILS", "СНИЛС"), parse=snils),
]
HEADINGS = ["Фамилия", "Дата рождения", "Средний балл", "СНИЛС"]
GOOD = ["Ёлкин", "01.02.2010", "4,667", "112-233-445 95"]


def test_rows_are_read_by_headings_in_any_order_words_and_language():
    data = xlsx(
        ["Список абитуриентов"],
        [],
        ["SURNAME ", "Средний  балл:", "Заметки", "дата рождения"],
        ["Ёлкин", 4.5, "любит химию", date(2010, 2, 1)],
    )

    sheet = parse_sheet(data, COLUMNS)

    [row] = sheet.rows
    assert row.number == 4
    assert row.values == {"last_name": "Ёлкин", "born_on": date(2010, 2, 1), "mark": 450, "snils": None}
    assert sheet.ignored == ["Заметки"]
    assert sheet.errors == []


def test_a_cp1251_file_from_an_old_program():
    sheet = parse_sheet(text(HEADINGS, GOOD, encoding="cp1251"), COLUMNS)

    assert sheet.rows[0].values["last_name"] == "Ёлкин"
    assert sheet.rows[0].values["mark"] == 467


def test_errors_name_their_cells_and_good_rows_stay():
    rows = [HEADINGS, ["", "31.02.2010", "пять", "112-233-445 96"], GOOD]

    sheet = parse_sheet(text(*rows), COLUMNS)

    assert [row.number for row in sheet.rows] == [3]
    assert [(error.cell, error.message) for error in sheet.errors] == [
        ("A2", "“Last name” is not filled in."),
        ("B2", "“31.02.2010” is not a date: write it like 31.12.2026."),
        ("C2", "“пять” is not a number."),
        ("D2", "The check digit of this insurance number does not fit: a digit is wrong, or two have changed places."),
    ]


def test_empty_rows_and_the_row_that_numbers_columns_are_passed_over():
    sheet = parse_sheet(text(HEADINGS, ["1", "2", "3", "4"], ["", "", "", ""], GOOD), COLUMNS)

    assert [row.number for row in sheet.rows] == [4]


def test_a_row_can_be_rejected_later():
    sheet = parse_sheet(text(HEADINGS, GOOD, GOOD), COLUMNS)

    sheet.reject(sheet.rows[1], "last_name", "This person is in row 2 already.")
    sheet.reject(sheet.rows[0], "", "The campaign is closed.")

    assert sheet.rows == []
    assert [error.cell for error in sheet.errors] == ["A3", "2"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (text(["Фамилия", "Балл"], ["Ёлкин", "5"]), "columns are missing: Date of birth. Row 1 .*: Фамилия, Балл"),
        (text(["a", "b"], ["1", "2"]), "columns are missing: Last name, Date of birth"),
        (text(["Фамилия", "Surname", "Дата рождения"], ["Ё", "Ё", "01.02.2010"]), "same column: A1, B1"),
        (text(["", "Дата рождения"], ["Фамилия", ""], GOOD), "several rows, 1 and 2"),
        (text(HEADINGS), "no rows under the headings"),
        (xlsx(HEADINGS, GOOD, GOOD, merge=["A2:A3", "C2:D2"]), "merged: A2:A3, C2:D2"),
        (xlsx(HEADINGS, GOOD, merge=["C1:D1"]), "merged: C1:D1"),
    ],
)
def test_a_file_that_cannot_be_understood_is_explained(data, message):
    with pytest.raises(SheetError, match=message):
        parse_sheet(data, COLUMNS)


def test_a_merged_title_above_the_headings_does_not_matter():
    data = xlsx(["Список", "", "", ""], HEADINGS, GOOD, merge=["A1:D1"])

    assert len(parse_sheet(data, COLUMNS).rows) == 1


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", 7707083893.0, "7707083893"),
        ("text", date(2026, 1, 2), "02.01.2026"),
        ("integer", 25.0, 25),
        ("integer", "1 000", 1000),
        ("money", 5000.5, 500_050),
        ("money", "5 000,50 ₽", 500_050),
        ("date", "2010-02-01", date(2010, 2, 1)),
        ("yes_no", "Да", True),
        ("yes_no", "-", False),
        ("yes_no", True, True),
    ],
)
def test_cells_become_values(kind, cell, value):
    assert Column("x", ("x",), kind=kind).value(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "message"),
    [
        ("integer", 2.5, "whole number"),
        ("integer", "1e400", "not a number"),
        ("integer", "NaN", "not a number"),
        ("date", "01.02.10", "four digits"),
        ("date", 40210.0, "not a date"),
        ("yes_no", "может быть", "Write “yes” or “no”"),
        ("money", "много", "not an amount"),
    ],
)
def test_cells_that_mean_nothing_are_explained(kind, cell, message):
    with pytest.raises(ValidationError, match=message):
        Column("x", ("x",), kind=kind).value(cell)


def test_an_error_of_a_whole_row_has_the_number_of_the_row():
    assert RowError(5, 0, "twice").cell == "5"
    assert RowError(5, 3, "wrong").cell == "C5"

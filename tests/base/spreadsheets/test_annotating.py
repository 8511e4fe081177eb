import io

import openpyxl
import pytest

from kuznitsa.base.spreadsheets import RowError, annotated_copy
from tests.base.spreadsheets.files import ods, text, xlsx

ROWS = [["Фамилия", "Балл"], ["Ёлкин", "пять"], ["=cmd()", "5"]]
ERRORS = [
    RowError(2, 2, "“пять” is not a number."),
    RowError(2, 2, "Marks are 2 to 5."),
    RowError(3, 0, "=This person is unknown."),
]


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("original", [xlsx(*ROWS), text(*ROWS, encoding="cp1251"), ods(*ROWS)])
def test_errors_are_marked_in_a_copy_of_the_users_file(original):
    sheet = opened(annotated_copy(original, ERRORS))

    assert sheet["A2"].value == "Ёлкин"
    assert sheet["B2"].fill.fgColor.rgb == "FFF4B6B6"
    assert sheet["B2"].comment.text.splitlines() == ["“пять” is not a number.", "Marks are 2 to 5."]
    assert sheet["B3"].comment is None
    assert sheet["C1"].value == "What to mend"
    assert sheet["C2"].value == "“пять” is not a number. Marks are 2 to 5."
    assert sheet["C3"].value == "=This person is unknown."
    assert sheet["C3"].data_type == "s"


def test_text_of_the_user_does_not_become_a_formula():
    assert opened(annotated_copy(text(*ROWS), ERRORS))["A3"].data_type == "s"


def test_control_characters_of_old_programs_do_not_stop_the_copy():
    original = text(["Фамилия"], ["Ёл\x0cкин"]) + b"\x1a"

    assert opened(annotated_copy(original, [RowError(2, 1, "Too long.")]))["A2"].value == "Ёлкин"


def test_the_looks_of_the_users_file_stay():
    book = openpyxl.Workbook()
    book.active.append(["Фамилия"])
    book.active.append(["Ёлкин"])
    book.active["A1"].font = openpyxl.styles.Font(bold=True)
    book.create_sheet("Другой лист")["A1"] = "остаётся"
    original = io.BytesIO()
    book.save(original)

    copy = openpyxl.load_workbook(io.BytesIO(annotated_copy(original.getvalue(), ERRORS[:1])))

    assert copy.worksheets[0]["A1"].font.bold
    assert copy["Другой лист"]["A1"].value == "остаётся"


def test_a_merged_cell_is_left_alone():
    sheet = opened(annotated_copy(xlsx(*ROWS, merge=["A2:B2"]), ERRORS))

    assert sheet["C2"].value

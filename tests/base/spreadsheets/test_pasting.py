import pytest

from kuznitsa.base.spreadsheets import parse_block


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        (" \n\n", []),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("Электролизник;25\nСлесарь;4,5", [["Электролизник", "25"], ["Слесарь", "4,5"]]),
        ("a;b\tc", [["a;b", "c"]]),
        ("one\ntwo", [["one"], ["two"]]),
        ("\t25\n", [["", "25"]]),
        ("a\t\t", [["a", "", ""]]),
        ('"дом 1\nкв. 2"\t5', [["дом 1 кв. 2", "5"]]),
        ('"АО ""Завод"""\t5', [['АО "Завод"', "5"]]),
        ('"Завод" АО\t5', [['"Завод" АО', "5"]]),
        ('АО "Завод\t5', [['АО "Завод', "5"]]),
        ("\xa0Анна \t\u200b5", [["Анна", "5"]]),
        ("a\t1\n\t\n\n", [["a", "1"]]),
    ],
)
def test_a_pasted_block_becomes_rows_of_cells(text, rows):
    assert parse_block(text) == rows

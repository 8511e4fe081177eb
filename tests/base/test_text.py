import pytest

from kuznitsa.base.text import clean, searchable


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [("  Анна\xa0\n Петровна ", "Анна Петровна"), ("Ев\u00adгений\u200b", "Евгений"), ("и\u0306од", "йод"), ("", "")],
)
def test_what_people_paste_is_cleaned(typed, cleaned):
    assert clean(typed) == cleaned


def test_search_does_not_mind_case_and_yo():
    assert searchable(" ЁЛКИН  Пётр") == searchable("елкин петр")

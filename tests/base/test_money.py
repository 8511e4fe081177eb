import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kuznitsa.base.money import format_money, in_words, parse_money


@pytest.mark.parametrize(
    ("kopecks", "language", "text"),
    [
        (500_000, "ru", "5\xa0000\xa0₽"),
        (500_050, "ru", "5\xa0000,50\xa0₽"),
        (123_456_789, "en", "1,234,567.89\xa0₽"),
        (0, "ru", "0\xa0₽"),
        (-5, "ru", "−0,05\xa0₽"),
    ],
)
def test_an_amount_is_shown_in_the_readers_language(kopecks, language, text):
    assert format_money(kopecks, language) == text


def test_without_a_language_the_current_one_is_used():
    with translation.override("ru"):
        assert format_money(500_000) == "5\xa0000\xa0₽"


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("5 000,50", 500_050),
        ("5\xa0000,5 ₽", 500_050),
        ("5000.5", 500_050),
        ("5,000.50", 500_050),
        ("5.000,50", 500_050),
        ("1 234 567 руб.", 123_456_700),
        ("300 рублей", 30_000),
        ("0", 0),
        ("−15", -1500),
    ],
)
def test_amounts_are_read_as_people_write_them(text, kopecks):
    assert parse_money(text) == kopecks


@pytest.mark.parametrize("text", ["", "five", "5 00", "1,2,3", "5.0001", "₽", "1e5"])
def test_what_is_no_amount_is_told(text):
    with pytest.raises(ValidationError, match="is not an amount"):
        parse_money(text)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["ru", "en"]))
def test_what_is_shown_is_read_back(kopecks, language):
    assert parse_money(format_money(kopecks, language)) == kopecks


@pytest.mark.parametrize(
    ("kopecks", "words"),
    [
        (500_000, "пять тысяч рублей 00 копеек"),
        (101, "один рубль 01 копейка"),
        (2203, "двадцать два рубля 03 копейки"),
        (1_211, "двенадцать рублей 11 копеек"),
        (100_000_000, "один миллион рублей 00 копеек"),
        (100_100_00, "сто тысяч сто рублей 00 копеек"),
    ],
)
def test_amounts_in_words(kopecks, words):
    assert in_words(kopecks) == words


def test_a_negative_amount_has_no_words():
    with pytest.raises(ValueError, match="negative"):
        in_words(-1)


@pytest.mark.parametrize("text", ["9223372036854775808", "9" * 5000])
def test_an_amount_that_no_column_holds_is_told(text):
    with pytest.raises(ValidationError, match="too large"):
        parse_money(text)

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kuznitsa.base.identifiers import (
    digits,
    format_snils,
    validate_inn,
    validate_kpp,
    validate_ogrn,
    validate_organisation_inn,
    validate_person_inn,
    validate_snils,
)


@pytest.mark.parametrize(
    ("validate", "number"),
    [
        (validate_inn, "7707083893"),
        (validate_inn, "500100732259"),
        (validate_kpp, "770701001"),
        (validate_kpp, "7707AB001"),
        (validate_ogrn, "1027700132195"),
        (validate_ogrn, "304500116000157"),
        (validate_snils, "112-233-445 95"),
        (validate_snils, "001-001-998 77"),  # has no check digits yet
        (validate_snils, "087-654-303 00"),  # the sum is 101 times something and 100
    ],
)
def test_right_numbers_pass(validate, number):
    validate(number)


@pytest.mark.parametrize(
    ("validate", "number", "message"),
    [
        (validate_inn, "7707083894", "The check digit of this tax number does not fit"),
        (validate_inn, "500100732258", "The check digit of this tax number does not fit"),
        (validate_inn, "77070838931", "10 digits for an organisation or 12 for a person; this one has 11"),
        (validate_organisation_inn, "500100732259", "of an organisation has 10 digits; this one has 12"),
        (validate_person_inn, "7707083893", "of a person has 12 digits; this one has 10"),
        (validate_inn, "77O7083893", "Only digits"),
        (validate_inn, "٧٧٠٧٠٨٣٨٩٣", "Only digits"),
        (validate_kpp, "77070100", "9 digits"),
        (validate_ogrn, "1027700132196", "state registration number does not fit"),
        (validate_ogrn, "304500116000158", "state registration number does not fit"),
        (validate_ogrn, "10277001321951", "this one has 14"),
        (validate_snils, "112-233-445 96", "insurance number does not fit"),
        (validate_snils, "112-233-445", "this one has 9"),
    ],
)
def test_wrong_numbers_are_explained(validate, number, message):
    with pytest.raises(ValidationError, match=message):
        validate(number)


@given(st.integers(0, 9), st.integers(0, 9))
def test_any_other_last_digit_of_a_tax_number_is_noticed(position, digit):
    number = "7707083893"
    changed = number[:position] + str(digit) + number[position + 1 :]
    if changed == number:
        return
    with pytest.raises(ValidationError):
        validate_organisation_inn(changed)


def test_numbers_are_read_and_printed_as_people_write_them():
    assert digits("112-233–445 95") == "11223344595"
    assert format_snils("11223344595") == "112-233-445 95"

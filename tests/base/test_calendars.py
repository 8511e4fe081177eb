from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kuznitsa.base.calendars import (
    add_working_days,
    is_decreed,
    is_working_day,
    next_working_day,
    validate_day,
    working_days_between,
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(("year", "count"), [(2023, 247), (2024, 248), (2025, 247), (2026, 247)])
def test_working_days_of_a_year(year, count):
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 9),  # moved by decree
        date(2026, 3, 9),  # 8 March is a Sunday
        date(2026, 5, 11),  # 9 May is a Saturday
        date(2025, 11, 3),
        date(2024, 12, 31),
        date(2027, 5, 3),  # 1 May is a Saturday, no decree is needed
        date(2026, 11, 22),  # a Sunday
    ],
)
def test_days_off(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2024, 4, 27), date(2025, 11, 1), date(2026, 11, 23), date(2026, 1, 12)])
def test_working_days_and_worked_saturdays(day):
    assert is_working_day(day)


def test_a_deadline_over_the_new_year():
    assert add_working_days(date(2025, 12, 29), 10) == date(2026, 1, 22)
    assert add_working_days(date(2026, 1, 22), -10) == date(2025, 12, 29)
    assert next_working_day(date(2026, 1, 1)) == date(2026, 1, 12)
    assert add_working_days(date(2026, 1, 1), 0) == date(2026, 1, 12)


def test_an_installation_adds_decrees(settings):
    assert is_working_day(date(2027, 12, 31))
    assert not is_decreed(2027)

    settings.WORKING_DAY_TRANSFERS = {2027: {"2027-01-02": "2027-12-31"}}

    assert not is_working_day(date(2027, 12, 31))
    assert is_decreed(2027)


@given(days, st.integers(-300, 300).filter(bool))
def test_adding_and_counting_agree(day, count):
    reached = add_working_days(day, count)

    assert is_working_day(reached)
    if count > 0:
        assert working_days_between(day, reached) == count
    else:
        assert working_days_between(reached - timedelta(days=1), day - timedelta(days=1)) == -count


@given(days, days)
def test_counting_backwards_is_negative(start, end):
    assert working_days_between(start, end) == -working_days_between(end, start)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(2101, 1, 1), date(9999, 12, 31)])
def test_a_slip_in_the_year_is_told(day):
    with pytest.raises(ValidationError, match="1900"):
        validate_day(day)


def test_days_that_people_mean_are_taken():
    validate_day(date(1926, 2, 28))
    validate_day(date(2100, 12, 31))

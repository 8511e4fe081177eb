"""Working days in Russia: a week of five days, the holidays of the Labour Code (art. 112) and days moved each year.

A holiday on a Saturday or Sunday gives the next working day off. For the holidays of January, and where it
decides otherwise, the Government moves days off by a decree for each year. Decrees are data: an installation
adds the years to come in `settings.WORKING_DAY_TRANSFERS = {2027: {"2027-01-02": "2027-…"}}`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DAY = timedelta(days=1)
# Days outside are slips of the finger: nobody in the product was born before, nothing is promised for after.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
SATURDAY = 5
JANUARY = 1

HOLIDAYS = {
    *((JANUARY, day) for day in range(1, 9)),
    (2, 23),
    (3, 8),
    (5, 1),
    (5, 9),
    (6, 12),
    (11, 4),
}

# Year: the day that would have been off → the day that is off instead. A Saturday moved so is worked.
TRANSFERS: Mapping[int, Mapping[str, str]] = {
    # Постановление Правительства РФ № 1505 от 29.08.2022
    2023: {"2023-01-01": "2023-02-24", "2023-01-08": "2023-05-08"},
    # № 1314 от 10.08.2023
    2024: {
        "2024-01-06": "2024-05-10",
        "2024-01-07": "2024-12-31",
        "2024-04-27": "2024-04-29",
        "2024-11-02": "2024-04-30",
        "2024-12-28": "2024-12-30",
    },
    # № 1335 от 04.10.2024
    2025: {
        "2025-01-04": "2025-05-02",
        "2025-01-05": "2025-12-31",
        "2025-02-23": "2025-05-08",
        "2025-03-08": "2025-06-13",
        "2025-11-01": "2025-11-03",
    },
    # № 1466 от 24.09.2025
    2026: {"2026-01-03": "2026-01-09", "2026-01-04": "2026-12-31"},
}


def is_working_day(day: date) -> bool:
    """Tell whether people work on `day`."""
    days = _working_days(day.year)
    place = bisect_left(days, day)
    return place < len(days) and days[place] == day


def validate_day(day: date) -> None:
    """Check that `day` is one that people here can mean; a validator of forms. Raises `ValidationError`."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            _("Look at the year: a date lies between %(first)d and %(last)d.")
            % {"first": FIRST_DAY.year, "last": LAST_DAY.year},
            code="impossible_day",
        )


def is_decreed(year: int) -> bool:
    """Tell whether the moved days of `year` are known; else its working days follow the law without a decree."""
    return year in _all_transfers()


def next_working_day(day: date) -> date:
    """Return `day` if it is a working day, else the first one after it: where a deadline on a day off falls."""
    while not is_working_day(day):
        day += DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the working day that is `count` working days after `day` (before it, if negative); `day` does not count.

    With a count of 0 this is `next_working_day(day)`.
    """
    if not count:
        return next_working_day(day)
    step = DAY if count > 0 else -DAY
    for _step in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(start: date, end: date) -> int:
    """Return how many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    years = (_working_days(year) for year in range(start.year, end.year + 1))
    return sum(bisect_right(days, end) - bisect_right(days, start) for days in years)


def _all_transfers() -> Mapping[int, Mapping[str, str]]:
    return {**TRANSFERS, **getattr(settings, "WORKING_DAY_TRANSFERS", {})}


def _working_days(year: int) -> Sequence[date]:
    """Return the working days of `year` in their order."""
    added = getattr(settings, "WORKING_DAY_TRANSFERS", {})
    decreed = added[year] if year in added else TRANSFERS.get(year, {})
    return _working_days_of(year, tuple(decreed.items()))


@cache
def _working_days_of(year: int, decreed: tuple[tuple[str, str], ...]) -> Sequence[date]:
    moved_from, moved_to = _moved(year, decreed)
    first = date(year, 1, 1)
    days = (first + DAY * number for number in range((date(year, 12, 31) - first).days + 1))
    return [
        day
        for day in days
        if day not in moved_to
        and (day.month, day.day) not in HOLIDAYS
        and (day.weekday() < SATURDAY or day in moved_from)
    ]


def _moved(year: int, decreed: tuple[tuple[str, str], ...]) -> tuple[set[date], set[date]]:
    """Return days that lost their day off, and days that got one, in `year`."""
    moved = {date.fromisoformat(old): date.fromisoformat(new) for old, new in decreed}
    extra = set(moved.values())
    for month, number in sorted(HOLIDAYS):
        holiday = date(year, month, number)
        if month != JANUARY and holiday.weekday() >= SATURDAY and holiday not in moved:
            day = holiday + DAY
            while day.weekday() >= SATURDAY or (day.month, day.day) in HOLIDAYS or day in extra:
                day += DAY
            extra.add(day)
    return set(moved), extra

from datetime import date

import pytest

from kuznitsa.base.clocks import deadline

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("on", "days", "working_days", "level"),
    [
        (date(2026, 11, 19), -1, -1, "overdue"),
        (FRIDAY, 0, 0, "today"),
        (date(2026, 11, 23), 3, 1, "soon"),
        (date(2026, 11, 25), 5, 3, "soon"),
        (date(2026, 11, 26), 6, 4, "later"),
    ],
)
def test_a_clock_counts_days_and_working_days(on, days, working_days, level):
    clock = deadline(on, today=FRIDAY)

    assert (clock.days_left, clock.working_days_left, clock.level) == (days, working_days, level)


def test_a_deadline_on_the_sunday_that_has_passed_is_overdue():
    assert deadline(date(2026, 11, 21), today=date(2026, 11, 22)).level == "overdue"


def test_today_is_the_local_day(at):
    assert deadline(at.date()).level == "today"

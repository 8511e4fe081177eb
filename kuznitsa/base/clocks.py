"""Clocks of things that wait: how long until a deadline, and how urgent that is."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils import timezone

from kuznitsa.base.calendars import working_days_between

Level = Literal["overdue", "today", "soon", "later"]
SOON_WORKING_DAYS = 3


@dataclass(frozen=True)
class Clock:
    """Time left until the day `on`: 0 on the day itself, negative when it has passed."""

    on: date
    days_left: int
    working_days_left: int
    level: Level


def deadline(on: date, *, today: date | None = None) -> Clock:
    """Return the clock of a deadline; `today` is the local day unless given."""
    today = today or timezone.localdate()
    working_days_left = working_days_between(today, on)
    return Clock(on, (on - today).days, working_days_left, _level(on, today, working_days_left))


def _level(on: date, today: date, working_days_left: int) -> Level:
    if on < today:
        return "overdue"
    if on == today:
        return "today"
    return "soon" if working_days_left <= SOON_WORKING_DAYS else "later"

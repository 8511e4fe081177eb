"""What is built: how much of everything, and when things happen relative to today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

# School years since the current one: five cohorts on the way or through it, and one that applies now.
COHORTS = (-4, -3, -2, -1, 0, 1)
EMPLOYERS = 4  # a cluster
SCHOOLS = 3  # a cluster
GUARDIANS = 0.1  # of all people
SEATS = 0.65  # an applicant


@dataclass(frozen=True)
class Plan:
    clusters: int
    people: int
    facts: int
    today: date
    chance: Random

    @property
    def applicants(self) -> int:
        """Applicants to one offer."""
        return max(1, round(self.people * (1 - GUARDIANS) / self.clusters / EMPLOYERS / len(COHORTS)))

    @property
    def guardians(self) -> int:
        """Guardians in one cluster."""
        youths = self.applicants * EMPLOYERS * len(COHORTS)
        return max(1, self.people // self.clusters - youths)


@dataclass(frozen=True)
class Cohort:
    """Those who begin to study in one September; `offset` counts from the current school year."""

    offset: int
    starts_on: date

    @property
    def ends_on(self) -> date:
        return date(self.starts_on.year + 2, 6, 30)

    @property
    def year(self) -> int:
        """The year in which the plants need them."""
        return self.ends_on.year

    @property
    def is_applying(self) -> bool:
        return self.offset > 0

    @property
    def has_graduated(self) -> bool:
        return self.offset <= -2


def cohorts(today: date) -> list[Cohort]:
    current = today.year if today >= date(today.year, 9, 1) else today.year - 1
    return [Cohort(offset, date(current + offset, 9, 1)) for offset in COHORTS]


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def months_between(first: date, last: date) -> list[date]:
    """Return the tenth of every month from `first` to `last`, the days of payment."""
    days, day = [], date(first.year, first.month, 10)
    while day <= last:
        if day >= first:
            days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 10)
    return days


def working_days(first: date, last: date) -> list[date]:
    """Return Mondays to Fridays; holidays do not matter for a volume of rows."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]

"""Cohorts, shares and the expected number of hires."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

# Studies begin in September: the ninth month, eight after the year began.
MONTHS_BEFORE_STUDIES = 8


class Closed(IntEnum):
    """The last step of a cohort that is over, so that its number will not grow any more."""

    NOTHING = 0
    CONTRACTS = 1
    GRADUATES = 2
    HIRES = 3


@dataclass(frozen=True)
class Cohort:
    """People of one offer or of many: how many there are at each stage so far, and which stages are over."""

    seats: int = 0
    contracts: int = 0
    graduates: int = 0
    hires: int = 0
    closed: Closed = Closed.NOTHING


@dataclass(frozen=True)
class Rates:
    """Shares between 0 and 1 of those who go on: seat → contract → graduate → hire."""

    filled: float
    graduated: float
    hired: float

    def __post_init__(self) -> None:
        for share in (self.filled, self.graduated, self.hired):
            if not 0 <= share <= 1:
                raise ValueError(f"a share lies between 0 and 1: {share}")


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1 and where it comes from: `went_on` of `came` people of cohorts where the step is over.

    When these are too few, `is_seen` is False and `value` is the usual share.
    """

    value: float
    came: int
    went_on: int
    is_seen: bool


@dataclass(frozen=True)
class Shares:
    """The shares of the three steps, each with what it was counted from."""

    filled: Share
    graduated: Share
    hired: Share

    @property
    def rates(self) -> Rates:
        return Rates(filled=self.filled.value, graduated=self.graduated.value, hired=self.hired.value)


def expected_hires(cohort: Cohort, rates: Rates) -> float:
    """Return how many of the cohort will have been hired in the end.

    A stage that is over counts as it is. In one that goes on, the usual share of the stage before will come, or
    more if more have come already: the first contract of 25 seats does not mean that it will be the only one.
    """
    if cohort.closed == Closed.HIRES:
        return float(cohort.hires)
    expected = float(cohort.seats)
    for stage, came, share in (
        (Closed.CONTRACTS, cohort.contracts, rates.filled),
        (Closed.GRADUATES, cohort.graduates, rates.graduated),
        (Closed.HIRES, cohort.hires, rates.hired),
    ):
        expected = float(came) if cohort.closed >= stage else max(float(came), expected * share)
    return expected


def observed_shares(cohorts: Iterable[Cohort], *, default: Rates, at_least: int = 20) -> Shares:
    """Return the shares seen in `cohorts`, each from those in which the later stage is over.

    A share seen on fewer than `at_least` people is too shaky and is taken from `default`.
    """
    past = list(cohorts)

    def share(stage: Closed, before: str, after: str, usual: float) -> Share:
        over = [cohort for cohort in past if cohort.closed >= stage]
        came = sum(getattr(cohort, before) for cohort in over)
        went_on = sum(getattr(cohort, after) for cohort in over)
        is_seen = came >= at_least
        return Share(min(1.0, max(0.0, went_on / came)) if is_seen else usual, came, went_on, is_seen)

    return Shares(
        filled=share(Closed.CONTRACTS, "seats", "contracts", default.filled),
        graduated=share(Closed.GRADUATES, "contracts", "graduates", default.graduated),
        hired=share(Closed.HIRES, "graduates", "hires", default.hired),
    )


def graduation_year(start: int, months: int) -> int:
    """Return the year in which studies of so many months end that begin in September of the year `start`."""
    return start + (MONTHS_BEFORE_STUDIES + months - 1) // 12

"""Cohorts, shares and the expected number of hires."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


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


def expected_hires(cohort: Cohort, rates: Rates) -> float:
    """Return how many of the cohort will have been hired in the end.

    A stage that is over counts as it is. In one that goes on, the usual share of the stage before will come, or
    more if more have come already: the first contract of 25 seats does not mean that it will be the only one.
    """
    expected = float(cohort.seats)
    for stage, came, share in (
        (Closed.CONTRACTS, cohort.contracts, rates.filled),
        (Closed.GRADUATES, cohort.graduates, rates.graduated),
        (Closed.HIRES, cohort.hires, rates.hired),
    ):
        expected = float(came) if cohort.closed >= stage else max(float(came), expected * share)
    return expected


def observed_rates(cohorts: Iterable[Cohort], *, default: Rates, at_least: int = 20) -> Rates:
    """Return the shares seen in `cohorts`, each from those in which the later stage is over.

    A share seen on fewer than `at_least` people is too shaky and is taken from `default`.
    """
    past = list(cohorts)

    def share(stage: Closed, before: str, after: str, fallback: float) -> float:
        over = [cohort for cohort in past if cohort.closed >= stage]
        came = sum(int(getattr(cohort, before)) for cohort in over)
        went_on = sum(int(getattr(cohort, after)) for cohort in over)
        return min(1.0, went_on / came) if came >= at_least else fallback

    return Rates(
        filled=share(Closed.CONTRACTS, "seats", "contracts", default.filled),
        graduated=share(Closed.GRADUATES, "contracts", "graduates", default.graduated),
        hired=share(Closed.HIRES, "graduates", "hires", default.hired),
    )

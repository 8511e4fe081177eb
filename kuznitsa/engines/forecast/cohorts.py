"""Cohorts, shares and the expected number of hires."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cohort:
    """People of one offer or of many: how many there were at each stage (0 = the stage is not reached)."""

    seats: int = 0
    contracts: int = 0
    graduates: int = 0
    hires: int = 0


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
    """Return how many of the cohort will be hired, counted from the furthest stage it has reached.

    Never fewer than are hired already.
    """
    if cohort.hires:
        return float(cohort.hires)
    if cohort.graduates:
        return cohort.graduates * rates.hired
    if cohort.contracts:
        return cohort.contracts * rates.graduated * rates.hired
    return cohort.seats * rates.filled * rates.graduated * rates.hired


def observed_rates(cohorts: Iterable[Cohort], *, default: Rates, at_least: int = 20) -> Rates:
    """Return the shares seen in `cohorts`, each from those that have reached the later stage.

    A share seen on fewer than `at_least` people is too shaky and is taken from `default`.
    """
    past = list(cohorts)

    def share(before: str, after: str, fallback: float) -> float:
        reached = [cohort for cohort in past if getattr(cohort, after) > 0]
        came = sum(int(getattr(cohort, before)) for cohort in reached)
        went_on = sum(int(getattr(cohort, after)) for cohort in reached)
        return min(1.0, went_on / came) if came >= at_least else fallback

    return Rates(
        filled=share("seats", "contracts", default.filled),
        graduated=share("contracts", "graduates", default.graduated),
        hired=share("graduates", "hires", default.hired),
    )

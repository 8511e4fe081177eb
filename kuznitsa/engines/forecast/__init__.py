"""How many will be hired: what is on the way, times the shares that get through.

Deliberately simple, so that a plant's director can check it on paper: stages that are over count as they are,
and of those that go on the usual share will get through.
"""

from kuznitsa.engines.forecast.cohorts import (
    Closed,
    Cohort,
    Rates,
    Share,
    Shares,
    expected_hires,
    graduation_year,
    observed_shares,
)

__all__ = [
    "Closed",
    "Cohort",
    "Rates",
    "Share",
    "Shares",
    "expected_hires",
    "graduation_year",
    "observed_shares",
]

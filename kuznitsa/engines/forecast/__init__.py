"""How many will be hired: what is on the way, times the shares that get through.

Deliberately simple, so that a plant's director can check it on paper: a cohort is counted from the furthest
stage it has reached, and the shares of the stages still ahead are multiplied.
"""

from kuznitsa.engines.forecast.cohorts import Cohort, Rates, expected_hires, observed_rates

__all__ = ["Cohort", "Rates", "expected_hires", "observed_rates"]

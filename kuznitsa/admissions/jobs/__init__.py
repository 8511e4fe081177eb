"""What admissions do by the clock."""

from kuznitsa.admissions.jobs.campaigns import close_campaigns
from kuznitsa.admissions.jobs.imports import confirm_import
from kuznitsa.admissions.jobs.runs import calculate, publish, tell_results
from kuznitsa.admissions.jobs.scenarios import calculate_scenario_of_campaign
from kuznitsa.admissions.jobs.seats import hold_round_of_campaign, hold_rounds, lapse_seats

__all__ = [
    "calculate",
    "calculate_scenario_of_campaign",
    "close_campaigns",
    "confirm_import",
    "hold_round_of_campaign",
    "hold_rounds",
    "lapse_seats",
    "publish",
    "tell_results",
]

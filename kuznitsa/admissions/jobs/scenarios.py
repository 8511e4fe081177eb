"""Scenarios of large campaigns."""

from django.utils import timezone

from kuznitsa.admissions.actions.scenarios import calculate_scenario
from kuznitsa.admissions.models import Scenario
from kuznitsa.base.jobs import job


@job("admissions.calculate_scenario")
def calculate_scenario_of_campaign(scenario: int) -> None:
    """Calculate what a large campaign would come to by other rules."""
    found = Scenario.objects.select_related("campaign").filter(pk=scenario).first()
    # It may have been taken from the table while it waited.
    if found is not None:
        calculate_scenario(scenario=found, by=None, at=timezone.now())

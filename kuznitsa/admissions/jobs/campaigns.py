"""Campaigns that end by the calendar."""

from django.utils import timezone

from kuznitsa.admissions import actions
from kuznitsa.base.jobs import every, job


@every("daily")
@job("admissions.close_campaigns")
def close_campaigns() -> None:
    """Close the campaigns whose last day was yesterday or earlier."""
    actions.close_past_campaigns(by=None, at=timezone.now())

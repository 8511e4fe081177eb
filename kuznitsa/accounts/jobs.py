"""Nightly tidying."""

from django.utils import timezone

from kuznitsa.accounts import actions
from kuznitsa.base.jobs import every, job


@every("daily")
@job("accounts.tidy")
def tidy() -> None:
    """Forget links that expired long ago, and sessions that have ended."""
    actions.tidy(by=None, at=timezone.now())

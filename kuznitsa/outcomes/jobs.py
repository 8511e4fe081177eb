"""What outcomes does by itself."""

from django.utils import timezone

from kuznitsa.base.jobs import every, job
from kuznitsa.outcomes.actions import remind_of_check_points


@every("daily")
@job("outcomes.remind_of_check_points")
def remind() -> None:
    """Ask about those whose check points have fallen due."""
    remind_of_check_points(by=None, at=timezone.now())

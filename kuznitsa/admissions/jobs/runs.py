"""Long calculations."""

from django.utils import timezone

from kuznitsa.admissions.actions.runs import calculate_run
from kuznitsa.admissions.models import AllocationRun
from kuznitsa.base.jobs import job, report_progress


@job("admissions.calculate")
def calculate(run: int) -> None:
    """Calculate the allocation of a large campaign."""
    key = f"admissions.calculate:{run}"
    report_progress(key, 0, 1)
    calculate_run(run=AllocationRun.objects.select_related("campaign").get(pk=run), by=None, at=timezone.now())
    report_progress(key, 1, 1)

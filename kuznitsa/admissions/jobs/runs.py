"""Long calculations."""

from django.utils import timezone

from kuznitsa.admissions.actions.runs import calculate_run
from kuznitsa.admissions.enums import RunStage
from kuznitsa.admissions.models import AllocationRun
from kuznitsa.base.jobs import job, report_progress

STAGES = list(RunStage)


@job("admissions.calculate")
def calculate(run: int) -> None:
    """Calculate the allocation of a large campaign."""
    key = f"admissions.calculate:{run}"

    def report(stage: RunStage) -> None:
        report_progress(key, STAGES.index(stage), len(STAGES), stage.value)

    row = AllocationRun.objects.select_related("campaign").get(pk=run)
    calculate_run(run=row, by=None, at=timezone.now(), report=report)
    report_progress(key, len(STAGES), len(STAGES))

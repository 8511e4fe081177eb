"""Long calculations, and what follows from them."""

from django.utils import timezone

from kuznitsa.admissions.actions.runs import calculate_run, carry_out_publication, give_up_publication
from kuznitsa.admissions.enums import PublicationStage, RunStage
from kuznitsa.admissions.models import AllocationRun
from kuznitsa.admissions.notifications import runs as letters
from kuznitsa.base.jobs import enqueue, job, report_progress
from kuznitsa.base.refusal import Refused

STAGES = list(RunStage)
PUBLICATION = list(PublicationStage)


@job("admissions.calculate")
def calculate(run: int) -> None:
    """Calculate the allocation of a large campaign."""
    key = f"admissions.calculate:{run}"

    def report(stage: RunStage) -> None:
        report_progress(key, STAGES.index(stage), len(STAGES), stage.value)

    row = AllocationRun.objects.select_related("campaign").get(pk=run)
    calculate_run(run=row, by=None, at=timezone.now(), report=report)
    report_progress(key, len(STAGES), len(STAGES))


@job("admissions.publish")
def publish(run: int) -> None:
    """Publish the allocation of a large campaign."""
    key = f"admissions.publish:{run}"

    def report(stage: PublicationStage) -> None:
        report_progress(key, PUBLICATION.index(stage), len(PUBLICATION), stage.value)

    row = AllocationRun.objects.select_related("campaign__college", "approved_by", "published_by").get(pk=run)
    now = timezone.now()
    try:
        carry_out_publication(run=row, by=row.published_by, at=now, report=report)
    except Refused as refused:
        give_up_publication(run=row, reason=refused.reason, by=None, at=now)


@job("admissions.tell_results")
def tell_results(run: int, after: int) -> None:
    """Write to some hundred applicants of a large campaign, and leave the next to a job of their own."""
    if last := letters.some_results(run, after=after):
        enqueue("admissions.tell_results", run=run, after=last)

"""Keeping what a run has calculated."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kuznitsa.admissions.models import AllocationRun, RunFiles, RunPage, RunPlace
from kuznitsa.admissions.queries.calculated import Calculation
from kuznitsa.base.audit import audit


@transaction.atomic
def keep_calculation(*, run: AllocationRun, calculation: Calculation, by: Any, at: datetime) -> None:
    """Write the files, pages and offers of a run that has none yet; some hundred rows, whatever the campaign's size.

    Refuses nothing; the caller has decided that this calculation is the one to keep. Effects: an audit entry.
    """
    RunFiles.objects.create(
        run=run,
        applicants=calculation.applicants,
        instance=calculation.instance_file,
        result=calculation.result_file,
    )
    RunPage.objects.bulk_create(
        (
            RunPage(run=run, number=number, first=first, data=data)
            for number, (first, data) in enumerate(calculation.pages)
        ),
        batch_size=200,
    )
    RunPlace.objects.bulk_create(
        (
            RunPlace(run=run, offer_id=offer, data=data, waiting=waiting)
            for offer, (data, waiting) in calculation.places.items()
        ),
        batch_size=200,
    )
    audit("admissions.run.calculated", run, by=by, at=at, hash=calculation.instance_hash)

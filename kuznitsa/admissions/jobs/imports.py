"""Long imports."""

from django.utils import timezone

from kuznitsa.accounts.models import User
from kuznitsa.admissions.actions.imports import apply_import
from kuznitsa.admissions.enums import ImportState
from kuznitsa.admissions.models import ApplicantImport
from kuznitsa.base.jobs import job, report_progress


@job("admissions.confirm_import")
def confirm_import(applicant_import: int, by: int | None) -> None:
    """Bring in the applicants of a long spreadsheet."""
    row = ApplicantImport.objects.select_related("campaign__college").get(pk=applicant_import)
    if row.state != ImportState.UPLOADED:
        return
    key = f"admissions.confirm_import:{row.pk}"
    report_progress(key, 0, len(row.rows))
    apply_import(applicant_import=row, by=User.objects.filter(pk=by).first(), at=timezone.now())
    report_progress(key, len(row.rows), len(row.rows))

"""The public record of a published run, frozen; and what may be corrected afterwards without touching it."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import AllocationRun, Application, PublicRecord
from kuznitsa.admissions.permissions import applications as may
from kuznitsa.admissions.queries.records import CORRECTED, Archive, prepare_record
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if


@transaction.atomic
def freeze_record(*, run: AllocationRun, by: Any, at: datetime, prepared: Archive | None = None) -> PublicRecord:
    """Write the archive of a run that is being published, once and for ever; `prepared` is one made just before.

    Refused when the result does not stand the independent check any more. Effects: an audit entry with the hash.
    """
    archive = prepared or prepare_record(run)
    record = PublicRecord.objects.create(
        run=run, archive=archive.data, sha256=hashlib.sha256(archive.data).hexdigest(), manifest=archive.manifest
    )
    audit("admissions.run.recorded", run, by=by, at=at, hash=record.sha256)
    return record


@transaction.atomic
def correct_score(
    *,
    application: Application,
    average_mark_hundredths: int,
    achievement_points: int,
    reason: str,
    by: Any,
    at: datetime,
) -> Application:
    """Correct mark and points after the results are published: the published run stays as it is.

    Refused before publication (the office then sends the application back), without a reason, when the user is not
    the office, or mark or points are impossible. Effects: audit entries on the application and on the run, whose
    page tells that there were corrections.
    """
    refuse_if(may.why_not_correct_score(by, application))
    refuse_if("" if reason.strip() else _("Say why."))
    if not 200 <= average_mark_hundredths <= 500 or not 0 <= achievement_points <= 50:
        raise Refused(_("A mark lies between 2.00 and 5.00, points between 0 and 50."))
    was = application.score
    application.average_mark_hundredths, application.achievement_points = average_mark_hundredths, achievement_points
    application.save(update_fields=["average_mark_hundredths", "achievement_points"])
    words = {"was": was, "now": application.score, "reason": reason.strip()}
    audit("admissions.application.score_corrected", application, by=by, at=at, **words)
    for run in application.campaign.runs.published():
        audit(CORRECTED, run, by=by, at=at, **words)
    return application

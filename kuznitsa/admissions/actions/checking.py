"""What the admissions office does with applications: confirm, send back, leave out, take in again."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import Application
from kuznitsa.admissions.notifications import applications as letters
from kuznitsa.admissions.permissions import applications as may
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move


@transaction.atomic
def check_application(
    *,
    application: Application,
    by: Any,
    at: datetime,
    average_mark_hundredths: int | None = None,
    achievement_points: int | None = None,
) -> Application:
    """Confirm an application from its papers; from now on it takes part in the selection.

    The office may correct the mark, and gives the points for achievements. Refused when it has not been sent,
    the user is not the office, or mark or points are impossible. Effects: papers are marked as checked; audit.
    """
    refuse_if(may.why_not_check_application(by, application))
    mark = application.average_mark_hundredths if average_mark_hundredths is None else average_mark_hundredths
    points = application.achievement_points if achievement_points is None else achievement_points
    if mark is None or not 200 <= mark <= 500:
        raise Refused(_("A mark lies between 2.00 and 5.00."))
    if not 0 <= points <= 50:
        raise Refused(_("Achievements give 50 points at most."))
    move(application, ApplicationState.CHECKED, by=by, at=at)
    application.average_mark_hundredths, application.achievement_points = mark, points
    application.save(update_fields=["average_mark_hundredths", "achievement_points"])
    application.documents.filter(checked_at=None).update(checked_at=at)
    return application


@transaction.atomic
def return_application(*, application: Application, reason: str, by: Any, at: datetime) -> Application:
    """Send an application back to be mended; it may be sent again until the results, also after the last day.

    Refused without a reason, when the user is not the office, or it has not been sent. Effects: a letter.
    """
    refuse_if(may.why_not_return_application(by, application))
    _decide(application, ApplicationState.RETURNED, reason, by, at)
    transaction.on_commit(partial(letters.returned, application.pk))
    return application


@transaction.atomic
def reject_application(*, application: Application, reason: str, by: Any, at: datetime) -> Application:
    """Leave an application out of the selection. Refused as in `return_application`. Effects: a letter."""
    refuse_if(may.why_not_reject_application(by, application))
    _decide(application, ApplicationState.REJECTED, reason, by, at)
    transaction.on_commit(partial(letters.left_out, application.pk))
    return application


@transaction.atomic
def reconsider_application(*, application: Application, by: Any, at: datetime) -> Application:
    """Take a rejected application in again, to be checked anew. Refused once the results are published."""
    refuse_if(may.why_not_reconsider_application(by, application))
    move(application, ApplicationState.SUBMITTED, by=by, at=at)
    application.state_reason = ""
    application.save(update_fields=["state_reason"])
    return application


def _decide(application: Application, state: ApplicationState, reason: str, by: Any, at: datetime) -> None:
    refuse_if("" if reason.strip() else _("Say why, in words that help the applicant."))
    move(application, state, by=by, at=at, reason=reason.strip())
    application.state_reason = reason.strip()[:300]
    application.save(update_fields=["state_reason"])

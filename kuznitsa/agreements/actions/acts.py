"""Acts: what was done towards an obligation, submitted by one party and accepted by the other."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.agreements import notifications, permissions
from kuznitsa.agreements.enums import ActState
from kuznitsa.agreements.models import Act, Obligation
from kuznitsa.agreements.queries.fulfilments import KOPECKS
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.uploads import validate_upload
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record, reverse_source
from kuznitsa.facts.enums import Unit

PAPERS = ("pdf", "image")


@transaction.atomic
def submit_act(
    *,
    obligation: Obligation,
    on: date,
    quantity: int,
    description: str,
    by: Any,
    at: datetime,
    scan: File | None = None,
) -> Act:
    """Submit an act that so much was done on a day (money in roubles); the other party is asked to accept it.

    Refused when the user may not, the obligation is counted by itself, the agreement is not in force, the day lies
    in the future or before the agreement began, or the paper is neither a PDF nor a picture.
    Effects: the act, an audit entry, letters to the other party.
    """
    refuse_if(permissions.why_not_submit_act(by, obligation))
    act = Act(obligation=obligation, submitted_by=by, submitted_at=at)
    _fill(act, on, quantity, description, scan, at)
    save_or_refuse(act)
    audit("agreements.act.submitted", act, by=by, at=at)
    transaction.on_commit(partial(notifications.act_submitted, act.pk))
    return act


@transaction.atomic
def resubmit_act(
    *, act: Act, on: date, quantity: int, description: str, by: Any, at: datetime, scan: File | None = None
) -> None:
    """Mend a returned act and submit it again. Refused as `submit_act` is, and when it was not returned."""
    refuse_if(permissions.why_not_resubmit_act(by, act))
    _fill(act, on, quantity, description, scan, at)
    act.submitted_by, act.submitted_at, act.return_reason = by, at, ""
    save_or_refuse(act)
    move(act, ActState.SUBMITTED, by=by, at=at)
    transaction.on_commit(partial(notifications.act_submitted, act.pk))


@transaction.atomic
def accept_act(*, act: Act, by: Any, at: datetime) -> None:
    """Accept an act: what was done is a fact now. Refused when the user may not, or it does not wait for it.

    Effects: the fact of the obligation's kind on the day of the act, an audit entry.
    """
    refuse_if(permissions.why_not_accept_act(by, act))
    move(act, ActState.ACCEPTED, by=by, at=at)
    obligation = act.obligation
    record(
        kind=obligation.fact_kind,
        on=act.on,
        quantity=act.quantity * (KOPECKS if obligation.unit == Unit.ROUBLES else 1),
        organisation=obligation.owner,
        counterpart=obligation.beneficiary,
        thread=obligation.thread,
        cluster=obligation.agreement.cluster,
        source=act,
        by=by,
        at=at,
    )


@transaction.atomic
def return_act(*, act: Act, reason: str, by: Any, at: datetime) -> None:
    """Return an act, an accepted one too. Refused when the user may not, or no reason is given.

    Effects: the fact of an accepted act is reversed, an audit entry, letters to the party that submitted it.
    """
    refuse_if(permissions.why_not_return_act(by, act))
    reason = reason.strip()[:300]
    refuse_if("" if reason else _("Say why the act is returned."))
    was_accepted = act.state == ActState.ACCEPTED
    act.return_reason = reason
    act.save(update_fields=["return_reason"])
    move(act, ActState.RETURNED, by=by, at=at, reason=reason)
    if was_accepted:
        reverse_source(source=act, on=timezone.localdate(at), reason=reason, by=by, at=at)
    transaction.on_commit(partial(notifications.act_returned, act.pk))


def _fill(act: Act, on: date, quantity: int, description: str, scan: File | None, at: datetime) -> None:
    agreement = act.obligation.agreement
    if on > timezone.localdate(at):
        raise Refused(_("An act is about what has been done already: the day has not come yet."))
    if on < min(agreement.starts_on, agreement.in_force_on or agreement.starts_on):
        raise Refused(_("This was done before the agreement began."))
    if scan is not None:
        try:
            validate_upload(scan, PAPERS)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        act.scan = scan
    act.on, act.quantity, act.description = on, quantity, description.strip()

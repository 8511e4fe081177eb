"""How agreements end, and the ways back."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.agreements import notifications, permissions
from kuznitsa.agreements.actions.drafting import UNSIGNED
from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.models import Agreement
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move


@transaction.atomic
def withdraw(*, agreement: Agreement, reason: str, by: Any, at: datetime) -> None:
    """Withdraw an agreement before it is in force. Refused when the user may not, or no reason is given.

    Effects: signatures given so far are cleared, an audit entry, letters to the parties.
    """
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_withdraw(by, agreement))
    agreement.parties.update(**UNSIGNED)
    agreement.text_hash = ""
    agreement.save(update_fields=["text_hash"])
    _end(agreement, AgreementState.WITHDRAWN, reason, by, at)


@transaction.atomic
def reopen(*, agreement: Agreement, reason: str, by: Any, at: datetime) -> None:
    """Take a withdrawn agreement up again as a draft. Refused when the user may not, or no reason is given."""
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_reopen(by, agreement))
    refuse_if("" if reason.strip() else _("Say why."))
    agreement.ending_reason = ""
    agreement.save(update_fields=["ending_reason"])
    move(agreement, AgreementState.DRAFT, by=by, at=at, reason=reason)


@transaction.atomic
def terminate(*, agreement: Agreement, reason: str, by: Any, at: datetime) -> None:
    """Record that an agreement in force has been terminated. Refused when the user may not, or without a reason.

    What was promised and what has happened stay in the ledger; what was not kept binds no longer.
    Effects: an audit entry, letters to the parties.
    """
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_terminate(by, agreement))
    _end(agreement, AgreementState.TERMINATED, reason, by, at)


@transaction.atomic
def expire(*, agreement: Agreement, by: Any, at: datetime) -> None:
    """End an agreement in force whose last day has passed. Refused before that day. Effects as of `terminate`."""
    agreement = Agreement.objects.locked(agreement.pk)
    if agreement.ends_on is None or agreement.ends_on >= timezone.localdate(at):
        raise Refused(_("The agreement has not come to its last day yet."))
    move(agreement, AgreementState.EXPIRED, by=by, at=at)
    transaction.on_commit(partial(notifications.ended, agreement.pk))


@transaction.atomic
def prolong(*, agreement: Agreement, ends_on: date, reason: str, by: Any, at: datetime) -> None:
    """Put an expired agreement back in force until `ends_on`; `reason` names the additional agreement.

    Refused when the user may not, it has not expired, the day has passed, or no reason is given.
    """
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_prolong(by, agreement))
    refuse_if("" if reason.strip() else _("Name the paper by which the agreement is prolonged."))
    if ends_on < timezone.localdate(at):
        raise Refused(_("The new last day has passed already."))
    agreement.ends_on = ends_on
    agreement.save(update_fields=["ends_on"])
    move(agreement, AgreementState.IN_FORCE, by=by, at=at, reason=reason)


def _end(agreement: Agreement, to: AgreementState, reason: str, by: Any, at: datetime) -> None:
    reason = reason.strip()[:300]
    refuse_if("" if reason else _("Say why."))
    agreement.ending_reason = reason
    agreement.save(update_fields=["ending_reason"])
    move(agreement, to, by=by, at=at, reason=reason)
    transaction.on_commit(partial(notifications.ended, agreement.pk))

"""Waiving an obligation, and taking the waiver back."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.agreements import notifications, permissions
from kuznitsa.agreements.enums import ObligationState
from kuznitsa.agreements.models import Obligation
from kuznitsa.base.refusal import refuse_if
from kuznitsa.base.workflow import move


@transaction.atomic
def waive(*, obligation: Obligation, reason: str, by: Any, at: datetime) -> None:
    """The party to whom it is owed asks for it no longer. Refused when the user may not, or no reason is given.

    Effects: an audit entry, a letter to the party that owed.
    """
    refuse_if(permissions.why_not_waive(by, obligation))
    reason = reason.strip()[:300]
    refuse_if("" if reason else _("Say why the obligation is waived."))
    obligation.waiver_reason = reason
    obligation.save(update_fields=["waiver_reason"])
    move(obligation, ObligationState.WAIVED, by=by, at=at, reason=reason)
    transaction.on_commit(partial(notifications.waived, obligation.pk))


@transaction.atomic
def restore(*, obligation: Obligation, reason: str, by: Any, at: datetime) -> None:
    """Take a waiver back: the obligation binds again. Refused when the user may not, or no reason is given."""
    refuse_if(permissions.why_not_restore(by, obligation))
    refuse_if("" if reason.strip() else _("Say why."))
    move(obligation, ObligationState.ACTIVE, by=by, at=at, reason=reason)
    obligation.waiver_reason = ""
    obligation.save(update_fields=["waiver_reason"])

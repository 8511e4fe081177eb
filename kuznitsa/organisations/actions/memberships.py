"""Roles of members: given, ended, given back."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.organisations import notifications, permissions
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Membership, Organisation


@transaction.atomic
def give_role(*, organisation: Organisation, user: User, role: str, by: Any, at: datetime) -> Membership:
    """Let `user` hold `role` in `organisation` from now on.

    Refuses who does not keep the organisation, a role its kind does not know, and one the user holds already.
    Writes the audit entry.
    """
    refuse_if(permissions.why_not_give(by, organisation, role) if by else "")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(organisation=organisation, user=user, role=role, started_at=at)
    except IntegrityError as twice:
        raise Refused(_("This person already has this role here.")) from twice
    audit("organisations.membership.given", membership, by=by, at=at, role=str(role))
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, reason: str = "", by: Any, at: datetime) -> None:
    """End a role; the user gets a letter, unless they ended it themselves.

    Refuses who does not keep the organisation (a role of one's own aside), a role that has ended, and the last
    administrator's. Writes the audit entry. The way back is `resume_membership`.
    """
    refuse_if(permissions.why_not_end(by, membership))
    if not Membership.objects.current().filter(pk=membership.pk).update(ended_at=at):
        raise Refused(_("This role has ended already."))
    membership.ended_at = at
    audit("organisations.membership.ended", membership, by=by, at=at, reason=reason)
    if by.pk != membership.user_id:
        transaction.on_commit(partial(notifications.send_role_ended, membership.pk, reason))


@transaction.atomic
def resume_membership(*, membership: Membership, reason: str = "", by: Any, at: datetime) -> Membership:
    """Give back a role that was ended: a new row, so that the time between stays on record.

    Refuses who does not keep the organisation and a role that has not ended or is held again. Writes the audit entry.
    """
    refuse_if(permissions.why_not_resume(by, membership))
    again = give_role(
        organisation=membership.organisation, user=membership.user, role=Role(membership.role), by=by, at=at
    )
    audit("organisations.membership.resumed", again, by=by, at=at, reason=reason)
    return again

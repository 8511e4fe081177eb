"""Invitations by letter into an organisation with a role."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.accounts.actions import create_account
from kuznitsa.accounts.models import User, hash_of
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.organisations import notifications, permissions
from kuznitsa.organisations.models import Invitation, Membership, Organisation

INVITATION_LIVES = timedelta(days=14)
BETWEEN_LETTERS = timedelta(minutes=1)


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: str, full_name: str = "", by: Any, at: datetime
) -> Invitation:
    """Send a letter that invites its reader into `organisation` with `role`; the link works for 14 days.

    Refuses who does not keep the organisation, a role its kind does not know, somebody who has the role, and a
    second invitation while one waits. Writes the audit entry.
    """
    email = email.strip().lower()
    refuse_if(permissions.why_not_give(by, organisation, role) if by else "")
    held = organisation.memberships.current().filter(user__email__iexact=email, role=role)
    if held.exists():
        raise Refused(_("This person already has this role here."))
    if organisation.invitations.waiting().filter(email__iexact=email, role=role).exists():
        raise Refused(_("This person is invited already. The letter can be sent again from the list below."))
    invitation = Invitation(
        organisation=organisation, email=email, full_name=full_name, role=role, invited_by=by, invited_at=at
    )
    _post(invitation, at)
    audit("organisations.invitation.sent", invitation, by=by, at=at, email=email)
    return invitation


@transaction.atomic
def send_invitation_again(*, invitation: Invitation, by: Any, at: datetime) -> None:
    """Send a fresh link to the same address; the link sent before no longer works.

    `by` is a keeper, or a visitor with the old link. Refuses an invitation that was accepted or withdrawn, and
    a second letter within a minute. Writes the audit entry.
    """
    refuse_if(permissions.why_not_send_again(by, invitation))
    if at - invitation.invited_at < BETWEEN_LETTERS:
        raise Refused(_("A letter has been sent a moment ago. Look into the mail, or try again in a minute."))
    invitation.invited_at = at
    _post(invitation, at)
    sender = by if by.is_authenticated else None
    audit("organisations.invitation.sent_again", invitation, by=sender, at=at)


def _post(invitation: Invitation, at: datetime) -> None:
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash = hash_of(secret)
    invitation.expires_at = at + INVITATION_LIVES
    invitation.save()
    transaction.on_commit(partial(notifications.send_invitation, invitation.pk, secret))


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Any, at: datetime) -> None:
    """Withdraw an invitation; its link says so from now on. The way back is to invite anew.

    Refuses who does not keep the organisation, and an invitation that does not wait. Writes the audit entry.
    """
    refuse_if(permissions.why_not_withdraw(by, invitation))
    if not Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=at):
        raise Refused(_("This invitation has been accepted already."))
    invitation.withdrawn_at = at
    audit("organisations.invitation.withdrawn", invitation, by=by, at=at)


@transaction.atomic
def accept_invitation(
    *,
    invitation: Invitation,
    full_name: str = "",
    language: str = "ru",
    password: str | None = None,
    by: Any = None,
    at: datetime,
) -> User:
    """Give the invited their role and return their account; one is made when the address has none.

    `by` is who is signed in, if anybody: an address that has an account accepts only signed in. Refuses an
    invitation that was accepted or withdrawn or has expired, and a weak password. Writes the audit entry.
    """
    refuse_if(permissions.why_not_accept(by, invitation, at))
    user = by if by is not None and by.is_authenticated else _account(invitation, full_name, language, password, at)
    if not Invitation.objects.waiting().filter(pk=invitation.pk).update(accepted_at=at):
        raise Refused(_("This invitation has been accepted already."))
    invitation.accepted_at = at
    Membership.objects.get_or_create(
        organisation=invitation.organisation,
        user=user,
        role=invitation.role,
        ended_at=None,
        defaults={"started_at": at},
    )
    audit("organisations.invitation.accepted", invitation, by=user, at=at)
    return user


def _account(invitation: Invitation, full_name: str, language: str, password: str | None, at: datetime) -> User:
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused(_("You have an account already. Sign in, and accept the invitation then."))
    return create_account(
        email=invitation.email,
        full_name=full_name or invitation.full_name,
        language=language,
        password=password,
        by=None,
        at=at,
    )

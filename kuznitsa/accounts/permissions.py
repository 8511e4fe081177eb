"""Who may use a link and change an account."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.accounts.models import SignInLink, User


def why_not_use(user: Any, link: SignInLink, at: datetime) -> str:
    """A link signs in once, until it expires; whoever holds it may use it.

    A newcomer's address may have got an account since the letter: then that account counts.
    """
    if link.used_at:
        return _("This link has been used already: a link signs in once.")
    if link.expires_at < at:
        return _("This link is too old: a link works for one hour.")
    user = link.user or User.objects.filter(email__iexact=link.email).first()
    if user is not None and not user.is_active:
        return _("This account has been closed. Write to whoever invited you.")
    return ""


def why_not_change(user: User, account: User) -> str:
    """Everybody changes their own account."""
    return "" if user.pk == account.pk else _("Only the owner of an account may change it.")

"""Accounts: making them, signing in by a mailed link, names, languages and passwords."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kuznitsa.accounts import notifications, permissions
from kuznitsa.accounts.models import SignInLink, User, hash_of
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if

LINK_LIVES = timedelta(hours=1)
# So many letters with a link go to one address within the life of a link; more requests are answered alike, in silence.
LETTERS_AT_MOST = 5
# An old link can still offer a fresh one for so long.
LINKS_KEPT = timedelta(days=30)


@transaction.atomic
def create_account(
    *, email: str, full_name: str, language: str = "ru", password: str | None = None, by: User | None, at: datetime
) -> User:
    """Make an account; without a password its owner signs in by mailed links.

    Refuses a taken address and a weak password. Writes the audit entry.
    """
    user = User(email=email.strip().lower(), full_name=full_name)
    if User.objects.filter(email__iexact=user.email).exists():
        raise Refused(_("This address is taken."))
    if password:
        _check_strength(password, user)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                user.email, password, full_name=full_name, language=language, date_joined=at
            )
    except IntegrityError as taken:
        raise Refused(_("This address is taken.")) from taken
    audit("accounts.user.created", user, by=by or user, at=at)
    return user


@transaction.atomic
def request_link(*, email: str, next_url: str = "", by: Any = None, at: datetime) -> bool:
    """Send a link that signs in the owner of `email` once, within the hour; return whether a letter leaves.

    An unknown address, a closed account and too many requests are passed over in silence, so that nobody
    learns who has an account. `next_url` must have been checked to lead to this site.
    """
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None or _has_had_enough(user.sign_in_links, at):
        return False
    _send_link(next_url, at, user=user)
    return True


@transaction.atomic
def request_account(*, email: str, language: str, next_url: str = "", by: Any = None, at: datetime) -> None:
    """Send a newcomer a link whose use makes an account for `email` and signs in; who has one gets a link to sign in.

    Too many requests and a closed account are passed over in silence, so that nobody learns who has an account.
    `next_url` must have been checked to lead to this site.
    """
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        request_link(email=email, next_url=next_url, by=by, at=at)
    elif not _has_had_enough(SignInLink.objects.filter(email=email), at):
        _send_link(next_url, at, email=email, language=language)


@transaction.atomic
def renew_link(*, link: SignInLink, by: Any = None, at: datetime) -> None:
    """Send a fresh link like `link` to the same address. Passes over in silence what the first request would."""
    if link.user is not None:
        request_link(email=link.user.email, next_url=link.next_url, by=by, at=at)
    else:
        request_account(email=link.email, language=link.language, next_url=link.next_url, by=by, at=at)


def _send_link(next_url: str, at: datetime, **to: Any) -> None:
    secret = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        secret_hash=hash_of(secret), next_url=next_url[:500], created_at=at, expires_at=at + LINK_LIVES, **to
    )
    transaction.on_commit(partial(notifications.send_link, link.pk, secret))


def _has_had_enough(links: Any, at: datetime) -> bool:
    """Whether so many of `links`, all to one address, were sent within the hour that no more are."""
    return links.filter(created_at__gt=at - LINK_LIVES).count() >= LETTERS_AT_MOST


@transaction.atomic
def use_link(*, link: SignInLink, by: Any = None, at: datetime) -> User:
    """Spend `link` and return the user to be signed in; a newcomer's link first makes the account.

    Refuses a link that was used, has expired, or whose account is closed; of two people who press at once
    the second is refused. Writes the audit entry.
    """
    refuse_if(permissions.why_not_use(by, link, at))
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        link.refresh_from_db()
        refuse_if(permissions.why_not_use(by, link, at))
    user = link.user or _newcomer(link, at)
    audit("accounts.user.signed_in_by_link", user, by=user, at=at)
    return user


def _newcomer(link: SignInLink, at: datetime) -> User:
    """Return the account of the link's address, made now unless another letter has made it already.

    It has no name yet: that is asked for by whatever its owner begins.
    """
    user = User.objects.filter(email__iexact=link.email).first()
    if user is None:
        user = create_account(email=link.email, full_name="", language=link.language, by=None, at=at)
    # Letters asked for before count as the account's own: for the limit, and to be spent by a new password.
    SignInLink.objects.filter(email=link.email, user=None).update(user=user)
    return user


@transaction.atomic
def change_profile(*, user: User, full_name: str, language: str, by: User, at: datetime) -> None:
    """Change the name and language of an account. Refuses to do so for somebody else."""
    refuse_if(permissions.why_not_change(by, user))
    was = {"full_name": user.full_name, "language": user.language}
    user.full_name, user.language = full_name, language
    user.save(update_fields=["full_name", "language", "search"])
    audit("accounts.user.changed", user, by=by, at=at, was=was)


@transaction.atomic
def set_password(*, user: User, password: str, by: User, at: datetime) -> None:
    """Give an account a new password and send its owner a letter about it.

    Refuses to do so for somebody else, and a weak password. Links that wait in the mail are spent.
    """
    refuse_if(permissions.why_not_change(by, user))
    _check_strength(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    SignInLink.objects.filter(Q(user=user) | Q(email=user.email), used_at=None).update(used_at=at)
    audit("accounts.user.password_set", user, by=by, at=at)
    transaction.on_commit(partial(notifications.send_password_set, user.pk))


@transaction.atomic
def tidy(*, by: Any, at: datetime) -> None:
    """Delete links that expired more than 30 days ago, and sessions that have ended. Refuses nothing."""
    SignInLink.objects.filter(expires_at__lt=at - LINKS_KEPT).delete()
    Session.objects.filter(expire_date__lt=at).delete()


def _check_strength(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused(" ".join(weak.messages)) from weak

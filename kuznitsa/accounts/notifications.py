"""Letters about signing in."""

from django.conf import settings
from django.urls import reverse

from kuznitsa.accounts.models import SignInLink, User
from kuznitsa.base.mail import Letter, send


def send_link(link: int, secret: str) -> None:
    """To the owner of an account the link that signs them in; to a newcomer the one that makes the account."""
    row = SignInLink.objects.select_related("user").get(pk=link)
    context = {"url": settings.SITE_URL + reverse("accounts:link", args=[secret])}
    if row.user is not None:
        letter = Letter(to=row.user, template="accounts/letters/link", context=context, about=row.user)
    else:
        letter = Letter(to=row.email, template="accounts/letters/account", context=context, language=row.language)
    send(letter, at=row.created_at)


def send_password_set(user: int) -> None:
    """To the owner of an account: its password is a new one; in case it was somebody else who set it."""
    row = User.objects.get(pk=user)
    url = settings.SITE_URL + reverse("accounts:link-request")
    send(Letter(to=row, template="accounts/letters/password_set", context={"url": url}, about=row))

"""Letters about signing in."""

from django.conf import settings
from django.urls import reverse

from kuznitsa.accounts.models import SignInLink, User
from kuznitsa.base.mail import Letter, send


def send_link(link: int, secret: str) -> None:
    """To the owner of an account: the link that signs them in."""
    row = SignInLink.objects.select_related("user").get(pk=link)
    url = settings.SITE_URL + reverse("accounts:link", args=[secret])
    send(Letter(to=row.user, template="accounts/letters/link", context={"url": url}, about=row.user), at=row.created_at)


def send_password_set(user: int) -> None:
    """To the owner of an account: its password is a new one; in case it was somebody else who set it."""
    row = User.objects.get(pk=user)
    url = settings.SITE_URL + reverse("accounts:link-request")
    send(Letter(to=row, template="accounts/letters/password_set", context={"url": url}, about=row))

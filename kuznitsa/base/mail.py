"""Letters. An app's `notifications.py` says to whom and when; here a letter is written, remembered and sent.

A template is a text file: its first line is the subject, then an empty line, then the letter. It is written in
the recipient's language. A subject is seen on a locked phone and by every mail server on the way: no names of
minors in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import timezone, translation

from kuznitsa.base.jobs import enqueue, job
from kuznitsa.base.models import SentLetter
from kuznitsa.base.text import clean


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter to be written.

    `to` is a user (has `email`, and `language` if it is known) or an address; `template` is named
    `app/letters/name` without extension; `about` is the object that the letter is about; `private` are words
    (the name of a minor) that must not stand in the subject.
    """

    to: Any
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    about: Model | None = None
    private: tuple[str, ...] = ()


class PrivateSubject(ValueError):
    """The subject of a letter names somebody whom it must not name."""


# Among so many latest letters those that could not be sent are counted: a bounded read of a table that only grows.
LATEST = 1_000


def unsent() -> int:
    """Return how many of the latest letters could not be sent."""
    latest = SentLetter.objects.order_by("-pk").values_list("status", flat=True)[:LATEST]
    return list(latest).count(SentLetter.Status.FAILED)


def send(letter: Letter, *, at: datetime | None = None) -> SentLetter | None:
    """Write `letter` now and have it sent by a job after the current transaction.

    Returns the remembered letter; None when the recipient has no address or may no longer sign in.
    Raises `PrivateSubject`.
    """
    address = letter.to if isinstance(letter.to, str) else letter.to.email
    if not address or not getattr(letter.to, "is_active", True):
        return None
    language = letter.language or getattr(letter.to, "language", "") or settings.LANGUAGE_CODE
    subject, body, html = _write(letter, language)
    row = SentLetter.objects.create(
        to=address,
        user_id=None if isinstance(letter.to, str) else letter.to.pk,
        subject=subject[:200],
        template=letter.template,
        language=language,
        about_type=letter.about._meta.label_lower if letter.about else "",
        about_id=str(letter.about.pk) if letter.about else "",
        at=at or timezone.now(),
        body=body,
        html=html,
    )
    enqueue("base.send_letter", letter=row.pk)
    return row


def _write(letter: Letter, language: str) -> tuple[str, str, str]:
    """Return subject, plain text and HTML of `letter`."""
    context = {"site_url": settings.SITE_URL, "recipient": letter.to, **letter.context}
    with translation.override(language):
        # Plain text: an apostrophe stays an apostrophe.
        template = Engine.get_default().get_template(f"{letter.template}.txt")
        text = template.render(Context(context, autoescape=False))
        subject, _, body = text.strip().partition("\n")
        subject, body = clean(subject), body.strip() + "\n"
        html = render_to_string("base/letters/frame.html", {"subject": subject, "body": body, "language": language})
    for word in letter.private:
        if word and word.casefold() in subject.casefold():
            raise PrivateSubject(letter.template)
    return subject, body, html


@job("base.send_letter")
def send_letter(letter: int) -> None:
    """Send a remembered letter; its text is forgotten when it has left, because it may hold a link to sign in."""
    row = SentLetter.objects.get(pk=letter)
    if row.status == SentLetter.Status.SENT:
        return
    message = EmailMultiAlternatives(row.subject, row.body, to=[row.to])
    message.attach_alternative(row.html, "text/html")
    try:
        message.send()
    except Exception:
        SentLetter.objects.filter(pk=letter).update(status=SentLetter.Status.FAILED)
        raise
    SentLetter.objects.filter(pk=letter).update(status=SentLetter.Status.SENT, body="", html="")

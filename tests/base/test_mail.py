from dataclasses import dataclass

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from kuznitsa.base import jobs
from kuznitsa.base.mail import Letter, PrivateSubject, send, send_letter
from kuznitsa.base.models import JobProgress, SentLetter


@dataclass
class Recipient:
    email: str = "anna@example.org"
    pk: int = 5
    language: str = "ru"
    is_active: bool = True


class BrokenBackend(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionError("the mail server does not answer")


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    (tmp_path / "offer.txt").write_text(
        '{% load i18n %}{% get_current_language as language %}Place in "{{ college }}" ({{ language }})\n'
        "\n"
        "Good day, {{ name }}!\n\nAnswer here: {{ site_url }}/offers/1/\n"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    settings.JOBS_INLINE = True
    settings.SITE_URL = "https://forge.example"


def letter(**changes):
    return Letter(**{"to": Recipient(), "template": "offer", "context": {"college": "Forge", "name": "Ann"}, **changes})


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_written_in_the_recipients_language_and_remembered():
    about = JobProgress.objects.create(key="offer:1")

    row = send(letter(about=about))

    [message] = outbox.outbox
    assert message.subject == 'Place in "Forge" (ru)'
    assert message.body == "Good day, Ann!\n\nAnswer here: https://forge.example/offers/1/\n"
    assert 'href="https://forge.example/offers/1/"' in message.alternatives[0][0]
    assert message.to == ["anna@example.org"]
    row.refresh_from_db()
    assert (row.status, row.user_id, row.body, row.html) == ("sent", 5, "", "")
    assert SentLetter.objects.about(about).get() == row
    assert SentLetter.objects.sent_to(Recipient()).get() == row


@pytest.mark.django_db(transaction=True)
def test_markup_in_names_is_text():
    send(letter(to="ann@example.org", language="en", context={"college": "Forge", "name": "O'Neil <b>"}))

    [message] = outbox.outbox
    assert "O'Neil <b>" in message.body
    assert "<b>" not in message.alternatives[0][0]
    assert "(en)" in message.subject


@pytest.mark.django_db
@pytest.mark.parametrize("recipient", [Recipient(email=""), Recipient(is_active=False), ""])
def test_who_cannot_be_reached_gets_no_letter(recipient):
    assert send(letter(to=recipient)) is None
    assert not SentLetter.objects.exists()


@pytest.mark.django_db
def test_the_name_of_a_minor_in_the_subject_is_an_error():
    with pytest.raises(PrivateSubject):
        send(letter(context={"college": "ИВАНОВА Анна", "name": ""}, private=("Иванова",)))


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_could_not_be_sent_is_marked_and_sent_by_the_next_attempt(settings):
    settings.JOBS_INLINE = False
    row = send(letter())
    backend = settings.EMAIL_BACKEND

    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    with pytest.raises(ConnectionError):
        jobs.run("base.send_letter", {"letter": row.pk})
    row.refresh_from_db()
    assert row.status == "failed"

    settings.EMAIL_BACKEND = backend
    send_letter(row.pk)
    send_letter(row.pk)
    assert len(outbox.outbox) == 1

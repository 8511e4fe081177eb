"""What the page of a person shows, and what waits for guardians."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.base.duties import Duty
from kuznitsa.base.memo import per_request
from kuznitsa.people import permissions
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Consent, ConsentText, Guardianship, Person


@dataclass(frozen=True)
class ConsentLine:
    """A purpose, the text to which one consents, and the consent in force, if there is one."""

    purpose: ConsentPurpose
    text: ConsentText | None
    consent: Consent | None
    why_not_give: str
    why_not_withdraw: str


def consent_lines(person: Person, user: Any, today: date) -> list[ConsentLine]:
    """Return one line a purpose, in the order of the purposes."""
    given = {
        consent.purpose: consent
        for consent in person.consents.in_force().select_related("person", "given_by", "text", "operator")
    }
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.filter(valid_from__lte=today).order_by("valid_from", "version"):
        newest[text.purpose] = text
    why_not = permissions.why_not_consent(user, person, today)
    return [
        ConsentLine(
            purpose=purpose,
            text=given[purpose].text if purpose in given else newest.get(purpose),
            consent=given.get(purpose),
            why_not_give=why_not,
            why_not_withdraw=permissions.why_not_withdraw(user, given[purpose]) if purpose in given else "",
        )
        for purpose in ConsentPurpose
    ]


def guardians_of(person: Person) -> list[Guardianship]:
    return list(person.guardianships.current().select_related("guardian", "child").order_by("started_on", "pk"))


def wards_of(user: Any) -> list[Person]:
    """Return the children whose guardian `user` is."""
    rows = (
        Guardianship.objects.current().filter(guardian__user=user.pk).select_related("child").order_by("child__search")
    )
    return [row.child for row in rows]


@per_request
def family_of(user: Any) -> tuple[int, ...]:
    """Return the ids of the person that `user` is and of their wards. One query a request: most users are nobody's."""
    return tuple(Person.objects.own_and_wards(user).values_list("pk", flat=True))


def names_of(persons: Iterable[Person], shown: int = 3) -> str:
    """Return the first few of `persons` by their short names, with an ellipsis when there are more."""
    names = [person.short_name for person in persons]
    return ", ".join(names[:shown]) + ("…" if len(names) > shown else "")


def giver_for(user: Any, person: Person, today: date) -> Person | None:
    """Return in whose name a consent is given: the person, the guardian, or for an office the first guardian."""
    if not permissions.is_minor(person, today):
        return person
    guardians = person.guardianships.current().select_related("guardian").order_by("started_on", "pk")
    own = guardians.filter(guardian__user=user.pk).first()
    found = own or guardians.first()
    return found.guardian if found else None


def duties(user: Any, today: date) -> list[Duty]:
    """A guardian is asked for the consent without which the college may not work with the child's data."""
    if not family_of(user):
        return []
    wards = wards_of(user)
    consented = set(
        Consent.objects.in_force()
        .filter(person__in=wards, purpose=ConsentPurpose.PROCESSING)
        .values_list("person", flat=True)
    )
    return [
        Duty(
            title=_("Decide on the consents for your child"),
            about=ward.full_name,
            url=reverse("people:consents", args=[ward.pk]),
        )
        for ward in wards
        if ward.pk not in consented and permissions.is_minor(ward, today)
    ]

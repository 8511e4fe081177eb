"""What the page of a person shows, and what waits for guardians."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.base.duties import Duty
from kuznitsa.base.text import searchable
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people import permissions
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Affiliation, Consent, ConsentText, Guardianship, Person, decided_by

# Whose home page asks for the documents of guardians; other offices may confirm, too.
VOUCHING = (Role.ADMISSIONS, Role.CAREERS_LEAD, Role.CURATOR)


@dataclass(frozen=True)
class ConsentLine:
    """A purpose, the text to which one consents, and the consent in force, if there is one.

    `shows_paper` says whether the user may read its paper, `follows` what a withdrawal brings with it.
    """

    purpose: ConsentPurpose
    text: ConsentText | None
    consent: Consent | None
    follows: str
    shows_paper: bool
    why_not_give: str
    why_not_withdraw: str


def consent_lines(person: Person, user: Any, today: date) -> list[ConsentLine]:
    """Return one line a purpose, in the order of the purposes."""
    given = {
        consent.purpose: consent
        for consent in person.consents.in_force().select_related(
            "person", "given_by", "text", "operator", "recorded_by"
        )
    }
    papers = set(Consent.objects.papers_visible_to(user).filter(person=person).values_list("pk", flat=True))
    newest = consent_texts(ConsentPurpose, today)
    why_not = permissions.why_not_consent(user, person, today)
    if not why_not and permissions.is_minor(person, today):
        why_not = permissions.why_no_guardian(person)
    return [
        ConsentLine(
            purpose=purpose,
            text=given[purpose].text if purpose in given else newest.get(purpose),
            consent=given.get(purpose),
            follows=follows_withdrawal(purpose),
            shows_paper=purpose in given and given[purpose].pk in papers,
            why_not_give=why_not,
            why_not_withdraw=permissions.why_not_withdraw(user, given[purpose]) if purpose in given else "",
        )
        for purpose in ConsentPurpose
    ]


def consent_texts(purposes: Iterable[ConsentPurpose], day: date) -> dict[str, ConsentText]:
    """Return the texts in force on that day by their purposes; a purpose may have none."""
    newest_last = ConsentText.objects.filter(purpose__in=purposes, valid_from__lte=day).order_by(
        "valid_from", "version"
    )
    return {text.purpose: text for text in newest_last}


def namesakes(user: Any, details: dict[str, Any]) -> list[Person]:
    """Return the persons whom the user may see with the family name, given name and date of birth of `details`."""
    if not details.get("born_on"):
        return []
    name = searchable(f"{details['family_name']} {details['given_name']}")
    rows = Person.objects.visible_to(user).filter(born_on=details["born_on"], search__startswith=name)
    return [row for row in rows.order_by("pk") if f"{row.search} ".startswith(f"{name} ")]


@dataclass(frozen=True)
class GuardianLine:
    """A guardian on record, and what the user may do with the guardianship."""

    guardianship: Guardianship
    why_not_confirm: str
    why_not_end: str


def guardian_lines(person: Person, user: Any) -> list[GuardianLine]:
    """Return the guardians on record, confirmed or only stated, the first one first."""
    rows = person.guardianships.current().select_related("guardian__user", "child", "stated_by", "confirmed_by")
    return [
        GuardianLine(
            guardianship=row,
            why_not_confirm=permissions.why_not_confirm_guardianship(user, row),
            why_not_end=permissions.why_not_end_guardianship(user, row),
        )
        for row in rows.order_by("started_on", "pk")
    ]


def guardians_who_decide(person: Person) -> list[Person]:
    """Return the confirmed guardians, the first one first."""
    rows = person.guardianships.in_force().select_related("guardian").order_by("started_on", "pk")
    return [row.guardian for row in rows]


def wards_of(user: Any) -> list[Person]:
    """Return the children whose confirmed guardian `user` is."""
    rows = (
        Guardianship.objects.in_force().filter(guardian__user=user.pk).select_related("child").order_by("child__search")
    )
    return [row.child for row in rows]


def awaited_wards(user: Any) -> list[Guardianship]:
    """Return the guardianships of the user that no office has confirmed yet.

    Of the child no more than the given name may be shown: the user may be a stranger to them.
    """
    rows = Guardianship.objects.awaiting().filter(guardian__user=user.pk)
    return list(rows.select_related("child", "guardian").order_by("pk"))


def withdrawn_consents(person: Person) -> Any:
    """Return the consents that were withdrawn, the last one first."""
    return person.consents.exclude(withdrawn_at=None).select_related("given_by", "text").order_by("-withdrawn_at")


def follows_withdrawal(purpose: ConsentPurpose) -> str:
    """Return what the withdrawal of a consent brings with it, to be read beforehand."""
    out = _(
        "The applications take part no more: no seat is offered to you any more, the enterprises stop seeing your "
        "data, and the college decides with you what becomes of an application or a seat that you have. If you "
        "consent anew, all goes on: after results without you, as a late application. A contract that all have "
        "signed stays in force, and its parties see it."
    )
    texts = {
        ConsentPurpose.PROCESSING: out,
        ConsentPurpose.EMPLOYER: out,
        ConsentPurpose.TARGET_CONTRACT: out,
        ConsentPurpose.PRACTICE: _(
            "No new practice begins while the person is under age. One that has begun is agreed upon with the college."
        ),
        ConsentPurpose.IMAGE: _(
            "New photographs and video are not published. Ask the college to take down those that are."
        ),
    }
    return texts[purpose]


def givers_of(person: Person, today: date) -> list[Person]:
    """Return who may give a consent for the person: themselves, or for a minor each confirmed guardian."""
    return guardians_who_decide(person) if permissions.is_minor(person, today) else [person]


def giver_on_screen(user: Any, givers: list[Person]) -> Person | None:
    """Return which of `givers` the user is; None: the user can only record what somebody has signed on paper."""
    return next((giver for giver in givers if giver.user_id == user.pk), None)


def family_of(user: Any) -> tuple[int, ...]:
    """Return the ids of the person that `user` is and of their wards. One query a request: most users are nobody's."""
    return decided_by(user) if user.is_authenticated else ()


def names_of(persons: Iterable[Person], shown: int = 3) -> str:
    """Return the first few of `persons` by their short names, with an ellipsis when there are more."""
    names = [person.short_name for person in persons]
    return ", ".join(names[:shown]) + ("…" if len(names) > shown else "")


def duties(user: Any, today: date) -> list[Duty]:
    """Return what waits for guardians, and the guardians whose documents offices have not seen yet."""
    if not user.is_authenticated:
        return []
    return [*_of_guardian(user, today), *_of_awaited(user), *_of_offices(user)]


def _of_awaited(user: Any) -> list[Duty]:
    if not family_of(user):
        return []
    return [
        Duty(
            title=_("Show the college or school that you are the guardian"),
            about=row.child.given_name,
            url=row.guardian.get_absolute_url(),
        )
        for row in awaited_wards(user)
    ]


def _of_offices(user: Any) -> list[Duty]:
    found = []
    for organisation in standing(user).organisations(*VOUCHING):
        kept = Affiliation.objects.current().filter(organisation=organisation)
        waiting = Guardianship.objects.awaiting().filter(child__in=kept.values("person"))
        count = waiting.count()
        if count:
            found.append(_confirming(waiting, count, Organisation.objects.get(pk=organisation)))
    return found


def _confirming(waiting: Any, count: int, organisation: Organisation) -> Duty:
    first = waiting.select_related("child").order_by("pk")[0]
    return Duty(
        title=_("Confirm guardians: see their documents"),
        about=first.child.full_name if count == 1 else _("guardians named by children or families"),
        url=first.child.get_absolute_url() if count == 1 else f"{reverse('people:list')}?guardian=awaiting",
        organisation=str(organisation),
        count=count,
    )


def _of_guardian(user: Any, today: date) -> list[Duty]:
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

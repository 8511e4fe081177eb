"""Registering persons, tying them to guardians and organisations, recording and withdrawing consents."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.accounts.actions import change_profile, create_account, request_link
from kuznitsa.accounts.models import User
from kuznitsa.base.audit import audit
from kuznitsa.base.identifiers import validate_snils
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.text import clean
from kuznitsa.organisations.models import Organisation
from kuznitsa.people import permissions
from kuznitsa.people.enums import AffiliationKind, ConsentChannel, ConsentPurpose, GuardianKind
from kuznitsa.people.models import Affiliation, Consent, ConsentText, Guardianship, Person

NAMES = ("family_name", "given_name", "patronymic")
# What says who a person is, and whether they are of age.
IDENTITY = ("born_on", "snils")
DETAILS = (*NAMES, "born_on", "is_male", "email", "phone", "snils", "address", "school")


@transaction.atomic
def register_person(*, by: Any, at: datetime, affiliated_with: Organisation | None = None, **details: Any) -> Person:
    """Add a person; `details` are fields of `Person` (DETAILS and `user`).

    Refused when the user may not add persons, the family or given name is empty, the date of birth is
    impossible or the insurance number is mistyped. Effects: an audit entry; with `affiliated_with` that
    school or college may see the person.
    """
    if not (by is not None and details.get("user") == by):
        refuse_if(permissions.why_not_register(by))
    person = Person(user=details.pop("user", None))
    _assign(person, details, at)
    person.save()
    audit("people.person.registered", person, by=by, at=at)
    if person.user is not None and person.user == by and not by.full_name:
        # An account that its owner has made by a letter has no name until now.
        change_profile(user=by, full_name=person.full_name, language=by.language, by=by, at=at)
    if affiliated_with is not None:
        affiliate(
            person=person,
            organisation=affiliated_with,
            kind=AffiliationKind.PUPIL,
            on=timezone.localdate(at),
            by=by,
            at=at,
        )
    return person


@transaction.atomic
def register_child(
    *,
    by: User,
    at: datetime,
    parent: dict[str, Any] | None = None,
    kind: GuardianKind = GuardianKind.PARENT,
    document: str = "",
    **details: Any,
) -> Person:
    """Add a child whose guardian the user says they are; `details` are fields of the child.

    Anybody who has an account may: it makes a new person and opens nobody's data to them. `parent` are the fields of
    the user's own person, which is added when there is none yet. Refused as in `register_person` and `add_guardian`.
    Effects: audit entries; the user sees the child until the guardianship ends.
    """
    guardian = Person.objects.filter(user=by).first() or register_person(**(parent or {}), user=by, by=by, at=at)
    child = Person(entered_by=by)
    _assign(child, details, at)
    child.save()
    audit("people.person.registered", child, by=by, at=at)
    add_guardian(child=child, guardian=guardian, kind=kind, document=document, by=by, at=at)
    return child


@transaction.atomic
def edit_person(*, person: Person, by: Any, at: datetime, **details: Any) -> Person:
    """Change details of a person.

    Refused as in `register_person`, when it is not the user's to change, or when a date of birth or an insurance
    number that is on record would change and the user is not an office.
    """
    refuse_if(permissions.why_not_edit(by, person))
    before = {name: str(getattr(person, name) or "") for name in details}
    if any(before.get(name) and str(details[name] or "") != before[name] for name in IDENTITY):
        refuse_if(permissions.why_not_identify(by, person))
    _assign(person, details, at)
    person.save()
    changed = {name: [was, str(getattr(person, name) or "")] for name, was in before.items()}
    audit(
        "people.person.edited",
        person,
        by=by,
        at=at,
        changed=[name for name, (was, now) in changed.items() if was != now],
    )
    return person


@transaction.atomic
def open_account(*, person: Person, by: Any, at: datetime, next_url: str = "") -> User:
    """Let a person sign in: their e-mail address gets an account, unless it has one, and a link is mailed to it.

    The link leads to `next_url`, a page of this site. Refused when the person can sign in already or has no
    address, the user may change neither the person nor a child of theirs, the address is the user's own, or its
    account belongs to somebody else on record. Effects: audit entries.
    """
    refuse_if(permissions.why_not_open_account(by, person))
    user = User.objects.filter(email__iexact=person.email).first()
    if user is None:
        language = by.language if by else "ru"
        user = create_account(email=person.email, full_name=person.full_name, language=language, by=by, at=at)
    elif Person.objects.filter(user=user).exists():
        raise Refused(_("Somebody else signs in with this address: enter another one."))
    person.user = user
    person.save(update_fields=["user"])
    audit("people.person.account_opened", person, by=by, at=at)
    request_link(email=user.email, next_url=next_url, by=by, at=at)
    return user


def _assign(person: Person, details: dict[str, Any], at: datetime) -> None:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise TypeError(f"unknown details of a person: {sorted(unknown)}")
    for name, value in details.items():
        setattr(person, name, clean(value) if isinstance(value, str) else value)
    if not person.family_name or not person.given_name:
        raise Refused(_("A person needs a family name and a given name."))
    age = person.age_on(timezone.localdate(at))
    if age is not None and not 0 <= age <= 120:
        raise Refused(_("This date of birth is impossible: %(day)s.") % {"day": f"{person.born_on:%d.%m.%Y}"})
    if person.snils:
        try:
            validate_snils(person.snils)
        except ValidationError as error:
            raise Refused(error.messages[0]) from error


@transaction.atomic
def affiliate(
    *, person: Person, organisation: Organisation, kind: AffiliationKind, on: date, by: Any, at: datetime
) -> Affiliation:
    """Let an organisation see a person, and say why. Does nothing when that is so already."""
    current = Affiliation.objects.current().filter(person=person, organisation=organisation, kind=kind)
    found = current.first()
    if found is not None:
        return found
    return Affiliation.objects.create(person=person, organisation=organisation, kind=kind, started_on=on)


@transaction.atomic
def end_affiliation(
    *, person: Person, organisation: Organisation, kind: AffiliationKind, on: date, by: Any, at: datetime
) -> None:
    """End what lets an organisation see a person; what it signed it keeps."""
    Affiliation.objects.current().filter(person=person, organisation=organisation, kind=kind).update(ended_on=on)


@transaction.atomic
def add_guardian(
    *,
    child: Person,
    guardian: Person,
    by: Any,
    at: datetime,
    kind: GuardianKind = GuardianKind.PARENT,
    document: str = "",
) -> Guardianship:
    """Say who answers for a minor.

    Refused when the child is not the user's to change, the guardian is the child or is under age, or the
    guardianship is on record already.
    """
    refuse_if(permissions.why_not_edit(by, child))
    if child.pk == guardian.pk:
        raise Refused(_("Nobody is their own guardian."))
    if guardian.born_on is not None and permissions.is_minor(guardian, timezone.localdate(at)):
        raise Refused(_("A guardian is of age."))
    try:
        with transaction.atomic():
            guardianship = Guardianship.objects.create(
                child=child, guardian=guardian, kind=kind, document=clean(document), started_on=timezone.localdate(at)
            )
    except IntegrityError as error:
        raise Refused(_("This guardian is on record already.")) from error
    audit("people.guardian.added", child, by=by, at=at, guardian=guardian.pk)
    return guardianship


@transaction.atomic
def register_guardian(
    *,
    child: Person,
    by: Any,
    at: datetime,
    kind: GuardianKind = GuardianKind.PARENT,
    document: str = "",
    **details: Any,
) -> Guardianship:
    """Add a person and make them the guardian of `child`. Refused as in `edit_person` and `add_guardian`."""
    refuse_if(permissions.why_not_edit(by, child))
    guardian = Person()
    _assign(guardian, details, at)
    guardian.save()
    audit("people.person.registered", guardian, by=by, at=at)
    return add_guardian(child=child, guardian=guardian, kind=kind, document=document, by=by, at=at)


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, on: date, by: Any, at: datetime) -> None:
    """End a guardianship. Refused when the child is not the user's to change or it has ended already."""
    refuse_if(permissions.why_not_edit(by, guardianship.child))
    if not Guardianship.objects.current().filter(pk=guardianship.pk).update(ended_on=on):
        raise Refused(_("This guardianship has ended already."))
    parent = guardianship.guardian.user_id
    Person.objects.filter(pk=guardianship.child_id, entered_by=parent).update(entered_by=None)
    audit("people.guardian.ended", guardianship.child, by=by, at=at, guardian=guardianship.guardian_id)


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: ConsentPurpose,
    given_by: Person,
    by: Any,
    at: datetime,
    operator: Organisation | None = None,
    channel: ConsentChannel = ConsentChannel.ONLINE,
    scan: File | None = None,
) -> Consent:
    """Record a consent for one purpose to the text in force today.

    `given_by` is the person, or the guardian of a minor. Refused when the user may not give it, when for a
    minor it is not given by a current guardian, when no text is in force, or when it is on record already.
    What somebody else enters for the giver was given on paper: nobody presses a button in another's name.
    """
    today = timezone.localdate(at)
    refuse_if(permissions.why_not_consent(by, person, today))
    if by is not None and given_by.user_id != by.pk:
        channel = ConsentChannel.PAPER
    if permissions.is_minor(person, today):
        if not person.guardianships.current().filter(guardian=given_by).exists():
            raise Refused(_("For a minor the guardian gives the consent."))
    elif given_by.pk != person.pk:
        raise Refused(_("An adult gives the consent in person."))
    text = ConsentText.objects.in_force(purpose, today).first()
    if text is None:
        raise Refused(_("There is no text for this consent yet."))
    try:
        with transaction.atomic():
            consent = Consent.objects.create(
                person=person,
                purpose=purpose,
                text=text,
                operator=operator,
                given_by=given_by,
                channel=channel,
                scan=scan or "",
                given_at=at,
            )
    except IntegrityError as error:
        raise Refused(_("This consent is on record already.")) from error
    audit("people.consent.given", person, by=by, at=at, purpose=purpose, text=text.pk, given_by=given_by.pk)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: Any, at: datetime, reason: str = "") -> Consent:
    """Withdraw a consent; what was done on its ground stays lawful, nothing new may be done.

    Refused when it is not the user's to withdraw or has been withdrawn already.
    """
    refuse_if(permissions.why_not_withdraw(by, consent))
    changed = Consent.objects.in_force().filter(pk=consent.pk).update(withdrawn_at=at, withdrawal_reason=clean(reason))
    if not changed:
        raise Refused(_("This consent has been withdrawn already."))
    consent.withdrawn_at, consent.withdrawal_reason = at, clean(reason)
    audit("people.consent.withdrawn", consent.person, by=by, at=at, purpose=consent.purpose, reason=reason)
    return consent

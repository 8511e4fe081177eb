"""Registering persons, tying them to guardians and organisations, recording and withdrawing consents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.accounts.actions import change_profile, create_account, request_link
from kuznitsa.accounts.models import User
from kuznitsa.base.audit import audit, audit_many
from kuznitsa.base.identifiers import validate_snils
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.text import clean, searchable
from kuznitsa.base.uploads import validate_upload
from kuznitsa.organisations.models import Organisation
from kuznitsa.people import permissions
from kuznitsa.people.enums import AffiliationKind, ConsentChannel, ConsentPurpose, GuardianKind
from kuznitsa.people.models import NAMES, Affiliation, Consent, Guardianship, Person
from kuznitsa.people.queries import consent_texts
from kuznitsa.people.signals import consent_given, consent_withdrawn

# What says who a person is, and whether they are of age.
IDENTITY = ("born_on", "snils")
DETAILS = (*NAMES, "born_on", "is_male", "email", "phone", "snils", "address", "school")


@dataclass(frozen=True)
class Paper:
    """A consent on paper: its scan (PDF or picture), or where the original lies, or both; when it was signed."""

    scan: File | None = None
    original: str = ""
    given_at: datetime | None = None


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

    What an office that keeps the child enters with the `document` that it has seen is confirmed; what anybody
    else enters, or an office without a document, is only stated and waits for `confirm_guardianship`. Refused
    when the child is not the user's to change, the guardian is the child or is under age, or the guardianship
    is on record already.
    """
    refuse_if(permissions.why_not_edit(by, child))
    if child.pk == guardian.pk:
        raise Refused(_("Nobody is their own guardian."))
    if guardian.born_on is not None and permissions.is_minor(guardian, timezone.localdate(at)):
        raise Refused(_("A guardian is of age."))
    guardianship = Guardianship(
        child=child,
        guardian=guardian,
        kind=kind,
        document=clean(document),
        started_on=timezone.localdate(at),
        stated_by=by,
    )
    if guardianship.document and not permissions.why_not_confirm_guardianship(by, guardianship):
        guardianship.confirmed_by, guardianship.confirmed_at = by, at
    try:
        with transaction.atomic():
            guardianship.save()
    except IntegrityError as error:
        raise Refused(_("This guardian is on record already.")) from error
    audit(
        "people.guardian.added",
        child,
        by=by,
        at=at,
        guardian=guardian.pk,
        document=guardianship.document,
        confirmed=guardianship.confirmed_at is not None,
    )
    return guardianship


@transaction.atomic
def confirm_guardianship(*, guardianship: Guardianship, document: str, email: str, by: Any, at: datetime) -> None:
    """Record that an office has seen the document of a guardianship that was only stated.

    `email` is the address that the guardian has named in person, or "" for one who has none. The address on
    record may have been typed by the child: it is replaced, and an account under another one gets no rights.
    Refused when the user is no office that keeps the child, no document is named, it is confirmed or has ended
    already, or the guardian's account has another address. Effects: an audit entry; the guardian may decide.
    """
    refuse_if(permissions.why_not_confirm_guardianship(by, guardianship))
    document, guardian = clean(document), guardianship.guardian
    refuse_if("" if document else _("Say which document you have seen."))
    refuse_if(_why_not_address(guardian, email))
    if guardian.user is None and guardian.email != email:
        guardian.email = email
        guardian.save(update_fields=["email"])
    changed = Guardianship.objects.awaiting().filter(pk=guardianship.pk)
    if not changed.update(document=document, confirmed_by=by, confirmed_at=at):
        raise Refused(_("This guardianship is confirmed already."))
    guardianship.document, guardianship.confirmed_by, guardianship.confirmed_at = document, by, at
    audit("people.guardian.confirmed", guardianship.child, by=by, at=at, guardian=guardian.pk, document=document)


def _why_not_address(guardian: Person, email: str) -> str:
    """The account that is about to get rights must be the guardian's own, not one that somebody has made up."""
    if guardian.user is None or guardian.user.email.casefold() == email.casefold():
        return ""
    return _(
        "An account with another e-mail address was opened for this guardian. If it is not theirs, end this "
        "guardianship and enter the guardian anew, with the document."
    )


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
    """Make a person the guardian of `child`: the one who signs in with the address named, else a new one.

    Refused as in `edit_person` and `add_guardian`, and when somebody of another name signs in with the address.
    """
    refuse_if(permissions.why_not_edit(by, child))
    guardian = Person()
    _assign(guardian, details, at)
    known = Person.objects.filter(user__email__iexact=guardian.email).first() if guardian.email else None
    if known is None:
        guardian.save()
        audit("people.person.registered", guardian, by=by, at=at)
    elif searchable(known.full_name) != searchable(guardian.full_name):
        raise Refused(_("Somebody of another name signs in with this address. Check the name and the address."))
    else:
        guardian = known
    return add_guardian(child=child, guardian=guardian, kind=kind, document=document, by=by, at=at)


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, on: date, by: Any, at: datetime) -> None:
    """End a guardianship. Refused when it has ended already, or is confirmed and the user is no office.

    What a guardian has consented to stays, as long as another confirmed guardian answers for the child and could
    withdraw it. Effects: with the last one the consents of a minor end, for a new guardian decides anew; audit.
    """
    refuse_if(permissions.why_not_end_guardianship(by, guardianship))
    child = guardianship.child
    if not Guardianship.objects.current().filter(pk=guardianship.pk).update(ended_on=on):
        raise Refused(_("This guardianship has ended already."))
    parent = guardianship.guardian.user_id
    Person.objects.filter(pk=child.pk, entered_by=parent).update(entered_by=None)
    audit("people.guardian.ended", child, by=by, at=at, guardian=guardianship.guardian_id)
    if permissions.is_minor(child, on) and not child.guardianships.in_force().exists():
        for consent in child.consents.in_force().exclude(given_by=child).select_related("person"):
            _withdraw(consent, _("The guardianship has ended; a new guardian decides anew."), by, at)


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: ConsentPurpose,
    given_by: Person,
    by: Any,
    at: datetime,
    operator: Organisation | None = None,
    paper: Paper | None = None,
) -> Consent:
    """Record a consent for one purpose to the text in force today. Refused as `give_consents`."""
    return give_consents(
        person=person, purposes=[purpose], given_by=given_by, operator=operator, paper=paper, by=by, at=at
    )[0]


@transaction.atomic
def give_consents(
    *,
    person: Person,
    purposes: Sequence[ConsentPurpose],
    given_by: Person,
    by: Any,
    at: datetime,
    operator: Organisation | None = None,
    paper: Paper | None = None,
) -> list[Consent]:
    """Record consents for several purposes, each to its text in force today.

    `given_by` is the person, or the guardian of a minor; without a `paper` they press the button themselves,
    for nobody does so in another's name. Refused when the user may not give it, when for a
    minor it is not given by a confirmed guardian, when no text is in force, when one is on record already,
    when the user is not the giver and there is no paper, or the paper is neither scanned nor found anywhere.
    """
    today = timezone.localdate(at)
    refuse_if(permissions.why_not_consent(by, person, today))
    refuse_if(_why_not_paper(paper) if paper else permissions.why_not_on_screen(by, given_by))
    if permissions.is_minor(person, today):
        if not person.guardianships.in_force().filter(guardian=given_by).exists():
            raise Refused(_("For a minor the guardian gives the consent."))
    elif given_by.pk != person.pk:
        raise Refused(_("An adult gives the consent in person."))
    texts = consent_texts(purposes, today)
    if len(texts) < len(purposes):
        raise Refused(_("There is no text for this consent yet."))
    consents = [
        Consent(
            person=person,
            purpose=purpose,
            text=texts[purpose],
            operator=operator,
            given_by=given_by,
            channel=ConsentChannel.PAPER if paper else ConsentChannel.ONLINE,
            scan=_copy_of(paper.scan) if paper and paper.scan else "",
            original=clean(paper.original) if paper else "",
            recorded_by=by if paper else None,
            given_at=(paper and paper.given_at) or at,
        )
        for purpose in purposes
    ]
    try:
        with transaction.atomic():
            Consent.objects.bulk_create(consents)
    except IntegrityError as error:
        raise Refused(_("This consent is on record already.")) from error
    given = [{"purpose": one.purpose, "text": one.text_id, "given_by": given_by.pk} for one in consents]
    audit_many("people.consent.given", [(person, details) for details in given], by=by, at=at)
    consent_given.send(sender=Consent, consents=consents, by=by, at=at)
    return consents


def _why_not_paper(paper: Paper) -> str:
    if not paper.scan and not clean(paper.original):
        return _("Attach a scan of the paper, or say where the original lies.")
    if not paper.scan:
        return ""
    try:
        validate_upload(paper.scan, kinds=("pdf", "image"))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _copy_of(scan: File) -> File:
    """One scan may hold the papers of several consents, and a large upload can be stored only once."""
    scan.seek(0)
    return ContentFile(scan.read(), name=scan.name)


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: Any, at: datetime, reason: str = "") -> Consent:
    """Withdraw a consent; what was done on its ground stays lawful, nothing new may be done.

    Refused when it is not the user's to withdraw or has been withdrawn already. Effects: an audit entry, the
    signal `consent_withdrawn`.
    """
    refuse_if(permissions.why_not_withdraw(by, consent))
    _withdraw(consent, reason, by, at)
    return consent


def _withdraw(consent: Consent, reason: str, by: Any, at: datetime) -> None:
    changed = Consent.objects.in_force().filter(pk=consent.pk).update(withdrawn_at=at, withdrawal_reason=clean(reason))
    if not changed:
        raise Refused(_("This consent has been withdrawn already."))
    consent.withdrawn_at, consent.withdrawal_reason = at, clean(reason)
    audit("people.consent.withdrawn", consent.person, by=by, at=at, purpose=consent.purpose, reason=reason)
    consent_withdrawn.send(sender=Consent, consent=consent, by=by, at=at)

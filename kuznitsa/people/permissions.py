"""Who may do what with persons, guardians and consents."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.base.rules import rule
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Consent, Guardianship, Person

OFFICES = (Role.ADMISSIONS, Role.COORDINATOR, Role.CURATOR, Role.CAREERS_LEAD, Role.PRACTICE_LEAD, Role.ADMINISTRATOR)


def is_minor(person: Person, on: date) -> bool:
    """Whether the person is under age on that day; somebody whose date of birth is not known counts as a minor."""
    age = person.age_on(on)
    return age is None or age < rule("adult_age", on=on).value


def why_not_enrol(person: Person, purpose: ConsentPurpose, on: date) -> str:
    """Return why `person` may not be enrolled in what `purpose` covers: a minor needs the guardian's consent.

    A consent outlives the guardianship of the giver as long as another confirmed guardian answers for the child and
    could withdraw it; where none remains, nothing new begins.
    """
    if person.born_on is None:
        return _("The date of birth of %(person)s is not known.") % {"person": person}
    if not is_minor(person, on):
        return ""
    given = person.consents.in_force().filter(purpose=purpose).exclude(given_by=person)
    if given.exists():
        return why_no_guardian(person)
    return _("%(person)s is under age, and no guardian has consented to: %(purpose)s.") % {
        "person": person,
        "purpose": ConsentPurpose(purpose).label,
    }


def why_not_register(user: Any) -> str:
    """Return why the user may not add persons."""
    if user is None or user.is_staff or standing(user).organisations(*OFFICES):
        return ""
    return _("Persons are added by the offices of colleges and schools.")


def why_not_edit(user: Any, person: Person) -> str:
    """Return why the user may not change the person's details: they do it themselves, or an office does."""
    if user is None or user.is_staff or Person.objects.family(user).filter(pk=person.pk).exists():
        return ""
    if _office_of(user, person):
        return ""
    return _("Only the person, the guardian or the office of their college or school may change this.")


def why_not_identify(user: Any, person: Person) -> str:
    """Return why the user may not change who the person is (`IDENTITY`) once it is on record.

    Whether somebody is under age decides who consents for them, so it is not theirs to change.
    """
    if user is None or user.is_staff or _office_of(user, person):
        return ""
    return _("Only the office of the college or school corrects a date of birth or an insurance number on record.")


def why_not_vouch(user: Any, child: Person) -> str:
    """Return why the word of the user does not make somebody the guardian of `child`: an office's does."""
    if user is None or user.is_staff or _office_of(user, child):
        return ""
    return _("The office of the college or school confirms a guardian when it has seen the document.")


def why_not_confirm_guardianship(user: Any, guardianship: Guardianship) -> str:
    """Return why the user may not confirm a guardianship that was only stated."""
    if guardianship.ended_on is not None:
        return _("This guardianship has ended already.")
    if guardianship.confirmed_at is not None:
        return _("This guardianship is confirmed already.")
    if user is not None and user.pk in (guardianship.guardian.user_id, guardianship.child.user_id):
        return _("A colleague confirms it: nobody vouches for themselves.")
    return why_not_vouch(user, guardianship.child)


def why_not_end_guardianship(user: Any, guardianship: Guardianship) -> str:
    """Return why the user may not end it: an office ends what it has confirmed, what was only stated the family too."""
    if guardianship.ended_on is not None:
        return _("This guardianship has ended already.")
    if guardianship.confirmed_at is not None and why_not_vouch(user, guardianship.child):
        return _("A confirmed guardianship is ended by the office of the college or school.")
    return why_not_edit(user, guardianship.child)


def why_no_guardian(person: Person) -> str:
    """Return why nobody can decide for a minor now: no guardian is on record, or none is confirmed."""
    if person.guardianships.in_force().exists():
        return ""
    if person.guardianships.awaiting().exists():
        return _(
            "The guardian is not confirmed yet. They show the college or school their passport and the birth "
            "certificate or the decision on guardianship; until then they cannot decide."
        )
    return _("No guardian is on record: one is added on the person's page.")


def why_not_open_account(user: Any, person: Person) -> str:
    """Return why the user may not let `person` sign in: who may change the person does it, or a child of theirs."""
    if person.user_id is not None:
        return _("%(person)s can sign in already.") % {"person": person}
    if not person.email:
        return _("Enter the e-mail address first: a link to sign in is sent to it.")
    if user is not None and person.email.casefold() == user.email.casefold():
        return _("This is your own address: enter the one of %(person)s.") % {"person": person}
    wards = Person.objects.filter(guardianships__guardian=person, guardianships__ended_on=None)
    if any(not why_not_edit(user, ward) for ward in wards):
        return ""
    return why_not_edit(user, person)


def why_not_consent(user: Any, person: Person, on: date) -> str:
    """Return why the user may not give a consent for `person`: an adult gives it alone, a minor's guardian does."""
    if user is None or user.is_staff:
        return ""
    if is_minor(person, on):
        if person.guardianships.in_force().filter(guardian__user=user.pk).exists() or _office_of(user, person):
            return ""
        return _("For a minor the guardian gives the consent.")
    if person.user_id == user.pk or _office_of(user, person):
        return ""
    return _("An adult gives the consent in person.")


def why_not_on_screen(user: Any, giver: Person) -> str:
    """Return why the user may not press the button of a consent that `giver` gives: it is the giver's own act."""
    if user is None or giver.user_id == user.pk:
        return ""
    return _("Only the giver consents on the screen; for somebody else a paper that they have signed is recorded.")


def why_not_withdraw(user: Any, consent: Consent) -> str:
    """Return why the user may not withdraw the consent."""
    if consent.withdrawn_at is not None:
        return _("This consent has been withdrawn already.")
    mine = Person.objects.own_and_wards(user).filter(pk=consent.person_id).exists() if user else True
    if mine or user.is_staff or _office_of(user, consent.person):
        return ""
    return _("Only the person or the guardian may withdraw a consent.")


def _office_of(user: Any, person: Person) -> bool:
    """Whether the user works in an office of an organisation that has to do with the person."""
    offices = standing(user).organisations(*OFFICES)
    return bool(offices) and person.affiliations.current().filter(organisation__in=offices).exists()

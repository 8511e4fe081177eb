"""Imports of applicants as screens show them: what would be new, changed or stay."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import STANDING_STATES, ApplicationState
from kuznitsa.admissions.models import ApplicantImport, Application, Campaign, TargetOffer
from kuznitsa.admissions.queries.applications import PURPOSES
from kuznitsa.admissions.queries.instances import ranked
from kuznitsa.admissions.queries.sheets import is_minor, person_key, persons_like, row_key
from kuznitsa.base.spreadsheets import RowError
from kuznitsa.people.models import Person

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Change:
    """One field: what is kept, what the file says."""

    label: str
    was: Any
    now: Any


@dataclass(frozen=True)
class RowDifference:
    """What a row would do. `person` and `application` are those on record, if any."""

    number: int
    values: dict[str, Any]
    kind: str
    person: Person | None = None
    application: Application | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def name(self) -> str:
        names = (self.values.get(name) or "" for name in ("family_name", "given_name", "patronymic"))
        return " ".join(filter(None, names))

    @property
    def awaits_consent(self) -> bool:
        """Whether the file names no paper: what is not on record yet is asked for."""
        return not self.values.get("consent_on")


def difference(applicant_import: ApplicantImport) -> list[RowDifference]:
    """Compare the rows of an import with what is on record now, in the order of the file."""
    campaign = applicant_import.campaign
    rows = applicant_import.rows
    persons = {person_key(person): person for person in persons_like([row["values"] for row in rows])}
    applications = {
        application.person_id: application
        for application in campaign.applications.filter(person__in=persons.values())
        .select_related("person")
        .prefetch_related("choices", "person__consents")
    }
    names = _offer_names(campaign)
    return [
        _compare(row, person, applications.get(person.pk) if person else None, names)
        for row in rows
        for person in [persons.get(row_key(row["values"]))]
    ]


def _offer_names(campaign: Campaign) -> dict[int, str]:
    return {offer.pk: offer.number for offer in TargetOffer.objects.filter(campaign=campaign)}


def _compare(
    row: dict[str, Any], person: Person | None, application: Application | None, names: dict[int, str]
) -> RowDifference:
    values = row["values"]
    if application is None:
        return RowDifference(row["number"], values, NEW, person)
    assert person is not None
    pairs = [
        (_("e-mail"), person.email, values.get("email") or person.email),
        (_("phone"), person.phone, values.get("phone") or person.phone),
        (_("average mark"), _mark(application.average_mark_hundredths), _mark(values["average_mark"])),
        (_("points for achievements"), application.achievement_points, values.get("achievement_points") or 0),
        (_("choices"), _listed(ranked(application), names), _listed(values["offers"], names)),
    ]
    changes = [Change(label, was, now) for label, was, now in pairs if was != now]
    expected = _expected_state(values)
    if application.state not in (*STANDING_STATES, expected):
        changes.append(Change(_("state"), application.get_state_display(), expected.label))
    if values.get("consent_on") and application.state in STANDING_STATES and not _has_consents(person):
        changes.append(
            Change(_("consent on paper"), "", date_format(date.fromisoformat(values["consent_on"]), "d.m.Y"))
        )
    return RowDifference(row["number"], values, CHANGED if changes else SAME, person, application, changes)


def _expected_state(values: dict[str, Any]) -> ApplicationState:
    """A minor's application waits for the guardian until there is a paper."""
    waits = not values.get("consent_on") and is_minor(date.fromisoformat(values["born_on"]), timezone.localdate())
    return ApplicationState.AWAITING_GUARDIAN if waits else ApplicationState.SUBMITTED


def _has_consents(person: Person) -> bool:
    given = {consent.purpose for consent in person.consents.all() if consent.withdrawn_at is None}
    return given.issuperset(PURPOSES)


def _mark(hundredths: int | None) -> str:
    return "" if hundredths is None else number_format(hundredths / 100, 2)


def _listed(offers: Iterable[int], names: dict[int, str]) -> str:
    return ", ".join(names.get(pk, "?") for pk in offers)


def errors_of(applicant_import: ApplicantImport) -> list[RowError]:
    """Return what the user has to mend, in the order of the file."""
    return sorted((RowError(**error) for error in applicant_import.errors), key=lambda error: (error.row, error.column))


def imports_of(campaign: Campaign, user: Any) -> Any:
    """Return the imports into a campaign that the user may see, the newest first."""
    rows = ApplicantImport.objects.visible_to(user).filter(campaign=campaign)
    return rows.select_related("uploaded_by").order_by("-uploaded_at")

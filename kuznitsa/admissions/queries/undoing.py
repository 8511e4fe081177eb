"""What has to be known to take an import of applicants back: how things stood, what a row added, what came later."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.models import Application

CONTACTS = ("email", "phone")
# What an application is sent with; put back as it was, so that the old receipt holds again.
STAMPS = ("submitted_at", "receipt_number", "receipt_hash", "guardian_agreed_at", "state_reason")


@dataclass(frozen=True)
class Known:
    """What was on record of an applicant before a row was brought in."""

    consents: frozenset[int]
    guardianships: frozenset[int]
    documents: frozenset[int]

    @classmethod
    def nothing(cls) -> "Known":
        return cls(consents=frozenset(), guardianships=frozenset(), documents=frozenset())

    @classmethod
    def of(cls, application: Application) -> "Known":
        person = application.person
        return cls(
            consents=frozenset(person.consents.values_list("pk", flat=True)),
            guardianships=frozenset(person.guardianships.values_list("pk", flat=True)),
            documents=frozenset(application.documents.values_list("pk", flat=True)),
        )

    def since(self, application: Application) -> dict[str, Any]:
        """Return what has been added since, and how the application stands now."""
        now = Known.of(application)
        return {
            "application": application.pk,
            "consents": sorted(now.consents - self.consents),
            "guardianships": sorted(now.guardianships - self.guardianships),
            "documents": sorted(now.documents - self.documents),
            "contacts": {name: getattr(application.person, name) for name in CONTACTS},
            "after": standing_of(application),
        }


def values_before(application: Application) -> dict[str, Any]:
    """Return the values of an application and its applicant that a row may change."""
    return {
        **standing_of(application),
        **{name: getattr(application, name) for name in STAMPS},
        "guardian": application.guardian_id,
        "imported_by": application.imported_by_id,
        "contacts": {name: getattr(application.person, name) for name in CONTACTS},
    }


def standing_of(application: Application) -> dict[str, Any]:
    """Return what tells whether somebody has worked on an application since."""
    return {
        "state": str(application.state),
        "offers": list(application.choices.order_by("rank").values_list("offer", flat=True)),
        "mark": application.average_mark_hundredths,
        "points": application.achievement_points,
        "receipt": application.receipt_number,
    }


def why_row_stays(application: Application, entry: dict[str, Any]) -> str:
    """Return why a row is not taken back: somebody has worked on the application since; "" when it can be."""
    after = entry["after"]
    if application.state != after["state"]:
        return _("the application is now “%(state)s”") % {"state": application.get_state_display()}
    return "" if standing_of(application) == after else _("the application has been changed since")

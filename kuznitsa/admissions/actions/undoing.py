"""An import of applicants taken back: what a row changed is remembered, and put back unless it has changed since."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.applications import (
    agree_to_application,
    edit_application,
    remove_document,
    revise_application,
    submit_application,
    withdraw_application,
)
from kuznitsa.admissions.actions.checking import return_application
from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import Application, TargetOffer
from kuznitsa.admissions.queries.undoing import CONTACTS, STAMPS, standing_of
from kuznitsa.people.actions import Paper, edit_person, end_affiliation, end_guardianship, withdraw_consent
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Person


@transaction.atomic
def submit_with_paper(
    *,
    application: Application,
    offers: list[TargetOffer],
    mark: int | None,
    guardian: Person | None,
    paper: Paper | None,
    by: Any,
    at: datetime,
) -> None:
    """Send an application with the list; consents are those of the `paper`, else awaited."""
    edit_application(application=application, offers=offers, average_mark_hundredths=mark, by=by, at=at)
    submit_application(application=application, paper=paper, consents_follow=paper is None, by=by, at=at)
    if application.state == ApplicationState.AWAITING_GUARDIAN and guardian is not None and paper is not None:
        agree_to_application(application=application, guardian=guardian, paper=paper, by=by, at=at)


@transaction.atomic
def undo_row(*, application: Application, entry: dict[str, Any], by: Any, at: datetime) -> None:
    """Put back what a row has changed, new things first; refused as the actions behind it are."""
    if entry["new"]:
        withdraw_application(application=application, reason=_("The import was undone."), by=by, at=at)
    else:
        _restore_contacts(application.person, entry, by, at)
        if standing_of(application) != {name: entry["before"][name] for name in entry["after"]}:
            _restore_application(application, entry, by, at)
    _take_back_consents(application.person, entry, by, at)
    _take_back_guardianships(application.person, entry, by, at)
    if entry["new"]:
        _hide_from_college(application, by, at)


def _restore_contacts(person: Person, entry: dict[str, Any], by: Any, at: datetime) -> None:
    """An address that somebody has changed after the import stays."""
    was, written = entry["before"]["contacts"], entry["contacts"]
    back = {name: was[name] for name in CONTACTS if getattr(person, name) == written[name] != was[name]}
    if back:
        edit_person(person=person, **back, by=by, at=at)


def _restore_application(application: Application, entry: dict[str, Any], by: Any, at: datetime) -> None:
    was = entry["before"]
    revise_application(application=application, by=by, at=at)
    for document in application.documents.filter(pk__in=entry["documents"]):
        remove_document(document=document, by=by, at=at)
    application.achievement_points, application.imported_by_id = was["points"], was["imported_by"]
    application.save(update_fields=["achievement_points", "imported_by"])
    offers = TargetOffer.objects.select_related("employer", "thread__cluster").in_bulk(was["offers"])
    listed = [offers[pk] for pk in was["offers"]]
    edit_application(application=application, offers=listed, average_mark_hundredths=was["mark"], by=by, at=at)
    _restore_state(application, was, by, at)
    # The stamps, too: the receipt that the applicant holds is right again.
    Application.objects.filter(pk=application.pk).update(
        guardian=was["guardian"], **{name: was[name] for name in STAMPS}
    )


def _restore_state(application: Application, was: dict[str, Any], by: Any, at: datetime) -> None:
    state = was["state"]
    if state == ApplicationState.WITHDRAWN:
        withdraw_application(application=application, reason=_("The import was undone."), by=by, at=at)
    elif state != ApplicationState.DRAFT:
        submit_application(application=application, consents_follow=True, by=by, at=at)
        guardian = Person.objects.filter(pk=was["guardian"]).first()
        if application.state == ApplicationState.AWAITING_GUARDIAN and guardian is not None:
            agree_to_application(application=application, guardian=guardian, consents_follow=True, by=by, at=at)
        if state == ApplicationState.RETURNED:
            return_application(application=application, reason=was["state_reason"], by=by, at=at)


def _take_back_consents(person: Person, entry: dict[str, Any], by: Any, at: datetime) -> None:
    for consent in person.consents.in_force().filter(pk__in=entry["consents"]):
        withdraw_consent(consent=consent, reason=_("The import was undone."), by=by, at=at)


def _take_back_guardianships(person: Person, entry: dict[str, Any], by: Any, at: datetime) -> None:
    """Who has signed in since, or has consented to something else, stays the guardian."""
    for guardianship in person.guardianships.current().filter(pk__in=entry["guardianships"]):
        acts = guardianship.guardian.user_id is not None
        if not acts and not person.consents.in_force().filter(given_by=guardianship.guardian_id).exists():
            end_guardianship(guardianship=guardianship, on=timezone.localdate(at), by=by, at=at)


def _hide_from_college(application: Application, by: Any, at: datetime) -> None:
    """Unless another application to the college names the person."""
    college = application.campaign.college
    others = application.person.applications.filter(campaign__college=college).exclude(pk=application.pk)
    if not others.exclude(state=ApplicationState.WITHDRAWN).exists():
        end_affiliation(
            person=application.person,
            organisation=college,
            kind=AffiliationKind.APPLICANT,
            on=timezone.localdate(at),
            by=by,
            at=at,
        )

"""Applicants from a spreadsheet: uploaded, confirmed, undone."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.applications import (
    add_document,
    agree_to_application,
    edit_application,
    revise_application,
    start_application,
    submit_application,
    withdraw_application,
)
from kuznitsa.admissions.enums import ApplicationState, DocumentKind, ImportState
from kuznitsa.admissions.models import ApplicantImport, Application, Campaign, TargetOffer
from kuznitsa.admissions.permissions import imports as may
from kuznitsa.admissions.permissions.applications import REVISABLE
from kuznitsa.admissions.queries.imports import SAME, RowDifference, difference
from kuznitsa.admissions.queries.instances import ranked
from kuznitsa.admissions.queries.sheets import is_minor, read_applicants
from kuznitsa.base.audit import audit
from kuznitsa.base.jobs import enqueue
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.uploads import validate_upload
from kuznitsa.base.workflow import move
from kuznitsa.people.actions import Paper, add_guardian, affiliate, edit_person, end_affiliation, register_person
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Person
from kuznitsa.people.queries import guardians_who_decide

# Longer files are confirmed by a worker.
AT_ONCE = 200


@transaction.atomic
def upload_import(*, campaign: Campaign, file: File, by: Any, at: datetime) -> ApplicantImport:
    """Read a spreadsheet of applicants and keep what it would do; nothing is changed yet.

    Refused when the user is not the office, the campaign is not open, or the file as a whole cannot be used:
    too large, no spreadsheet, columns missing, merged cells. Errors of rows are kept to be shown.
    """
    refuse_if(may.why_not_import_applicants(by, campaign))
    try:
        validate_upload(file, kinds=("spreadsheet",))
        file.seek(0)
        data = file.read()
        sheet = read_applicants(data, campaign)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    applicant_import = ApplicantImport.objects.create(
        campaign=campaign,
        file=ContentFile(data, name=file.name),
        file_name=str(file.name)[-200:],
        rows=[{"number": row.number, "values": _plain(row.values)} for row in sheet.rows],
        errors=[asdict(error) for error in sheet.errors],
        uploaded_by=by,
        uploaded_at=at,
    )
    audit("admissions.import.uploaded", applicant_import, by=by, at=at, rows=len(sheet.rows), errors=len(sheet.errors))
    return applicant_import


@transaction.atomic
def confirm_import(*, applicant_import: ApplicantImport, by: Any, at: datetime) -> ApplicantImport:
    """Do what the difference says; a long file is left to a worker. Refused as in `apply_import`."""
    refuse_if(may.why_not_confirm_import(by, applicant_import))
    if len(applicant_import.rows) <= AT_ONCE:
        return apply_import(applicant_import=applicant_import, by=by, at=at)
    enqueue("admissions.confirm_import", applicant_import=applicant_import.pk, by=by.pk if by else None)
    return applicant_import


@transaction.atomic
def apply_import(*, applicant_import: ApplicantImport, by: Any, at: datetime) -> ApplicantImport:
    """Register persons and guardians, and submit the applications of all rows without errors, or none of them.

    Refused when it is confirmed or cancelled already, the user is not the office, or the campaign is not open;
    a row that cannot be submitted any more refuses the whole and is named. Effects: those of
    `submit_application` and `agree_to_application` for every new or changed row, with consents on paper.
    """
    refuse_if(may.why_not_confirm_import(by, applicant_import))
    move(applicant_import, ImportState.CONFIRMED, by=by, at=at)
    offers = TargetOffer.objects.filter(campaign=applicant_import.campaign_id)
    by_id = {offer.pk: offer for offer in offers.select_related("employer", "thread__cluster")}
    undo = []
    for row in difference(applicant_import):
        if row.kind == SAME:
            continue
        try:
            undo.append(_apply(applicant_import, row, by_id, by, at))
        except Refused as refused:
            where = {"row": row.number, "person": row.name, "reason": refused.reason}
            raise Refused(_("Row %(row)d, %(person)s: %(reason)s") % where) from refused
    applicant_import.undo = undo
    applicant_import.save(update_fields=["undo"])
    return applicant_import


@transaction.atomic
def cancel_import(*, applicant_import: ApplicantImport, by: Any, at: datetime) -> ApplicantImport:
    """Put an uploaded file aside without doing anything. Refused when it is not waiting, or for others."""
    refuse_if(may.why_not_import_applicants(by, applicant_import.campaign))
    move(applicant_import, ImportState.CANCELLED, by=by, at=at)
    return applicant_import


@transaction.atomic
def undo_import(*, applicant_import: ApplicantImport, by: Any, at: datetime) -> ApplicantImport:
    """Take back what the import did: new applications are withdrawn, changed ones get their old list and mark.

    Persons stay on record, because the ledger speaks of them, but the college sees the new ones no more.
    Refused when the import is not confirmed, the campaign is not open, the user is not the office, or something
    later depends on a row, which is named.
    """
    refuse_if(may.why_not_undo_import(by, applicant_import))
    touched = {
        application.pk: application
        for application in Application.objects.filter(pk__in=[entry["application"] for entry in applicant_import.undo])
        .select_related("person", "campaign__college")
        .prefetch_related("choices")
    }
    for entry in applicant_import.undo:
        application = touched[entry["application"]]
        refuse_if(_why_not_undo_row(applicant_import, application, entry))
    for entry in applicant_import.undo:
        _undo_row(applicant_import, touched[entry["application"]], entry, by, at)
    move(applicant_import, ImportState.UNDONE, by=by, at=at)
    return applicant_import


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _apply(
    applicant_import: ApplicantImport, row: RowDifference, by_id: dict[int, TargetOffer], by: Any, at: datetime
) -> dict[str, Any]:
    """Bring one row in; return what is needed to take it back."""
    values, application = row.values, row.application
    entry: dict[str, Any] = {"row": row.number, "new": application is None}
    if application is None:
        person = row.person or register_person(**_details(values, ""), by=by, at=at)
        application = start_application(campaign=applicant_import.campaign, person=person, by=by, at=at)
    else:
        entry["before"] = _before(application)
        # An undone import has hidden the person from the college.
        _show_to_college(application, by, at)
        contacts = {name: values[name] for name in ("email", "phone") if values.get(name)}
        edit_person(person=application.person, **contacts, by=by, at=at)
        if application.state in REVISABLE:
            revise_application(application=application, by=by, at=at)
    guardian = _guardian(application.person, applicant_import, values, by, at)
    application.achievement_points = values.get("achievement_points") or 0
    application.imported_by = applicant_import
    application.save(update_fields=["achievement_points", "imported_by"])
    offers = [by_id[pk] for pk in values["offers"]]
    _submit(applicant_import, application, offers, values["average_mark"], guardian, by, at)
    if values.get("medical") and not application.documents.filter(kind=DocumentKind.MEDICAL).exists():
        add_document(application=application, kind=DocumentKind.MEDICAL, by=by, at=at)
    return {**entry, "application": application.pk, "receipt": application.receipt_number}


def _show_to_college(application: Application, by: Any, at: datetime) -> None:
    affiliate(
        person=application.person,
        organisation=application.campaign.college,
        kind=AffiliationKind.APPLICANT,
        on=timezone.localdate(at),
        by=by,
        at=at,
    )


def _submit(
    applicant_import: ApplicantImport,
    application: Application,
    offers: list[TargetOffer],
    mark: int | None,
    guardian: Person | None,
    by: Any,
    at: datetime,
) -> None:
    edit_application(application=application, offers=offers, average_mark_hundredths=mark, by=by, at=at)
    paper = Paper(original=_paper_of(applicant_import))
    submit_application(application=application, by=by, at=at, paper=paper)
    if application.state == ApplicationState.AWAITING_GUARDIAN and guardian is not None:
        agree_to_application(application=application, guardian=guardian, by=by, at=at, paper=paper)


def _paper_of(applicant_import: ApplicantImport) -> str:
    """Return where the papers lie on whose word the office entered the rows of a file."""
    return _("paper at the college, file “%(file)s”") % {"file": applicant_import.file_name[:120]}


def _details(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    names = ("family_name", "given_name", "patronymic", "phone", "email")
    details = {name: values.get(prefix + name) or "" for name in names}
    return details if prefix else {**details, "born_on": date.fromisoformat(values["born_on"])}


def _guardian(
    child: Person, applicant_import: ApplicantImport, values: dict[str, Any], by: Any, at: datetime
) -> Person | None:
    """Return the guardian named in the row, who becomes a confirmed one if they are not yet.

    The file is the office's own word. One of the same name whom the child has stated stays as it is: their
    account may be anybody's.
    """
    if not is_minor(date.fromisoformat(values["born_on"]), timezone.localdate(at)):
        return None
    details = _details(values, "guardian_")
    full_name = Person(**details).full_name
    for known in guardians_who_decide(child):
        if known.full_name == full_name:
            return known
    guardian = register_person(**details, by=by, at=at)
    add_guardian(child=child, guardian=guardian, document=_paper_of(applicant_import), by=by, at=at)
    return guardian


def _before(application: Application) -> dict[str, Any]:
    return {
        "state": application.state,
        "offers": ranked(application),
        "mark": application.average_mark_hundredths,
        "points": application.achievement_points,
        "guardian": application.guardian_id,
        "email": application.person.email,
        "phone": application.person.phone,
    }


def _why_not_undo_row(applicant_import: ApplicantImport, application: Application, entry: dict[str, Any]) -> str:
    changed = application.receipt_number != entry["receipt"] or application.imported_by_id != applicant_import.pk
    if application.state == ApplicationState.SUBMITTED and not changed:
        return ""
    state = _("changed since") if changed else application.get_state_display()
    return _("Row %(row)d, %(person)s: the application is “%(state)s”, so the import cannot be undone as a whole.") % {
        "row": entry["row"],
        "person": application.person,
        "state": state,
    }


def _undo_row(
    applicant_import: ApplicantImport, application: Application, entry: dict[str, Any], by: Any, at: datetime
) -> None:
    if entry["new"]:
        withdraw_application(application=application, reason=_("The import was undone."), by=by, at=at)
        end_affiliation(
            person=application.person,
            organisation=application.campaign.college,
            kind=AffiliationKind.APPLICANT,
            on=timezone.localdate(at),
            by=by,
            at=at,
        )
        return
    before = entry["before"]
    edit_person(person=application.person, email=before["email"], phone=before["phone"], by=by, at=at)
    if before["state"] == ApplicationState.WITHDRAWN:
        withdraw_application(application=application, reason=_("The import was undone."), by=by, at=at)
        return
    revise_application(application=application, by=by, at=at)
    application.achievement_points, application.imported_by = before["points"], None
    application.save(update_fields=["achievement_points", "imported_by"])
    kept = {offer.pk: offer for offer in TargetOffer.objects.filter(pk__in=before["offers"]).select_related("employer")}
    offers = [kept[pk] for pk in before["offers"]]
    if before["state"] == ApplicationState.SUBMITTED:
        guardian = Person.objects.filter(pk=before["guardian"]).first()
        _submit(applicant_import, application, offers, before["mark"], guardian, by, at)
    else:
        edit_application(application=application, offers=offers, average_mark_hundredths=before["mark"], by=by, at=at)

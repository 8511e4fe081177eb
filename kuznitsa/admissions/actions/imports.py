"""Applicants from a spreadsheet: uploaded, confirmed, undone."""

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.applications import add_document, revise_application, start_application
from kuznitsa.admissions.actions.undoing import submit_with_paper, undo_row
from kuznitsa.admissions.enums import ApplicationState, DocumentKind, ImportState
from kuznitsa.admissions.models import ApplicantImport, Application, Campaign, TargetOffer
from kuznitsa.admissions.permissions import imports as may
from kuznitsa.admissions.permissions.applications import REVISABLE
from kuznitsa.admissions.queries.imports import SAME, RowDifference, difference
from kuznitsa.admissions.queries.instances import ranked
from kuznitsa.admissions.queries.sheets import is_minor, read_applicants
from kuznitsa.admissions.queries.undoing import Known, values_before, why_row_stays
from kuznitsa.base.audit import audit
from kuznitsa.base.jobs import enqueue
from kuznitsa.base.memo import remembering
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.uploads import validate_upload
from kuznitsa.base.workflow import move
from kuznitsa.people.actions import Paper, add_guardian, affiliate, edit_person, register_person
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
    `submit_application` for every new or changed row. Consents are recorded only when the file names the day of
    the paper (and with it those of `agree_to_application`); else they are awaited.
    """
    refuse_if(may.why_not_confirm_import(by, applicant_import))
    move(applicant_import, ImportState.CONFIRMED, by=by, at=at)
    offers = TargetOffer.objects.filter(campaign=applicant_import.campaign_id)
    by_id = {offer.pk: offer for offer in offers.select_related("employer", "thread__cluster")}
    undo = []
    with remembering():  # who the user is, which no row changes
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
    """Take back what the import did, row by row: new applications are withdrawn, changed ones get their old values.

    Consents and guardianships that came with the file end. What has been changed since stays: the row keeps the
    reason in `undo`, as `kept`. Persons stay on record, because the ledger speaks of them, but the college sees the
    new ones no more. Refused when the import is not confirmed, the campaign is not open, the user is not the office,
    or nothing of it can be taken back any more.
    """
    refuse_if(may.why_not_undo_import(by, applicant_import))
    rows = Application.objects.filter(pk__in=[entry["application"] for entry in applicant_import.undo])
    touched = {row.pk: row for row in rows.select_related("person", "campaign__college").prefetch_related("choices")}
    for entry in applicant_import.undo:
        application = touched[entry["application"]]
        entry["name"], entry["kept"] = str(application.person), why_row_stays(application, entry)
        if not entry["kept"]:
            entry["kept"] = _try_to_undo(application, entry, by, at)
    kept = [entry for entry in applicant_import.undo if entry["kept"]]
    if kept and len(kept) == len(applicant_import.undo):
        where = {"row": kept[0]["row"], "person": kept[0]["name"], "reason": kept[0]["kept"]}
        raise Refused(_("Nothing of it can be taken back. Row %(row)d, %(person)s: %(reason)s") % where)
    move(applicant_import, ImportState.UNDONE, by=by, at=at)
    applicant_import.save(update_fields=["undo"])
    return applicant_import


def _try_to_undo(application: Application, entry: dict[str, Any], by: Any, at: datetime) -> str:
    """Take one row back, whole or not at all; return why not, "" when it is done."""
    try:
        undo_row(application=application, entry=entry, by=by, at=at)
    except Refused as refused:
        return refused.reason
    return ""


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
        known = Known.of(application) if row.person else Known.nothing()
    else:
        known = Known.of(application)
        entry["before"] = values_before(application)
        # An undone import has hidden the person from the college.
        _show_to_college(application, by, at)
        contacts = {name: values[name] for name in ("email", "phone") if values.get(name)}
        edit_person(person=application.person, **contacts, by=by, at=at)
    if _is_as_before(application, values):
        return {**entry, **known.since(application)}
    if application.state in REVISABLE:
        revise_application(application=application, by=by, at=at)
    guardian = _guardian(application.person, values, by, at)
    application.achievement_points = values.get("achievement_points") or 0
    application.imported_by = applicant_import
    application.save(update_fields=["achievement_points", "imported_by"])
    offers = [by_id[pk] for pk in values["offers"]]
    submit_with_paper(
        application=application,
        offers=offers,
        mark=values["average_mark"],
        guardian=guardian,
        paper=_paper_of(values),
        by=by,
        at=at,
    )
    if values.get("medical") and not application.documents.filter(kind=DocumentKind.MEDICAL).exists():
        add_document(application=application, kind=DocumentKind.MEDICAL, by=by, at=at)
    return {**entry, **known.since(application)}


def _is_as_before(application: Application, values: dict[str, Any]) -> bool:
    """Whether nothing but an address differs: the application, and the guardian's word on it, stay untouched."""
    if application.state != ApplicationState.SUBMITTED or values.get("consent_on"):
        return False
    now = (ranked(application), application.average_mark_hundredths, application.achievement_points)
    return now == (values["offers"], values["average_mark"], values.get("achievement_points") or 0)


def _paper_of(values: dict[str, Any]) -> Paper | None:
    """Return the consent on paper that the row tells of, None when it tells of none."""
    if not values.get("consent_on"):
        return None
    day = date.fromisoformat(values["consent_on"])
    signed = timezone.make_aware(datetime.combine(day, time(12)))
    return Paper(original=_("consent on paper of %(day)s") % {"day": f"{day:%d.%m.%Y}"}, given_at=signed)


def _show_to_college(application: Application, by: Any, at: datetime) -> None:
    affiliate(
        person=application.person,
        organisation=application.campaign.college,
        kind=AffiliationKind.APPLICANT,
        on=timezone.localdate(at),
        by=by,
        at=at,
    )


def _details(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    names = ("family_name", "given_name", "patronymic", "phone", "email")
    details = {name: values.get(prefix + name) or "" for name in names}
    return details if prefix else {**details, "born_on": date.fromisoformat(values["born_on"])}


def _guardian(child: Person, values: dict[str, Any], by: Any, at: datetime) -> Person | None:
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
    paper = _paper_of(values)
    document = paper.original if paper else ""
    add_guardian(child=child, guardian=guardian, document=document, by=by, at=at)
    return guardian

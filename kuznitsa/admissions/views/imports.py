"""Imports of applicants: upload, errors, difference, confirm, undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.enums import ImportState
from kuznitsa.admissions.forms.imports import ImportForm
from kuznitsa.admissions.models import ApplicantImport, Campaign
from kuznitsa.admissions.queries import imports as queries
from kuznitsa.admissions.queries.sheets import template_file
from kuznitsa.base.jobs import progress
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.spreadsheets import annotated_copy

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = actions.upload_import(campaign=campaign, file=file, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error("file", refused.reason)
        else:
            return redirect(found)
    context = {
        "campaign": campaign,
        "form": form,
        "imports": queries.imports_of(campaign, request.user),
        "why_not": permissions.why_not_import_applicants(request.user, campaign),
    }
    return render(request, "admissions/imports/list.html", context)


def template(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(template_file(_campaign(request, pk)), "applicants.xlsx")


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    applicant_import = _import(request, pk)
    rows = queries.difference(applicant_import) if applicant_import.state == ImportState.UPLOADED else []
    context = {
        "import": applicant_import,
        "errors": queries.errors_of(applicant_import),
        "rows": rows,
        "new": sum(row.kind == queries.NEW for row in rows),
        "changed": sum(row.kind == queries.CHANGED for row in rows),
        "same": sum(row.kind == queries.SAME for row in rows),
        "kept": [entry for entry in applicant_import.undo if entry.get("kept")],
        "progress": progress(f"admissions.confirm_import:{applicant_import.pk}"),
        "why_not_confirm": permissions.why_not_confirm_import(request.user, applicant_import),
        "why_not_undo": permissions.why_not_undo_import(request.user, applicant_import),
    }
    return render(request, "admissions/imports/detail.html", context)


def errors(request: HttpRequest, pk: int) -> HttpResponse:
    applicant_import = _import(request, pk)
    if not applicant_import.errors:
        raise Http404
    with applicant_import.file.open() as file:
        copy = annotated_copy(file.read(), queries.errors_of(applicant_import))
    return _file(copy, "errors.xlsx")


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.confirm_import, _("Done, or being done if the file is long."))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.cancel_import, _("Put aside; nothing was changed."))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.undo_import, _("The import is undone."))


def _do(request: HttpRequest, pk: int, action: Any, done: str) -> HttpResponse:
    applicant_import = _import(request, pk)
    action(applicant_import=applicant_import, by=request.user, at=timezone.now())
    messages.success(request, done)
    return redirect(applicant_import)


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("college"), pk=pk)
    refuse_if(permissions.why_not_check_applications(request.user, campaign))
    return campaign


def _import(request: HttpRequest, pk: int) -> ApplicantImport:
    imports = ApplicantImport.objects.visible_to(request.user)
    return get_object_or_404(imports.select_related("campaign__college", "uploaded_by"), pk=pk)


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

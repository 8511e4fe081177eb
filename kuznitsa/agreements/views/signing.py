"""Sending for signing, signing, scans of signed papers, and the ways out."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kuznitsa.agreements import actions, permissions
from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.forms import ProlongForm, ScanForm
from kuznitsa.agreements.models import Agreement, Party
from kuznitsa.base.refusal import Refused, refuse_if


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)


def _party(request: HttpRequest, pk: int) -> Party:
    parties = Party.objects.visible_to(request.user).select_related("agreement__cluster", "organisation")
    return get_object_or_404(parties, pk=pk)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = _agreement(request, pk)
    actions.send_for_signing(agreement=agreement, by=request.user, at=timezone.now())
    messages.success(request, _("Sent. The signatories have got a letter."))
    return redirect(agreement)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    party = _party(request, pk)
    seen_hash = request.POST.get("text_hash", "")
    actions.sign(party=party, by=request.user, at=timezone.now(), seen_hash=seen_hash)
    _thank(request, party)
    return redirect(party.agreement)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    party = _party(request, pk)
    refuse_if(permissions.why_not_upload(request.user, party))
    form = ScanForm(request.POST or None, request.FILES or None, party=party)
    if form.is_valid():
        try:
            actions.record_scan(party=party, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            _thank(request, party)
            return redirect(party.agreement)
    return render(request, "agreements/upload.html", {"form": form, "party": party, "agreement": party.agreement})


def _thank(request: HttpRequest, party: Party) -> None:
    party.agreement.refresh_from_db()
    if party.agreement.state == AgreementState.IN_FORCE:
        messages.success(request, _("All parties have signed: the agreement is in force."))
    else:
        messages.success(request, _("Signed. The other parties have yet to sign."))


@require_GET
def scan(request: HttpRequest, pk: int) -> FileResponse:
    party = get_object_or_404(Party.objects.visible_to(request.user).exclude(scan=""), pk=pk)
    return FileResponse(party.scan.open(), as_attachment=True)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = _agreement(request, pk)
    reason = request.POST.get("reason", "")
    actions.return_to_draft(agreement=agreement, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("Returned to draft. The parties have been told why."))
    return redirect(agreement)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = _agreement(request, pk)
    actions.withdraw(agreement=agreement, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect(agreement)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = _agreement(request, pk)
    actions.reopen(agreement=agreement, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("It is a draft again."))
    return redirect(agreement)


@require_POST
def terminate(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = _agreement(request, pk)
    reason = request.POST.get("reason", "")
    actions.terminate(agreement=agreement, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("Terminated. What has been done stays on record."))
    return redirect(agreement)


@require_POST
def prolong(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = _agreement(request, pk)
    form = ProlongForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(agreement)
    actions.prolong(agreement=agreement, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Prolonged: it is in force again."))
    return redirect(agreement)

"""Submitting, accepting and returning acts."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kuznitsa.agreements import actions, permissions
from kuznitsa.agreements.forms import ActForm
from kuznitsa.agreements.models import Act, Obligation
from kuznitsa.base.refusal import Refused, refuse_if

PARTS = ("agreement__cluster", "owner", "beneficiary", "thread")


def _act(request: HttpRequest, pk: int) -> Act:
    acts = Act.objects.visible_to(request.user).select_related(*(f"obligation__{part}" for part in PARTS))
    return get_object_or_404(acts, pk=pk)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, pk: int) -> HttpResponseBase:
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).select_related(*PARTS), pk=pk)
    refuse_if(permissions.why_not_submit_act(request.user, obligation))
    form = ActForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            actions.submit_act(obligation=obligation, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            return _submitted(request, obligation)
    return render(request, "agreements/act.html", {"form": form, "obligation": obligation})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    act = _act(request, pk)
    refuse_if(permissions.why_not_resubmit_act(request.user, act))
    initial = {"on": act.on, "quantity": act.quantity, "description": act.description}
    form = ActForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        try:
            actions.resubmit_act(act=act, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            return _submitted(request, act.obligation)
    return render(request, "agreements/act.html", {"form": form, "obligation": act.obligation})


def _submitted(request: HttpRequest, obligation: Any) -> HttpResponseBase:
    messages.success(request, _("Submitted. It counts as soon as the other party has accepted it."))
    return redirect(obligation)


@require_GET
def paper(request: HttpRequest, pk: int) -> FileResponse:
    act = get_object_or_404(Act.objects.visible_to(request.user).exclude(scan=""), pk=pk)
    return FileResponse(act.scan.open(), as_attachment=True)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    act = _act(request, pk)
    actions.accept_act(act=act, by=request.user, at=timezone.now())
    messages.success(request, _("Accepted. It counts towards the promise now."))
    return redirect(act)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponseBase:
    act = _act(request, pk)
    actions.return_act(act=act, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("Returned. The other party has been told why."))
    return redirect(act)

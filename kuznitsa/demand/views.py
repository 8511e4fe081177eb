"""Needs on screen: the list, the grid, one need and what may be done with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.demand import actions, forms, permissions, queries
from kuznitsa.demand.enums import Confidence, NeedState, UnmetReason
from kuznitsa.demand.models import Need
from kuznitsa.demand.tables import NeedFilter, NeedTable
from kuznitsa.organisations.models import Organisation
from kuznitsa.ui.listings import list_page


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    rows = Need.objects.visible_to(request.user).select_related("occupation", "employer", "site")
    listing = list_page(request, queryset=rows, table=NeedTable, filterset=NeedFilter)
    if listing.export:
        return listing.export
    context = {"listing": listing, "employers": queries.employers_spoken_for(request.user)}
    return render(request, listing.template("demand/list.html"), context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    context = {
        "need": need,
        "hired": queries.hired_for(need),
        "is_draft": need.state == NeedState.DRAFT,
        "is_withdrawn": need.state == NeedState.WITHDRAWN,
        "speaks": not permissions.why_not_speak_for(request.user, need.employer),
        "confidences": [(value, label, value == need.confidence) for value, label in Confidence.choices],
        "why_not": {
            "edit": permissions.why_not_edit(request.user, need),
            "state": permissions.why_not_state(request.user, need),
            "return": permissions.why_not_return(request.user, need),
            "withdraw": permissions.why_not_withdraw(request.user, need),
            "end": permissions.why_not_end(request.user, need),
            "reopen": permissions.why_not_reopen(request.user, need),
        },
        "reason_form": forms.ReasonForm(),
        "end_form": forms.EndForm(),
        "history": AuditEntry.objects.about(need).order_by("-at", "-pk")[:20],
    }
    return render(request, "demand/detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    employer = get_object_or_404(Organisation.objects.employers(), slug=slug)
    form = forms.NeedForm(request.POST or None, employer=employer)
    if request.method == "POST" and form.is_valid():
        try:
            need = actions.draft_need(employer=employer, by=request.user, at=timezone.now(), **_given(form))
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The need is written down as a draft. State it when the number is right."))
            return redirect(need)
    why_not = permissions.why_not_speak_for(request.user, employer)
    return render(request, "demand/create.html", {"employer": employer, "form": form, "why_not": why_not})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    why_not = permissions.why_not_edit(request.user, need)
    form = forms.NeedForm(request.POST or None, instance=need, employer=need.employer)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_need(need=need, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The need is changed."))
            return redirect("demand:detail", pk)
    return render(request, "demand/edit.html", {"need": need, "form": form, "why_not": why_not})


@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, slug: str) -> HttpResponse:
    """The grid: empty, filled from a pasted block, or saved; rows with errors come back as they were."""
    employer = get_object_or_404(Organisation.objects.employers(), slug=slug)
    block = forms.BlockForm(request.POST if "block" in request.POST else None)
    rows: list[dict[str, Any]] = [{}] * forms.GRID_ROWS
    if block.is_bound and block.is_valid():
        rows = [*block.rows(timezone.localdate()), {}]
    saving = request.method == "POST" and not block.is_bound
    formset = forms.GridFormSet(
        request.POST if saving else None, initial=rows, prefix="row", form_kwargs={"employer": employer}
    )
    reason = forms.GridReasonForm(request.POST if saving else None)
    is_valid = saving and formset.is_valid() and reason.is_valid()
    if is_valid and (answer := _save_grid(request, employer, formset, reason)):
        return answer
    context = {
        "employer": employer,
        "formset": formset,
        "reason_form": reason,
        "paste_form": block,
        "why_not": permissions.why_not_speak_for(request.user, employer),
    }
    return render(request, "demand/grid.html", context)


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    actions.state_need(need=_need(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The need is stated: the cluster sees it now."))
    return redirect("demand:detail", pk)


@require_POST
def confidence(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.ConfidenceForm(request.POST)
    if form.is_valid():
        chosen = Confidence(form.cleaned_data["confidence"])
        actions.set_confidence(need=_need(request, pk), confidence=chosen, by=request.user, at=timezone.now())
        messages.success(request, _("The need is now: %(confidence)s.") % {"confidence": chosen.label})
    return redirect("demand:detail", pk)


@require_POST
def return_to_draft(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.return_to_draft, _("The need is a draft again."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.withdraw_need, _("The need is withdrawn."))


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.reopen_need, _("The need is open again."))


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    actions.restore_need(need=_need(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The need is a draft again."))
    return redirect("demand:detail", pk)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    need, form = _need(request, pk), forms.EndForm(request.POST)
    refuse_if(permissions.why_not_end(request.user, need))
    if form.is_valid():
        reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
        why = UnmetReason(reason) if reason else None
        try:
            actions.end_need(need=need, reason=why, note=note, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The need has ended: %(state)s.") % {"state": need.get_state_display()})
            return redirect("demand:detail", pk)
    return render(request, "demand/end.html", {"form": form, "need": need, "hired": queries.hired_for(need)})


def _need(request: HttpRequest, pk: int) -> Need:
    rows = Need.objects.visible_to(request.user).select_related("occupation", "employer", "site", "cluster", "thread")
    return get_object_or_404(rows, pk=pk)


def _given(form: forms.NeedForm) -> dict[str, Any]:
    """What the form says; without a cluster the action chooses the only one there is."""
    return {name: value for name, value in form.cleaned_data.items() if name != "cluster" or value}


def _with_reason(request: HttpRequest, pk: int, action: Any, done: str) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    action(need=_need(request, pk), reason=reason, by=request.user, at=timezone.now())
    messages.success(request, done)
    return redirect("demand:detail", pk)


def _save_grid(request: HttpRequest, employer: Organisation, formset: Any, reason: Any) -> HttpResponse | None:
    rows = formset.cleaned_data
    try:
        drafted, changed = actions.save_grid(
            employer=employer, rows=rows, **reason.cleaned_data, by=request.user, at=timezone.now()
        )
    except Refused as refused:
        messages.error(request, refused.reason)
        return None
    said = [
        ngettext("%(count)d need drafted.", "%(count)d needs drafted.", len(drafted)) % {"count": len(drafted)},
        ngettext("%(count)d need changed.", "%(count)d needs changed.", len(changed)) % {"count": len(changed)},
    ]
    messages.success(request, " ".join(said))
    return redirect(f"{reverse('demand:list')}?state={NeedState.DRAFT}")

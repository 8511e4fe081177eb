"""Screens of placements: the mentor's page, one student's practice and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.placements import actions, forms, permissions, queries
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement
from kuznitsa.placements.tables import PlacementFilter, PlacementTable
from kuznitsa.ui.listings import list_page


def _placement(request: HttpRequest, pk: int) -> Placement:
    placements = Placement.objects.visible_to(request.user).select_related(
        "person", "mentor", "contract", "thread", "place__host", "place__intake__programme__college"
    )
    return get_object_or_404(placements, pk=pk)


def list_(request: HttpRequest) -> HttpResponseBase:
    visible = Placement.objects.visible_to(request.user)
    listing = list_page(
        request,
        queryset=queries.placements_of_list().filter(pk__in=visible.values("pk")),
        table=PlacementTable,
        filterset=PlacementFilter,
        search_in=("person__search", "place__search"),
    )
    return listing.export or render(request, listing.template("placements/placements.html"), {"listing": listing})


def mine(request: HttpRequest) -> HttpResponseBase:
    """The mentor's page for a phone: who is here, who comes, big buttons."""
    today = timezone.localdate()
    context = {"days": queries.days_of_mentor(request.user, today), "today": today, "from_mine": {"from": "mine"}}
    return render(request, "placements/mine.html", context)


def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    user = request.user
    planned = placement.state == PlacementState.PLANNED
    entries = AuditEntry.objects.filter(object_type="placements.placement", object_id=str(pk))
    context = {
        "placement": placement,
        "missing": queries.missing_at_gate(placement, timezone.localdate()) if planned else [],
        "why_not_follow": permissions.why_not_follow(user, placement),
        "why_not_start": permissions.why_not_start(user, placement),
        "why_not_complete": permissions.why_not_complete(user, placement),
        "why_not_reopen": permissions.why_not_reopen(user, placement),
        "why_not_cancel": permissions.why_not_cancel(user, placement),
        "prepare_form": forms.PrepareForm(instance=placement),
        "reason_form": forms.ReasonForm(),
        "history": entries.order_by("-at", "-pk")[:20],
    }
    return render(request, "placements/detail.html", context)


@require_POST
def prepare(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    form = forms.PrepareForm(request.POST)
    refuse_if("" if form.is_valid() else _("This is not a day."))
    actions.prepare_placement(placement=placement, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Noted."))
    return _back(request, placement)


@require_POST
def brief(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One tap of the mentor: the safety briefing was held today."""
    placement = _placement(request, pk)
    today = timezone.localdate()
    actions.prepare_placement(placement=placement, briefed_on=today, by=request.user, at=timezone.now())
    messages.success(request, _("Noted."))
    return _back(request, placement)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    actions.start_placement(placement=placement, by=request.user, at=timezone.now())
    messages.success(request, _("Practice has begun."))
    return _back(request, placement)


def no_show(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    refuse_if(permissions.why_not_start(request.user, placement))
    form = forms.StopForm(request.POST or None)
    return _step(request, placement, form, actions.mark_no_show, _("Did not come"), _("Noted."))


def interrupt(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    refuse_if(permissions.why_not_complete(request.user, placement))
    form = forms.StopForm(request.POST or None)
    return _step(request, placement, form, actions.interrupt_placement, _("Practice has stopped"), _("Noted."))


def complete(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    refuse_if(permissions.why_not_complete(request.user, placement))
    form = forms.CompleteForm(request.POST or None, initial={"hours": queries.expected_hours(placement)})
    said = _("Practice is completed. Thank you!")
    return _step(request, placement, form, actions.complete_placement, _("Complete practice"), said)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    reason = request.POST.get("reason", "")
    actions.reopen_placement(placement=placement, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The last step is taken back."))
    return redirect(placement)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    placement = _placement(request, pk)
    reason = request.POST.get("reason", "")
    actions.cancel_placement(placement=placement, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The student is taken off the place."))
    return redirect(placement)


def _back(request: HttpRequest, placement: Placement) -> HttpResponseBase:
    """Return to the mentor's page when the button was pressed there."""
    return redirect("placements:mine") if request.POST.get("from") == "mine" else redirect(placement)


def _step(
    request: HttpRequest, placement: Placement, form: Form, act: Callable[..., Any], heading: str, said: str
) -> HttpResponseBase:
    if form.is_valid():
        try:
            act(placement=placement, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, said)
            return redirect("placements:mine" if placement.mentor_id == request.user.pk else placement)
    context = {"form": form, "heading": heading, "lead": placement.person, "back": placement.get_absolute_url()}
    return render(request, "placements/form.html", context)

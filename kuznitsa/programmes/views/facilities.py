"""Screens of laboratories and workshops."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.base.money import format_money
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.programmes import actions, forms, permissions, queries
from kuznitsa.programmes.enums import FacilityState
from kuznitsa.programmes.models import Facility
from kuznitsa.programmes.tables import FacilityFilter, FacilityTable
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Fact, Step


def _facility(request: HttpRequest, pk: int) -> Facility:
    facilities = Facility.objects.visible_to(request.user)
    return get_object_or_404(facilities.select_related("organisation", "sponsor", "cluster"), pk=pk)


@login_not_required
def list_(request: HttpRequest) -> HttpResponseBase:
    facilities = Facility.objects.visible_to(request.user).select_related("organisation", "sponsor")
    listing = list_page(
        request,
        queryset=facilities.order_by("due_on", "name"),
        table=FacilityTable,
        filterset=FacilityFilter,
        search_in=("organisation__search", "sponsor__search"),
    )
    if listing.export:
        return listing.export
    can_add = queries.colleges_managed_by(request.user).exists()
    context = {"listing": listing, "can_add": can_add}
    return render(request, listing.template("programmes/facilities.html"), context)


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    facility = _facility(request, pk)
    context = {
        "facility": facility,
        "facts": _facts(facility),
        "steps": _steps(facility),
        "programmes": facility.programmes.select_related("occupation", "college").order_by("occupation__code"),
        "may_manage": not permissions.why_not_manage(request.user, facility.organisation),
        "why_not_accept": permissions.why_not_accept_facility(request.user, facility),
        "why_not_change": permissions.why_not_change_facility(request.user, facility),
        "reason_form": forms.ReasonForm(),
        "states": FacilityState,
    }
    return render(request, "programmes/facility.html", context)


def _facts(facility: Facility) -> list[Fact]:
    sponsor = facility.sponsor
    return [
        Fact(_("Kind"), facility.get_kind_display()),
        Fact(_("College"), facility.organisation, url=facility.organisation.get_absolute_url()),
        Fact(_("Paid by"), sponsor or facility.organisation, url=sponsor.get_absolute_url() if sponsor else ""),
        Fact(_("Cost"), "" if facility.cost_kopecks is None else format_money(facility.cost_kopecks)),
        Fact(_("Places"), facility.places or ""),
    ]


def _steps(facility: Facility) -> list[Step]:
    order = list(FacilityState)
    now = order.index(FacilityState(facility.state))
    accepted = facility.state == FacilityState.ACCEPTED
    return [
        Step(state.label, "done" if number < now or accepted else "current" if number == now else "todo")
        for number, state in enumerate(order)
    ]


def create(request: HttpRequest) -> HttpResponseBase:
    if not queries.colleges_managed_by(request.user).exists():
        raise Refused(_("Laboratories are added by the college they belong to."))
    form = forms.FacilityForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            facility = actions.add_facility(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Added."))
            return redirect(facility)
    return render(request, "programmes/form.html", {"form": form, "heading": _("New laboratory or workshop")})


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    facility = _facility(request, pk)
    refuse_if(permissions.why_not_change_facility(request.user, facility))
    form = forms.FacilityForm(request.POST or None, instance=facility, user=request.user)
    if form.is_valid():
        try:
            actions.edit_facility(facility=facility, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(facility)
    context = {"form": form, "heading": facility, "back": facility.get_absolute_url()}
    return render(request, "programmes/form.html", context)


@require_POST
def equip(request: HttpRequest, pk: int) -> HttpResponseBase:
    facility = _facility(request, pk)
    actions.start_equipping(facility=facility, by=request.user, at=timezone.now())
    messages.success(request, _("It is being equipped."))
    return redirect(facility)


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    facility = _facility(request, pk)
    actions.return_facility_to_plan(
        facility=facility, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    messages.success(request, _("It is planned again."))
    return redirect(facility)


def accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    facility = _facility(request, pk)
    refuse_if(permissions.why_not_accept_facility(request.user, facility))
    form = forms.AcceptanceForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            actions.accept_facility(facility=facility, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Accepted. It now counts towards what the plant has promised."))
            return redirect(facility)
    context = {"form": form, "heading": _("Acceptance"), "lead": facility, "back": facility.get_absolute_url()}
    return render(request, "programmes/form.html", context)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    facility = _facility(request, pk)
    actions.reopen_facility(
        facility=facility, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    messages.success(request, _("The acceptance is taken back."))
    return redirect(facility)

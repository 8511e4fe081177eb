"""Screens of practice places: the list, the page, opening, placing students."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.organisations.queries import standing
from kuznitsa.placements import actions, forms, permissions, queries
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.placements.tables import PlaceFilter, PlaceTable
from kuznitsa.ui.listings import list_page

OPENERS = (*permissions.HOST, *permissions.COLLEGE_OFFICE)


def _place(request: HttpRequest, pk: int) -> PracticePlace:
    places = PracticePlace.objects.visible_to(request.user).select_related(
        "host", "site", "mentor", "cluster", "intake__programme__college", "intake__programme__occupation"
    )
    return get_object_or_404(places, pk=pk)


def list_(request: HttpRequest) -> HttpResponseBase:
    visible = PracticePlace.objects.visible_to(request.user)
    listing = list_page(
        request,
        queryset=queries.listed_places().filter(pk__in=visible.values("pk")),
        table=PlaceTable,
        filterset=PlaceFilter,
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "may_open": bool(standing(request.user).organisations(*OPENERS)),
        "has_trainees": queries.of_mentor(request.user).exists(),
    }
    return render(request, listing.template("placements/list.html"), context)


def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = _place(request, pk)
    visible = Placement.objects.visible_to(request.user)
    placements = queries.listed_placements().filter(place=place, pk__in=visible.values("pk"))
    why_not_place = permissions.why_not_place(request.user, place)
    context = {
        "place": place,
        "taken": queries.taken(place),
        "placements": placements,
        "group": queries.group_to_place(place) if not why_not_place else [],
        "why_not_place": why_not_place,
        "why_not_change": permissions.why_not_change_place(request.user, place),
        "tick_form": forms.TickForm(),
        "reason_form": forms.ReasonForm(),
        "history": AuditEntry.objects.filter(object_type="placements.practiceplace", object_id=str(place.pk)).order_by(
            "-at", "-pk"
        )[:20],
    }
    return render(request, "placements/place.html", context)


def create(request: HttpRequest) -> HttpResponseBase:
    held = standing(request.user)
    refuse_if("" if held.organisations(*OPENERS) else _("Practice places are opened by enterprises and colleges."))
    hosts = held.organisations(*permissions.HOST)
    initial = {"host": next(iter(hosts))} if len(hosts) == 1 else {}
    form = forms.PlaceForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            place = actions.open_place(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The places are open."))
            return redirect(place)
    return render(request, "placements/form.html", {"form": form, "heading": _("Open practice places")})


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = _place(request, pk)
    refuse_if(permissions.why_not_change_place(request.user, place))
    form = forms.ChangePlaceForm(request.POST or None, instance=place)
    if form.is_valid():
        fresh = _place(request, pk)
        try:
            actions.edit_place(place=fresh, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(place)
    context = {"form": form, "heading": _("Change the practice place"), "back": place.get_absolute_url()}
    return render(request, "placements/form.html", {**context, "lead": place})


@require_POST
def place_students(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = _place(request, pk)
    ticked = set(request.POST.getlist("persons"))
    persons = [row.person for row in queries.group_to_place(place) if str(row.person_id) in ticked]
    refuse_if("" if persons else _("Tick at least one student."))
    placed = actions.place_students(place=place, persons=persons, by=request.user, at=timezone.now())
    _tell(request, placed)
    return redirect(place)


def _tell(request: HttpRequest, placed: actions.Placed) -> None:
    for person, reason in placed.refused:
        name = str(person)
        messages.error(request, reason if name in reason else f"{name}: {reason}")
    if count := len(placed.placements):
        said = ngettext("%(count)d student is placed.", "%(count)d students are placed.", count)
        messages.success(request, said % {"count": count})


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = _place(request, pk)
    actions.close_place(place=place, reason=_reason(request), by=request.user, at=timezone.now())
    messages.success(request, _("The place is closed."))
    return redirect(place)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = _place(request, pk)
    actions.reopen_place(place=place, by=request.user, at=timezone.now())
    messages.success(request, _("The place is open again."))
    return redirect(place)


def _reason(request: HttpRequest) -> Any:
    return request.POST.get("reason", "")

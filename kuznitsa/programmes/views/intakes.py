"""Screens of intakes and of the people who study in them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.programmes import actions, forms, permissions, queries
from kuznitsa.programmes.enums import EnrolmentState, IntakeState
from kuznitsa.programmes.models import Enrolment, Intake, Programme
from kuznitsa.ui.parts import Fact


def _intake(request: HttpRequest, pk: int) -> Intake:
    intakes = Intake.objects.visible_to(request.user)
    return get_object_or_404(intakes.select_related("programme__occupation", "programme__college"), pk=pk)


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    enrolments = Enrolment.objects.visible_to(request.user)
    return get_object_or_404(
        enrolments.select_related("person", "intake__programme__college", "intake__programme__occupation"), pk=pk
    )


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    may_see = not permissions.why_not_see_group(request.user, intake)
    context = {
        "intake": intake,
        "programme": intake.programme,
        "taken": queries.taken_places(intake),
        "group": queries.group_of(intake) if may_see else None,
        "may_manage": not permissions.why_not_move_intake(request.user, intake),
        "why_not_edit": permissions.why_not_edit_intake(request.user, intake),
        "why_not_enrol": permissions.why_not_enrol(request.user, intake),
        "reason_form": forms.ReasonForm(),
        "day_form": forms.DayForm(),
        "states": IntakeState,
    }
    return render(request, "programmes/intake.html", context)


def create(request: HttpRequest, pk: int) -> HttpResponseBase:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    refuse_if(permissions.why_not_edit_programme(request.user, programme))
    form = forms.IntakeForm(request.POST or None)
    if form.is_valid():
        try:
            intake = actions.add_intake(programme=programme, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The intake is planned."))
            return redirect(intake)
    context = {"form": form, "heading": _("New intake"), "lead": programme, "back": programme.get_absolute_url()}
    return render(request, "programmes/form.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    refuse_if(permissions.why_not_edit_intake(request.user, intake))
    form = forms.IntakeForm(request.POST or None, instance=intake)
    if form.is_valid():
        try:
            actions.edit_intake(intake=intake, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(intake)
    context = {"form": form, "heading": _("Intake"), "lead": intake.programme, "back": intake.get_absolute_url()}
    return render(request, "programmes/form.html", context)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    actions.start_intake(intake=intake, by=request.user, at=timezone.now())
    messages.success(request, _("The group is studying."))
    return redirect(intake)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    graduates = actions.finish_intake(intake=intake, on=_day(request), by=request.user, at=timezone.now())
    said = ngettext("%(number)d person has graduated.", "%(number)d people have graduated.", graduates)
    messages.success(request, said % {"number": graduates})
    return redirect(intake)


def _day(request: HttpRequest) -> Any:
    form = forms.DayForm(request.POST)
    refuse_if("" if form.is_valid() else _("Name the day."))
    return form.cleaned_data["on"]


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    actions.cancel_intake(intake=intake, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The intake is cancelled."))
    return redirect(intake)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    actions.reopen_intake(intake=intake, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The intake is %(state)s again.") % {"state": intake.get_state_display()})
    return redirect(intake)


def enrol(request: HttpRequest, pk: int) -> HttpResponseBase:
    intake = _intake(request, pk)
    refuse_if(permissions.why_not_enrol(request.user, intake))
    form = forms.EnrolmentForm(request.POST or None, user=request.user, intake=intake)
    if form.is_valid():
        try:
            actions.enrol(intake=intake, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("%(person)s is enrolled.") % {"person": form.cleaned_data["person"]})
            return redirect(intake)
    context = {"form": form, "heading": _("Enrol a student"), "lead": intake, "back": intake.get_absolute_url()}
    return render(request, "programmes/form.html", context)


def enrolment(request: HttpRequest, pk: int) -> HttpResponseBase:
    enrolled = _enrolment(request, pk)
    context = {
        "enrolment": enrolled,
        "facts": [
            Fact(_("Basis"), enrolled.get_basis_display()),
            Fact(_("Enrolled on"), date_format(enrolled.enrolled_on, "d.m.Y")),
            Fact(_("Order"), enrolled.order_number),
            Fact(_("Until"), date_format(enrolled.ended_on, "d.m.Y") if enrolled.ended_on else ""),
            Fact(_("Why they left"), enrolled.get_leaving_reason_display()),
        ],
        "may_change": not permissions.why_not_change_enrolment(request.user, enrolled),
        "states": EnrolmentState,
        "reason_form": forms.ReasonForm(),
        "day_form": forms.DayForm(),
    }
    return render(request, "programmes/enrolment.html", context)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    enrolment = _enrolment(request, pk)
    actions.start_leave(enrolment=enrolment, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("%(person)s is on academic leave.") % {"person": enrolment.person})
    return redirect(enrolment)


def expel(request: HttpRequest, pk: int) -> HttpResponseBase:
    enrolment = _enrolment(request, pk)
    refuse_if(permissions.why_not_change_enrolment(request.user, enrolment))
    form = forms.LeavingForm(request.POST or None)
    if form.is_valid():
        try:
            actions.expel(enrolment=enrolment, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("It is recorded that %(person)s has left.") % {"person": enrolment.person})
            return redirect(enrolment)
    back = enrolment.get_absolute_url()
    context = {"form": form, "heading": _("The student has left"), "lead": enrolment.person, "back": back}
    return render(request, "programmes/form.html", context)


def annul(request: HttpRequest, pk: int) -> HttpResponseBase:
    enrolment = _enrolment(request, pk)
    refuse_if(permissions.why_not_annul_enrolment(request.user, enrolment))
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.annul_enrolment(enrolment=enrolment, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The enrolment is taken back: the place is free again."))
            return redirect(enrolment)
    back = reverse("programmes:enrolment", args=[pk])
    context = {"form": form, "heading": _("Enrolled by mistake"), "lead": enrolment.person, "back": back}
    return render(request, "programmes/form.html", context)


@require_POST
def graduate(request: HttpRequest, pk: int) -> HttpResponseBase:
    enrolment = _enrolment(request, pk)
    actions.graduate(enrolment=enrolment, on=_day(request), by=request.user, at=timezone.now())
    messages.success(request, _("%(person)s has graduated.") % {"person": enrolment.person})
    return redirect(enrolment)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponseBase:
    enrolment = _enrolment(request, pk)
    actions.return_to_studies(
        enrolment=enrolment, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    messages.success(request, _("%(person)s is studying again.") % {"person": enrolment.person})
    return redirect(enrolment)

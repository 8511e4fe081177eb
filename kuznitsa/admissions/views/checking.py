"""What the admissions office presses on an application."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions
from kuznitsa.admissions.forms.applications import CheckForm, CorrectionForm
from kuznitsa.admissions.models import Application
from kuznitsa.base.refusal import Refused


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise Refused(_("A mark lies between 2.00 and 5.00, points between 0 and 50."))
    actions.check_application(application=application, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Checked: the application takes part."))
    return redirect(application)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.return_application, _("Sent back to be mended."))


@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.reject_application, _("The application does not take part."))


@require_POST
def reconsider(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    actions.reconsider_application(application=application, by=request.user, at=timezone.now())
    messages.success(request, _("The application is taken in again: check it."))
    return redirect(application)


@require_POST
def correct_score(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("A mark lies between 2.00 and 5.00, points between 0 and 50."))
    actions.correct_score(application=application, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Corrected. The published result stays as it was."))
    return redirect(application)


def _with_reason(request: HttpRequest, pk: int, action: Any, done: str) -> HttpResponse:
    application = _application(request, pk)
    action(application=application, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, done)
    return redirect(application)


def _application(request: HttpRequest, pk: int) -> Application:
    return get_object_or_404(
        Application.objects.visible_to(request.user).select_related("person", "campaign__college"), pk=pk
    )

"""The way in: a newcomer's account, for whom an application is, and links to sign in that the office sends."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kuznitsa.accounts.actions import request_account
from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.forms.starting import JoinForm, LateForm, form_for
from kuznitsa.admissions.models import Application, Campaign
from kuznitsa.admissions.queries import applications, starting
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.people.actions import register_child, register_person
from kuznitsa.people.models import Person


@login_not_required
@never_cache
def join(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Give an address, get a letter; the answer is the same whether the address has an account or not."""
    campaign = None if pk is None else _campaign(request, pk)
    start_url = _address(request, "application-start", pk) if pk else reverse("admissions:application-new")
    if request.user.is_authenticated:
        return redirect(start_url)
    why_not = permissions.why_not_join(campaign)
    form = JoinForm(request.POST or None, request=request)
    if request.method == "POST" and not why_not and form.is_valid():
        email, language = form.cleaned_data["email"], get_language()
        request_account(email=email, language=language, next_url=start_url, at=timezone.now())
        return redirect(reverse("admissions:join-sent", query={"next": start_url}))
    sign_in_url = reverse("accounts:sign-in", query={"next": start_url})
    context = {"campaign": campaign, "form": form, "why_not": why_not, "sign_in_url": sign_in_url}
    return render(request, "admissions/applications/join.html", context)


@login_not_required
def join_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the letter."""
    again_url = starting.join_url(request.GET.get("next", ""))
    return render(request, "admissions/applications/join_sent.html", {"again_url": again_url})


def choose_campaign(request: HttpRequest) -> HttpResponse:
    campaigns = applications.campaigns_to_apply(request.user, timezone.localdate())
    return render(request, "admissions/applications/choose.html", {"campaigns": campaigns})


@login_not_required
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for whom the application is; a visitor gets an account first."""
    campaign = _campaign(request, pk)
    if not request.user.is_authenticated:
        return redirect(_address(request, "join", pk))
    refuse_if(permissions.why_not_start_application(request.user, campaign))
    ways = starting.for_whom(request.user, campaign)
    whom = _whom(request, ways)
    form = form_for(whom, request.POST or None, request.user, campaign)
    late = LateForm(request.POST or None) if permissions.is_for_late(campaign) else None
    if whom and form.is_valid() and (late is None or late.is_valid()):
        try:
            application = _begin(request, campaign, whom, form.details if whom == starting.CHILD else form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            return redirect(_address(request, "application-edit", application.pk))
    context = {"campaign": campaign, "form": form, "whom": whom, "ways": ways, "late_form": late}
    if whom:
        return render(request, "admissions/applications/start.html", context)
    context["known"] = starting.known_persons(request.user, campaign)
    return render(request, "admissions/applications/for_whom.html", context)


def _whom(request: HttpRequest, ways: list[str]) -> str:
    """Return for whom, as the address says; an office begins for somebody who came; "" while it is to be said."""
    asked = request.GET.get("for", "")
    if asked in ways:
        return asked
    if "person" in request.POST:
        return starting.KNOWN
    return starting.APPLICANT if starting.APPLICANT in ways and not asked else ""


@transaction.atomic
def _begin(request: HttpRequest, campaign: Campaign, whom: str, given: dict[str, Any]) -> Application:
    now = timezone.now()
    person = given["person"] if "person" in given else _registered(request, whom, given, now)
    late_reason = request.POST.get("late_reason", "")
    return actions.start_application(campaign=campaign, person=person, late_reason=late_reason, by=request.user, at=now)


def _registered(request: HttpRequest, whom: str, given: dict[str, Any], now: Any) -> Person:
    by = request.user
    if whom == starting.CHILD:
        return register_child(**given, by=by, at=now)
    if whom == starting.NEW_PUPIL:
        return register_person(**given, affiliated_with=given["school"], by=by, at=now)
    return register_person(**given, user=by if whom == starting.ME else None, by=by, at=now)


@require_POST
def send_way_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the applicant or a guardian a link that leads to the application."""
    rows = Application.objects.visible_to(request.user).select_related("person__user", "campaign")
    application = get_object_or_404(rows, pk=pk)
    ways = {str(way.person.pk): way.person for way in starting.ways_in(request.user, application)}
    person = ways.get(request.POST.get("person", ""), application.person)
    address = actions.send_way_in(application=application, person=person, by=request.user, at=timezone.now())
    messages.success(request, _("A letter with a link to sign in is on its way to %(email)s.") % {"email": address})
    return redirect(application)


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(request.user).select_related("college"), pk=pk)


def _offer(request: HttpRequest) -> int | None:
    return starting.number_of(request.GET.get("offer", ""))


def _address(request: HttpRequest, name: str, pk: int) -> str:
    """Return a page of this way; the offer with which it began goes along."""
    offer = _offer(request)
    return reverse(f"admissions:{name}", args=[pk], query={"offer": offer} if offer else None)

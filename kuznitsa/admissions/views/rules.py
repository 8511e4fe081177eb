"""The rules of a campaign: the public page, where they are set, and rights to quotas."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.enums import CampaignState, MinSizeRule
from kuznitsa.admissions.forms.rules import CampaignRulesForms, OfferRulesForms
from kuznitsa.admissions.models import Application, Campaign, QuotaClaim, QuotaGroup, TargetOffer
from kuznitsa.admissions.queries.rules import check_rules, rules_of
from kuznitsa.base.refusal import Refused, refuse_if


@login_not_required
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = _campaign(request, pk)
    is_office = not permissions.why_not_see_check(request.user, found)
    is_checked = is_office and found.state == CampaignState.DRAFT
    context = {
        "campaign": found,
        "rules": rules_of(found, request.user),
        "min_size_rules": MinSizeRule,
        "findings": check_rules(found, timezone.localdate()) if is_checked else [],
        "is_checked": is_checked,
        "may_edit": not permissions.why_not_edit_rules(request.user, found),
    }
    return render(request, "admissions/rules/campaign.html", context)


def edit_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = _campaign(request, pk)
    refuse_if(permissions.why_not_edit_rules(request.user, found))
    rows = CampaignRulesForms(request.POST or None, found)
    problem = ""
    if rows.is_valid():
        try:
            actions.set_campaign_rules(campaign=found, **rows.lines, by=request.user, at=timezone.now())
        except Refused as refused:
            problem = refused.reason
        else:
            messages.success(request, _("Saved. This is what applicants will read."))
            return redirect("admissions:campaign-rules", found.pk)
    return render(request, "admissions/rules/edit_campaign.html", {"campaign": found, "rows": rows, "problem": problem})


def edit_offer(request: HttpRequest, pk: int) -> HttpResponse:
    offers = TargetOffer.objects.visible_to(request.user).select_related("employer", "campaign__college")
    offer = get_object_or_404(offers, pk=pk)
    refuse_if(permissions.why_not_edit_offer_rules(request.user, offer))
    rows = OfferRulesForms(request.POST or None, offer)
    problem = ""
    if rows.is_valid():
        try:
            actions.set_offer_rules(offer=offer, **rows.lines, by=request.user, at=timezone.now())
        except Refused as refused:
            problem = refused.reason
        else:
            messages.success(request, _("Saved. This is what applicants will read."))
            return redirect("admissions:campaign-rules", offer.campaign_id)
    return render(request, "admissions/rules/edit_offer.html", {"offer": offer, "rows": rows, "problem": problem})


@require_POST
def state_claim(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).select_related("person", "campaign__college")
    application = get_object_or_404(rows, pk=pk)
    number = request.POST.get("group", "")
    group = get_object_or_404(QuotaGroup, pk=int(number) if number.isdecimal() else 0, campaign=application.campaign_id)
    actions.state_claim(application=application, group=group, by=request.user, at=timezone.now())
    messages.success(request, _("Noted. It counts once the college has seen the paper."))
    return redirect(application)


@require_POST
def take_back_claim(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.take_back_claim, _("It is taken back."))


@require_POST
def confirm_claim(request: HttpRequest, pk: int) -> HttpResponse:
    paper = request.POST.get("paper", "")
    return _decide(request, pk, actions.confirm_claim, _("Confirmed: it counts."), paper=paper)


@require_POST
def refuse_claim(request: HttpRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _decide(request, pk, actions.refuse_claim, _("The applicant takes part without it."), reason=reason)


def _decide(request: HttpRequest, pk: int, action: Any, done: str, **words: str) -> HttpResponse:
    claims = QuotaClaim.objects.visible_to(request.user)
    claim = get_object_or_404(claims.select_related("group", "application__campaign", "application__person"), pk=pk)
    action(claim=claim, **words, by=request.user, at=timezone.now())
    messages.success(request, done)
    return redirect(claim.application)


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(request.user).select_related("college", "cluster"), pk=pk)

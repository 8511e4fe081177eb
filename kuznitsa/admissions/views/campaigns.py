"""Screens of campaigns."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, forms, permissions, queries
from kuznitsa.admissions.enums import CampaignState
from kuznitsa.admissions.models import Campaign
from kuznitsa.admissions.queries.rules import check_rules
from kuznitsa.admissions.tables import CampaignFilter, CampaignTable
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Event


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user)
    return get_object_or_404(campaigns.select_related("college", "cluster"), pk=pk)


@login_not_required
def list_(request: HttpRequest) -> HttpResponseBase:
    listing = list_page(
        request,
        queryset=queries.listed_campaigns().visible_to(request.user),
        table=CampaignTable,
        filterset=CampaignFilter,
        search_in=("search", "college__search"),
    )
    if listing.export:
        return listing.export
    can_add = queries.colleges_with_campaigns_of(request.user).exists()
    context = {"listing": listing, "can_add": can_add}
    return render(request, listing.template("admissions/campaigns/list.html"), context)


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    user, may_run = request.user, not permissions.why_not_run_campaigns(request.user, campaign.college)
    is_checked = may_run and campaign.state == CampaignState.DRAFT
    findings = check_rules(campaign, timezone.localdate()) if is_checked else []
    context = {
        "campaign": campaign,
        "findings": findings,
        "quota_names": list(campaign.quota_groups.order_by("name").values_list("name", flat=True)),
        "offers": queries.listed_offers().visible_to(user).filter(campaign=campaign),
        "dates": _dates(campaign),
        "states": CampaignState,
        "may_run": may_run,
        "why_not_open": permissions.why_not_open_campaign(user, campaign)
        or next((finding.text for finding in findings if finding.is_error), ""),
        "why_not_return": permissions.why_not_return_campaign(user, campaign),
        "why_not_reopen": permissions.why_not_reopen_campaign(user, campaign),
        "closes_early": campaign.closes_on >= timezone.localdate(),
        "reason_form": forms.OfferReasonForm(),
    }
    return render(request, "admissions/campaigns/detail.html", context)


def _dates(campaign: Campaign) -> list[Event]:
    today = timezone.localdate()
    days = [
        (campaign.opens_on, _("Applications open"), "door-open"),
        (campaign.closes_on, _("Last day of applications"), "door-closed"),
        (campaign.publishes_on, _("Results are published"), "list-ordered"),
    ]
    return [Event(on=day, title=title, icon=icon, planned=day > today) for day, title, icon in days]


def create(request: HttpRequest) -> HttpResponseBase:
    if not queries.colleges_with_campaigns_of(request.user).exists():
        raise Refused(_("Campaigns are run by the admissions office of a college."))
    form = forms.CampaignForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            campaign = actions.create_campaign(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The campaign is prepared. Nobody outside sees it until it opens."))
            return redirect(campaign)
    return render(request, "admissions/campaigns/form.html", {"form": form, "heading": _("New campaign")})


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    refuse_if(permissions.why_not_edit_campaign(request.user, campaign))
    form = forms.CampaignForm(request.POST or None, instance=campaign, user=request.user)
    if form.is_valid():
        try:
            actions.edit_campaign(campaign=campaign, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(campaign)
    context = {"form": form, "heading": _("Campaign"), "campaign": campaign}
    return render(request, "admissions/campaigns/form.html", context)


@require_POST
def open_(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    actions.open_campaign(campaign=campaign, by=request.user, at=timezone.now())
    messages.success(request, _("The campaign is open: everybody sees it and can apply."))
    return redirect(campaign)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    reason = request.POST.get("reason", "")
    actions.return_campaign(campaign=campaign, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The campaign is being prepared anew."))
    return redirect(campaign)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    reason = request.POST.get("reason", "")
    actions.close_campaign(campaign=campaign, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("Applications are closed. Next: enter the seed of the draw."))
    return redirect(campaign)


def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    refuse_if(permissions.why_not_reopen_campaign(request.user, campaign))
    form = forms.ReopeningForm(request.POST or None)
    if form.is_valid():
        try:
            actions.reopen_campaign(campaign=campaign, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The campaign takes applications again."))
            return redirect(campaign)
    context = {"form": form, "heading": _("Open the campaign again"), "campaign": campaign}
    return render(request, "admissions/campaigns/form.html", context)


def seed(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    refuse_if(permissions.why_not_enter_seed(request.user, campaign))
    form = forms.SeedForm(request.POST or None)
    if form.is_valid():
        try:
            actions.enter_draw_seed(campaign=campaign, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The seed of the draw is entered for good."))
            return redirect(campaign)
    context = {"form": form, "heading": _("Seed of the draw"), "campaign": campaign, "lead": campaign.draw_source}
    return render(request, "admissions/campaigns/form.html", context)


@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    actions.complete_campaign(campaign=campaign, by=request.user, at=timezone.now())
    messages.success(request, _("The campaign is completed."))
    return redirect(campaign)

"""Who may set the rules of a campaign, and who decides about rights to quotas."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ApplicationState, CampaignState, ClaimState
from kuznitsa.admissions.models import Application, Campaign, QuotaClaim, TargetOffer
from kuznitsa.admissions.permissions.applications import why_not_check_applications, why_not_edit_application
from kuznitsa.admissions.permissions.campaigns import why_not_edit_campaign, why_not_run_campaigns


def why_not_edit_rules(user: Any, campaign: Campaign) -> str:
    """Return why quotas, limits and minimums cannot be changed: applicants choose by the rules they have read."""
    return why_not_edit_campaign(user, campaign)


def why_not_edit_offer_rules(user: Any, offer: TargetOffer) -> str:
    """Return why the pools and the smallest group of an offer cannot be changed."""
    if offer.campaign is None:
        return _("The offer stands in no campaign: its seats are not divided.")
    return why_not_edit_rules(user, offer.campaign)


def why_not_see_check(user: Any, campaign: Campaign) -> str:
    """Return why the check of the rules is not for this user."""
    return why_not_run_campaigns(user, campaign.college)


def why_not_state_claim(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why a right to a quota cannot be stated or taken back: with the wishes, or by the office from a paper."""
    if not why_not_check_applications(user, application.campaign):
        return _why_not_now(application)
    return why_not_edit_application(user, application, on=on)


def why_not_confirm_claim(user: Any, claim: QuotaClaim) -> str:
    """Return why the office cannot confirm the right."""
    if claim.state == ClaimState.CONFIRMED:
        return _("It is confirmed.")
    return _why_not_now(claim.application) or why_not_check_applications(user, claim.application.campaign)


def why_not_refuse_claim(user: Any, claim: QuotaClaim) -> str:
    """Return why the office cannot say that the right is not proved."""
    if claim.state == ClaimState.REFUSED:
        return _("It is not confirmed as it is.")
    return _why_not_now(claim.application) or why_not_check_applications(user, claim.application.campaign)


def _why_not_now(application: Application) -> str:
    if application.state in (ApplicationState.WITHDRAWN, ApplicationState.REJECTED):
        return _("The application does not take part any more.")
    if application.campaign.state not in (CampaignState.OPEN, CampaignState.CLOSED):
        return _("The results are published.")
    return ""

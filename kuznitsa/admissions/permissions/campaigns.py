"""Who may run a campaign."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState
from kuznitsa.admissions.models import Campaign
from kuznitsa.organisations.enums import OrganisationKind, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing

CAMPAIGN_OFFICE = (Role.ADMISSIONS, Role.COORDINATOR, Role.DIRECTOR)


def why_not_run_campaigns(user: Any, college: Organisation) -> str:
    """Return why `user` (None is the system) may not run the campaigns of this college."""
    if user is None or user.is_staff or standing(user).holds(college.pk, *CAMPAIGN_OFFICE):
        return ""
    return _("Campaigns are run by the admissions office, the coordinator or the director of the college.")


def why_not_create_campaign(user: Any, college: Organisation) -> str:
    if college.kind not in (OrganisationKind.COLLEGE, OrganisationKind.UNIVERSITY):
        return _("Campaigns are run by colleges and universities.")
    return why_not_run_campaigns(user, college)


def why_not_edit_campaign(user: Any, campaign: Campaign) -> str:
    if campaign.state != CampaignState.DRAFT:
        return _("The dates and rules of a campaign stand once it has opened.")
    if campaign.pk and campaign.applications.exists():
        return _("People have applied already; their rules do not change.")
    return why_not_run_campaigns(user, campaign.college)


def why_not_open_campaign(user: Any, campaign: Campaign) -> str:
    if campaign.state != CampaignState.DRAFT:
        return _("This campaign has been opened already.")
    if not campaign.draw_source.strip():
        return _("Name the source of the draw's seed first: applicants must know it beforehand.")
    return why_not_run_campaigns(user, campaign.college)


def why_not_return_campaign(user: Any, campaign: Campaign) -> str:
    """Return why an open campaign may not be prepared anew."""
    if campaign.state != CampaignState.OPEN:
        return _("Only an open campaign is prepared anew.")
    if campaign.applications.exists():
        return _("People have applied already; their rules do not change.")
    return why_not_run_campaigns(user, campaign.college)


def why_not_close_campaign(user: Any, campaign: Campaign) -> str:
    if campaign.state != CampaignState.OPEN:
        return _("This campaign takes no applications.")
    return why_not_run_campaigns(user, campaign.college)


def why_not_reopen_campaign(user: Any, campaign: Campaign) -> str:
    if campaign.state != CampaignState.CLOSED:
        return _("Only a campaign whose applications are closed can be opened again.")
    if campaign.draw_seed:
        return _("The seed of the draw is known: nobody may apply any more.")
    return why_not_run_campaigns(user, campaign.college)


def why_not_enter_seed(user: Any, campaign: Campaign) -> str:
    if campaign.draw_seed:
        return _("The seed of the draw has been entered; it is never changed.")
    if campaign.state != CampaignState.CLOSED:
        return _("The seed of the draw is entered after applications have closed.")
    return why_not_run_campaigns(user, campaign.college)


def why_not_complete_campaign(user: Any, campaign: Campaign) -> str:
    if campaign.state != CampaignState.PUBLISHED:
        return _("A campaign is completed after its results are published.")
    return why_not_run_campaigns(user, campaign.college)

"""Who calculates, approves and publishes an allocation."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, RunState
from kuznitsa.admissions.models import AllocationRun, Campaign
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing

ALLOCATORS = (Role.ADMISSIONS, Role.DIRECTOR, Role.COORDINATOR)


def why_not_run_allocation(user: Any, campaign: Campaign) -> str:
    """Return why no allocation can be calculated now."""
    if campaign.state == CampaignState.OPEN:
        return _("Applications are still coming in: close the campaign first.")
    if campaign.state != CampaignState.CLOSED:
        return _("An allocation is calculated after applications have closed and before the results are published.")
    if not campaign.draw_seed:
        return _("The seed of the draw is missing: enter it from its source, %(source)s.") % {
            "source": campaign.draw_source
        }
    if not campaign.applications.standing().exists():
        return _("Nobody has applied.")
    return why_not_allocate(user, campaign)


def why_not_try_scenario(user: Any, campaign: Campaign) -> str:
    """Return why nothing can be tried: trials are the college's own, before the results."""
    if campaign.state not in (CampaignState.OPEN, CampaignState.CLOSED):
        return _("Scenarios are tried while applications come in and until the results are published.")
    if not campaign.applications.standing().exists():
        return _("Nobody has applied.")
    return why_not_allocate(user, campaign)


def why_not_approve_run(user: Any, run: AllocationRun) -> str:
    """Return why the draft cannot be approved."""
    if run.state != RunState.DRAFT:
        return _("Only a draft is approved; this one is “%(state)s”.") % {"state": run.get_state_display()}
    if not run.is_calculated:
        return _("It is still being calculated.")
    return why_not_allocate(user, run.campaign, needs_person=True)


def why_not_publish_run(user: Any, run: AllocationRun) -> str:
    """Return why the run cannot be published: two different people do it together."""
    if run.state == RunState.PUBLISHED:
        return _("It is published.")
    if run.is_being_published:
        return _("It is being published just now.")
    if run.state != RunState.APPROVED:
        return _("One person approves it first, another one publishes it.")
    if run.campaign.state != CampaignState.CLOSED:
        return _("The results of this campaign are published already.")
    reason = why_not_allocate(user, run.campaign, needs_person=True)
    if not reason and user.pk == run.approved_by_id:
        return _("You have approved it: somebody else publishes it.")
    return reason


def why_not_take_back_approval(user: Any, run: AllocationRun) -> str:
    """Return why the approval cannot be taken back."""
    if run.state != RunState.APPROVED:
        return _("There is no approval to take back.")
    return why_not_allocate(user, run.campaign)


def why_not_discard_run(user: Any, run: AllocationRun) -> str:
    """Return why the run cannot be discarded."""
    if run.state not in (RunState.DRAFT, RunState.APPROVED):
        return _("A published run stays for everybody to see.")
    return why_not_allocate(user, run.campaign)


def why_not_allocate(user: Any, campaign: Campaign, *, needs_person: bool = False) -> str:
    """Return why the user has no part in the allocations of the campaign."""
    if user is None:
        return _("A person does this.") if needs_person else ""
    if standing(user).holds(campaign.college_id, *ALLOCATORS):
        return ""
    return _("The admissions office, the director and the coordinator of the college do this.")

"""Scenarios: calculated beside the rules as they are, by a trial seed; no application, seat or run is touched."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.runs import AT_ONCE
from kuznitsa.admissions.models import Campaign, Scenario
from kuznitsa.admissions.permissions import runs as may
from kuznitsa.admissions.queries.scenarios import Changes, compare, stored
from kuznitsa.base.jobs import enqueue
from kuznitsa.base.refusal import Refused, refuse_if

MOST = 6


@transaction.atomic
def try_scenario(*, campaign: Campaign, name: str, changes: Changes, by: Any, at: datetime) -> Scenario:
    """Calculate what would come out by other rules; a large campaign is calculated by a worker.

    Refused when the user may not, nobody has applied, the results are published, nothing is different, the offer or
    enterprise is not of this campaign, or there are as many scenarios as fit a table. Effects: none but the scenario.
    """
    refuse_if(may.why_not_try_scenario(by, campaign))
    refuse_if(_why_not_changes(campaign, changes))
    if campaign.scenarios.count() >= MOST:
        raise Refused(_("%(most)d scenarios fit side by side: remove one first.") % {"most": MOST})
    scenario = Scenario.objects.create(
        campaign=campaign, name=name.strip()[:100], changes=stored(changes), created_by=by, created_at=at
    )
    if campaign.applications.standing().count() <= AT_ONCE:
        return calculate_scenario(scenario=scenario, by=by, at=at)
    enqueue("admissions.calculate_scenario", scenario=scenario.pk)
    return scenario


@transaction.atomic
def calculate_scenario(*, scenario: Scenario, by: Any, at: datetime) -> Scenario:
    """Write the numbers of a scenario. Refuses nothing; does nothing for one that has them."""
    if not scenario.outcome:
        scenario.outcome = compare(scenario.campaign, Changes(**scenario.changes))
        scenario.save(update_fields=["outcome"])
    return scenario


@transaction.atomic
def remove_scenario(*, scenario: Scenario, by: Any, at: datetime) -> None:
    """Take a scenario from the table. Refused when the user has no part in the allocation."""
    refuse_if(may.why_not_allocate(by, scenario.campaign))
    scenario.delete()


def _why_not_changes(campaign: Campaign, changes: Changes) -> str:
    if changes.is_empty:
        return _("Change something: seats, order of pools, smallest group, a limit or the rule.")
    if changes.offer is not None and not campaign.offers.filter(pk=changes.offer).exists():
        return _("This offer is not in the campaign.")
    if changes.employer is not None and not campaign.offers.filter(employer=changes.employer).exists():
        return _("This enterprise has no offer in the campaign.")
    return ""

"""The rules of a campaign: who counts for a quota, how seats are divided, limits and smallest groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import Campaign, CompanyLimit, OfferPool, QuotaGroup, TargetOffer
from kuznitsa.admissions.permissions import rules as may
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.engines.allocation import OPEN_POOL
from kuznitsa.organisations.models import Organisation


@dataclass(frozen=True)
class GroupLine:
    """Who counts for a quota; `pk` is a group that is there already."""

    name: str
    who: str
    paper: str
    pk: int | None = None


@dataclass(frozen=True)
class PoolLine:
    """Seats set aside; see `OfferPool`."""

    name: str
    seats: int
    group: QuotaGroup | None = None
    is_hard: bool = False


@transaction.atomic
def set_campaign_rules(
    *,
    campaign: Campaign,
    groups: Iterable[GroupLine],
    limits: Iterable[tuple[Organisation, int]],
    by: Any,
    at: datetime,
) -> Campaign:
    """Write the quota groups of a campaign and the limits of its enterprises anew.

    Refused when the campaign has opened or somebody has applied, the user may not, a name stands twice, a group
    that goes still has seats, or an enterprise has no offer in the campaign. Effects: an audit entry.
    """
    campaign = _locked(campaign)
    refuse_if(may.why_not_edit_rules(by, campaign))
    lines = list(groups)
    _write_groups(campaign, lines)
    campaign.company_limits.all().delete()
    for employer, seats in limits:
        if not campaign.offers.filter(employer=employer).exists():
            raise Refused(_("%(employer)s has no offer in this campaign.") % {"employer": employer})
        save_or_refuse(CompanyLimit(campaign=campaign, employer=employer, seats=seats))
    audit("admissions.campaign.rules_set", campaign, by=by, at=at, groups=[line.name for line in lines])
    return campaign


def _write_groups(campaign: Campaign, lines: list[GroupLine]) -> None:
    gone = campaign.quota_groups.exclude(pk__in=[line.pk for line in lines if line.pk])
    if used := gone.filter(pools__isnull=False).first():
        raise Refused(_("Seats are set aside for “%(group)s”: take them out of the offers first.") % {"group": used})
    gone.delete()
    known = {group.pk: group for group in campaign.quota_groups.all()}
    for line in lines:
        group = known.get(line.pk or 0) or QuotaGroup(campaign=campaign)
        group.name, group.who, group.paper = line.name, line.who, line.paper
        save_or_refuse(group)


@transaction.atomic
def set_offer_rules(
    *, offer: TargetOffer, pools: Iterable[PoolLine], minimum_group: int = 0, by: Any, at: datetime
) -> TargetOffer:
    """Divide the seats of an offer into pools, in the order in which they are tried, and set the smallest group.

    Refused when the campaign has opened or somebody has applied, the user may not, the pools take more seats than
    the offer has, a group is another campaign's, a name stands twice or is the one that open seats have, or the
    smallest group is larger than the offer. Effects: an audit entry.
    """
    offer = TargetOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.campaign:
        offer.campaign = _locked(offer.campaign)
    refuse_if(may.why_not_edit_offer_rules(by, offer))
    lines = list(pools)
    refuse_if(_why_not_pools(offer, lines, minimum_group))
    offer.pools.all().delete()
    for order, line in enumerate(lines, start=1):
        save_or_refuse(
            OfferPool(
                offer=offer, order=order, name=line.name, group=line.group, seats=line.seats, is_hard=line.is_hard
            )
        )
    offer.minimum_group = minimum_group
    offer.save(update_fields=["minimum_group"])
    audit(
        "admissions.targetoffer.rules_set",
        offer,
        by=by,
        at=at,
        pools=[f"{line.name}: {line.seats}" for line in lines],
        minimum_group=minimum_group,
    )
    return offer


def _why_not_pools(offer: TargetOffer, lines: list[PoolLine], minimum_group: int) -> str:
    taken = sum(line.seats for line in lines)
    if taken > offer.seats:
        return _("The pools take %(taken)d seats, and the offer has %(seats)d.") % {
            "taken": taken,
            "seats": offer.seats,
        }
    if any(line.group and line.group.campaign_id != offer.campaign_id for line in lines):
        return _("This quota group belongs to another campaign.")
    if any(line.name.strip().casefold() == OPEN_POOL for line in lines):
        return _("“%(name)s” is what the seats are called that no pool takes: choose another name.") % {
            "name": OPEN_POOL
        }
    if minimum_group > offer.seats:
        return _("The smallest group is %(least)d, and the offer has %(seats)d seats.") % {
            "least": minimum_group,
            "seats": offer.seats,
        }
    return ""


def _locked(campaign: Campaign) -> Campaign:
    """Return the campaign as it is now: it may have opened while somebody was writing its rules."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("college").get(pk=campaign.pk)

"""The rules of a campaign as people read them, and what of them cannot work."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import LIVE_CONTRACT_STATES, MinSizeRule, OfferState
from kuznitsa.admissions.models import (
    Application,
    Campaign,
    CompanyLimit,
    OfferPool,
    QuotaClaim,
    QuotaGroup,
    TargetContract,
    TargetOffer,
)

HIGHEST_MARK = 500


@dataclass(frozen=True)
class OfferRules:
    """How the seats of an offer are divided; `open_seats` is what no pool takes."""

    offer: TargetOffer
    pools: list[OfferPool]
    open_seats: int


@dataclass(frozen=True)
class CampaignRules:
    """Everything that decides who gets a seat, for the page that applicants read before they choose."""

    offers: list[OfferRules]
    groups: list[QuotaGroup]
    limits: list[CompanyLimit]
    has_minimum: bool


@dataclass(frozen=True)
class Finding:
    """Something about the rules that cannot work (an error stops the opening) or deserves a second look."""

    text: str
    url: str
    is_error: bool = True


@dataclass(frozen=True)
class QuotaLine:
    """A quota group on the page of an application, with what has been stated and decided."""

    group: QuotaGroup
    claim: QuotaClaim | None


def rules_of(campaign: Campaign, user: Any) -> CampaignRules:
    """Return the rules of a campaign with the offers that `user` may see."""
    offers = _offers(campaign).visible_to(user)
    rows = [OfferRules(offer, list(offer.pools.all()), _left(offer)) for offer in offers]
    return CampaignRules(
        offers=rows,
        groups=list(campaign.quota_groups.order_by("name")),
        limits=list(campaign.company_limits.select_related("employer").order_by("employer__search")),
        has_minimum=any(row.offer.minimum_group for row in rows),
    )


def quotas_of(application: Application) -> list[QuotaLine]:
    """Return the quota groups of the campaign with what this application has stated."""
    claims = {claim.group_id: claim for claim in application.claims.select_related("group")}
    groups = application.campaign.quota_groups.order_by("name")
    return [QuotaLine(group, claims.get(group.pk)) for group in groups]


def check_rules(campaign: Campaign, today: date) -> list[Finding]:
    """Return what about the rules of a campaign cannot work, errors first; each leads to where it is mended."""
    offers = list(_offers(campaign))
    limits = {limit.employer_id: limit for limit in campaign.company_limits.select_related("employer")}
    contracts = TargetContract.objects.filter(offer__campaign=campaign, state__in=LIVE_CONTRACT_STATES)
    taken = Counter(contracts.values_list("offer", flat=True))
    findings = [
        *_of_campaign(campaign, offers, today),
        *(finding for offer in offers for finding in _of_offer(campaign, offer, taken[offer.pk])),
        *(finding for limit in limits.values() for finding in _of_limit(limit, offers)),
        *_of_groups(campaign, offers),
    ]
    return sorted(findings, key=lambda finding: not finding.is_error)


def why_not_rules(campaign: Campaign, today: date) -> str:
    """Return the first thing that keeps the rules of the campaign from working."""
    found = next((finding for finding in check_rules(campaign, today) if finding.is_error), None)
    return _("The rules cannot work like this: %(problem)s") % {"problem": found.text} if found else ""


def _offers(campaign: Campaign) -> Any:
    pools = Prefetch("pools", OfferPool.objects.select_related("group").order_by("order"))
    offers = campaign.offers.exclude(state=OfferState.WITHDRAWN).select_related("employer", "intake")
    return offers.prefetch_related(pools).order_by("position", "pk")


def _left(offer: TargetOffer) -> int:
    return max(0, offer.seats - sum(pool.seats for pool in offer.pools.all()))


def _of_campaign(campaign: Campaign, offers: list[TargetOffer], today: date) -> Iterator[Finding]:
    edit, page = reverse("admissions:campaign-edit", args=[campaign.pk]), campaign.get_absolute_url()
    public = [offer for offer in offers if offer.state in (OfferState.PUBLISHED, OfferState.CLOSED)]
    if not campaign.draw_source.strip():
        yield Finding(_("Nobody can know beforehand where the seed of the draw comes from: name its source."), edit)
    if campaign.closes_on < today:
        yield Finding(_("The last day of applications has passed."), edit)
    if campaign.publishes_on == campaign.closes_on:
        yield Finding(
            _("The results come on the last day of applications: no day is left for papers and the draw."),
            edit,
            is_error=False,
        )
    if not public:
        yield Finding(_("There is nothing to choose: no offer of the campaign is published."), page)
    if len(public) > campaign.max_choices:
        yield Finding(
            _("There are %(offers)d offers, and applicants may name %(choices)d: a longer list is safer for them.")
            % {"offers": len(public), "choices": campaign.max_choices},
            edit,
            is_error=False,
        )
    if campaign.min_size_rule == MinSizeRule.IGNORE and any(offer.minimum_group for offer in offers):
        yield Finding(
            _("Some offers have a smallest group, but the campaign opens groups of any size: choose what happens."),
            edit,
        )
    if campaign.min_size_rule != MinSizeRule.IGNORE and not any(offer.minimum_group for offer in offers):
        yield Finding(
            _("The campaign closes groups that are too small, but no offer has a smallest group."), edit, is_error=False
        )


def _of_offer(campaign: Campaign, offer: TargetOffer, taken: int) -> Iterator[Finding]:
    url, pools = reverse("admissions:offer-rules", args=[offer.pk]), list(offer.pools.all())
    named = {"offer": offer}
    seats, set_aside = max(0, offer.seats - taken), sum(pool.seats for pool in pools)
    if offer.state not in (OfferState.PUBLISHED, OfferState.CLOSED):
        text = _("“%(offer)s” is not published: applicants do not see it.") % named
        yield Finding(text, offer.get_absolute_url(), is_error=False)
    if not seats:
        yield Finding(
            _("“%(offer)s” has no seat: all have contracts already.") % named, offer.get_absolute_url(), is_error=False
        )
    if set_aside > seats:
        yield Finding(
            _("The pools of “%(offer)s” take %(taken)d seats, and it has %(seats)d.")
            % {**named, "taken": set_aside, "seats": seats},
            url,
        )
    if any(pool.group and pool.group.campaign_id != campaign.pk for pool in pools):
        yield Finding(
            _("A pool of “%(offer)s” is for a quota group of another campaign: nobody can be in it.") % named, url
        )
    if seats and sum(pool.seats for pool in pools if pool.is_hard) >= seats:
        yield Finding(
            _("“%(offer)s” has no seat for those outside the quotas.") % named,
            url,
            is_error=False,
        )
    if offer.minimum_group > seats:
        yield Finding(
            _("The smallest group of “%(offer)s” is %(least)d, and it has %(seats)d seats: it can never open.")
            % {**named, "least": offer.minimum_group, "seats": seats},
            url,
        )
    if (offer.minimum_mark_hundredths or 0) >= HIGHEST_MARK:
        yield Finding(
            _("“%(offer)s” asks for the highest mark there is.") % named, offer.get_absolute_url(), is_error=False
        )
    if offer.intake.starts_on < campaign.publishes_on:
        yield Finding(
            _("Studies for “%(offer)s” begin before the results are published.") % named,
            reverse("admissions:campaign-edit", args=[campaign.pk]),
            is_error=False,
        )


def _of_limit(limit: CompanyLimit, offers: list[TargetOffer]) -> Iterator[Finding]:
    url = reverse("admissions:campaign-rules-edit", args=[limit.campaign_id])
    own = [offer for offer in offers if offer.employer_id == limit.employer_id]
    seats, least = sum(offer.seats for offer in own), max((offer.minimum_group for offer in own), default=0)
    named = {"employer": limit.employer, "limit": limit.seats, "seats": seats, "least": least}
    if not limit.seats:
        yield Finding(_("The limit of %(employer)s is zero: nobody can get a seat there.") % named, url)
    elif limit.seats < least:
        yield Finding(_("The limit of %(employer)s is %(limit)d, and a group there needs %(least)d.") % named, url)
    elif limit.seats < seats:
        yield Finding(
            _("%(employer)s takes %(limit)d over all its offers, which promise %(seats)d seats together.") % named,
            url,
            is_error=False,
        )
    else:
        yield Finding(
            _("The limit of %(employer)s changes nothing: its offers have %(seats)d seats.") % named,
            url,
            is_error=False,
        )


def _of_groups(campaign: Campaign, offers: list[TargetOffer]) -> Iterator[Finding]:
    used = {pool.group_id for offer in offers for pool in offer.pools.all()}
    idle = [group.name for group in campaign.quota_groups.order_by("name") if group.pk not in used]
    if idle:
        yield Finding(
            _("No seats are set aside for: %(groups)s.") % {"groups": ", ".join(idle)},
            reverse("admissions:campaign-rules", args=[campaign.pk]),
            is_error=False,
        )

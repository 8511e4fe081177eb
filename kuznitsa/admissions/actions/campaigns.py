"""Running a campaign: prepare, open, close, draw, complete, and the ways back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions import permissions
from kuznitsa.admissions.enums import CampaignState, MinSizeRule, SeatState
from kuznitsa.admissions.models import Campaign, Seat
from kuznitsa.admissions.queries.rules import why_not_rules
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.models import Organisation

LONGEST_SEED = 100


@transaction.atomic
def create_campaign(
    *,
    college: Organisation,
    name: str,
    opens_on: date,
    closes_on: date,
    publishes_on: date,
    by: Any,
    at: datetime,
    cluster: Cluster | None = None,
    draw_source: str = "",
    answer_working_days: int = 5,
    max_choices: int = 5,
    min_size_rule: str = MinSizeRule.IGNORE,
) -> Campaign:
    """Prepare a campaign of a college; nobody else sees it until it opens.

    Refused when the user may not, or the dates do not follow each other. Effects: an audit entry.
    """
    refuse_if(permissions.why_not_create_campaign(by, college))
    campaign = Campaign(
        college=college,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        publishes_on=publishes_on,
        cluster=cluster,
        draw_source=draw_source,
        answer_working_days=answer_working_days,
        max_choices=max_choices,
        min_size_rule=min_size_rule,
    )
    save_or_refuse(campaign)
    audit("admissions.campaign.created", campaign, by=by, at=at)
    return campaign


@transaction.atomic
def edit_campaign(*, campaign: Campaign, by: Any, at: datetime, **changes: Any) -> Campaign:
    """Change a campaign that has not opened.

    Refused when it has, somebody has applied, the user may not, or the dates are wrong. Effects: an audit entry.
    """
    # As it is now: it may have opened while somebody was writing.
    campaign.state = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk).state
    refuse_if(permissions.why_not_edit_campaign(by, campaign))
    for name, value in changes.items():
        setattr(campaign, name, value)
    save_or_refuse(campaign)
    audit("admissions.campaign.edited", campaign, by=by, at=at)
    return campaign


@transaction.atomic
def open_campaign(*, campaign: Campaign, by: Any, at: datetime) -> None:
    """Take applications from now on.

    Refused when the user may not, the source of the draw's seed is not named, the first day has not come, the
    last day has passed, or the rules cannot work (`queries.rules.check_rules`).
    """
    campaign.state = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk).state
    refuse_if(permissions.why_not_open_campaign(by, campaign))
    today = timezone.localdate(at)
    if today < campaign.opens_on:
        raise Refused(_("The campaign opens on %(day)s.") % {"day": f"{campaign.opens_on:%d.%m.%Y}"})
    if today > campaign.closes_on:
        raise Refused(_("The last day of applications has passed; move it first."))
    refuse_if(why_not_rules(campaign, today))
    move(campaign, CampaignState.OPEN, by=by, at=at)


@transaction.atomic
def return_campaign(*, campaign: Campaign, reason: str, by: Any, at: datetime) -> None:
    """Prepare an open campaign anew. Refused when somebody has applied, the user may not, or without a reason."""
    refuse_if(permissions.why_not_return_campaign(by, campaign))
    refuse_if("" if reason.strip() else _("Say why."))
    move(campaign, CampaignState.DRAFT, by=by, at=at, reason=reason)


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: Any, at: datetime, reason: str = "") -> None:
    """Take no more applications. Before the last day has passed, a reason is needed: people relied on it.

    Refused when the user may not, or the campaign is not open.
    """
    refuse_if(permissions.why_not_close_campaign(by, campaign))
    if timezone.localdate(at) <= campaign.closes_on and not reason.strip():
        raise Refused(_("The last day has not passed yet. Say why the campaign closes early."))
    move(campaign, CampaignState.CLOSED, by=by, at=at, reason=reason)


@transaction.atomic
def reopen_campaign(
    *, campaign: Campaign, closes_on: date, publishes_on: date, reason: str, by: Any, at: datetime
) -> None:
    """Take applications again until `closes_on`.

    Refused when the user may not, the seed of the draw is known, no reason is given, or the new last day
    has passed or comes after the results. Effects: the new dates, an audit entry with the reason.
    """
    refuse_if(permissions.why_not_reopen_campaign(by, campaign))
    refuse_if("" if reason.strip() else _("Say why."))
    if closes_on < timezone.localdate(at):
        raise Refused(_("The new last day has passed already."))
    campaign.closes_on, campaign.publishes_on = closes_on, publishes_on
    save_or_refuse(campaign)
    move(campaign, CampaignState.OPEN, by=by, at=at, reason=reason)


@transaction.atomic
def enter_draw_seed(*, campaign: Campaign, seed: str, by: Any, at: datetime) -> None:
    """Enter, once and for ever, the seed that the announced source has given.

    Refused when the user may not, applications have not closed, the seed is empty, or one has been entered.
    Effects: an audit entry with the seed.
    """
    refuse_if(permissions.why_not_enter_seed(by, campaign))
    seed = seed.strip()
    if not seed or len(seed) > LONGEST_SEED:
        raise Refused(_("Write the seed as the source has published it, in at most 100 characters."))
    entered = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.CLOSED, draw_seed="").update(draw_seed=seed)
    if not entered:
        raise Refused(_("Somebody else has just changed this. Reload the page and look again."))
    campaign.draw_seed = seed
    audit("admissions.campaign.seed_entered", campaign, by=by, at=at, seed=seed)


@transaction.atomic
def complete_campaign(*, campaign: Campaign, by: Any, at: datetime) -> None:
    """The campaign is over. Refused when the user may not, or seats still wait for an answer."""
    refuse_if(permissions.why_not_complete_campaign(by, campaign))
    waiting = Seat.objects.filter(application__campaign=campaign, state=SeatState.OFFERED).count()
    if waiting:
        raise Refused(
            ngettext(
                "%(number)d seat still waits for an answer.", "%(number)d seats still wait for an answer.", waiting
            )
            % {"number": waiting}
        )
    # Nothing better comes any more.
    for seat in Seat.objects.filter(application__campaign=campaign, state=SeatState.WAITING).order_by("pk"):
        move(seat, SeatState.ACCEPTED, by=by, at=at)
    move(campaign, CampaignState.COMPLETED, by=by, at=at)


@transaction.atomic
def close_past_campaigns(*, by: Any, at: datetime) -> int:
    """Close the campaigns whose last day has passed; return how many."""
    past = Campaign.objects.open().filter(closes_on__lt=timezone.localdate(at)).select_related("college")
    for campaign in (campaigns := list(past.order_by("pk"))):
        close_campaign(campaign=campaign, by=by, at=at)
    return len(campaigns)

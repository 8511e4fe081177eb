"""Reads of campaigns."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, OfferState
from kuznitsa.admissions.models import Campaign
from kuznitsa.admissions.permissions import CAMPAIGN_OFFICE
from kuznitsa.base.duties import Duty
from kuznitsa.organisations.enums import OrganisationKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing

_PUBLIC = Q(offers__state__in=[OfferState.PUBLISHED, OfferState.CLOSED])


def listed_campaigns() -> QuerySet[Campaign]:
    """Return campaigns with the number of their published `offers_count` and `seats_count`, the newest first."""
    return (
        Campaign.objects.select_related("college__region")
        .annotate(offers_count=Count("offers", filter=_PUBLIC), seats_count=Sum("offers__seats", filter=_PUBLIC))
        .order_by("-opens_on", "-pk")
    )


def colleges_with_campaigns_of(user: Any) -> QuerySet[Organisation]:
    """Return the colleges whose campaigns `user` may run."""
    kinds = [OrganisationKind.COLLEGE, OrganisationKind.UNIVERSITY]
    colleges = Organisation.objects.filter(kind__in=kinds).order_by("short_name")
    return colleges if user.is_staff else colleges.filter(pk__in=standing(user).organisations(*CAMPAIGN_OFFICE))


def duties_with_campaigns(user: Any, today: date) -> list[Duty]:
    """Return campaigns of the user's colleges whose day to open or close has come, or whose seed is missing."""
    colleges = standing(user).organisations(*CAMPAIGN_OFFICE)
    if not colleges:
        return []
    mine = Campaign.objects.filter(college__in=colleges)
    waiting = mine.filter(
        Q(state=CampaignState.DRAFT, opens_on__lte=today)
        | Q(state=CampaignState.OPEN, closes_on__lt=today)
        | Q(state=CampaignState.CLOSED, draw_seed="")
    )
    return [_duty(campaign) for campaign in waiting.select_related("college")]


def _duty(campaign: Campaign) -> Duty:
    title, due_on = {
        CampaignState.DRAFT: (_("Open the campaign"), campaign.opens_on),
        CampaignState.OPEN: (_("Close the campaign"), campaign.closes_on + timedelta(days=1)),
        CampaignState.CLOSED: (_("Enter the seed of the draw"), campaign.publishes_on),
    }[CampaignState(campaign.state)]
    return Duty(
        title=title,
        about=campaign.name,
        url=campaign.get_absolute_url(),
        organisation=str(campaign.college),
        due_on=due_on,
    )

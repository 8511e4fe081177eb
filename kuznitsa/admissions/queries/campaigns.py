"""Reads of campaigns."""

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, OfferState
from kuznitsa.admissions.models import Application, Campaign, TargetOffer
from kuznitsa.admissions.permissions import CAMPAIGN_OFFICE
from kuznitsa.base.duties import Duty
from kuznitsa.base.memo import per_request
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.enums import OrganisationKind, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.queries import family_of

BEFORE_RESULTS = (CampaignState.DRAFT, CampaignState.OPEN, CampaignState.CLOSED)
# Whose work ends at the plant's workplace or at the exam: campaigns are not theirs.
ON_THE_SPOT = {Role.MENTOR, Role.EXPERT}


def listed_campaigns() -> QuerySet[Campaign]:
    """Return campaigns for a list, the newest first, each with `seats_count` of its published offers."""
    rows = Campaign.objects.select_related("college").annotate(seats_count=Subquery(_seats_by_campaign()))
    return rows.order_by("-opens_on", "-pk")


def _seats_by_campaign() -> QuerySet[Any, Any]:
    """Add up beside the list, not in it: a join would group all campaigns before the first page is cut off."""
    public = TargetOffer.objects.filter(campaign=OuterRef("pk"), state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
    return public.order_by().values("campaign").annotate(seats=Sum("seats")).values("seats")


def colleges_with_campaigns_of(user: Any) -> QuerySet[Organisation]:
    """Return the colleges whose campaigns `user` may run."""
    kinds = [OrganisationKind.COLLEGE, OrganisationKind.UNIVERSITY]
    colleges = Organisation.objects.filter(kind__in=kinds).order_by("short_name")
    return colleges if user.is_staff else colleges.filter(pk__in=standing(user).organisations(*CAMPAIGN_OFFICE))


def duties_with_campaigns(user: Any, today: date) -> list[Duty]:
    """Return campaigns of the user's colleges whose day to open or close has come, or whose seed is missing."""
    colleges = standing(user).organisations(*CAMPAIGN_OFFICE)
    mine = [campaign for campaign in campaigns_before_results(user) if campaign.college_id in colleges]
    return [_duty(campaign) for campaign in mine if _waits(campaign, today)]


@per_request
def campaigns_before_results(user: Any) -> list[Campaign]:
    """Return the campaigns without results that concern `user`: of one's college and clusters, those in which one's
    plants offer seats, and one's own and one's children's; one query.
    """
    held, family = standing(user), family_of(user)
    mine = {pk for pk, roles in held.roles.items() if roles - ON_THE_SPOT}
    concerned = Q()
    if family:
        concerned |= Q(pk__in=Application.objects.filter(person__in=family).values("campaign"))
    if mine or user.is_staff:
        concerned |= Q(college__in=mine) | Q(cluster__in=Cluster.objects.of(user).values("pk"))
        concerned |= Q(pk__in=TargetOffer.objects.filter(employer__in=mine).values("campaign"))
    if not concerned:
        return []
    campaigns = Campaign.objects.filter(concerned, state__in=BEFORE_RESULTS).select_related("college")
    # What a college prepares is not shown to others yet.
    own = held.organisations()
    return [row for row in campaigns if row.state != CampaignState.DRAFT or row.college_id in own]


def _waits(campaign: Campaign, today: date) -> bool:
    if campaign.state == CampaignState.DRAFT:
        return campaign.opens_on <= today
    if campaign.state == CampaignState.OPEN:
        return campaign.closes_on < today
    return not campaign.draw_seed


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

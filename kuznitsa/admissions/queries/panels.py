"""What applications and runs add to the pages of campaigns, offers and persons."""

from typing import Any

from django.utils import timezone

from kuznitsa.admissions.enums import ApplicationState, CampaignState
from kuznitsa.admissions.models import Application, Campaign, TargetOffer
from kuznitsa.admissions.permissions.applications import why_not_check_applications
from kuznitsa.admissions.permissions.runs import why_not_allocate
from kuznitsa.admissions.queries.applications import persons_of, published_run
from kuznitsa.people.models import Person


def panel_of_campaign(request: Any, campaign: Campaign) -> dict[str, Any] | None:
    """Return what the viewer can do in a campaign: apply, go on with their application, work in the office."""
    user = request.user
    applications = campaign.applications.exclude(state=ApplicationState.WITHDRAWN)
    return {
        "campaign": campaign,
        "is_open": campaign.state == CampaignState.OPEN and timezone.localdate() <= campaign.closes_on,
        "own": list(campaign.applications.filter(person__in=persons_of(user)).select_related("person")),
        "is_office": not why_not_check_applications(user, campaign),
        "is_allocator": not why_not_allocate(user, campaign),
        "sent": applications.exclude(state=ApplicationState.DRAFT).count(),
        "run": published_run(campaign),
    }


def panel_of_offer(request: Any, offer: TargetOffer) -> dict[str, Any] | None:
    """Return the way to apply for an offer and, once results are published, to its seats and waiting list."""
    campaign = offer.campaign
    if campaign is None:
        return None
    user = request.user
    is_open = campaign.state == CampaignState.OPEN and timezone.localdate() <= campaign.closes_on
    run = published_run(campaign) if user.is_authenticated else None
    shown = {"offer": offer, "offer_id": str(offer.pk), "campaign": campaign, "run": run, "is_open": is_open}
    return shown if is_open or run else None


def panel_of_person(request: Any, person: Person) -> dict[str, Any] | None:
    """Return the applications of a person that the viewer may see."""
    rows = Application.objects.visible_to(request.user).filter(person=person)
    applications = list(rows.select_related("campaign__college").order_by("-pk"))
    return {"applications": applications} if applications else None

"""Reads of target offers."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.enums import HELD_STATES, CampaignState, ContractState, OfferState
from kuznitsa.admissions.models import TargetOffer
from kuznitsa.admissions.models.offers import TargetOfferQuerySet
from kuznitsa.admissions.permissions import OFFER_AGREERS, OFFER_MAKERS, why_not_create_offer
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Obligation
from kuznitsa.base.duties import Duty, rows_if_any
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.enums import NeedState
from kuznitsa.demand.models import Need
from kuznitsa.organisations.models import SHORT_NAMES, Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.programmes.models import Intake

# So many offers stand on the page of something else; the list has them all.
PANEL_ROWS = 20
LIVE_CONTRACTS = (
    ContractState.SIGNING,
    ContractState.ACTIVE,
    ContractState.SUSPENDED,
    ContractState.FULFILLED,
)


def listed_offers() -> TargetOfferQuerySet:
    """Return offers with all that a list or a card shows of them; those that close soonest come first."""
    return TargetOffer.objects.select_related(
        "employer__region", "intake__programme__occupation", "intake__programme__college", "campaign", "site"
    ).order_by("campaign__closes_on", "-pk")


def offers_of_list(user: Any) -> TargetOfferQuerySet:
    """Return the offers that `user` may see as the long list of all of them shows them, in the same order."""
    shown = ["position", "seats", "state", "campaign__closes_on"]
    sides = ("employer", "intake__programme__college")
    rows = TargetOffer.objects.visible_to(user).select_related(*sides, "campaign")
    named = rows.only(*shown, *(f"{side}__{name}" for side in sides for name in SHORT_NAMES))
    return named.order_by("campaign__closes_on", "-pk")


def open_offers(today: date) -> TargetOfferQuerySet:
    """Return published offers to which one can apply today."""
    return listed_offers().published().filter(campaign__state=CampaignState.OPEN, campaign__closes_on__gte=today)


def seats_held(offer: TargetOffer) -> int:
    """Return how many seats are taken: allocated and not given back, or under a contract made without a seat."""
    allocated = offer.allocated_seats.held().count()
    by_contract = offer.contracts.filter(state__in=LIVE_CONTRACTS).exclude(seat__state__in=HELD_STATES)
    return allocated + by_contract.count()


def seats_promised_of(offer: TargetOffer) -> int:
    """Return how many places of the intake other agreed and published offers have taken."""
    others = TargetOffer.objects.filter(
        intake=offer.intake_id, state__in=[OfferState.AGREED, OfferState.PUBLISHED, OfferState.CLOSED]
    ).exclude(pk=offer.pk)
    return sum(others.values_list("seats", flat=True))


def missing_terms(offer: TargetOffer) -> list[str]:
    """Return what an offer must still say before it may be published."""
    missing = {
        _("what support the plant gives"): offer.support.exists(),
        _("what the student owes"): offer.duties.strip(),
        _("how one gets out"): offer.exit_terms.strip(),
        _("the workplace"): offer.position.strip(),
    }
    return [name for name, said in missing.items() if not said]


def employers_of(user: Any) -> QuerySet[Organisation]:
    """Return the enterprises for which `user` may make offers."""
    employers = Organisation.objects.employers().order_by("short_name")
    return employers if user.is_staff else employers.filter(pk__in=standing(user).organisations(*OFFER_MAKERS))


def next_number(employer: Organisation, today: date) -> str:
    """Return a number that no offer of the plant has: year and count."""
    taken = set(employer.offers.values_list("number", flat=True))
    count = len(taken) + 1
    while (number := f"{today.year}-{count}") in taken:
        count += 1
    return number


def panel_of_need(request: Any, need: Need) -> dict[str, Any]:
    """Return the offers that answer a need, and where to make one, for the page of the need."""
    offers = listed_offers().visible_to(request.user).filter(need=need)
    create_url = ""
    if need.state == NeedState.STATED and not why_not_create_offer(request.user, need.employer):
        create_url = f"{reverse('admissions:offer-create')}?need={need.pk}"
    return {"offers": offers, "create_url": create_url}


def panel_of_obligation(request: Any, obligation: Obligation) -> dict[str, Any] | None:
    """Return the offers under an agreement for the page of its obligation to open seats; None for other kinds."""
    if obligation.kind != ObligationKind.SEATS:
        return None
    offers = listed_offers().visible_to(request.user).filter(agreement=obligation.agreement_id)
    create_url = ""
    if not why_not_create_offer(request.user, obligation.owner):
        create_url = f"{reverse('admissions:offer-create')}?obligation={obligation.pk}"
    return {"offers": offers, "create_url": create_url}


def panel_of_organisation(request: Any, organisation: Organisation) -> dict[str, Any] | None:
    """Return the published offers of a plant or for a college; None when there are none."""
    return _panel(Q(employer=organisation) | Q(intake__programme__college=organisation))


def panel_of_cluster(request: Any, cluster: Cluster) -> dict[str, Any] | None:
    """Return the published offers of a cluster; None when there are none."""
    return _panel(Q(thread__cluster=cluster))


def panel_of_intake(request: Any, intake: Intake) -> dict[str, Any] | None:
    """Return the published offers for an intake; None when there are none."""
    return _panel(Q(intake=intake))


def _panel(which: Q) -> dict[str, Any] | None:
    offers = list(listed_offers().published().filter(which)[:PANEL_ROWS])
    return {"offers": offers, "create_url": ""} if offers else None


def duties_with_offers(user: Any, today: date) -> list[Duty]:
    """Return the offers that wait for the agreement of the user's college, and those that the plant has to finish
    or may publish. They are public by the opening of their campaign; without one, before the studies begin.
    """
    held = standing(user)
    waiting = Q()
    if colleges := held.colleges(*OFFER_AGREERS):
        waiting |= Q(state=OfferState.PROPOSED, intake__programme__college__in=colleges)
    if plants := held.employers(*OFFER_MAKERS):
        waiting |= Q(state__in=[OfferState.DRAFT, OfferState.AGREED], employer__in=plants)
    return [_duty(offer) for offer in rows_if_any(listed_offers().filter(waiting).order_by())] if waiting else []


def _duty(offer: TargetOffer) -> Duty:
    title, whose = {
        OfferState.PROPOSED: (_("Agree to a target offer"), offer.intake.programme.college),
        OfferState.AGREED: (_("Publish an agreed offer"), offer.employer),
        OfferState.DRAFT: (_("Finish the draft of an offer and propose it"), offer.employer),
    }[OfferState(offer.state)]
    seats = ngettext("%(seats)d seat", "%(seats)d seats", offer.seats) % {"seats": offer.seats}
    return Duty(
        title=title,
        about=f"{capfirst(offer.position)}, {seats} · {offer.employer}",
        url=offer.get_absolute_url(),
        organisation=str(whose),
        due_on=offer.campaign.opens_on if offer.campaign else offer.intake.starts_on,
    )

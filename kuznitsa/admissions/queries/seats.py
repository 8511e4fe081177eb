"""Seats that are free, and who is next on the list of an offer."""

import json
from dataclasses import replace

from kuznitsa.admissions.enums import LIVE_CONTRACT_STATES, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Seat, TargetContract, TargetOffer
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Instance, Result


def numbers_of(campaign_id: int) -> dict[str, int]:
    """Return the ids of the applications of a campaign by their names in public records."""
    return dict(Application.objects.filter(campaign=campaign_id).values_list("pseudonym", "pk"))


def place_id(offer_id: int) -> str:
    """Return the name of an offer in the public record."""
    return f"O-{offer_id}"


def number_in(name: str) -> int:
    """Return the id of the offer behind a name of the public record."""
    return int(name.split("-")[1])


def seats_left(offer: TargetOffer) -> int:
    """Return how many seats of the offer nobody holds: neither by an allocation nor by a contract of its own."""
    held = Seat.objects.held().filter(offer=offer)
    contracts = TargetContract.objects.filter(offer=offer, state__in=LIVE_CONTRACT_STATES)
    apart = contracts.exclude(seat__in=held)
    return max(0, offer.seats - held.count() - apart.count())


def instance_of(run: AllocationRun) -> Instance:
    """Return the input of a run as the engine reads it."""
    return allocation.read_instance(json.dumps(run.instance).encode())


def result_of(run: AllocationRun) -> Result:
    """Return the result of a run as the engine reads it."""
    return allocation.read_result(json.dumps(run.result).encode())[0]


def standing_now(run: AllocationRun) -> Result:
    """Return the published result with what happened since: who holds which seat today."""
    seats = (
        Seat.objects.held().filter(application__campaign=run.campaign_id).values_list("application__pseudonym", "offer")
    )
    held = {name: place_id(offer) for name, offer in seats}
    published = result_of(run)
    return replace(
        published,
        assignment={applicant: held.get(applicant) for applicant in published.assignment},
        pool={
            applicant: published.pool[applicant]
            if published.assignment[applicant] == held[applicant]
            else allocation.model.OPEN_POOL
            for applicant in published.assignment
            if applicant in held
        },
    )


def waiting_list(run: AllocationRun, offer: TargetOffer) -> list[Application]:
    """Return who can be called to a seat of the offer, next first.

    By the published scores and draw: those who like this offer better than what they hold. Not those who have
    withdrawn a consent that applying needs, accepted a seat, left, let a clock run out, or said no to this offer
    or to one they liked better.
    """
    names = allocation.queue(instance_of(run), standing_now(run), place_id(offer.pk))
    rows = Application.objects.standing().consented().filter(pseudonym__in=names).select_related("person", "campaign")
    applications = {row.pseudonym: row for row in rows.prefetch_related("choices", "seats")}
    found = (applications[name] for name in names if name in applications)
    return [application for application in found if _can_be_called(application, offer)]


def _can_be_called(application: Application, offer: TargetOffer) -> bool:
    seats = list(application.seats.all())
    rank = next((choice.rank for choice in application.choices.all() if choice.offer_id == offer.pk), None)
    if rank is None or any(seat.state in (SeatState.ACCEPTED, SeatState.LAPSED) for seat in seats):
        return False
    return not any(seat.rank <= rank for seat in seats if seat.state in (SeatState.DECLINED, SeatState.WITHDRAWN))

"""Seats that are free, and who is next on the list of an offer."""

import zlib

from kuznitsa.admissions.enums import HELD_STATES, LIVE_CONTRACT_STATES, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, RunPlace, Seat, TargetContract, TargetOffer
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
    return allocation.read_instance(zlib.decompress(run.files.instance))


def result_of(run: AllocationRun) -> Result:
    """Return the result of a run as the engine reads it."""
    return allocation.read_result(zlib.decompress(run.files.result))[0]


def waiting_list(run: AllocationRun, offer: TargetOffer) -> list[Application]:
    """Return who can be called to a seat of the offer, next first.

    By the published scores and draw: those who like this offer better than what they hold. Not those who have
    withdrawn a consent that applying needs, accepted a seat, left, let a clock run out, or said no to this offer
    or to one they liked better.
    """
    kept = RunPlace.objects.filter(run=run, offer=offer).values_list("waiting", flat=True).first()
    names = (kept or "").split()
    rows = Application.objects.standing().consented().filter(pseudonym__in=names).select_related("person", "campaign")
    applications = {row.pseudonym: row for row in rows.prefetch_related("choices", "seats")}
    found = (applications[name] for name in names if name in applications)
    return [application for application in found if _can_be_called(application, offer)]


def _can_be_called(application: Application, offer: TargetOffer) -> bool:
    seats = list(application.seats.all())
    rank = next((choice.rank for choice in application.choices.all() if choice.offer_id == offer.pk), None)
    if rank is None or any(seat.state in (SeatState.ACCEPTED, SeatState.LAPSED) for seat in seats):
        return False
    # Held, or left: what was liked as much or better counts.
    counts = (*HELD_STATES, SeatState.DECLINED, SeatState.WITHDRAWN)
    return not any(seat.rank <= rank for seat in seats if seat.state in counts)

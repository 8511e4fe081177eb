"""Seats that are free, and who is next on the list of an offer."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable

from kuznitsa.admissions.enums import HELD_STATES, LIVE_CONTRACT_STATES, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Choice, RunPlace, Seat, TargetContract, TargetOffer
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
    rank = next((choice.rank for choice in application.choices.all() if choice.offer_id == offer.pk), None)
    return rank is not None and _waits([(seat.state, seat.rank) for seat in application.seats.all()], rank)


def _waits(seats: Iterable[tuple[str, int]], rank: int) -> bool:
    """Return whether somebody who was given these seats waits for a choice of this rank."""
    if any(state in (SeatState.ACCEPTED, SeatState.LAPSED) for state, _rank in seats):
        return False
    # Held, or left: what was liked as much or better counts.
    counts = (*HELD_STATES, SeatState.DECLINED, SeatState.WITHDRAWN)
    return not any(given <= rank for state, given in seats if state in counts)


def waiting_numbers(run: AllocationRun) -> Counter[int]:
    """Return how many `waiting_list` has for every offer; reads a campaign of any size as plain values, once."""
    applications = Application.objects.filter(campaign=run.campaign_id)
    standing = set(applications.standing().consented().values_list("pseudonym", flat=True))
    given: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    seats = Seat.objects.filter(application__campaign=run.campaign_id)
    for name, state, rank in seats.values_list("application__pseudonym", "state", "rank"):
        given[name].append((state, rank))
    # Who was given nothing waits for all that they named.
    asked = Choice.objects.filter(application__campaign=run.campaign_id, application__in=seats.values("application"))
    rows = asked.values_list("application__pseudonym", "offer", "rank").iterator(chunk_size=20_000)
    ranks = {(name, offer): rank for name, offer, rank in rows}
    found: Counter[int] = Counter()
    for offer, names in RunPlace.objects.filter(run=run).values_list("offer", "waiting"):
        found[offer] = sum(
            name not in given or ((name, offer) in ranks and _waits(given[name], ranks[name, offer]))
            for name in names.split()
            if name in standing
        )
    return found

"""Seats that are free, and who is next on the list of an offer."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kuznitsa.admissions.enums import HELD_STATES, LIVE_CONTRACT_STATES, STANDING_STATES, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Choice, RunPlace, Seat, TargetContract, TargetOffer
from kuznitsa.admissions.models.applications import consented
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Instance, Result

# With a seat in such a state nobody waits any more.
OVER = (SeatState.ACCEPTED, SeatState.LAPSED)
# Held, or left: nobody waits for what they like less, nor for the same again.
COUNTS = (*HELD_STATES, SeatState.DECLINED, SeatState.WITHDRAWN)


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


def waiting_list(run: AllocationRun, offer: TargetOffer) -> list[int]:
    """Return the keys of the applications that can be called to a seat of the offer, next first.

    By the published scores and draw: those who like this offer better than what they hold. Not those who have
    withdrawn a consent that applying needs, accepted a seat, left, let a clock run out, or said no to this offer
    or to one they liked better.
    """
    kept = RunPlace.objects.filter(run=run, offer=offer).values_list("waiting", flat=True).first()
    # As `_waits` says, asked of the database: of thousands who have named an offer only keys are read.
    over = Q(state__in=OVER) | Q(state__in=COUNTS, rank__lte=OuterRef("rank"))
    named = Choice.objects.filter(offer=offer, application__state__in=STANDING_STATES)
    waiting = named.filter(consented("application__person")).exclude(
        Exists(Seat.objects.filter(over, application=OuterRef("application")))
    )
    found = dict(waiting.values_list("application__pseudonym", "application"))
    return [found[name] for name in (kept or "").split() if name in found]


class InOrder(Sequence[Any]):
    """The rows of some keys, in the order of the keys; reads no more than the slice that is asked for."""

    def __init__(self, rows: QuerySet[Any], keys: list[int]) -> None:
        self.rows, self.keys = rows, keys

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, wanted: Any) -> Any:
        found = self.rows.in_bulk(self.keys[wanted])
        return [found[key] for key in self.keys[wanted]]


def seats_seen(offer: TargetOffer, run: AllocationRun | None, user: Any) -> tuple[int, InOrder, InOrder]:
    """Return how many wait for a seat of the offer, and those seats and waiting applications that the user may see."""
    seen = set(Application.objects.visible_to(user).filter(choices__offer=offer).values_list("pk", flat=True))
    waiting = waiting_list(run, offer) if run else []
    given = Seat.objects.filter(offer=offer).order_by("given_at", "pk").values_list("pk", "application")
    return (
        len(waiting),
        InOrder(Seat.objects.select_related("application__person"), [seat for seat, one in given if one in seen]),
        InOrder(Application.objects.select_related("person"), [one for one in waiting if one in seen]),
    )


def _waits(seats: Iterable[tuple[str, int]], rank: int) -> bool:
    """Return whether somebody who was given these seats waits for a choice of this rank."""
    return not any(state in OVER or (state in COUNTS and given <= rank) for state, given in seats)


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

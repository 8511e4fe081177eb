"""Why seats of an offer are empty, in numbers, for the plant and the college."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.enums import SeatState
from kuznitsa.admissions.models import AllocationRun, TargetOffer
from kuznitsa.admissions.queries.calculated import PlaceRow, places_of
from kuznitsa.admissions.queries.seats import seats_left
from kuznitsa.engines.allocation import Reason


@dataclass(frozen=True)
class OfferStory:
    """What became of the seats of an offer, for the plant and the college."""

    seats: int
    held: int
    free: int
    named: int
    first_choices: int
    waiting: int
    words: list[str]


def offer_story(offer: TargetOffer, run: AllocationRun, waiting: int) -> OfferStory | None:
    """Return what became of the seats of the offer and, if some are empty, why; None if it was not in the run."""
    row = places_of(run, [offer.pk]).get(offer.pk)
    if row is None:
        return None
    free = seats_left(offer)
    words = []
    if free:
        words = [*why_empty(row, offer), *_left_afterwards(offer)]
        if not waiting:
            words.append(_("Nobody waits on the list any more."))
    return OfferStory(
        seats=offer.seats,
        held=offer.allocated_seats.held().count(),
        free=free,
        named=row.named,
        first_choices=row.first_choices,
        waiting=waiting,
        words=words,
    )


def why_empty(row: PlaceRow, offer: TargetOffer) -> list[str]:
    """Return why seats stayed empty when the seats were given, in numbers; [] if none did."""
    if row.taken >= row.seats:
        return []
    if not row.named:
        return [_("Nobody named this offer.")]
    words = []
    if row.is_closed:
        words.append(
            _(
                "The group was not opened: it takes at least %(least)d, and fewer could be found among those"
                " who named it (%(named)d)."
            )
            % {"least": offer.minimum_group, "named": row.named}
        )
    better, lacking = row.endings.get(Reason.NOT_NEEDED, 0), row.endings.get(Reason.NOT_ELIGIBLE, 0)
    if better:
        words.append(
            ngettext(
                "%(n)d applicant got an offer they like better.",
                "%(n)d applicants got an offer they like better.",
                better,
            )
            % {"n": better}
        )
    if lacking:
        words.append(
            ngettext(
                "%(n)d applicant lacked the mark, a paper or the college's check.",
                "%(n)d applicants lacked the mark, a paper or the college's check.",
                lacking,
            )
            % {"n": lacking}
        )
    return words + _kept_for_others(row)


def _kept_for_others(row: PlaceRow) -> list[str]:
    words = []
    if not row.is_closed:
        for pool in row.pools:
            if pool.hard and pool.tag is not None and pool.taken < pool.seats:
                words.append(
                    ngettext(
                        "%(n)d seat of “%(pool)s” is kept for those with a right to it, and no more of them asked.",
                        "%(n)d seats of “%(pool)s” are kept for those with a right to them, and no more of them asked.",
                        pool.seats - pool.taken,
                    )
                    % {"n": pool.seats - pool.taken, "pool": pool.name}
                )
    if refused := row.endings.get(Reason.COMPANY_FULL, 0):
        words.append(
            ngettext(
                "The enterprise has reached its limit over all its offers; %(n)d applicant was refused for it.",
                "The enterprise has reached its limit over all its offers; %(n)d applicants were refused for it.",
                refused,
            )
            % {"n": refused}
        )
    return words


def _left_afterwards(offer: TargetOffer) -> list[str]:
    states = Counter(offer.allocated_seats.values_list("state", flat=True))
    declined, lapsed, back = states[SeatState.DECLINED], states[SeatState.LAPSED], states[SeatState.WITHDRAWN]
    words = []
    if declined:
        words.append(
            ngettext("%(n)d seat was declined afterwards.", "%(n)d seats were declined afterwards.", declined)
            % {"n": declined}
        )
    if lapsed:
        words.append(
            ngettext("%(n)d seat was not answered in time.", "%(n)d seats were not answered in time.", lapsed)
            % {"n": lapsed}
        )
    if back:
        words.append(
            ngettext("%(n)d seat was given back afterwards.", "%(n)d seats were given back afterwards.", back)
            % {"n": back}
        )
    return words

"""Why a choice ended as it did, in words that a fifteen-year-old understands."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.enums import HELD_STATES, CampaignState, MinSizeRule
from kuznitsa.admissions.models import AllocationRun, Application, TargetOffer
from kuznitsa.admissions.queries.calculated import (
    ChoiceEntry,
    CutOff,
    Entry,
    PlaceRow,
    PoolRow,
    PoolStanding,
    entry_of,
    places_of,
)
from kuznitsa.admissions.queries.instances import medical_of, shortfall
from kuznitsa.admissions.queries.seats import number_in, waiting_list
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Reason

# As many signs of a ticket as are read to tell two apart.
TICKET_START = 8
_WAITS = (Reason.PLACE_FULL, Reason.COMPANY_FULL)


@dataclass(frozen=True)
class PoolLine:
    """A part of the seats: `cut_off` is the lowest score that got one, None while a seat is free."""

    name: str
    seats: int
    taken: int
    cut_off: CutOff | None
    note: str


@dataclass(frozen=True)
class ChoiceStory:
    """How one choice went: `words` at the results, numbers beside them.

    `queue_then` is the place in the queue at the results, `queue` the one today, None once nobody is called any
    more; `since` is what has happened. `tickets` are the last one that got a seat and the applicant's own, where the
    draw decided.
    """

    rank: int
    offer: TargetOffer
    reason: str
    title: str
    words: list[str]
    score: int | None
    pools: list[PoolLine]
    needed: int | None = None
    queue_then: int | None = None
    queue: int | None = None
    since: str = ""
    tickets: tuple[str, str] | None = None

    @property
    def tone(self) -> str:
        return "success" if self.reason == Reason.ASSIGNED else "neutral"

    @property
    def cut_off(self) -> int | None:
        """The lowest score that got a seat, where the seats have one part only."""
        last = self.pools[0].cut_off if len(self.pools) == 1 else None
        return last.score if last else None


def stories(application: Application, run: AllocationRun) -> list[ChoiceStory]:
    """Return the story of every choice that took part in the run, the dearest first; [] if none did."""
    entry = entry_of(run, application.pseudonym)
    if entry is None:
        return []
    offers = {
        choice.offer_id: (choice.rank, choice.offer)
        for choice in application.choices.select_related("offer__employer").order_by("rank")
    }
    rows = places_of(run, list(offers))
    told = ((number_in(choice.place), choice) for choice in entry.choices)
    teller = _Teller(application, run, entry)
    return [teller.story(*offers[offer], rows[offer], choice) for offer, choice in told if offer in offers]


def ticket_of(application: Application, run: AllocationRun) -> str:
    """Return the applicant's ticket in the draw; anybody can recompute it from the seed and the pseudonym."""
    return allocation.ticket(run.seed, application.pseudonym)


class _Teller:
    """Puts what the engine found about one applicant into words."""

    def __init__(self, application: Application, run: AllocationRun, entry: Entry) -> None:
        self.application = application
        self.campaign = application.campaign
        self.run = run
        self.entry = entry
        self.ticket = ticket_of(application, run)
        self.is_over = self.campaign.state == CampaignState.COMPLETED

    def story(self, rank: int, offer: TargetOffer, row: PlaceRow, choice: ChoiceEntry) -> ChoiceStory:
        reason = Reason(choice.reason)
        waits = reason in _WAITS
        last = self._last(row, choice) if waits else None
        drawn = last is not None and last.score == choice.score
        title, words = self._words(offer, row, choice, last)
        queue = _queue_place(self.application, self.run, offer) if waits else None
        return ChoiceStory(
            rank=rank,
            offer=offer,
            reason=choice.reason,
            title=title,
            words=words,
            score=choice.score,
            pools=[self._pool_line(pool, choice) for pool in row.pools] if waits or reason == Reason.ASSIGNED else [],
            needed=_needed(choice),
            queue_then=min((pool.queue for pool in choice.pools if pool.queue), default=None),
            queue=None if self.is_over else queue,
            since=_since(self.application, offer, queue, is_over=self.is_over) if waits else "",
            tickets=(last.ticket[:TICKET_START], self.ticket[:TICKET_START]) if last is not None and drawn else None,
        )

    def _last(self, row: PlaceRow, choice: ChoiceEntry) -> CutOff | None:
        """Return the last who got what this applicant was nearest to: the enterprise, or the part tried last."""
        if choice.reason == Reason.COMPANY_FULL:
            return row.company_cut_off
        tried = _tried(row, choice)
        return tried[-1][0].cut_off if tried else None

    def _words(
        self, offer: TargetOffer, row: PlaceRow, choice: ChoiceEntry, last: CutOff | None
    ) -> tuple[str, list[str]]:
        reason = Reason(choice.reason)
        if reason == Reason.ASSIGNED:
            return _("This is your seat"), self._assigned(row)
        if reason == Reason.NOT_NEEDED:
            return _("Not needed"), [_("You got a choice that you like better, so this one was not looked at.")]
        if reason == Reason.NOT_ELIGIBLE:
            return _("Could not take part"), [_lacking(self.application, offer, choice)]
        if reason == Reason.GROUP_NOT_OPENED:
            return _("The group was not opened"), [_closed(offer)]
        if reason == Reason.PLACE_FULL:
            return _("All seats were taken"), self._full(row, choice, last)
        if reason == Reason.COMPANY_FULL:
            return _("The enterprise takes no more"), self._company_full(choice, last)
        return _("No seats"), [
            _("The enterprise had no seats left here: the offer was withdrawn or all its seats were taken.")
        ]

    def _assigned(self, row: PlaceRow) -> list[str]:
        words = [_("You were among those with the highest points here, so the seat is yours.")]
        if self.entry.pool:
            words.append(_("You have it through the part “%(pool)s”.") % {"pool": self.entry.pool})
        elif len(row.pools) > 1:
            words.append(_("It is one of the open seats, which are there for everybody."))
        return words

    def _full(self, row: PlaceRow, choice: ChoiceEntry, last: CutOff | None) -> list[str]:
        if last is None or choice.score is None:
            return [_("All seats here went to others.")]
        if len(row.pools) == 1:
            words = [
                ngettext(
                    "There was %(seats)d seat, and it went to an applicant with %(cut_off)d points;"
                    " you have %(score)d.",
                    "There were %(seats)d seats, and all went to applicants with %(cut_off)d points or more;"
                    " you have %(score)d.",
                    row.seats,
                )
                % {"seats": row.seats, "cut_off": last.score, "score": choice.score}
            ]
        else:
            words = [
                _("The seats here have several parts, and in each that you could try others were ahead of you.")
                + " "
                + _("You have %(score)d points.") % {"score": choice.score}
            ]
        return words + self._nearly(choice, last)

    def _company_full(self, choice: ChoiceEntry, last: CutOff | None) -> list[str]:
        words = [_("There was a seat at this workplace, but the enterprise has a limit over all its offers together.")]
        if last is None or choice.score is None:
            return words
        words.append(
            _("All it could take went to applicants with %(cut_off)d points or more; you have %(score)d.")
            % {"cut_off": last.score, "score": choice.score}
        )
        return words + self._nearly(choice, last)

    def _nearly(self, choice: ChoiceEntry, last: CutOff) -> list[str]:
        """Return whether the draw decided, and which points would have been enough."""
        words, needed = [], _needed(choice)
        if choice.score == last.score:
            words.append(
                _("The points are the same, so the published draw decided: of two tickets the smaller one comes first.")
            )
        if needed is not None and choice.score is not None:
            more = needed - choice.score
            words.append(
                _("%(needed)d points would have been enough: %(more)d more.") % {"needed": needed, "more": more}
            )
        elif self.campaign.min_size_rule != MinSizeRule.IGNORE:
            words.append(
                _("Which points would have been enough cannot be said: with other points other groups might open.")
            )
        return words

    def _pool_line(self, pool: PoolRow, choice: ChoiceEntry) -> PoolLine:
        note = ""
        own = next((standing for standing in choice.pools if standing.pool == pool.name), None)
        if own is None and pool.tag is not None and choice.reason in _WAITS:
            note = _("you have no confirmed right to it")
        elif own is not None and not own.tagged and pool.cut_off is not None and pool.cut_off.tagged:
            note = _("those with a right to it came first")
        elif self.entry.pool == pool.name and choice.reason == Reason.ASSIGNED:
            note = _("your seat")
        return PoolLine(pool.name, pool.seats, pool.taken, pool.cut_off, note)


def _tried(row: PlaceRow, choice: ChoiceEntry) -> list[tuple[PoolRow, PoolStanding]]:
    pools = {pool.name: pool for pool in row.pools}
    return [(pools[standing.pool], standing) for standing in choice.pools]


def _needed(choice: ChoiceEntry) -> int | None:
    return min((pool.needed for pool in choice.pools if pool.needed is not None), default=None)


def _closed(offer: TargetOffer) -> str:
    return ngettext(
        "A group here starts with at least %(least)d person, and too few could be found. Your other choices were"
        " looked at as if you had not named this one.",
        "A group here starts with at least %(least)d persons, and too few could be found. Your other choices were"
        " looked at as if you had not named this one.",
        offer.minimum_group,
    ) % {"least": offer.minimum_group}


def _lacking(application: Application, offer: TargetOffer, choice: ChoiceEntry) -> str:
    if choice.score is not None:
        return _("All seats here are kept for those with a right to a quota, and you have no confirmed right to it.")
    lack = shortfall(application, offer, medical_of(application))
    if lack == "below_minimum":
        return _("The enterprise asks for an average mark of at least %(least)s; yours is %(mark)s.") % {
            "least": number_format((offer.minimum_mark_hundredths or 0) / 100, 2),
            "mark": number_format((application.average_mark_hundredths or 0) / 100, 2),
        }
    if lack == "no_medical":
        return _("This work needs a medical certificate, and none was among your papers on that day.")
    return _("Your papers were not confirmed by the college before the allocation.")


def _since(application: Application, offer: TargetOffer, queue: int | None, *, is_over: bool) -> str:
    """Return what has become of a choice that had to wait: called from the list, a seat elsewhere, or the end."""
    seats = {seat.offer_id: seat for seat in application.seats.order_by("pk")}
    if called := seats.get(offer.pk):
        return _("A seat came free, and you were called on %(day)s. The seat is “%(state)s”.") % {
            "day": date_format(timezone.localtime(called.given_at), "d.m.Y"),
            "state": called.get_state_display(),
        }
    if not is_over:
        return ""
    if any(seat.state in HELD_STATES for seat in seats.values()):
        return _("The campaign is over. You have a seat of another choice.")
    if queue:
        return _("The campaign is over. You were number %(place)d on the list, and no seat came free for you.") % {
            "place": queue
        }
    return _("The campaign is over: nobody is called from the list any more.")


def _queue_place(application: Application, run: AllocationRun, offer: TargetOffer) -> int | None:
    waiting = waiting_list(run, offer)
    return waiting.index(application.pk) + 1 if application.pk in waiting else None

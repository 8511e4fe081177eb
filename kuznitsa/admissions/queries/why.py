"""Why a choice ended as it did, and why seats are empty: in words that a fifteen-year-old understands."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.enums import HELD_STATES, CampaignState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, TargetOffer
from kuznitsa.admissions.queries.instances import medical_of, shortfall
from kuznitsa.admissions.queries.seats import instance_of, place_id, result_of, seats_left, waiting_list
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Explanation, Reason

Standing = allocation.Standing


@dataclass(frozen=True)
class ChoiceStory:
    """How one choice went: `words` at the results, numbers beside them.

    `queue` is the place on the list today, None once nobody is called any more; `since` is what has happened.
    """

    rank: int
    offer: TargetOffer
    reason: str
    title: str
    words: str
    score: int | None
    cut_off: int | None = None
    needed: int | None = None
    queue: int | None = None
    since: str = ""

    @property
    def tone(self) -> str:
        return "success" if self.reason == Reason.ASSIGNED else "neutral"


@dataclass(frozen=True)
class OfferStory:
    """What became of the seats of an offer, for the plant and the college."""

    seats: int
    held: int
    free: int
    named: int
    waiting: int
    words: list[str]


def stories(application: Application, run: AllocationRun) -> list[ChoiceStory]:
    """Return the story of every choice that took part in the run, the dearest first; [] if none did."""
    instance, result = instance_of(run), result_of(run)
    name = application.pseudonym
    explained = allocation.explain(instance, result, [name], needed_scores=True).get(name, [])
    by_place = {explanation.place: explanation for explanation in explained}
    offers = {
        place_id(choice.offer_id): (choice.rank, choice.offer)
        for choice in application.choices.select_related("offer__employer").order_by("rank")
    }
    capacity = {place.id: place.capacity for place in instance.places}
    own = {applicant.id: applicant for applicant in instance.applicants}.get(name)
    scores = {choice.place: choice.score for choice in own.choices} if own else {}
    return [
        _story(application, run, rank, offer, by_place[place], scores.get(place), capacity.get(place, 0))
        for place, (rank, offer) in offers.items()
        if place in by_place
    ]


def _story(
    application: Application,
    run: AllocationRun,
    rank: int,
    offer: TargetOffer,
    explanation: Explanation,
    score: int | None,
    capacity: int,
) -> ChoiceStory:
    last = explanation.standings[0].cut_off if explanation.standings else None
    title, words = _words(application, offer, explanation, score, last.score if last else None, capacity)
    waits = explanation.reason in _WAITS
    queue = _queue_place(application, run, offer) if waits else None
    is_over = application.campaign.state == CampaignState.COMPLETED
    return ChoiceStory(
        rank=rank,
        offer=offer,
        reason=explanation.reason.value,
        title=title,
        words=words,
        score=score,
        cut_off=last.score if last else None,
        needed=explanation.needed_score,
        queue=None if is_over else queue,
        since=_since(application, offer, queue, is_over=is_over) if waits else "",
    )


_WAITS = (Reason.PLACE_FULL, Reason.COMPANY_FULL)


def _words(
    application: Application,
    offer: TargetOffer,
    explanation: Explanation,
    score: int | None,
    cut_off: int | None,
    capacity: int,
) -> tuple[str, str]:
    reason = explanation.reason
    if reason == Reason.ASSIGNED:
        return _("This is your seat"), _("You were among those with the highest scores here, so the seat is yours.")
    if reason == Reason.NOT_NEEDED:
        return _("Not needed"), _("You got a choice that you like better, so this one was not looked at.")
    if reason == Reason.NOT_ELIGIBLE:
        return _("Could not take part"), _lacking(application, offer)
    if reason == Reason.NO_SEATS or reason == Reason.UNKNOWN_PLACE:
        return _("No seats"), _(
            "The enterprise had no seats left here: the offer was withdrawn or all its seats were taken."
        )
    if cut_off is None or score is None:
        return _("All seats were taken"), _("All seats here went to others.")
    return _("All seats were taken"), _full(score, cut_off, explanation.needed_score, capacity)


def _full(score: int, cut_off: int, needed: int | None, capacity: int) -> str:
    taken = ngettext(
        "There was %(seats)d seat, and it went to an applicant with %(cut_off)d points; you have %(score)d.",
        "There were %(seats)d seats, and all went to applicants with %(cut_off)d points or more; you have %(score)d.",
        capacity,
    ) % {"seats": capacity, "cut_off": cut_off, "score": score}
    if score == cut_off:
        return (
            taken
            + " "
            + _("The points are the same, so the published draw decided. One point more would have been enough.")
        )
    if needed is not None:
        return taken + " " + _("%(needed)d points would have been enough.") % {"needed": needed}
    return taken


def _lacking(application: Application, offer: TargetOffer) -> str:
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
    waiting = [waiter.pk for waiter in waiting_list(run, offer)]
    return waiting.index(application.pk) + 1 if application.pk in waiting else None


def offer_story(offer: TargetOffer, run: AllocationRun) -> OfferStory:
    """Return what became of the seats of the offer and, if some are empty, why."""
    free = seats_left(offer)
    waiting = len(waiting_list(run, offer))
    reasons = Counter(
        outcome.reason
        for outcomes in result_of(run).explanations.values()
        for outcome in outcomes
        if outcome.place == place_id(offer.pk)
    )
    returned = Counter(offer.allocated_seats.values_list("state", flat=True))
    return OfferStory(
        seats=offer.seats,
        held=offer.allocated_seats.held().count(),
        free=free,
        named=sum(reasons.values()),
        waiting=waiting,
        words=_empty_words(reasons, returned, waiting) if free else [],
    )


def _empty_words(reasons: Counter[Reason], returned: Counter[str], waiting: int) -> list[str]:
    named, better, lacking = sum(reasons.values()), reasons[Reason.NOT_NEEDED], reasons[Reason.NOT_ELIGIBLE]
    back = returned[SeatState.DECLINED] + returned[SeatState.LAPSED] + returned[SeatState.WITHDRAWN]
    words = []
    if not named:
        words.append(_("Nobody named this offer."))
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
    if back:
        words.append(
            ngettext("%(n)d seat was given back or not answered.", "%(n)d seats were given back or not answered.", back)
            % {"n": back}
        )
    if not waiting:
        words.append(_("Nobody waits on the list any more."))
    return words

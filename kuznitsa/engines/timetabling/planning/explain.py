"""Why there is no timetable: the smallest clash found, in the user's words."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.planning import wording
from kuznitsa.engines.timetabling.planning.counting import crowded
from kuznitsa.engines.timetabling.planning.model import Model, Rule
from kuznitsa.engines.timetabling.planning.reasons import Reason, Relaxed, around, everything, reasons_of, rooms_of

MOST_RULES = 8
FEW_STARTS = 3
MOST_CANDIDATES = 3
# Proofs begin with the activities next to one that found no place, and look further round while none is found.
NEIGHBOURS = (6, 14, 30, 60)
EFFORT = 2.0
# What counting costs, for one activity in one slot.
A_START = 2e-5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clash:
    """Activities that cannot all be held under these rules; `lines` say so, at most eight rules in them."""

    activities: tuple[str, ...]
    reasons: tuple[Reason, ...]
    headline: str
    lines: tuple[str, ...]
    left: tuple[str, ...]


class Effort:
    """How much may still be tried, in about seconds; counted, not timed, so that a slow machine finds the same."""

    def __init__(self, left: float) -> None:
        self.left = left

    def spend(self, amount: float) -> None:
        """Take something away."""
        self.left -= amount


def clash(
    model: Model,
    *,
    unplaced: Collection[str] = (),
    effort: float = 10.0,
    by_counting: bool = True,
    by_proof: bool = True,
) -> Clash | None:
    """The smallest clash found, or None: then there may be a timetable, or a proof would take longer.

    Counting comes first; then, `by_proof`, the neighbourhoods of what a search left `unplaced`, then everything. Who
    has counted already can leave it out.
    """
    left = Effort(effort)
    whole = everything(model)
    found: list[Relaxed] = []
    for ids in crowded(whole) if by_counting else ():
        found.append(_shrunk(whole.with_activities(ids), _counted, left))
        if len(found) == MOST_CANDIDATES or len(ids) == 1 or left.left <= 0:
            break
    if not found and by_proof:
        found = _proved(whole, unplaced, left)
    if not found:
        return None
    return told(min(found, key=lambda one: (len(one.reasons) + len(one.activities), one.activities)))


def is_refuted(relaxed: Relaxed) -> bool:
    """Whether these activities have no timetable under these rules alone, by counting or by proof."""
    return _refuted(relaxed, Effort(EFFORT))


def _refuted(relaxed: Relaxed, left: Effort) -> bool:
    from kuznitsa.engines.timetabling.planning.proof import is_impossible

    if _counted(relaxed, left):
        return True
    is_refuted, spent = is_impossible(relaxed, EFFORT)
    left.spend(spent)
    return is_refuted


def _counted(relaxed: Relaxed, left: Effort) -> bool:
    left.spend(A_START * len(relaxed.activities) * relaxed.model.slots)
    return next(crowded(relaxed), None) is not None


def _proved(whole: Relaxed, unplaced: Collection[str], left: Effort) -> list[Relaxed]:
    from kuznitsa.engines.timetabling.planning.proof import core

    near = [around(whole.model, [id_], most) for most in NEIGHBOURS for id_ in list(unplaced)[:3]]
    for relaxed in [*map(whole.with_activities, near), whole]:
        if left.left <= 0:
            break
        found, spent = core(relaxed, left.left / 6)
        left.spend(spent)
        if found is not None:
            smaller = relaxed.with_activities(found.activities)
            unary = {reason for reason in smaller.reasons if reason.rule in (Rule.SLOTS, Rule.AVAILABLE, Rule.ROOM)}
            smaller = Relaxed(whole.model, smaller.activities, frozenset(unary | found.reasons))
            return [_shrunk(smaller, _refuted, left)]
    return []


def _shrunk(relaxed: Relaxed, refuted: Callable[[Relaxed, Effort], bool], left: Effort) -> Relaxed:
    """Take away rules, then activities, then rules again, as long as what is left is refuted."""

    def by_rules(relaxed: Relaxed) -> Relaxed:
        kept = _fewest(
            sorted(relaxed.reasons),
            lambda reasons: refuted(Relaxed(relaxed.model, relaxed.activities, frozenset(reasons)), left),
            left,
        )
        return Relaxed(relaxed.model, relaxed.activities, frozenset(kept))

    relaxed = by_rules(relaxed)
    ids = _fewest(relaxed.activities, lambda ids: refuted(relaxed.with_activities(ids), left), left)
    return by_rules(relaxed.with_activities(ids))


def _fewest(items: Sequence[T], refuted: Callable[[Sequence[T]], bool], left: Effort) -> Sequence[T]:
    """Items of which none can be spared, by leaving out ever smaller pieces."""
    size = max(len(items) // 2, 1)
    while True:
        at = 0
        while at < len(items):
            if left.left <= 0:
                return items
            fewer = [*items[:at], *items[at + size :]]
            if refuted(fewer):
                items = fewer
            else:
                at += size
        if size == 1:
            return items
        size //= 2


def told(relaxed: Relaxed) -> Clash:
    """A clash with its words. Past eight rules, those of one kind are told in one line."""
    model, reasons = relaxed.model, sorted(relaxed.reasons, key=lambda one: (list(Rule).index(one.rule), one))
    if len(reasons) <= MOST_RULES:
        lines = [_line(relaxed, reason) for reason in reasons]
    else:
        kinds: dict[Rule, list[Reason]] = defaultdict(list)
        for reason in reasons:
            kinds[reason.rule].append(reason)
        lines = [_line(relaxed, *some) if len(some) == 1 else _together(relaxed, some) for some in kinds.values()]
    words = {"activities": wording.activities(model, relaxed.activities)}
    if len(relaxed.activities) == 1:
        headline = _("%(activities)s cannot be held") % words
    else:
        headline = _("These cannot all be held: %(activities)s") % words
    return Clash(relaxed.activities, tuple(reasons), headline, tuple(lines), tuple(_left(relaxed)))


def _line(relaxed: Relaxed, reason: Reason) -> str:
    """A rule in words."""
    model = relaxed.model
    if reason.rule == Rule.SLOTS:
        activity = model.activity[reason.subject]
        words = {"activity": wording.activity(model, activity), "slots": wording.slots(model, activity.slots or ())}
        return _("%(activity)s may only begin: %(slots)s") % words
    if reason.rule == Rule.ROOM:
        return _room_line(model, reason.subject)
    if reason.rule == Rule.LINK:
        link = next(link for link in model.links if link.id == reason.subject)
        names = [wording.activity(model, model.activity[id_]) for id_ in link.activities if id_ in relaxed.activities]
        return wording.link_asked(link.kind) % {"activities": wording.listed(names)}
    return _subject_line(relaxed, reason)


def _subject_line(relaxed: Relaxed, reason: Reason) -> str:
    model = relaxed.model
    subject = model.room[reason.subject] if reason.is_room else model.resource[reason.subject]
    words: dict[str, object] = {"who": _name(model, reason), "count": subject.at_once}
    if reason.rule == Rule.AVAILABLE:
        free = [slot for slot in range(model.slots) if slot not in subject.unavailable]
        if not free:
            return _("%(who)s is never available") % words
        if len(free) <= len(subject.unavailable):
            return _("%(who)s is available only: %(slots)s") % (words | {"slots": wording.slots(model, free)})
        return _("%(who)s is not available: %(slots)s") % (words | {"slots": wording.slots(model, subject.unavailable)})
    if reason.rule == Rule.TRAVEL:
        return _("%(who)s needs time for the way between sites") % words
    if reason.rule == Rule.MOST_A_DAY:
        most = model.resource[reason.subject].most_a_day
        return _("%(who)s has at most %(most)s slots a day") % (words | {"most": most})
    return _busy_line(relaxed, reason, words)


def _busy_line(relaxed: Relaxed, reason: Reason, words: dict[str, object]) -> str:
    if not reason.is_room:
        ids = [id_ for id_ in relaxed.activities if reason.subject in relaxed.model.activity[id_].who]
        duration = {id_: relaxed.model.activity[id_].duration for id_ in ids}
        left = {option.slot + later for id_ in ids for option in relaxed.options(id_) for later in range(duration[id_])}
        words = words | {"needed": sum(duration.values()), "left": len(left)}
        if words["count"] == 1:
            return _("%(who)s can be in one activity at a time: %(needed)s slots needed, %(left)s left") % words
        text = _("%(who)s is enough for %(count)s activities at a time: %(needed)s slots needed, in %(left)s hours")
        return text % words
    if words["count"] == 1:
        return _("%(who)s holds one activity at a time") % words
    return _("%(who)s holds %(count)s activities at a time") % words


def _room_line(model: Model, id_: str) -> str:
    activity = model.activity[id_]
    rooms = [room.name for room in rooms_of(model, activity)]
    words = {"activity": wording.activity(model, activity), "size": activity.size, "rooms": wording.listed(rooms)}
    words["equipment"] = ", ".join(sorted(activity.equipment)) or _("nothing special")
    if not rooms:
        return _("%(activity)s needs a room for %(size)s people with: %(equipment)s; there is none") % words
    return _("%(activity)s needs a room for %(size)s people with: %(equipment)s; fit: %(rooms)s") % words


def _together(relaxed: Relaxed, reasons: list[Reason]) -> str:
    """Several rules of one kind in one line."""
    model, rule = relaxed.model, reasons[0].rule
    if rule in (Rule.SLOTS, Rule.ROOM):
        names = [wording.activity(model, model.activity[reason.subject]) for reason in reasons]
        if rule == Rule.SLOTS:
            return _("hours are set for %(names)s") % {"names": wording.listed(names)}
        rooms = {room.name: 1 for reason in reasons for room in rooms_of(model, model.activity[reason.subject])}
        words = {"names": wording.listed(names), "rooms": wording.listed(list(rooms))}
        return _("%(names)s need rooms, and only these fit: %(rooms)s") % words
    if rule == Rule.LINK:
        return _("%(count)s links between them are kept") % {"count": len(reasons)}
    words = {"names": wording.listed([_name(model, reason) for reason in reasons])}
    return {
        Rule.AVAILABLE: _("not always available: %(names)s"),
        Rule.TRAVEL: _("time for the way between sites is needed by %(names)s"),
        Rule.MOST_A_DAY: _("there is a limit of slots a day for %(names)s"),
    }.get(rule, _("only so many activities at a time: %(names)s")) % words


def _name(model: Model, reason: Reason) -> str:
    if reason.is_room:
        return model.room[reason.subject].name
    return wording.resource(model.resource[reason.subject])


def _left(relaxed: Relaxed) -> Iterable[str]:
    """For activities that have hardly any hours left: which, and who leaves no others."""
    model = relaxed.model
    for id_ in relaxed.activities[:MOST_RULES]:
        starts = sorted({option.slot for option in relaxed.options(id_)})
        if not 0 < len(starts) <= FEW_STARTS:
            continue
        rooms = {room.id for room in relaxed.rooms(id_) or ()}
        who = [
            _name(model, reason)
            for reason in sorted(relaxed.reasons & set(reasons_of(model, [id_])))
            if reason.rule == Rule.AVAILABLE and (not reason.is_room or reason.subject in rooms)
        ]
        words = {"activity": wording.activity(model, model.activity[id_]), "slots": wording.slots(model, starts)}
        if who:
            yield _("%(who)s leave only this for %(activity)s: %(slots)s") % (words | {"who": wording.listed(who)})
        else:
            yield _("for %(activity)s there is only this left: %(slots)s") % words

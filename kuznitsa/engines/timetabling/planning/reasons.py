"""The rules as things a user can name, each of which can be in force or not, and what is left under some of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kuznitsa.engines.timetabling.planning.model import Activity, Model, Resource, Room, Rule

UNARY = frozenset({Rule.SLOTS, Rule.AVAILABLE, Rule.ROOM})


class Reason(NamedTuple):
    """A rule about somebody or something: `subject` is the id of an activity, resource, room or link."""

    rule: Rule
    subject: str
    is_room: bool = False


class Option(NamedTuple):
    """A slot to begin in, and a room; None is any room, even none."""

    slot: int
    room: str | None


@dataclass(frozen=True)
class Relaxed:
    """Some of the activities under some of the rules. Less is asked than of the whole model, never more."""

    model: Model
    activities: tuple[str, ...]
    reasons: frozenset[Reason]

    def with_activities(self, ids: Collection[str]) -> "Relaxed":
        """The same for fewer activities, without the rules that no longer concern any."""
        kept = tuple(id_ for id_ in self.activities if id_ in set(ids))
        return Relaxed(self.model, kept, self.reasons & set(reasons_of(self.model, kept)))

    def without(self, reasons: Collection[Reason]) -> "Relaxed":
        """The same without some of the rules."""
        return Relaxed(self.model, self.activities, self.reasons - set(reasons))

    def has(self, rule: Rule, subject: str, *, is_room: bool = False) -> bool:
        """Whether a rule is in force."""
        return Reason(rule, subject, is_room) in self.reasons

    def starts(self, id_: str) -> list[int]:
        """The slots in which an activity may begin, rooms left aside."""
        activity, periods = self.model.activity[id_], len(self.model.periods)
        found: Collection[int] = range(self.model.slots)
        if activity.slots is not None and self.has(Rule.SLOTS, id_):
            found = sorted(activity.slots)
        away = frozenset[int]().union(
            *(self.model.resource[who].unavailable for who in activity.who if self.has(Rule.AVAILABLE, who))
        )
        return [
            slot
            for slot in found
            if slot % periods + activity.duration <= periods
            and not any(slot + later in away for later in range(activity.duration))
        ]

    def rooms(self, id_: str) -> list[Room] | None:
        """The rooms in which it may be held; None when no rule asks for one."""
        activity = self.model.activity[id_]
        if not activity.needs_room or not self.has(Rule.ROOM, id_):
            return None
        return rooms_of(self.model, activity)

    def options(self, id_: str) -> list[Option]:
        """When and where it may be held, whatever the others do."""
        rooms, starts = self.rooms(id_), self.starts(id_)
        if rooms is None:
            return [Option(slot, None) for slot in starts]
        duration = self.model.activity[id_].duration
        found = []
        for room in rooms:
            shut = room.unavailable if self.has(Rule.AVAILABLE, room.id, is_room=True) else frozenset()
            found += [
                Option(slot, room.id) for slot in starts if not any(slot + later in shut for later in range(duration))
            ]
        return found


def rooms_of(model: Model, activity: Activity) -> list[Room]:
    """The rooms that are large enough, have what is needed, and are allowed."""
    return [
        room
        for room in model.rooms
        if (activity.rooms is None or room.id in activity.rooms)
        and activity.size <= room.places
        and activity.equipment <= room.equipment
    ]


def reasons_of(model: Model, ids: Collection[str]) -> Iterator[Reason]:
    """Every rule that concerns some activities; links only where they speak of two of them."""
    rooms: set[str] = set()
    resources: set[str] = set()
    for id_ in ids:
        activity = model.activity[id_]
        if activity.slots is not None:
            yield Reason(Rule.SLOTS, id_)
        if activity.needs_room:
            yield Reason(Rule.ROOM, id_)
            rooms.update(room.id for room in rooms_of(model, activity))
        resources.update(activity.who)
    for room in model.rooms:
        if room.id in rooms:
            yield from _of_room(room)
    for resource in model.resources:
        if resource.id in resources:
            yield from _of_resource(model, resource)
    chosen = set(ids)
    for link in model.links:
        if link.weight is None and any(chosen.issuperset(pair) for pair in link.pairs()):
            yield Reason(Rule.LINK, link.id)


def _of_room(room: Room) -> Iterator[Reason]:
    yield Reason(Rule.ROOM_BUSY, room.id, True)
    if room.unavailable:
        yield Reason(Rule.AVAILABLE, room.id, True)


def _of_resource(model: Model, resource: Resource) -> Iterator[Reason]:
    yield Reason(Rule.BUSY, resource.id)
    if resource.unavailable:
        yield Reason(Rule.AVAILABLE, resource.id)
    if resource.at_once == 1 and any(model.travel.values()):
        yield Reason(Rule.TRAVEL, resource.id)
    if resource.most_a_day is not None:
        yield Reason(Rule.MOST_A_DAY, resource.id)


def around(model: Model, ids: Collection[str], most: int) -> list[str]:
    """So many activities round some: first those that share links or people with them, then those next to these."""
    near: dict[str, list[str]] = defaultdict(list)
    for activity in model.activities:
        for who in activity.who:
            near[who].append(activity.id)
    linked: dict[str, list[str]] = defaultdict(list)
    for link in model.links:
        for id_ in link.activities:
            linked[id_].extend(link.activities)
    found = dict.fromkeys(ids)
    queue = list(found)
    for one in queue:
        if len(queue) >= most:
            break
        more = dict.fromkeys([*linked[one], *(other for who in model.activity[one].who for other in near[who])])
        queue += [other for other in more if other not in found]
        found |= more
    return queue[:most]


def everything(model: Model) -> Relaxed:
    """All activities under all hard rules."""
    ids = tuple(activity.id for activity in model.activities)
    return Relaxed(model, ids, frozenset(reasons_of(model, ids)))

"""What is to be planned and what is planned, as plain values. The terms are those of docs/glossary.md.

A slot is a number: the day's number times the periods of a day, plus the period's number. An activity begins in a
slot and lasts some slots of the same day.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Kind(StrEnum):
    """Who or what takes part in an activity besides its room."""

    GROUP = "group"
    PARTICIPANT = "participant"
    TEACHER = "teacher"
    MENTOR = "mentor"
    GUIDE = "guide"
    VEHICLE = "vehicle"
    EQUIPMENT = "equipment"


PEOPLE = frozenset({Kind.GROUP, Kind.PARTICIPANT, Kind.TEACHER, Kind.MENTOR, Kind.GUIDE})


class LinkKind(StrEnum):
    """What is asked of activities together: of each two of them, of neighbours in the list for an order."""

    SAME_TIME = "same_time"
    SAME_DAY = "same_day"
    SAME_ROOM = "same_room"
    ORDER = "order"
    SPREAD = "spread"


class Rule(StrEnum):
    """The rules by name: first the hard ones, then the soft ones, whose weights are data."""

    HELD = "held"
    SLOTS = "slots"
    ROOM = "room"
    AVAILABLE = "available"
    BUSY = "busy"
    ROOM_BUSY = "room_busy"
    TRAVEL = "travel"
    MOST_A_DAY = "most_a_day"
    LINK = "link"
    PREFERRED_SLOTS = "preferred_slots"
    PREFERRED_ROOMS = "preferred_rooms"
    UNWANTED = "unwanted"
    GAPS = "gaps"
    DAYS = "days"
    JOURNEYS = "journeys"
    SOFT_LINK = "soft_link"
    WISHES = "wishes"
    MOVED = "moved"


HARD = tuple(Rule)[: tuple(Rule).index(Rule.PREFERRED_SLOTS)]
SOFT = tuple(Rule)[len(HARD) :]


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each soft rule costs; a soft link has its own weight, which this one multiplies."""

    preferred_slots: int = 4
    preferred_rooms: int = 1
    unwanted: int = 3
    gaps: int = 2
    days: int = 5
    journeys: int = 1
    soft_link: int = 1
    wishes: int = 2
    moved: int = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A day, a period or a site: an id, and a name for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Room:
    """Where activities are held. `at_once` is how many of them at a time."""

    id: str
    name: str
    places: int
    site: str | None = None
    equipment: frozenset[str] = frozenset()
    at_once: int = 1
    unavailable: frozenset[int] = frozenset()
    unwanted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    """A group, teacher, guide, vehicle … `at_once` is how many there are of it, `most_a_day` a limit in slots.

    Who comes from afar (`few_days`) would rather come on few days. `organisation` is the school or plant it is of.
    """

    id: str
    name: str
    kind: Kind
    size: int = 0
    at_once: int = 1
    organisation: str | None = None
    unavailable: frozenset[int] = frozenset()
    unwanted: frozenset[int] = frozenset()
    most_a_day: int | None = None
    few_days: bool = False

    @property
    def is_one_person(self) -> bool:
        """Whether it makes one way through the day, in which idle slots and journeys can be counted."""
        return self.at_once == 1 and self.kind in PEOPLE


@dataclass(frozen=True, slots=True)
class Activity:
    """A meeting to be planned. Without `needs_room` it is held at `site`, or nowhere in particular (None).

    `slots` are those in which it may begin and `rooms` those in which it may be held; None is any.
    """

    id: str
    name: str
    who: tuple[str, ...] = ()
    kind: str = ""
    duration: int = 1
    size: int = 0
    needs_room: bool = True
    site: str | None = None
    equipment: frozenset[str] = frozenset()
    rooms: frozenset[str] | None = None
    slots: frozenset[int] | None = None
    preferred_rooms: frozenset[str] | None = None
    preferred_slots: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A rule about several activities; without a weight it is hard."""

    id: str
    kind: LinkKind
    activities: tuple[str, ...]
    weight: int | None = None

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The pairs of activities of which the link speaks."""
        ids = self.activities
        if self.kind == LinkKind.ORDER:
            yield from itertools.pairwise(ids)
        else:
            yield from ((one, other) for number, one in enumerate(ids) for other in ids[number + 1 :])


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody (or `number` people) would like to attend all of these activities: none at the time of another."""

    id: str
    activities: tuple[str, ...]
    number: int = 1


@dataclass(frozen=True)
class Model:
    """Everything that a timetable is made of. `travel` holds both directions, in slots."""

    days: tuple[Named, ...]
    periods: tuple[Named, ...]
    activities: tuple[Activity, ...]
    rooms: tuple[Room, ...] = ()
    resources: tuple[Resource, ...] = ()
    sites: tuple[Named, ...] = ()
    travel: dict[tuple[str, str], int] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    wishes: tuple[Wish, ...] = ()
    weights: Weights = Weights()
    name: str = ""

    @property
    def slots(self) -> int:
        """How many slots the calendar has."""
        return len(self.days) * len(self.periods)

    @cached_property
    def activity(self) -> dict[str, Activity]:
        """The activities by id."""
        return {activity.id: activity for activity in self.activities}

    @cached_property
    def room(self) -> dict[str, Room]:
        """The rooms by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def resource(self) -> dict[str, Resource]:
        """The resources by id."""
        return {resource.id: resource for resource in self.resources}

    def day_of(self, slot: int) -> int:
        """The number of the day of a slot."""
        return slot // len(self.periods)

    def site_of(self, activity: Activity, room: str | None) -> str | None:
        """Where an activity is held when it has this room."""
        return activity.site if room is None else self.room[room].site

    def slot_name(self, slot: int) -> str:
        """Day and hour of a slot, in the user's words."""
        day, period = divmod(slot, len(self.periods))
        return f"{self.days[day].name} {self.periods[period].name}"


class Placed(NamedTuple):
    """When and where an activity is held."""

    slot: int
    room: str | None


Plan = dict[str, Placed]
"""The activities that are placed; the others are not held."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule or a cost, in the user's words. `cost` is 0 for hard rules."""

    rule: Rule
    text: str
    cost: int = 0
    activities: tuple[str, ...] = ()

    @property
    def is_hard(self) -> bool:
        """Whether the plan cannot stand with it."""
        return self.rule in HARD


@dataclass(frozen=True, slots=True)
class Result:
    """A plan and how it was found. `moved` names the meetings that are held elsewhere or at another time."""

    plan: Plan
    unplaced: tuple[str, ...]
    cost: int
    iterations: int
    complete: bool = True
    moved: tuple[str, ...] = ()

"""A model as the flat tables of `kernel`, and a plan as a state of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.timetabling.planning import kernel
from kuznitsa.engines.timetabling.planning.model import SOFT, Activity, LinkKind, Model, Placed, Plan, Room, Rule

Table = npt.NDArray[Any]
ANY_NUMBER = 10**9
PAIRS = {
    LinkKind.SAME_TIME: (kernel.SAME_TIME, kernel.SAME_TIME),
    LinkKind.SAME_DAY: (kernel.SAME_DAY, kernel.SAME_DAY),
    LinkKind.SAME_ROOM: (kernel.SAME_ROOM, kernel.SAME_ROOM),
    LinkKind.ORDER: (kernel.BEFORE, kernel.AFTER),
    LinkKind.SPREAD: (kernel.SPREAD, kernel.SPREAD),
}


@dataclass(frozen=True)
class Tables:
    """A model as arrays. A = activities, S = slots, R = rooms and the one that stands for none, Q = resources."""

    periods: int
    duration: Table  # A
    site: Table  # A: of those without a room
    start_allowed: Table  # A × S, bool: the day has room for it and the activity may begin then
    start_free: Table  # A × S, bool: nobody of it is unavailable
    start_missed: Table  # A × S: 1 where it is not preferred
    start_unwanted: Table  # A × S: unwanted slots of who takes part
    starts_first: Table  # A + 1, into `starts`
    starts: Table  # allowed and free
    rooms_first: Table  # A + 1, into `rooms`
    rooms: Table  # those that fit
    room_fits: Table  # A × R, bool
    room_missed: Table  # A × R: 1 where it is not preferred
    room_free: Table  # R × S, bool
    room_unwanted: Table  # R × S
    room_at_once: Table  # R
    room_site: Table  # R
    who_first: Table  # A + 1, into `who`
    who: Table  # resources of each activity
    of_first: Table  # Q + 1, into `of`
    of: Table  # activities of each resource, ascending
    at_once: Table  # Q
    one_way: Table  # Q, bool: there is one of it, so it travels
    person: Table  # Q, bool: idle slots and journeys are counted
    few_days: Table  # Q, bool
    longest_day: Table  # Q: slots, or NONE
    distance: Table  # sites × sites, slots
    pair_first: Table  # A + 1
    pair_other: Table
    pair_kind: Table
    pair_part: Table  # LINK, SOFT_LINK or WISHES
    pair_weight: Table
    published_slot: Table  # A, or NONE
    published_room: Table  # A
    weights: Table  # PARTS: of the soft ones

    @cached_property
    def flat(self) -> Table:
        """All of it in one array, as the functions of `kernel` take it."""
        arrays = [getattr(self, field.name) for field in fields(self) if field.name != "periods"]
        counts = (self.periods, self.start_free.shape[1], len(self.room_site), len(self.distance))
        return kernel.flattened(counts, arrays)


def tables(model: Model, published: Plan | None = None) -> Tables:
    """The tables of a model; with a `published` plan, every meeting that is held differently costs `moved`."""
    slots, rooms, activities = model.slots, len(model.rooms), model.activities
    number_of_room = {room.id: number for number, room in enumerate(model.rooms)}
    number_of_site = {site.id: number for number, site in enumerate(model.sites)}
    number_of = {resource.id: number for number, resource in enumerate(model.resources)}
    fits = np.array([[_fits(a, room) for room in model.rooms] + [not a.needs_room] for a in activities], dtype=bool)
    fits = fits.reshape(len(activities), rooms + 1)
    allowed, free, missed, unwanted = _starts(model)
    room_missed = np.zeros((len(activities), rooms + 1), np.int64)
    for a, activity in enumerate(activities):
        if activity.preferred_rooms is not None:
            room_missed[a] = [room.id not in activity.preferred_rooms for room in model.rooms] + [False]
    weights = np.zeros(kernel.PARTS, np.int64)
    for rule in SOFT:
        weights[list(Rule).index(rule)] = getattr(model.weights, rule)
    who = [[number_of[id_] for id_ in activity.who] for activity in activities]
    of: list[list[int]] = [[] for _resource in model.resources]
    for a, resources in enumerate(who):
        for resource in resources:
            of[resource].append(a)
    who_first, who_flat = _rows(who)
    of_first, of_flat = _rows(of)
    starts_first, starts = _rows([np.flatnonzero(allowed[a] & free[a]) for a in range(len(activities))])
    rooms_first, rooms_flat = _rows([np.flatnonzero(row) for row in fits])
    published_slot, published_room = _published(model, published or {}, number_of_room)
    return Tables(
        periods=len(model.periods),
        duration=_column(activity.duration for activity in activities),
        site=_column(number_of_site.get(activity.site or "", kernel.NONE) for activity in activities),
        start_allowed=allowed,
        start_free=free,
        start_missed=missed,
        start_unwanted=unwanted,
        starts_first=starts_first,
        starts=starts,
        rooms_first=rooms_first,
        rooms=rooms_flat,
        room_fits=fits,
        room_missed=room_missed,
        room_free=~_marked([room.unavailable for room in model.rooms] + [frozenset()], slots),
        room_unwanted=_marked([room.unwanted for room in model.rooms] + [frozenset()], slots).astype(np.int64),
        room_at_once=_column([room.at_once for room in model.rooms] + [ANY_NUMBER]),
        room_site=_column([number_of_site.get(room.site or "", kernel.NONE) for room in model.rooms] + [kernel.NONE]),
        who_first=who_first,
        who=who_flat,
        of_first=of_first,
        of=of_flat,
        at_once=_column(resource.at_once for resource in model.resources),
        one_way=np.array([resource.at_once == 1 for resource in model.resources], dtype=bool),
        person=np.array([resource.is_one_person for resource in model.resources], dtype=bool),
        few_days=np.array([resource.few_days for resource in model.resources], dtype=bool),
        longest_day=_column(
            kernel.NONE if resource.most_a_day is None else resource.most_a_day for resource in model.resources
        ),
        distance=_travel(model, number_of_site),
        **_pairs(model),
        published_slot=published_slot,
        published_room=published_room,
        weights=weights,
    )


class State:
    """A plan in the arrays of `kernel`, with all that it breaks (`hard`) and costs (`soft`)."""

    def __init__(self, t: Tables, slot: Table, room: Table) -> None:
        self.slot, self.room = slot.copy(), room.copy()
        self.busy = np.zeros((len(t.at_once), t.start_free.shape[1]), np.int64)
        self.room_busy = np.zeros(t.room_free.shape, np.int64)
        self.parts = np.zeros(kernel.PARTS, np.int64)
        kernel.total(t.flat, self.slot, self.room, self.busy, self.room_busy, self.parts)
        self.hard = int(self.parts[: kernel.HARDS].sum())
        self.soft = int(self.parts @ t.weights)

    @property
    def arrays(self) -> tuple[Table, Table, Table, Table]:
        """The state as the functions of `kernel` take it."""
        return self.slot, self.room, self.busy, self.room_busy


def arrays_of(model: Model, plan: Plan) -> tuple[Table, Table]:
    """Slot and room of every activity; rooms that the model does not know are left out with their meeting."""
    number_of_room = {room.id: number for number, room in enumerate(model.rooms)}
    slot = np.full(len(model.activities), kernel.NONE, np.int64)
    room = np.full(len(model.activities), len(model.rooms), np.int64)
    for a, activity in enumerate(model.activities):
        placed = plan.get(activity.id)
        if placed is not None and (placed.room is None or placed.room in number_of_room):
            slot[a] = placed.slot
            room[a] = len(model.rooms) if placed.room is None else number_of_room[placed.room]
    return slot, room


def plan_of(model: Model, slot: Table, room: Table) -> Plan:
    """The plan in such arrays."""
    ids: list[str | None] = [*(room.id for room in model.rooms), None]
    return {
        activity.id: Placed(int(slot[a]), ids[room[a]])
        for a, activity in enumerate(model.activities)
        if slot[a] != kernel.NONE
    }


def _fits(activity: Activity, room: Room) -> bool:
    return (
        activity.needs_room
        and (activity.rooms is None or room.id in activity.rooms)
        and activity.size <= room.places
        and activity.equipment <= room.equipment
    )


def _starts(model: Model) -> tuple[Table, Table, Table, Table]:
    """For every activity and slot: may it begin, is everybody there, is it not preferred, how much is unwanted."""
    shape = (len(model.activities), model.slots)
    allowed, free = np.zeros(shape, bool), np.ones(shape, bool)
    missed, unwanted = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    periods = len(model.periods)
    away = {resource.id: _marked([resource.unavailable], model.slots)[0] for resource in model.resources}
    disliked = {resource.id: _marked([resource.unwanted], model.slots)[0] for resource in model.resources}
    for a, activity in enumerate(model.activities):
        fits_day = np.arange(model.slots) % periods + activity.duration <= periods
        allowed[a] = fits_day
        if activity.slots is not None:
            allowed[a] &= _marked([activity.slots], model.slots)[0]
        if activity.preferred_slots is not None:
            missed[a] = ~_marked([activity.preferred_slots], model.slots)[0]
        for id_ in activity.who:
            for later in range(activity.duration):
                free[a] &= ~_shifted(away[id_], later, periods)
                unwanted[a] += _shifted(disliked[id_], later, periods)
    return allowed, free, missed, unwanted


def _shifted(marks: Table, later: int, periods: int) -> Table:
    """What is so for a slot that is `later` on the same day; not so beyond the day's end."""
    shifted = np.zeros_like(marks)
    shifted[: len(marks) - later] = marks[later:]
    shifted[np.arange(len(marks)) % periods + later >= periods] = False
    return shifted


def _pairs(model: Model) -> dict[str, Table]:
    """Links and wishes as what each activity asks of each other one."""
    number_of = {activity.id: a for a, activity in enumerate(model.activities)}
    found: list[list[tuple[int, int, int, int]]] = [[] for _activity in model.activities]
    for link in model.links:
        mine, theirs = PAIRS[link.kind]
        part, weight = (kernel.LINK, 1) if link.weight is None else (kernel.SOFT_LINK, link.weight)
        for one, other in link.pairs():
            found[number_of[one]].append((number_of[other], mine, part, weight))
            found[number_of[other]].append((number_of[one], theirs, part, weight))
    wished: dict[tuple[int, int], int] = {}
    for wish in model.wishes:
        ids = sorted(number_of[id_] for id_ in wish.activities)
        for position, first_ in enumerate(ids):
            for second in ids[position + 1 :]:
                wished[first_, second] = wished.get((first_, second), 0) + wish.number
    for (first_, second), number in wished.items():
        found[first_].append((second, kernel.APART, kernel.WISHES, number))
        found[second].append((first_, kernel.APART, kernel.WISHES, number))
    first = np.zeros(len(found) + 1, np.int64)
    first[1:] = np.cumsum([len(row) for row in found])
    flat = np.array([entry for row in found for entry in row], np.int64).reshape(-1, 4)
    names = ("pair_other", "pair_kind", "pair_part", "pair_weight")
    return {"pair_first": first} | {name: np.ascontiguousarray(flat[:, i]) for i, name in enumerate(names)}


def _published(model: Model, plan: Plan, number_of_room: dict[str, int]) -> tuple[Table, Table]:
    """A room that is gone matches no room: its meeting has to move."""
    slot = np.full(len(model.activities), kernel.NONE, np.int64)
    room = np.full(len(model.activities), kernel.NONE, np.int64)
    for a, activity in enumerate(model.activities):
        if placed := plan.get(activity.id):
            slot[a] = placed.slot
            room[a] = len(model.rooms) if placed.room is None else number_of_room.get(placed.room, kernel.NONE)
    return slot, room


def _travel(model: Model, number_of_site: dict[str, int]) -> Table:
    found = np.zeros((len(model.sites), len(model.sites)), np.int64)
    for (start, end), slots in model.travel.items():
        found[number_of_site[start], number_of_site[end]] = slots
    return found


def _marked(sets: Sequence[Collection[int]], slots: int) -> Table:
    marks = np.zeros((len(sets), slots), bool)
    for number, members in enumerate(sets):
        marks[number, list(members)] = True
    return marks


def _column(values: Any) -> Table:
    return np.array(list(values), np.int64)


def _rows(rows: Sequence[Any]) -> tuple[Table, Table]:
    first = np.zeros(len(rows) + 1, np.int64)
    first[1:] = np.cumsum([len(row) for row in rows])
    flat = [int(value) for row in rows for value in row]
    return first, np.array(flat, np.int64)

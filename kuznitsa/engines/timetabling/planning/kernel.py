"""The inner loop as machine code: what a placement would break and cost, and annealing over such moves.

`price` is the one evaluation: the solver sums what it writes, an editor shows it rule by rule. A state is the four
arrays `slot` and `room` (of each activity, slot NONE when it is not held), `busy` (resource × slot, how many
activities) and `room_busy`. The last room of all tables stands for "no room".
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.compiled import MAKES_NO_ARRAY, inner, loop

Table = npt.NDArray[Any]

NONE = -1
# The parts of a price, in the order of `model.Rule`.
HELD, SLOTS, ROOM, AVAILABLE, BUSY, ROOM_BUSY, TRAVEL, MOST_A_DAY, LINK = range(9)
PREFERRED_SLOTS, PREFERRED_ROOMS, UNWANTED, GAPS, DAYS, JOURNEYS, SOFT_LINK, WISHES, MOVED = range(9, 18)
HARDS, PARTS = 9, 18
# What pairs of activities ask of each other, seen from one of them.
SAME_TIME, SAME_DAY, SAME_ROOM, BEFORE, AFTER, SPREAD, APART = range(7)
# Where `numbers` holds what an annealing is at.
NOW_HARD, NOW_SOFT, BEST_HARD, BEST_SOFT = range(4)


# The head of the one flat array of a model: four numbers, then where each table of `arrays.Tables` begins.
# One array, because numba counts references to every array it finds in a tuple, in the innermost loop.
(
    PERIODS, SLOT_COUNT, ROOM_COUNT, SITE_COUNT,
    DURATION, SITE, START_ALLOWED, START_FREE, START_MISSED, START_UNWANTED, STARTS_FIRST, STARTS, ROOMS_FIRST,
    ROOMS, ROOM_FITS, ROOM_MISSED, ROOM_FREE, ROOM_UNWANTED, ROOM_AT_ONCE, ROOM_SITE, WHO_FIRST, WHO, OF_FIRST,
    OF, AT_ONCE, ONE_WAY, PERSON, FEW_DAYS, LONGEST_DAY, DISTANCE, PAIR_FIRST, PAIR_OTHER, PAIR_KIND, PAIR_PART,
    PAIR_WEIGHT, PUBLISHED_SLOT, PUBLISHED_ROOM, WEIGHTS,
) = range(38)  # fmt: skip


def flattened(counts: Sequence[int], tables: Sequence[Table]) -> Table:
    """The one array: the counts, where each table begins, the tables."""
    begins = np.cumsum([len(counts) + len(tables), *(table.size for table in tables)])[:-1]
    return np.concatenate([counts, begins, *(table.ravel() for table in tables)]).astype(np.int64)


@inner
def random(seed: Table) -> float:
    """Return the next number from 0 to 1 (xorshift64*), the same on every machine."""
    x = seed[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    seed[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@inner
def _drawn(t: Table, first: int, values: int, a: int, seed: Table) -> int:
    """Return one of the values that an activity has in such a table."""
    begin, end = t[first + a], t[first + a + 1]
    return t[values + begin + int(random(seed) * (end - begin))]


@inner
def _site(t: Table, activity: int, room: int) -> int:
    return t[t[SITE] + activity] if room == t[ROOM_COUNT] - 1 else t[t[ROOM_SITE] + room]


@inner
def _broken(kind: int, s: int, last: int, r: int, other: int, other_last: int, other_r: int, periods: int) -> bool:
    """Whether a pair breaks what it is asked; `last` is the slot after the last one."""
    if kind == SAME_TIME:
        return s != other
    if kind == SAME_DAY:
        return s // periods != other // periods
    if kind == SAME_ROOM:
        return r != other_r
    if kind == BEFORE:
        return last > other
    if kind == AFTER:
        return other_last > s
    if kind == SPREAD:
        return s // periods == other // periods
    return s < other_last and other < last


@inner
def _add_way(
    t: Table, slot: Table, room: Table, is_person: bool, activity: int, following: int, sign: int, parts: Table
) -> None:
    """Add what lies between one activity of a day and the next."""
    here, there = _site(t, activity, room[activity]), _site(t, following, room[following])
    away = here != there and here != NONE and there != NONE
    needed = t[t[DISTANCE] + here * t[SITE_COUNT] + there] if away else 0
    idle = slot[following] - slot[activity] - t[t[DURATION] + activity]
    if 0 <= idle < needed:
        parts[TRAVEL] += sign * (needed - idle)
    elif idle > needed and is_person:
        parts[GAPS] += sign * (idle - needed)
    if away and is_person:
        parts[JOURNEYS] += sign


@inner
def _add_day(t: Table, slot: Table, room: Table, resource: int, day: int, sign: int, parts: Table, line: Table) -> None:
    """Add what the day of a resource breaks and costs: idle slots, journeys, too little time for them, its length."""
    count, begin = 0, day * t[PERIODS]
    end = begin + t[PERIODS]
    for i in range(t[t[OF_FIRST] + resource], t[t[OF_FIRST] + resource + 1]):
        activity = t[t[OF] + i]
        s = slot[activity]
        if s < begin or s >= end:
            continue
        j = count
        while j > 0 and slot[line[j - 1]] > s:
            line[j] = line[j - 1]
            j -= 1
        line[j] = activity
        count += 1
    if count == 0:
        return
    total = 0
    for i in range(count):
        activity = line[i]
        total += t[t[DURATION] + activity]
        if i + 1 < count and t[t[ONE_WAY] + resource]:
            _add_way(t, slot, room, t[t[PERSON] + resource], activity, line[i + 1], sign, parts)
    if t[t[FEW_DAYS] + resource]:
        parts[DAYS] += sign
    if t[t[LONGEST_DAY] + resource] != NONE and total > t[t[LONGEST_DAY] + resource]:
        parts[MOST_A_DAY] += sign * (total - t[t[LONGEST_DAY] + resource])


@loop("void(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1], i8, i8, i8, i8[::1], i8[::1])", **MAKES_NO_ARRAY)
def price(
    t: Table, slot: Table, room: Table, busy: Table, room_busy: Table, a: int, s: int, r: int, parts: Table,
    line: Table,
) -> None:  # fmt: skip
    """Write to `parts` what activity `a`, not held now, adds when it is held in slot `s` and room `r`."""
    parts[:] = 0
    if s == NONE:
        parts[HELD] = 1
        return
    day = s // t[PERIODS]
    end = min(s + t[t[DURATION] + a], (day + 1) * t[PERIODS])
    last = s + t[t[DURATION] + a]
    parts[SLOTS] = not t[t[START_ALLOWED] + a * t[SLOT_COUNT] + s]
    parts[AVAILABLE] = not t[t[START_FREE] + a * t[SLOT_COUNT] + s]
    parts[ROOM] = not t[t[ROOM_FITS] + a * t[ROOM_COUNT] + r]
    parts[PREFERRED_SLOTS] = t[t[START_MISSED] + a * t[SLOT_COUNT] + s]
    parts[PREFERRED_ROOMS] = t[t[ROOM_MISSED] + a * t[ROOM_COUNT] + r]
    parts[UNWANTED] = t[t[START_UNWANTED] + a * t[SLOT_COUNT] + s]
    for i in range(s, end):
        parts[AVAILABLE] += not t[t[ROOM_FREE] + r * t[SLOT_COUNT] + i]
        parts[UNWANTED] += t[t[ROOM_UNWANTED] + r * t[SLOT_COUNT] + i]
        parts[ROOM_BUSY] += room_busy[r, i] >= t[t[ROOM_AT_ONCE] + r]
    if t[t[PUBLISHED_SLOT] + a] != NONE and (s != t[t[PUBLISHED_SLOT] + a] or r != t[t[PUBLISHED_ROOM] + a]):
        parts[MOVED] = 1
    for i in range(t[t[WHO_FIRST] + a], t[t[WHO_FIRST] + a + 1]):
        resource = t[t[WHO] + i]
        for j in range(s, end):
            parts[BUSY] += busy[resource, j] >= t[t[AT_ONCE] + resource]
        if t[t[ONE_WAY] + resource] or t[t[FEW_DAYS] + resource] or t[t[LONGEST_DAY] + resource] != NONE:
            _add_day(t, slot, room, resource, day, np.int64(-1), parts, line)
            slot[a], room[a] = s, r
            _add_day(t, slot, room, resource, day, np.int64(1), parts, line)
            slot[a] = NONE
    for i in range(t[t[PAIR_FIRST] + a], t[t[PAIR_FIRST] + a + 1]):
        other = t[t[PAIR_OTHER] + i]
        o = slot[other]
        if o != NONE and _broken(
            t[t[PAIR_KIND] + i], s, last, r, o, o + t[t[DURATION] + other], room[other], t[PERIODS]
        ):
            part = t[t[PAIR_PART] + i]
            parts[part] += t[t[PAIR_WEIGHT] + i]


@loop("void(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1], i8, i8, i8, i8)", **MAKES_NO_ARRAY)
def place(t: Table, slot: Table, room: Table, busy: Table, room_busy: Table, a: int, s: int, r: int, sign: int) -> None:
    """Hold an activity that is not held (sign 1), or hold it no longer (sign -1)."""
    if sign == 1:
        slot[a], room[a] = s, r
    else:
        slot[a] = NONE
    if s == NONE:
        return
    end = min(s + t[t[DURATION] + a], (s // t[PERIODS] + 1) * t[PERIODS])
    for i in range(s, end):
        room_busy[r, i] += sign
        for j in range(t[t[WHO_FIRST] + a], t[t[WHO_FIRST] + a + 1]):
            resource = t[t[WHO] + j]
            busy[resource, i] += sign


@loop("void(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1], i8[::1])")
def total(t: Table, slot: Table, room: Table, busy: Table, room_busy: Table, parts: Table) -> None:
    """Fill `busy` and `room_busy` (all zero before) from `slot` and `room`; write all that is broken and costs."""
    wanted, line, one = slot.copy(), np.empty(len(slot) + 1, np.int64), np.empty(PARTS, np.int64)
    parts[:] = 0
    slot[:] = NONE
    for a in range(len(slot)):
        price(t, slot, room, busy, room_busy, a, wanted[a], room[a], one, line)
        place(t, slot, room, busy, room_busy, a, wanted[a], room[a], 1)
        for part in range(PARTS):
            parts[part] += one[part]


@inner
def _hard(parts: Table) -> int:
    found = 0
    for part in range(HARDS):
        found += parts[part]
    return found


@inner
def _soft(t: Table, parts: Table) -> int:
    found = 0
    for part in range(HARDS, PARTS):
        found += parts[part] * t[t[WEIGHTS] + part]
    return found


@loop("UniTuple(i8, 4)(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1], i8, i8, u8[::1])")
def best_option(
    t: Table, slot: Table, room: Table, busy: Table, room_busy: Table, a: int, hard_weight: int, seed: Table,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Return slot, room, hard and soft price of the cheapest placement of an activity that is not held."""
    parts, line = np.empty(PARTS, np.int64), np.empty(len(slot) + 1, np.int64)
    found: tuple[int, int, int, int] = (NONE, NONE, 1, 0)
    least, equals = 0, 0
    for i in range(t[t[STARTS_FIRST] + a], t[t[STARTS_FIRST] + a + 1]):
        for j in range(t[t[ROOMS_FIRST] + a], t[t[ROOMS_FIRST] + a + 1]):
            price(t, slot, room, busy, room_busy, a, t[t[STARTS] + i], t[t[ROOMS] + j], parts, line)
            hard, soft = _hard(parts), _soft(t, parts)
            cost = hard * hard_weight + soft
            equals = equals + 1 if cost == least else 1
            if found[0] == NONE or cost < least or (cost == least and random(seed) * equals < 1.0):
                if cost < least or found[0] == NONE:
                    equals = 1
                found, least = (t[t[STARTS] + i], t[t[ROOMS] + j], hard, soft), cost
    return found


@loop("i8(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1])")
def worst(t: Table, slot: Table, room: Table, busy: Table, room_busy: Table) -> int:
    """Return the activity that breaks most; of equals the one without which least is broken."""
    parts, line = np.empty(PARTS, np.int64), np.empty(len(slot) + 1, np.int64)
    found, most, most_sum = NONE, -1, 0
    for a in range(len(slot)):
        s, r = slot[a], room[a]
        if s == NONE:
            continue
        place(t, slot, room, busy, room_busy, a, s, r, -1)
        price(t, slot, room, busy, room_busy, a, s, r, parts, line)
        place(t, slot, room, busy, room_busy, a, s, r, 1)
        # Without it something else may be broken instead: a sum alone would blame somebody who breaks nothing.
        broken, sum_ = 0, 0
        for part in range(HARDS):
            broken += max(parts[part], 0)
            sum_ += parts[part]
        if broken > most or (broken == most and sum_ > most_sum):
            found, most, most_sum = a, broken, sum_
    return found


@inner
def _free_room(t: Table, room_busy: Table, a: int, s: int, held: int, seed: Table) -> int:
    """Return a room for the activity in that slot: often the one it has, else a free one, else any."""
    first, count = t[t[ROOMS_FIRST] + a], t[t[ROOMS_FIRST] + a + 1] - t[t[ROOMS_FIRST] + a]
    end = min(s + t[t[DURATION] + a], (s // t[PERIODS] + 1) * t[PERIODS])
    keep = held != NONE and random(seed) < 0.5
    offset = int(random(seed) * count)
    for i in range(-1 if keep else 0, count):
        r = held if i == NONE else t[t[ROOMS] + first + (offset + i) % count]
        free = t[t[ROOM_FITS] + a * t[ROOM_COUNT] + r]
        for j in range(s, end):
            free = free and t[t[ROOM_FREE] + r * t[SLOT_COUNT] + j] and room_busy[r, j] < t[t[ROOM_AT_ONCE] + r]
        if free:
            return r
    return t[t[ROOMS] + first + offset]


@inner
def _possible(t: Table, a: int, s: int, r: int) -> bool:
    at = a * t[SLOT_COUNT] + s
    return t[t[START_ALLOWED] + at] and t[t[START_FREE] + at] and t[t[ROOM_FITS] + a * t[ROOM_COUNT] + r]


@inner
def _drawn_move(
    t: Table, slot: Table, room: Table, room_busy: Table, movable: Table, a: int, seed: Table
) -> tuple[int, int, int]:
    """Return a move: the activity to change places with or NONE, and slot and room; the present ones for no move."""
    s, r = slot[a], room[a]
    kind = random(seed)
    if kind < 0.2:
        b = movable[int(random(seed) * len(movable))]
        new_s, new_r = slot[b], room[b]
        if s != NONE and new_s not in (NONE, s) and _possible(t, a, new_s, new_r) and _possible(t, b, s, r):
            return b, new_s, new_r
        return NONE, s, r
    if kind < 0.35 and s != NONE:
        return NONE, s, _drawn(t, t[ROOMS_FIRST], t[ROOMS], a, seed)
    new_s = _drawn(t, t[STARTS_FIRST], t[STARTS], a, seed)
    return NONE, new_s, _free_room(t, room_busy, a, new_s, r if s != NONE else NONE, seed)


@inner
def _keep(slot: Table, room: Table, best_slot: Table, best_room: Table) -> None:
    # Whole arrays assigned take seconds to compile, for the text of an error that never comes.
    for i in range(len(slot)):
        best_slot[i], best_room[i] = slot[i], room[i]


@loop(
    "void(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1], i8[::1], i8[::1], i8[::1], i8[::1], u8[::1], "
    "i8, f8, f8, i8)"
)
def anneal(
    t: Table, slot: Table, room: Table, busy: Table, room_busy: Table, best_slot: Table, best_room: Table,
    numbers: Table, movable: Table, seed: Table, hard_weight: int, temperature: float, cooling: float, iterations: int,
) -> None:  # fmt: skip
    """Try so many moves, cooling after each; the best state seen goes to `best_slot` and `best_room`.

    Stops early when nothing is broken and nothing costs anything.
    """
    size = len(slot) + 1
    line, parts, other_parts = np.empty(size, np.int64), np.empty(PARTS, np.int64), np.empty(PARTS, np.int64)
    for _iteration in range(iterations):
        temperature *= cooling
        if numbers[BEST_HARD] == 0 and numbers[BEST_SOFT] == 0:
            return
        a = movable[int(random(seed) * len(movable))]
        s, r = slot[a], room[a]
        b, new_s, new_r = _drawn_move(t, slot, room, room_busy, movable, a, seed)
        if new_s == s and new_r == r:
            continue

        place(t, slot, room, busy, room_busy, a, s, r, -1)
        price(t, slot, room, busy, room_busy, a, s, r, parts, line)
        hard, soft = -_hard(parts), -_soft(t, parts)
        if b != NONE:
            place(t, slot, room, busy, room_busy, b, new_s, new_r, -1)
            price(t, slot, room, busy, room_busy, b, new_s, new_r, other_parts, line)
            hard, soft = hard - _hard(other_parts), soft - _soft(t, other_parts)
        price(t, slot, room, busy, room_busy, a, new_s, new_r, parts, line)
        place(t, slot, room, busy, room_busy, a, new_s, new_r, 1)
        hard, soft = hard + _hard(parts), soft + _soft(t, parts)
        if b != NONE:
            price(t, slot, room, busy, room_busy, b, s, r, other_parts, line)
            place(t, slot, room, busy, room_busy, b, s, r, 1)
            hard, soft = hard + _hard(other_parts), soft + _soft(t, other_parts)

        change = hard * hard_weight + soft
        if change <= 0 or random(seed) < math.exp(-change / temperature):
            numbers[NOW_HARD] += hard
            numbers[NOW_SOFT] += soft
            better = numbers[NOW_HARD] < numbers[BEST_HARD]
            if better or (numbers[NOW_HARD] == numbers[BEST_HARD] and numbers[NOW_SOFT] < numbers[BEST_SOFT]):
                numbers[BEST_HARD], numbers[BEST_SOFT] = numbers[NOW_HARD], numbers[NOW_SOFT]
                _keep(slot, room, best_slot, best_room)
            continue
        if b != NONE:
            place(t, slot, room, busy, room_busy, b, s, r, -1)
        place(t, slot, room, busy, room_busy, a, new_s, new_r, -1)
        place(t, slot, room, busy, room_busy, a, s, r, 1)
        if b != NONE:
            place(t, slot, room, busy, room_busy, b, new_s, new_r, 1)

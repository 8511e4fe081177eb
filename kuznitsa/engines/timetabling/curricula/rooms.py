"""The loops of the curriculum-based timetable as machine code: annealing over slots and rooms together.

What is given and the state are as in `kernel`; every lecture has a room, too.
"""

import numpy as np

from kuznitsa.engines.compiled import inner, loop
from kuznitsa.engines.timetabling.curricula.kernel import (
    AT,
    BEST,
    COURSE_OF,
    COURSES,
    LECTURE,
    LECTURES,
    LIMITS,
    NONE,
    NOW,
    ROOM,
    ROOMS,
    SEATS,
    SIZE,
    SLOT,
    SLOTS,
    USES,
    Int,
    Table,
    below,
    chain_of,
    days_change,
    draw,
    drawn,
    shift,
)


@loop("i8(i8[::1], i8[::1], i8[::1])")
def furnish(problem: Table, state: Table, room: Table) -> Int:
    """Put every lecture into its room; return what rooms cost: students without a seat, further rooms of courses."""
    rooms = problem[ROOMS]
    for i in range(problem[SLOTS] * rooms):
        state[problem[AT] + i] = NONE
    for i in range(problem[COURSES] * rooms):
        state[problem[USES] + i] = 0
    found = -problem[COURSES]
    for lecture in range(problem[LECTURES]):
        r, c = room[lecture], problem[problem[COURSE_OF] + lecture]
        state[problem[ROOM] + lecture] = r
        state[problem[AT] + state[problem[SLOT] + lecture] * rooms + r] = lecture
        state[problem[USES] + c * rooms + r] += 1
        found += state[problem[USES] + c * rooms + r] == 1
        found += max(problem[problem[SIZE] + c] - problem[problem[SEATS] + r], 0)
    return found


@inner
def _room_change(problem: Table, state: Table, c: Int, r: Int, t: Int) -> Int:
    """What it costs more when a lecture of a course goes from room r to room t."""
    size, uses = problem[problem[SIZE] + c], problem[USES] + c * problem[ROOMS]
    without = max(size - problem[problem[SEATS] + t], 0) - max(size - problem[problem[SEATS] + r], 0)
    return without + (state[uses + t] == 0) - (state[uses + r] == 1)


@inner
def _to_room(problem: Table, state: Table, lecture: Int, s: Int, r: Int, t: Int) -> None:
    uses = problem[USES] + problem[problem[COURSE_OF] + lecture] * problem[ROOMS]
    state[uses + r] -= 1
    state[uses + t] += 1
    state[problem[ROOM] + lecture] = t
    state[problem[AT] + s * problem[ROOMS] + t] = lecture


@inner
def _change_room(problem: Table, state: Table, lecture: Int, s: Int, t: Int, limit: Int) -> Int:
    """Put a lecture into a room of its slot, and who is there into its room; return what it costs more.

    Above the limit nothing is done.
    """
    r = np.int64(state[problem[ROOM] + lecture])
    if t == r:
        return 0
    at = problem[AT] + s * problem[ROOMS]
    other = np.int64(state[at + t])
    change = _room_change(problem, state, np.int64(problem[problem[COURSE_OF] + lecture]), r, t)
    if other != NONE:
        change += _room_change(problem, state, np.int64(problem[problem[COURSE_OF] + other]), t, r)
    if change > limit:
        return change
    _to_room(problem, state, lecture, s, r, t)
    if other != NONE:
        _to_room(problem, state, other, s, t, r)
    else:
        state[at + r] = NONE
    return change


@inner
def _change_slot(problem: Table, state: Table, chain: Table, c: Int, s: Int, t: Int, limit: Int) -> Int:
    """Put a course into another slot, with all that is in the way; return what it costs more, above the limit if not.

    A chain takes along who is in the room, so that a change of slots changes no cost of rooms.
    """
    if state[problem[LECTURE] + t * problem[COURSES] + c] != NONE:
        return limit + 1
    going, coming = chain_of(problem, state, c, s, t, np.bool_(True), chain)
    if going == 0:
        return limit + 1
    change = days_change(problem, state, chain, going, coming, s, t)
    if change > limit:
        return change
    shift(problem, state, s, t, chain, going, coming)
    here, there = problem[AT] + s * problem[ROOMS], problem[AT] + t * problem[ROOMS]
    room_of = problem[ROOM]
    for k in range(going):
        state[here + state[room_of + chain[2, k]]] = NONE
    for k in range(coming):
        state[there + state[room_of + chain[3, k]]] = NONE
    for k in range(going):
        state[there + state[room_of + chain[2, k]]] = chain[2, k]
    for k in range(coming):
        state[here + state[room_of + chain[3, k]]] = chain[3, k]
    return change


@loop("void(i8[::1], i8[::1], i8[::1], i8[::1], u8[::1], f8[::1], f8, i8)")
def polish(
    problem: Table, state: Table, best: Table, numbers: Table, seed: Table, limits: Table, slots: float, steps: Int
) -> None:
    """Anneal slots and rooms together, for some steps: a share `slots` of them changes slots, the rest rooms.

    `best` is the slots of all lectures and then their rooms; `numbers` are the costs with rooms, of `best` and of the
    state, and both are updated.
    """
    lectures, rooms, slot, room_of = problem[LECTURES], problem[ROOMS], problem[SLOT], problem[ROOM]
    chain = np.empty((4, rooms), np.int64)
    shared = np.int64(slots * 4294967296.0)
    for _step in range(steps):
        lecture, c, s, t = drawn(problem, state, seed)
        limit = np.int64(limits[draw(seed) & (LIMITS - 1)])
        if draw(seed) < shared:
            change = _change_slot(problem, state, chain, c, s, t, limit)
        else:
            change = _change_room(problem, state, lecture, s, below(seed, rooms), limit)
        if change > limit:
            continue
        numbers[NOW] += change
        if numbers[NOW] < numbers[BEST]:
            numbers[BEST] = numbers[NOW]
            for i in range(lectures):
                best[i], best[lectures + i] = state[slot + i], state[room_of + i]

"""The loops of the curriculum-based timetable as machine code: annealing over slots, without rooms.

Rooms are not part of the state: the least number of students without a seat in a slot follows from the courses held
then, the largest in the largest room and so on. Hard rules are never broken on the way. All steps are Kempe chains
between two slots: mostly of one lecture (a move) or two (an exchange).

What is given and the state are one array each (a loop with thirty arrays is slow to call and to compile).
`problem[TABLE]` says where a table begins: those of `problem` are listed first, those of the state below them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.compiled import inner, loop

Table = npt.NDArray[Any]
# `int` in Python; in machine code of 64 bits.
Int = Any

NONE = -1
DAY = 5
BEST, NOW = 0, 1
LIMITS = 4096

# Numbers.
COURSES, SLOTS, DAYS, ROOMS, LECTURES, CURRICULA, LARGE, LOOKED_UP = range(8)
# Tables of what is given; `a x b` are the rows of a table, one after the other. A list of lists is flat, `…_FIRST`
# says where each begins.
SIZE = 8  # students of a course
SEATS = 9  # seats of a room
LEAST_DAYS = 10  # of a course
COURSE_OF = 11  # of a lecture
IS_FREE = 12  # course x slot: whether the course can be held then
FREE, FREE_FIRST = 13, 14  # slots where a course can be held
CLASH = 15  # course x course: whether they cannot be held at once; true of a course and itself
CLASHES, CLASHES_FIRST = 16, 17  # courses that clash with a course, itself included
IN, IN_FIRST = 18, 19  # curricula of a course
WEIGHT = 20  # of an isolated lecture of a curriculum
DAY_OF = 21  # of a slot
BIT = 22  # of a slot within its day
ISOLATED = 23  # by the bits of a day: how many have no neighbour; there are LOOKED_UP of them
# Tables of the state.
SLOT = 24  # of a lecture
LECTURE = 25  # slot x course: the lecture held then, or NONE
HELD = 26  # slot x room: the courses held then, in order
COUNT = 27  # of courses held in a slot
BARRED = 28  # slot x course: how many courses held then clash with it
BITS = 29  # curriculum x day: periods with a lecture
PER_DAY = 30  # course x day: lectures
DAYS_WITH = 31  # of a course: days with a lecture
SHORT = 32  # of a slot: the least number of students without a seat
ROOM = 33  # of a lecture
AT = 34  # slot x room: the lecture held there, or NONE
USES = 35  # course x room: lectures
HEADER = 36


@inner
def draw(seed: Table) -> Int:
    """A random number of 32 bits (xorshift64*)."""
    x = seed[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    seed[0] = x
    return np.int64((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(32))


@inner
def below(seed: Table, limit: Int) -> Int:
    """A random number below the limit."""
    return (draw(seed) * limit) >> 32


@inner
def _isolated(problem: Table, bits: Int) -> Int:
    """How many of the bits have no neighbour."""
    if bits < problem[LOOKED_UP]:
        return np.int64(problem[problem[ISOLATED] + bits])
    alone = bits & ~(bits << 1) & ~(bits >> 1)
    found = 0
    while alone:
        alone &= alone - 1
        found += 1
    return found


@inner
def _short(problem: Table, state: Table, s: Int, out: Int, into: Int) -> Int:
    """Students without a seat in a slot, when the course `out` leaves it and `into` comes (NONE for neither)."""
    size, seat, large = problem[SIZE], problem[SEATS], problem[LARGE]
    at = problem[HELD] + s * problem[ROOMS]
    cost = 0
    waits = 0 <= into < large
    for i in range(at, at + state[problem[COUNT] + s]):
        c = state[i]
        if waits and into < c:
            cost += max(problem[size + into] - problem[seat], 0)
            seat += 1
            waits = False
        if c >= large:
            break
        if c != out:
            cost += max(problem[size + c] - problem[seat], 0)
            seat += 1
    if waits:
        cost += max(problem[size + into] - problem[seat], 0)
    return cost


@inner
def _drop(problem: Table, state: Table, c: Int, s: Int) -> Int:
    """Take a course out of a slot; return the lecture that was held."""
    at = problem[LECTURE] + s * problem[COURSES] + c
    lecture = state[at]
    state[at] = NONE
    counted = problem[COUNT] + s
    state[counted] -= 1
    i = problem[HELD] + s * problem[ROOMS]
    last = i + state[counted]
    while state[i] != c:
        i += 1
    while i < last:
        state[i] = state[i + 1]
        i += 1
    barred = problem[BARRED] + s * problem[COURSES]
    clashes, first = problem[CLASHES], problem[CLASHES_FIRST] + c
    for k in range(clashes + problem[first], clashes + problem[first + 1]):
        state[barred + problem[k]] -= 1
    d, days, bit = problem[problem[DAY_OF] + s], problem[DAYS], problem[problem[BIT] + s]
    bits, in_, first = problem[BITS] + d, problem[IN], problem[IN_FIRST] + c
    for k in range(in_ + problem[first], in_ + problem[first + 1]):
        state[bits + problem[k] * days] &= ~bit
    at = problem[PER_DAY] + c * days + d
    state[at] -= 1
    if state[at] == 0:
        state[problem[DAYS_WITH] + c] -= 1
    return lecture


@inner
def _hold(problem: Table, state: Table, lecture: Int, s: Int) -> None:
    """Hold a lecture in a slot."""
    c = problem[problem[COURSE_OF] + lecture]
    state[problem[LECTURE] + s * problem[COURSES] + c] = lecture
    state[problem[SLOT] + lecture] = s
    counted = problem[COUNT] + s
    start = problem[HELD] + s * problem[ROOMS]
    i = start + state[counted]
    while i > start and state[i - 1] > c:
        state[i] = state[i - 1]
        i -= 1
    state[i] = c
    state[counted] += 1
    barred = problem[BARRED] + s * problem[COURSES]
    clashes, first = problem[CLASHES], problem[CLASHES_FIRST] + c
    for k in range(clashes + problem[first], clashes + problem[first + 1]):
        state[barred + problem[k]] += 1
    d, days, bit = problem[problem[DAY_OF] + s], problem[DAYS], problem[problem[BIT] + s]
    bits, in_, first = problem[BITS] + d, problem[IN], problem[IN_FIRST] + c
    for k in range(in_ + problem[first], in_ + problem[first + 1]):
        state[bits + problem[k] * days] |= bit
    at = problem[PER_DAY] + c * days + d
    state[at] += 1
    if state[at] == 1:
        state[problem[DAYS_WITH] + c] += 1


@loop("void(i8[::1], i8[::1], i8[::1])")
def hold_all(problem: Table, state: Table, slot: Table) -> None:
    """Hold every lecture in its slot; the state was empty."""
    for lecture in range(len(slot)):
        _hold(problem, state, lecture, slot[lecture])
    for s in range(problem[SLOTS]):
        state[problem[SHORT] + s] = _short(problem, state, s, np.int64(NONE), np.int64(NONE))


@loop("i8(i8[::1], i8[::1])")
def cost(problem: Table, state: Table) -> Int:
    """What days and isolated lectures cost."""
    found = 0
    for c in range(problem[COURSES]):
        found += DAY * max(problem[problem[LEAST_DAYS] + c] - state[problem[DAYS_WITH] + c], 0)
    days = problem[DAYS]
    for q in range(problem[CURRICULA]):
        for d in range(days):
            found += problem[problem[WEIGHT] + q] * _isolated(problem, state[problem[BITS] + q * days + d])
    return found


@inner
def _change(problem: Table, state: Table, c: Int, s: Int, t: Int) -> Int:
    """What days and isolated lectures cost more when a course goes from slot s to t.

    A curriculum that has a lecture in both does not change: what it has in t clashes and goes to s.
    """
    d, e = problem[problem[DAY_OF] + s], problem[problem[DAY_OF] + t]
    here, there = problem[problem[BIT] + s], problem[problem[BIT] + t]
    days = problem[DAYS]
    found = 0
    if d != e:
        least = problem[problem[LEAST_DAYS] + c]
        now = state[problem[DAYS_WITH] + c]
        per_day = problem[PER_DAY] + c * days
        after = now + (state[per_day + e] == 0) - (state[per_day + d] == 1)
        found = DAY * (max(least - after, 0) - max(least - now, 0))
    bits, weight, in_, first = problem[BITS], problem[WEIGHT], problem[IN], problem[IN_FIRST] + c
    for k in range(in_ + problem[first], in_ + problem[first + 1]):
        q = problem[k]
        to = state[bits + q * days + e]
        if to & there:
            continue
        if d == e:
            change = _isolated(problem, to ^ here ^ there) - _isolated(problem, to)
        else:
            of = state[bits + q * days + d]
            change = (
                _isolated(problem, of ^ here) - _isolated(problem, of)
                + _isolated(problem, to ^ there) - _isolated(problem, to)
            )  # fmt: skip
        found += problem[weight + q] * change
    return found


@inner
def _can_swap(problem: Table, state: Table, c: Int, s: Int, other: Int, t: Int) -> bool:
    courses = problem[COURSES]
    clash = problem[problem[CLASH] + c * courses + other]
    return (
        c != other
        and problem[problem[IS_FREE] + other * problem[SLOTS] + s] == 1
        and state[problem[BARRED] + s * courses + other] == clash
        and state[problem[BARRED] + t * courses + c] == clash
    )


@inner
def _join(problem: Table, state: Table, a: Int, s: Int, t: Int, in_room: bool, row: Table, count: Int) -> Int:
    """Add to the row what is in the way of a course that goes from slot s to t; return its length, NONE if it cannot.

    In the way is what clashes, and with `in_room` what is held in the same room.
    """
    courses = problem[COURSES]
    barred = state[problem[BARRED] + t * courses + a]
    if not problem[problem[IS_FREE] + a * problem[SLOTS] + t] or state[problem[LECTURE] + t * courses + a] != NONE:
        return NONE
    i = problem[HELD] + t * problem[ROOMS]
    for _other in range(barred):
        while not problem[problem[CLASH] + a * courses + state[i]]:
            i += 1
        count = _add(row, count, state[i])
        i += 1
    if in_room:
        room = state[problem[ROOM] + state[problem[LECTURE] + s * courses + a]]
        there = state[problem[AT] + t * problem[ROOMS] + room]
        if there != NONE:
            count = _add(row, count, problem[problem[COURSE_OF] + there])
    return count


@inner
def _add(row: Table, count: Int, course: Int) -> Int:
    """Add to the row what is not in it; return its length."""
    for k in range(count):
        if row[k] == course:
            return count
    row[count] = course
    return count + 1


@inner
def chain_of(problem: Table, state: Table, c: Int, s: Int, t: Int, in_room: bool, chain: Table) -> tuple[Int, Int]:
    """Courses that must go from s to t and from t to s when c does, in the rows of `chain`; (0, 0) if they cannot."""
    chain[0, 0] = c
    # Of constants numba makes functions of their own, which are compiled as well.
    going, coming, seen, seen_there = np.int64(1), np.int64(0), 0, 0
    while seen < going or seen_there < coming:
        if seen < going:
            coming = _join(problem, state, chain[0, seen], s, t, in_room, chain[1], coming)
            seen += 1
        else:
            going = _join(problem, state, chain[1, seen_there], t, s, in_room, chain[0], going)
            seen_there += 1
        if going == NONE or coming == NONE:
            return 0, 0
    more = going - coming
    count, rooms = problem[COUNT], problem[ROOMS]
    if state[count + s] - more > rooms or state[count + t] + more > rooms:
        return 0, 0
    return going, coming


@inner
def shift(problem: Table, state: Table, s: Int, t: Int, chain: Table, going: Int, coming: Int) -> None:
    """Exchange the courses of a chain between two slots."""
    for k in range(going):
        chain[2, k] = _drop(problem, state, chain[0, k], s)
    for k in range(coming):
        chain[3, k] = _drop(problem, state, chain[1, k], t)
    for k in range(going):
        _hold(problem, state, chain[2, k], t)
    for k in range(coming):
        _hold(problem, state, chain[3, k], s)
    state[problem[SHORT] + s] = _short(problem, state, s, np.int64(NONE), np.int64(NONE))
    state[problem[SHORT] + t] = _short(problem, state, t, np.int64(NONE), np.int64(NONE))


@inner
def _obstacle(problem: Table, state: Table, seed: Table, c: Int, t: Int, barred: Int) -> Int:
    """The one course that is in the way of a course in a slot: what clashes, or anything if the slot is full."""
    i = problem[HELD] + t * problem[ROOMS]
    if barred == 1:
        while not problem[problem[CLASH] + c * problem[COURSES] + state[i]]:
            i += 1
        return np.int64(state[i])
    if barred == 0 and state[problem[COUNT] + t] == problem[ROOMS]:
        return np.int64(state[i + below(seed, problem[ROOMS])])
    return NONE


@inner
def _exchange(problem: Table, state: Table, chain: Table, s: Int, t: Int, limit: Int) -> Int:
    """Put the course of a chain into a slot, in place of another or of none; return what it costs more.

    Above the limit nothing is done.
    """
    c, other = chain[0, 0], chain[1, 0]
    change = _change(problem, state, c, s, t) - state[problem[SHORT] + s] - state[problem[SHORT] + t]
    if other != NONE:
        change += _change(problem, state, other, t, s)
    if change > limit:
        return change
    change += _short(problem, state, s, c, other)
    if change > limit:
        return change
    change += _short(problem, state, t, other, c)
    if change <= limit:
        shift(problem, state, s, t, chain, np.int64(1), np.int64(other != NONE))
    return change


@inner
def days_change(problem: Table, state: Table, chain: Table, going: Int, coming: Int, s: Int, t: Int) -> Int:
    """What days and isolated lectures cost more when a chain is shifted."""
    change = np.int64(0)
    for k in range(going):
        change += _change(problem, state, chain[0, k], s, t)
    for k in range(coming):
        change += _change(problem, state, chain[1, k], t, s)
    return change


@inner
def _exchange_chain(
    problem: Table, state: Table, chain: Table, going: Int, coming: Int, s: Int, t: Int, limit: Int
) -> Int:
    """As `_exchange`, with a chain of more than two."""
    short = problem[SHORT]
    change = days_change(problem, state, chain, going, coming, s, t) - state[short + s] - state[short + t]
    if change > limit:
        return change
    shift(problem, state, s, t, chain, going, coming)
    change += state[short + s] + state[short + t]
    if change > limit:
        for k in range(problem[ROOMS]):
            chain[0, k], chain[1, k] = chain[1, k], chain[0, k]
        shift(problem, state, s, t, chain, coming, going)
    return change


@inner
def drawn(problem: Table, state: Table, seed: Table) -> tuple[Int, Int, Int, Int]:
    """A lecture by luck, its course, its slot, and a slot where the course can be held."""
    lecture = below(seed, problem[LECTURES])
    c = np.int64(problem[problem[COURSE_OF] + lecture])
    first = problem[problem[FREE_FIRST] + c]
    t = problem[problem[FREE] + first + below(seed, problem[problem[FREE_FIRST] + c + 1] - first)]
    return lecture, c, np.int64(state[problem[SLOT] + lecture]), np.int64(t)


@loop("void(i8[::1], i8[::1], i8[::1], i8[::1], u8[::1], f8[::1], f8, i8)")
def anneal(
    problem: Table, state: Table, best: Table, numbers: Table, seed: Table, limits: Table, chains: float, steps: Int
) -> None:
    """Anneal for some steps; what a step may cost more is one of the `limits`, by luck.

    `best` is the slots of all lectures; `numbers` are the costs of `best` and of the state, and both are updated.
    """
    courses, slot = problem[COURSES], problem[SLOT]
    chain = np.empty((4, problem[ROOMS]), np.int64)
    chained = np.int64(chains * 4294967296.0)
    for _step in range(steps):
        _lecture, c, s, t = drawn(problem, state, seed)
        if state[problem[LECTURE] + t * courses + c] != NONE:
            continue
        luck = draw(seed)
        limit = np.int64(limits[luck & (LIMITS - 1)])
        barred = state[problem[BARRED] + t * courses + c]
        other = _obstacle(problem, state, seed, c, t, barred)
        if barred > 1 or (other != NONE and not _can_swap(problem, state, c, s, other, t)):
            if luck > chained or barred == 0:
                continue
            going, coming = chain_of(problem, state, c, s, t, np.bool_(False), chain)
            if going == 0:
                continue
            change = _exchange_chain(problem, state, chain, going, coming, s, t, limit)
        else:
            chain[0, 0], chain[1, 0] = c, other
            change = _exchange(problem, state, chain, s, t, limit)
        if change > limit:
            continue
        numbers[NOW] += change
        if numbers[NOW] < numbers[BEST]:
            numbers[BEST] = numbers[NOW]
            # A slice assigned takes seconds to compile, for the text of an error that never comes.
            for i in range(problem[LECTURES]):
                best[i] = state[slot + i]

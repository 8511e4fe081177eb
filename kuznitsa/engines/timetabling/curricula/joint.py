"""The second inner loop: annealing over periods and rooms together, cold, so that rooms and periods suit each other.

Slower than `kernel.anneal` and blind to what only many moves can reach, but exact: it sees in which rooms a course is
held. See `arrays.Tables` and `arrays.State`; beside them `room` of each lecture, `at` (period × room: the lecture or
-1), `used` (course × room: lectures) and `over` (course × room: students too many).
"""

from typing import Any

import numpy.typing as npt
from numba import njit

from kuznitsa.engines.timetabling.curricula.kernel import (
    BEST,
    FREE,
    IMPOSSIBLE,
    KEMPE_SHARE,
    NOW,
    clashes,
    compactness_change,
    days_change,
    draw,
    is_taken,
    toggle,
)

Table = npt.NDArray[Any]
ROOM_SHARE = 0.15


@njit(cache=True, error_model="numpy", forceinline=True)
def _leave(over: Table, used: Table, at: Table, c: int, p: int, r: int) -> int:
    """Take a lecture of a course out of a room; return the change of capacity and stability."""
    at[p, r] = -1
    used[c, r] -= 1
    return int(-over[c, r] - (used[c, r] == 0))


@njit(cache=True, error_model="numpy", forceinline=True)
def _enter(over: Table, used: Table, at: Table, a: int, c: int, p: int, r: int) -> int:
    """Put a lecture of a course into a room; return the change of capacity and stability."""
    at[p, r] = a
    used[c, r] += 1
    return int(over[c, r] + (used[c, r] == 1))


@njit(cache=True, error_model="numpy")
def _room_for(over: Table, used: Table, at: Table, c: int, p: int, wanted: int) -> int:
    """The free room of a period that costs a course least, the wanted one first; -1 when there is none."""
    if at[p, wanted] < 0:
        return wanted
    best, price = -1, 0
    for r in range(at.shape[1]):
        if at[p, r] < 0:
            cost = over[c, r] + (used[c, r] == 0)
            if best < 0 or cost < price:
                best, price = r, cost
    return best


@njit(cache=True, error_model="numpy")
def _chain(course: Table, is_open: Table, clash: Table, at: Table, a: int, p: int, q: int, chain: Table) -> int:
    """As `kernel.chain`, by the rooms: the lectures of the chain with their targets; 0 when it is not possible."""
    chain[0, 0], chain[0, 1] = a, q
    size, looked = 1, 0
    while looked < size:
        c, to = course[chain[looked, 0]], chain[looked, 1]
        if not is_open[c, to]:
            return 0
        back = p if to == q else q
        for r in range(at.shape[1]):
            other = at[to, r]
            if other < 0 or not clash[c, course[other]]:
                continue
            known = False
            for j in range(size):
                if chain[j, 0] == other:
                    known = True
                    break
            if not known:
                chain[size, 0], chain[size, 1] = other, back
                size += 1
        looked += 1
    return size


@njit(cache=True, error_model="numpy")
def _change_room(
    course: Table, over: Table, period: Table, room: Table, at: Table, used: Table, seed: Table, warmth: float,
    a: int, r: int,
) -> int:  # fmt: skip
    """Try another room of the same period; who is there takes the one left. Returns the change of the cost."""
    p, c, old = period[a], course[a], room[a]
    if r == old:
        return 0
    b = at[p, r]
    x = course[b] if b >= 0 else -1
    delta = _leave(over, used, at, c, p, old)
    if b >= 0:
        delta += _leave(over, used, at, x, p, r)
        delta += _enter(over, used, at, b, x, p, old)
    delta += _enter(over, used, at, a, c, p, r)
    if is_taken(delta, warmth, seed):
        room[a] = r
        if b >= 0:
            room[b] = old
        return delta
    _leave(over, used, at, c, p, r)
    if b >= 0:
        _leave(over, used, at, x, p, old)
        _enter(over, used, at, b, x, p, r)
    _enter(over, used, at, a, c, p, old)
    return 0


@njit(cache=True, error_model="numpy", forceinline=True)
def _partner(
    course: Table, clash: Table, clash_bits: Table, over: Table, bits: Table, at: Table, used: Table, seed: Table,
    c: int, q: int, r: int, old: int,
) -> tuple[int, int]:  # fmt: skip
    """Who changes places with a lecture that goes into a period (FREE: nobody), and in which room; or IMPOSSIBLE."""
    if not clashes(bits, clash_bits, q, c, -1):
        if at[q, r] >= 0 and draw(seed) < 0.5:
            r = _room_for(over, used, at, c, q, old)
            return (FREE, r) if r >= 0 else (IMPOSSIBLE, 0)
        return at[q, r], r
    # Only one lecture may be in the way: it is the one.
    b = FREE
    for i in range(at.shape[1]):
        if at[q, i] >= 0 and clash[c, course[at[q, i]]]:
            if b != FREE:
                return IMPOSSIBLE, 0
            b, r = at[q, i], i
    return b, r


@njit(cache=True, error_model="numpy")
def _change_period(
    course: Table, min_days: Table, is_open: Table, clash: Table, clash_bits: Table, first: Table, curricula: Table,
    member: Table, weight: Table, over: Table, a_day: int,
    period: Table, bits: Table, held: Table, day_count: Table, days: Table, room: Table, at: Table, used: Table,
    seed: Table, warmth: float, a: int, q: int, r: int,
) -> int:  # fmt: skip
    """Try another period; one lecture there may change places with this one. Returns the change of the cost."""
    p, c, old = period[a], course[a], room[a]
    b, r = _partner(course, clash, clash_bits, over, bits, at, used, seed, c, q, r, old)
    if b == IMPOSSIBLE:
        return 0
    x = -1
    if b >= 0:
        x = course[b]
        if x == c or not is_open[x, p] or clashes(bits, clash_bits, p, x, c):
            return 0
    d, e = p // a_day, q // a_day
    delta = days_change(day_count, days, min_days, c, d, e)
    delta += compactness_change(held, first, curricula, weight, member, c, p, q, a_day, x)
    delta += _leave(over, used, at, c, p, old)
    if b >= 0:
        delta += days_change(day_count, days, min_days, x, e, d)
        delta += compactness_change(held, first, curricula, weight, member, x, q, p, a_day, c)
        delta += _leave(over, used, at, x, q, r)
        delta += _enter(over, used, at, b, x, p, old)
    delta += _enter(over, used, at, a, c, q, r)
    if is_taken(delta, warmth, seed):
        toggle(held, first, curricula, bits, day_count, days, c, p, q, a_day)
        period[a], room[a] = q, r
        if b >= 0:
            toggle(held, first, curricula, bits, day_count, days, x, q, p, a_day)
            period[b], room[b] = p, old
        return delta
    _leave(over, used, at, c, q, r)
    if b >= 0:
        _leave(over, used, at, x, p, old)
        _enter(over, used, at, b, x, q, r)
    _enter(over, used, at, a, c, p, old)
    return 0


@njit(cache=True, error_model="numpy")
def _enter_chain(
    course: Table, over: Table, room: Table, at: Table, used: Table, chain: Table, size: int
) -> tuple[int, int]:
    """Put the lectures of a chain into rooms of their targets; return how many found one, and what that changes."""
    delta = 0
    for j in range(size):
        b, to = chain[j, 0], chain[j, 1]
        r = _room_for(over, used, at, course[b], to, room[b])
        if r < 0:
            return j, delta
        delta += _enter(over, used, at, b, course[b], to, r)
        chain[j, 2] = r
    return size, delta


@njit(cache=True, error_model="numpy")
def _change_chain(
    course: Table, min_days: Table, is_open: Table, clash: Table, first: Table, curricula: Table,
    member: Table, weight: Table, over: Table, a_day: int,
    period: Table, bits: Table, held: Table, day_count: Table, days: Table, room: Table, at: Table, used: Table,
    seed: Table, chain: Table, warmth: float, a: int, q: int,
) -> int:  # fmt: skip
    """Try to change places along a Kempe chain between two periods. Returns the change of the cost."""
    p = period[a]
    size = _chain(course, is_open, clash, at, a, p, q, chain)
    delta = 0
    for j in range(size):
        b, back = chain[j, 0], p + q - chain[j, 1]
        delta += _leave(over, used, at, course[b], back, room[b])
    placed, cost = _enter_chain(course, over, room, at, used, chain, size)
    delta += cost
    if placed == size:
        for j in range(size):
            x, to, back = course[chain[j, 0]], chain[j, 1], p + q - chain[j, 1]
            delta += compactness_change(held, first, curricula, weight, member, x, back, to, a_day, -1)
            delta += days_change(day_count, days, min_days, x, back // a_day, to // a_day)
            toggle(held, first, curricula, bits, day_count, days, x, back, to, a_day)
        if is_taken(delta, warmth, seed):
            for j in range(size):
                period[chain[j, 0]], room[chain[j, 0]] = chain[j, 1], chain[j, 2]
            return delta
        for j in range(size):
            toggle(held, first, curricula, bits, day_count, days, course[chain[j, 0]], chain[j, 1],
                   p + q - chain[j, 1], a_day)  # fmt: skip
    for j in range(placed):
        _leave(over, used, at, course[chain[j, 0]], chain[j, 1], chain[j, 2])
    for j in range(size):
        b = chain[j, 0]
        _enter(over, used, at, b, course[b], p + q - chain[j, 1], room[b])
    return 0


@njit(cache=True, error_model="numpy")
def anneal(
    course: Table, min_days: Table, is_open: Table, clash: Table, clash_bits: Table, first: Table, curricula: Table,
    member: Table, weight: Table, over: Table, a_day: int,
    period: Table, bits: Table, held: Table, day_count: Table, days: Table, room: Table, at: Table, used: Table,
    best: Table, best_room: Table, numbers: Table, seed: Table, chain: Table, warmth: float, iterations: int,
) -> None:  # fmt: skip
    """Try that many moves at one temperature; `best`, `best_room` and `numbers` keep the best state and the costs."""
    lectures, total, rooms = len(period), at.shape[0], at.shape[1]
    for _iteration in range(iterations):
        a, q = int(draw(seed) * lectures), int(draw(seed) * total)
        r, kind = int(draw(seed) * rooms), draw(seed)
        if q == period[a] or kind < ROOM_SHARE:
            numbers[NOW] += _change_room(course, over, period, room, at, used, seed, warmth, a, r)
        elif not is_open[course[a], q]:
            continue
        elif kind < ROOM_SHARE + KEMPE_SHARE:
            numbers[NOW] += _change_chain(
                course, min_days, is_open, clash, first, curricula, member, weight, over, a_day, period, bits, held,
                day_count, days, room, at, used, seed, chain, warmth, a, q,
            )  # fmt: skip
        else:
            numbers[NOW] += _change_period(
                course, min_days, is_open, clash, clash_bits, first, curricula, member, weight, over, a_day, period,
                bits, held, day_count, days, room, at, used, seed, warmth, a, q, r,
            )  # fmt: skip
        if numbers[NOW] < numbers[BEST]:
            numbers[BEST] = numbers[NOW]
            best[:] = period
            best_room[:] = room

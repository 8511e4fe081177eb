"""The second inner loop: annealing over periods and rooms together, cold, so that rooms and periods suit each other.

Slower than `kernel.anneal` and blind to what only many moves can reach, but exact: it sees in which rooms a course is
held. See `arrays.Tables` and `arrays.State`; beside them `room` of each lecture, `at` (period × room: the lecture or
-1), `used` (course × room: lectures) and `over` (course × room: students too many).
"""

import math
from typing import Any

import numpy.typing as npt
from numba import njit

from kuznitsa.engines.timetabling.curricula.kernel import (
    BEST,
    KEMPE_SHARE,
    NOW,
    clashes,
    compactness_change,
    days_change,
    draw,
    toggle,
)

Table = npt.NDArray[Any]


@njit(cache=True, error_model="numpy", forceinline=True)
def _leave(over: Table, used: Table, at: Table, c: int, p: int, r: int) -> int:
    """Take a lecture of a course out of a room; return the change of capacity and stability."""
    at[p, r] = -1
    used[c, r] -= 1
    return -over[c, r] - (used[c, r] == 0)


@njit(cache=True, error_model="numpy", forceinline=True)
def _enter(over: Table, used: Table, at: Table, a: int, c: int, p: int, r: int) -> int:
    """Put a lecture of a course into a room; return the change of capacity and stability."""
    at[p, r] = a
    used[c, r] += 1
    return over[c, r] + (used[c, r] == 1)


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
def _chain(
    course: Table, is_open: Table, clash: Table, at: Table, a: int, p: int, q: int, chain: Table
) -> int:
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
def anneal(
    course: Table, min_days: Table, is_open: Table, clash: Table, clash_bits: Table, first: Table, curricula: Table,
    member: Table, weight: Table, over: Table, a_day: int,
    period: Table, bits: Table, held: Table, day_count: Table, days: Table, room: Table, at: Table, used: Table,
    best: Table, best_room: Table, numbers: Table, seed: Table, chain: Table, warmth: float, iterations: int,
) -> None:  # fmt: skip
    """Try that many moves at one temperature; `best`, `best_room` and `numbers` keep the best state and the costs."""
    lectures, total, rooms = len(period), at.shape[0], at.shape[1]
    for _iteration in range(iterations):
        a = int(draw(seed) * lectures)
        p, c, old = period[a], course[a], room[a]
        q = int(draw(seed) * total)
        r = int(draw(seed) * rooms)
        if q == p or draw(seed) < 0.15:
            # Only another room.
            if r == old:
                continue
            b = at[p, r]
            delta = _leave(over, used, at, c, p, old)
            if b >= 0:
                delta += _leave(over, used, at, course[b], p, r)
                delta += _enter(over, used, at, b, course[b], p, old)
            delta += _enter(over, used, at, a, c, p, r)
            if delta > 0 and draw(seed) >= math.exp(-delta / warmth):
                _leave(over, used, at, c, p, r)
                if b >= 0:
                    _leave(over, used, at, course[b], p, old)
                    _enter(over, used, at, b, course[b], p, r)
                _enter(over, used, at, a, c, p, old)
                continue
            room[a] = r
            if b >= 0:
                room[b] = old
        elif not is_open[c, q]:
            continue
        elif draw(seed) < KEMPE_SHARE:
            size = _chain(course, is_open, clash, at, a, p, q, chain)
            delta = 0
            for j in range(size):
                b, to = chain[j, 0], chain[j, 1]
                x, back = course[b], p if to == q else q
                delta += _leave(over, used, at, x, back, room[b])
            placed = 0
            while placed < size:
                b, to = chain[placed, 0], chain[placed, 1]
                r = _room_for(over, used, at, course[b], to, room[b])
                if r < 0:
                    break
                delta += _enter(over, used, at, b, course[b], to, r)
                chain[placed, 2] = r
                placed += 1
            toggled = 0
            if placed == size:
                while toggled < size:
                    b, to = chain[toggled, 0], chain[toggled, 1]
                    x, back = course[b], p if to == q else q
                    delta += compactness_change(held, first, curricula, weight, member, x, back, to, a_day, -1)
                    delta += days_change(day_count, days, min_days, x, back // a_day, to // a_day)
                    toggle(held, first, curricula, bits, day_count, days, x, back, to, a_day)
                    toggled += 1
                if delta <= 0 or draw(seed) < math.exp(-delta / warmth):
                    for j in range(size):
                        period[chain[j, 0]], room[chain[j, 0]] = chain[j, 1], chain[j, 2]
                    numbers[NOW] += delta
                    if numbers[NOW] < numbers[BEST]:
                        numbers[BEST] = numbers[NOW]
                        best[:] = period
                        best_room[:] = room
                    continue
            for j in range(placed):
                _leave(over, used, at, course[chain[j, 0]], chain[j, 1], chain[j, 2])
            for j in range(size):
                b, to = chain[j, 0], chain[j, 1]
                x, back = course[b], p if to == q else q
                if j < toggled:
                    toggle(held, first, curricula, bits, day_count, days, x, to, back, a_day)
                _enter(over, used, at, b, x, back, room[b])
            continue
        else:
            b = at[q, r]
            if clashes(bits, clash_bits, q, c, -1):
                # Only one lecture may be in the way: it changes places with this one.
                b = -1
                for i in range(rooms):
                    if at[q, i] >= 0 and clash[c, course[at[q, i]]]:
                        if b >= 0:
                            b = -2
                            break
                        b, r = at[q, i], i
                if b == -2:
                    continue
            elif b >= 0 and draw(seed) < 0.5:
                # A room that is free, if there is one: the course's own first.
                r = _room_for(over, used, at, c, q, old)
                if r < 0:
                    continue
                b = -1
            x = -1
            if b >= 0:
                x = course[b]
                if x == c or not is_open[x, p] or clashes(bits, clash_bits, p, x, c):
                    continue
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
            if delta > 0 and draw(seed) >= math.exp(-delta / warmth):
                _leave(over, used, at, c, q, r)
                if b >= 0:
                    _leave(over, used, at, x, p, old)
                    _enter(over, used, at, b, x, q, r)
                _enter(over, used, at, a, c, p, old)
                continue
            toggle(held, first, curricula, bits, day_count, days, c, p, q, a_day)
            period[a], room[a] = q, r
            if b >= 0:
                toggle(held, first, curricula, bits, day_count, days, x, q, p, a_day)
                period[b], room[b] = p, old
        numbers[NOW] += delta
        if numbers[NOW] < numbers[BEST]:
            numbers[BEST] = numbers[NOW]
            best[:] = period
            best_room[:] = room

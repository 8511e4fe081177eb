"""The inner loop as machine code: annealing over the periods of lectures, rooms left out.

What the rooms of a period cost at least follows from the sizes of its classes alone: the largest class to the largest
room, and so on. Hard rules hold all the time. See `arrays.Tables` and `arrays.State`.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from kuznitsa.engines.timetabling.curricula.arrays import WORD

Table = npt.NDArray[Any]
DAY_COST = 5
KEMPE_SHARE = 0.04
# Where `numbers` holds the cost now, and the best one.
NOW, BEST = 0, 1
FREE, IMPOSSIBLE = -1, -2


@njit(cache=True, error_model="numpy", forceinline=True)
def draw(seed: Table) -> float:
    """Return the next number from 0 to 1 (xorshift64*), the same on every machine."""
    x = seed[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    seed[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _alone(periods: int) -> int:
    """How many bits have no neighbour."""
    x = periods & ~(periods << 1) & ~(periods >> 1)
    count = 0
    while x:
        x &= x - 1
        count += 1
    return count


@njit(cache=True, error_model="numpy")
def _capacity(rooms: Table, sizes: Table, count: int, out: int, into: int) -> int:
    """The least cost of capacity of a period when a class of one size leaves and one of another comes (-1: none)."""
    total = rank = 0
    for i in range(count):
        size = sizes[i]
        if size == out:
            out = -1
            continue
        if into >= size:
            if into > rooms[rank]:
                total += into - rooms[rank]
            rank += 1
            into = -1
        if size > rooms[rank]:
            total += size - rooms[rank]
        rank += 1
    if into >= 0 and into > rooms[rank]:
        total += into - rooms[rank]
    return total


@njit(cache=True, error_model="numpy", forceinline=True)
def clashes(bits: Table, clash_bits: Table, p: int, c: int, without: int) -> bool:
    """Whether a course clashes with a period when one course of it (-1: none) is gone."""
    for w in range(bits.shape[1]):
        x = bits[p, w] & clash_bits[c, w]
        if without >= 0 and without // WORD == w:
            x &= ~(np.int64(1) << np.int64(without % WORD))
        if x:
            return True
    return False


@njit(cache=True, error_model="numpy", forceinline=True)
def days_change(day_count: Table, days: Table, min_days: Table, c: int, d: int, e: int) -> int:
    """The change of the cost of days when a lecture of a course goes from a day to another."""
    if d == e:
        return 0
    now = days[c]
    then = now - (day_count[c, d] == 1) + (day_count[c, e] == 0)
    return DAY_COST * (max(min_days[c] - then, 0) - max(min_days[c] - now, 0))


@njit(cache=True, error_model="numpy")
def compactness_change(
    held: Table, first: Table, curricula: Table, weight: Table, member: Table, c: int, p: int, q: int, a_day: int,
    other: int,
) -> int:  # fmt: skip
    """The change when a lecture of a course goes from p to q; curricula of another course (-1: none) do not count."""
    d, e = p // a_day, q // a_day
    off, on = np.int64(1) << np.int64(p - d * a_day), np.int64(1) << np.int64(q - e * a_day)
    total = 0
    for k in range(first[c], first[c + 1]):
        u = curricula[k]
        if other >= 0 and member[other, u]:
            continue
        before = held[u, d]
        if d == e:
            total += weight[u] * (_alone(before ^ off ^ on) - _alone(before))
        else:
            after = held[u, e]
            total += weight[u] * (_alone(before ^ off) - _alone(before) + _alone(after ^ on) - _alone(after))
    return total


@njit(cache=True, error_model="numpy")
def toggle(
    held: Table, first: Table, curricula: Table, bits: Table, day_count: Table, days: Table, c: int, p: int, q: int,
    a_day: int,
) -> None:  # fmt: skip
    """Note that a lecture of a course goes from p to q, in all that does not depend on its size.

    Bits are toggled: when two lectures of a curriculum change places, one after the other, they are right in the end.
    """
    d, e = p // a_day, q // a_day
    off, on = np.int64(1) << np.int64(p - d * a_day), np.int64(1) << np.int64(q - e * a_day)
    for k in range(first[c], first[c + 1]):
        held[curricula[k], d] ^= off
        held[curricula[k], e] ^= on
    bit = np.int64(1) << np.int64(c % WORD)
    bits[p, c // WORD] ^= bit
    bits[q, c // WORD] ^= bit
    day_count[c, d] -= 1
    if day_count[c, d] == 0:
        days[c] -= 1
    if day_count[c, e] == 0:
        days[c] += 1
    day_count[c, e] += 1


@njit(cache=True, error_model="numpy")
def _take(cell: Table, cell_size: Table, filled: Table, a: int, p: int) -> None:
    i = 0
    while cell[p, i] != a:
        i += 1
    last = filled[p] - 1
    while i < last:
        cell[p, i], cell_size[p, i] = cell[p, i + 1], cell_size[p, i + 1]
        i += 1
    filled[p] = last


@njit(cache=True, error_model="numpy")
def _put(cell: Table, cell_size: Table, filled: Table, a: int, size: int, p: int) -> None:
    i = filled[p]
    while i > 0 and cell_size[p, i - 1] < size:
        cell[p, i], cell_size[p, i] = cell[p, i - 1], cell_size[p, i - 1]
        i -= 1
    cell[p, i], cell_size[p, i] = a, size
    filled[p] += 1


@njit(cache=True, error_model="numpy")
def _chain(
    course: Table, is_open: Table, clash: Table, cell: Table, filled: Table, a: int, p: int, q: int, chain: Table
) -> int:
    """Collect the lectures that change places when one goes from p to q and those in the way go back (Kempe).

    Returns how many, 0 when it is not possible. In `chain` each lecture is followed by its target.
    """
    rooms = cell.shape[1]
    chain[0, 0], chain[0, 1] = a, q
    size, looked = 1, 0
    balance = 1
    while looked < size:
        c, to = course[chain[looked, 0]], chain[looked, 1]
        if not is_open[c, to]:
            return 0
        back = p if to == q else q
        for i in range(filled[to]):
            other = cell[to, i]
            if not clash[c, course[other]]:
                continue
            known = False
            for j in range(size):
                if chain[j, 0] == other:
                    known = True
                    break
            if not known:
                chain[size, 0], chain[size, 1] = other, back
                size += 1
                balance += 1 if back == q else -1
        looked += 1
    if filled[q] + balance > rooms or filled[p] - balance > rooms:
        return 0
    return size


@njit(cache=True, error_model="numpy", forceinline=True)
def is_taken(delta: int, warmth: float, seed: Table) -> bool:
    """Whether a move is made: always when it costs nothing, else the less often the colder it is."""
    return delta <= 0 or draw(seed) < math.exp(-delta / warmth)


@njit(cache=True, error_model="numpy")
def _change_chain(
    course: Table, class_size: Table, min_days: Table, is_open: Table, clash: Table, first: Table, curricula: Table,
    member: Table, weight: Table, rooms: Table, a_day: int,
    period: Table, cell: Table, cell_size: Table, filled: Table, capacity: Table, bits: Table, held: Table,
    day_count: Table, days: Table, seed: Table, chain: Table, warmth: float, a: int, q: int,
) -> int:  # fmt: skip
    """Try to change places along a Kempe chain between two periods. Returns the change of the cost."""
    p = period[a]
    size = _chain(course, is_open, clash, cell, filled, a, p, q, chain)
    if size == 0:
        return 0
    for j in range(size):
        _take(cell, cell_size, filled, chain[j, 0], p + q - chain[j, 1])
    delta = 0
    for j in range(size):
        b, to, back = chain[j, 0], chain[j, 1], p + q - chain[j, 1]
        x = course[b]
        delta += compactness_change(held, first, curricula, weight, member, x, back, to, a_day, -1)
        delta += days_change(day_count, days, min_days, x, back // a_day, to // a_day)
        toggle(held, first, curricula, bits, day_count, days, x, back, to, a_day)
        _put(cell, cell_size, filled, b, class_size[x], to)
    cost_p = _capacity(rooms, cell_size[p], filled[p], -1, -1)
    cost_q = _capacity(rooms, cell_size[q], filled[q], -1, -1)
    delta += cost_p + cost_q - capacity[p] - capacity[q]
    if is_taken(delta, warmth, seed):
        capacity[p], capacity[q] = cost_p, cost_q
        for j in range(size):
            period[chain[j, 0]] = chain[j, 1]
        return delta
    for j in range(size):
        _take(cell, cell_size, filled, chain[j, 0], chain[j, 1])
    for j in range(size):
        b, to, back = chain[j, 0], chain[j, 1], p + q - chain[j, 1]
        toggle(held, first, curricula, bits, day_count, days, course[b], to, back, a_day)
        _put(cell, cell_size, filled, b, class_size[course[b]], back)
    return 0


@njit(cache=True, error_model="numpy", forceinline=True)
def _partner(
    course: Table, clash: Table, clash_bits: Table, bits: Table, cell: Table, filled: Table, seed: Table, c: int, q: int
) -> int:
    """Who changes places with a lecture that goes into a period (FREE: nobody), or IMPOSSIBLE."""
    places = cell.shape[1]
    if not clashes(bits, clash_bits, q, c, -1):
        i = int(draw(seed) * places)
        if i < filled[q]:
            return cell[q, i]
        return FREE if filled[q] < places else IMPOSSIBLE
    # Only one lecture may be in the way: it is the one.
    b = FREE
    for i in range(filled[q]):
        if clash[c, course[cell[q, i]]]:
            if b != FREE:
                return IMPOSSIBLE
            b = cell[q, i]
    return b


@njit(cache=True, error_model="numpy")
def _change_period(
    course: Table, class_size: Table, min_days: Table, is_open: Table, clash: Table, clash_bits: Table, first: Table,
    curricula: Table, member: Table, weight: Table, rooms: Table, a_day: int,
    period: Table, cell: Table, cell_size: Table, filled: Table, capacity: Table, bits: Table, held: Table,
    day_count: Table, days: Table, seed: Table, warmth: float, a: int, q: int,
) -> int:  # fmt: skip
    """Try another period; one lecture there may change places with this one. Returns the change of the cost."""
    p, c = period[a], course[a]
    b = _partner(course, clash, clash_bits, bits, cell, filled, seed, c, q)
    if b == IMPOSSIBLE:
        return 0
    x, size_out, size_in = -1, class_size[c], -1
    if b >= 0:
        x = course[b]
        size_in = class_size[x]
        if x == c or not is_open[x, p] or clashes(bits, clash_bits, p, x, c):
            return 0
    cost_p, cost_q = capacity[p], capacity[q]
    if size_out != size_in:
        cost_p = _capacity(rooms, cell_size[p], filled[p], size_out, size_in)
        cost_q = _capacity(rooms, cell_size[q], filled[q], size_in, size_out)
    d, e = p // a_day, q // a_day
    delta = cost_p + cost_q - capacity[p] - capacity[q]
    delta += days_change(day_count, days, min_days, c, d, e)
    delta += compactness_change(held, first, curricula, weight, member, c, p, q, a_day, x)
    if b >= 0:
        delta += days_change(day_count, days, min_days, x, e, d)
        delta += compactness_change(held, first, curricula, weight, member, x, q, p, a_day, c)
    if not is_taken(delta, warmth, seed):
        return 0
    _take(cell, cell_size, filled, a, p)
    toggle(held, first, curricula, bits, day_count, days, c, p, q, a_day)
    if b >= 0:
        _take(cell, cell_size, filled, b, q)
        toggle(held, first, curricula, bits, day_count, days, x, q, p, a_day)
        period[b] = p
        _put(cell, cell_size, filled, b, size_in, p)
    period[a] = q
    _put(cell, cell_size, filled, a, size_out, q)
    capacity[p], capacity[q] = cost_p, cost_q
    return delta


@njit(cache=True, error_model="numpy")
def anneal(
    course: Table, class_size: Table, min_days: Table, is_open: Table, clash: Table, clash_bits: Table, first: Table,
    curricula: Table, member: Table, weight: Table, rooms: Table, a_day: int,
    period: Table, cell: Table, cell_size: Table, filled: Table, capacity: Table, bits: Table, held: Table,
    day_count: Table, days: Table,
    best: Table, numbers: Table, seed: Table, chain: Table, warmth: float, iterations: int,
) -> None:  # fmt: skip
    """Try that many moves at one temperature; `best` and `numbers` keep the best state and the costs."""
    lectures, total = len(period), len(filled)
    for _iteration in range(iterations):
        a, q = int(draw(seed) * lectures), int(draw(seed) * total)
        if q == period[a] or not is_open[course[a], q]:
            continue
        if draw(seed) < KEMPE_SHARE:
            numbers[NOW] += _change_chain(
                course, class_size, min_days, is_open, clash, first, curricula, member, weight, rooms, a_day, period,
                cell, cell_size, filled, capacity, bits, held, day_count, days, seed, chain, warmth, a, q,
            )  # fmt: skip
        else:
            numbers[NOW] += _change_period(
                course, class_size, min_days, is_open, clash, clash_bits, first, curricula, member, weight, rooms,
                a_day, period, cell, cell_size, filled, capacity, bits, held, day_count, days, seed, warmth, a, q,
            )  # fmt: skip
        if numbers[NOW] < numbers[BEST]:
            numbers[BEST] = numbers[NOW]
            best[:] = period

"""Rooms for lectures whose periods are settled: the least sum of capacity and stability, by annealing.

A move puts a lecture into another room of its period, or all lectures of a course into one room; who is there takes
the room left.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from kuznitsa.engines.timetabling.curricula.arrays import Tables
from kuznitsa.engines.timetabling.curricula.kernel import draw, is_taken

Table = npt.NDArray[Any]
WARM, COLD = 0.4, 0.06
STEPS = 40
COURSE_SHARE = 0.03


def settle(t: Tables, periods: Table, seed: Table, moves: int, start: Table | None = None) -> tuple[Table, int]:
    """Return the room of every lecture, and what capacity and stability cost together."""
    total = int(t.shape[0] * t.shape[1])
    at = np.full((total, len(t.room_size)), -1, np.int64)
    room = _sorted_rooms(t, periods) if start is None else start.copy()
    at[periods, room] = np.arange(len(periods))
    used = np.zeros((len(t.size), len(t.room_size)), np.int64)
    np.add.at(used, (t.course, room), 1)
    over = np.maximum(t.size[:, None] - t.room_size[None, :], 0)
    now = int(over[t.course, room].sum() + (used > 0).sum() - (used.sum(axis=1) > 0).sum())
    best, numbers = room.copy(), np.array([now, now], np.int64)
    begins = np.concatenate([[0], np.cumsum(np.bincount(t.course, minlength=len(t.size)))]).astype(np.int64)
    for step in range(STEPS):
        warmth = WARM * (COLD / WARM) ** (step / (STEPS - 1))
        _shuffle(t.course, begins, periods, over, room, at, used, best, numbers, seed, warmth, moves // STEPS)
    return best, int(numbers[1])


def _sorted_rooms(t: Tables, periods: Table) -> Table:
    """The largest class to the largest room, and so on."""
    order = np.lexsort((-t.size[t.course], periods))
    ranks = np.arange(len(order)) - np.searchsorted(periods[order], periods[order])
    room = np.empty(len(order), np.int64)
    room[order] = t.room_order[ranks]
    return room


@njit(cache=True, error_model="numpy", forceinline=True)
def _exchange(course: Table, periods: Table, over: Table, room: Table, at: Table, used: Table, a: int, r: int) -> int:
    """Put a lecture into a room, who is there into the one left; return the change of the cost."""
    p, c, before = periods[a], course[a], room[a]
    if before == r:
        return 0
    other = at[p, r]
    delta = over[c, r] - over[c, before]
    used[c, before] -= 1
    delta -= used[c, before] == 0
    delta += used[c, r] == 0
    used[c, r] += 1
    room[a], at[p, r], at[p, before] = r, a, other
    if other >= 0:
        x = course[other]
        delta += over[x, before] - over[x, r]
        used[x, r] -= 1
        delta -= used[x, r] == 0
        delta += used[x, before] == 0
        used[x, before] += 1
        room[other] = before
    return int(delta)


@njit(cache=True, error_model="numpy")
def _shuffle(
    course: Table, begins: Table, periods: Table, over: Table, room: Table, at: Table, used: Table, best: Table,
    numbers: Table, seed: Table, warmth: float, moves: int,
) -> None:  # fmt: skip
    before = np.empty(len(room), np.int64)
    for _move in range(moves):
        a = int(draw(seed) * len(room))
        r = int(draw(seed) * over.shape[1])
        if draw(seed) < COURSE_SHARE:
            first, last = begins[course[a]], begins[course[a] + 1]
            delta = 0
            for b in range(first, last):
                before[b] = room[b]
                delta += _exchange(course, periods, over, room, at, used, b, r)
            if not is_taken(delta, warmth, seed):
                for b in range(first, last):
                    _exchange(course, periods, over, room, at, used, b, before[b])
                continue
        else:
            old = room[a]
            delta = _exchange(course, periods, over, room, at, used, a, r)
            if not is_taken(delta, warmth, seed):
                _exchange(course, periods, over, room, at, used, a, old)
                continue
        numbers[0] += delta
        if numbers[0] < numbers[1]:
            numbers[1] = numbers[0]
            best[:] = room

"""An instance and a state of its search as flat arrays of integers, as the compiled loops want them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.timetabling.curricula.model import WEIGHTS, Instance, Rule

Table = npt.NDArray[Any]
WORD = 62


class Tables(NamedTuple):
    """Lectures, courses, curricula and rooms by number. Curricula of the same courses are one, with a higher weight."""

    course: Table  # of each lecture
    size: Table  # students of each course
    min_days: Table
    open: Table  # course × period
    clash: Table  # course × course
    clash_bits: Table  # course × word, the same as bits
    first: Table  # where each course's curricula begin in `curricula`
    curricula: Table
    member: Table  # course × curriculum
    weight: Table  # of a lecture of a curriculum that stands alone
    rooms: Table  # sizes, falling
    room_order: Table  # which rooms those are
    room_size: Table  # sizes in the instance's order
    shape: Table  # days, periods a day


def tables(instance: Instance) -> Tables:
    """The tables of an instance."""
    courses = instance.courses
    number = {course.id: c for c, course in enumerate(courses)}
    merged: dict[tuple[int, ...], int] = {}
    for curriculum in instance.curricula:
        members = tuple(sorted(number[id_] for id_ in curriculum.courses))
        merged[members] = merged.get(members, 0) + WEIGHTS[Rule.COMPACTNESS]
    member = np.zeros((len(courses), max(len(merged), 1)), np.int8)
    for q, members in enumerate(merged):
        member[list(members), q] = 1
    teachers = np.array([course.teacher for course in courses], object)
    clash = (member.astype(np.int64) @ member.T > 0) | (teachers[:, None] == teachers[None, :])
    clash_bits = np.zeros((len(courses), (len(courses) + WORD - 1) // WORD), np.int64)
    for c, other in np.argwhere(clash):
        clash_bits[c, other // WORD] |= 1 << int(other % WORD)
    total = instance.days * instance.periods
    is_open = np.ones((len(courses), total), np.int8)
    for id_, day, period in instance.unavailable:
        is_open[number[id_], day * instance.periods + period] = 0
    of_course = [np.flatnonzero(row) for row in member]
    sizes = np.array([room.size for room in instance.rooms], np.int64)
    order = np.argsort(-sizes, kind="stable")
    return Tables(
        course=np.repeat(np.arange(len(courses)), [course.lectures for course in courses]),
        size=np.array([course.students for course in courses], np.int64),
        min_days=np.array([course.min_days for course in courses], np.int64),
        open=is_open,
        clash=clash.astype(np.int8),
        clash_bits=clash_bits,
        first=np.cumsum([0, *(len(row) for row in of_course)]).astype(np.int64),
        curricula=np.concatenate([*of_course, np.zeros(0, np.int64)]).astype(np.int64),
        member=member,
        weight=np.array([*merged.values()] or [0], np.int64),
        rooms=sizes[order],
        room_order=order,
        room_size=sizes,
        shape=np.array([instance.days, instance.periods], np.int64),
    )


class State(NamedTuple):
    """When every lecture is, and what follows from it."""

    period: Table  # of each lecture
    cell: Table  # period × place: the lectures, largest class first
    cell_size: Table  # their students
    filled: Table  # how many of its places are
    capacity: Table  # the least cost of capacity of each period
    bits: Table  # period × word: courses
    held: Table  # curriculum × day: periods as bits
    day_count: Table  # course × day: lectures
    days: Table  # days of each course


def state_of(t: Tables, periods: Table) -> State:
    """The state in which the lectures are in these periods."""
    days, a_day = (int(value) for value in t.shape)
    total, courses, rooms = days * a_day, len(t.size), len(t.rooms)
    state = State(
        period=np.array(periods, np.int64),
        cell=np.full((total, rooms), -1, np.int64),
        cell_size=np.zeros((total, rooms), np.int64),
        filled=np.zeros(total, np.int64),
        capacity=np.zeros(total, np.int64),
        bits=np.zeros((total, t.clash_bits.shape[1]), np.int64),
        held=np.zeros((len(t.weight), days), np.int64),
        day_count=np.zeros((courses, days), np.int64),
        days=np.zeros(courses, np.int64),
    )
    for p in range(total):
        lectures = np.flatnonzero(state.period == p)
        lectures = lectures[np.argsort(-t.size[t.course[lectures]], kind="stable")]
        state.filled[p] = len(lectures)
        state.cell[p, : len(lectures)] = lectures
        state.cell_size[p, : len(lectures)] = t.size[t.course[lectures]]
        state.capacity[p] = np.maximum(state.cell_size[p] - t.rooms, 0)[: len(lectures)].sum()
        for c in t.course[lectures]:
            state.bits[p, c // WORD] |= 1 << int(c % WORD)
            state.day_count[c, p // a_day] += 1
            state.held[t.curricula[t.first[c] : t.first[c + 1]], p // a_day] |= 1 << (p % a_day)
    state.days[:] = (state.day_count > 0).sum(axis=1)
    return state


def soft_cost(t: Tables, state: State) -> int:
    """What a state costs without the stability of rooms."""
    found = int(state.capacity.sum())
    found += WEIGHTS[Rule.MIN_DAYS] * int(np.maximum(t.min_days - state.days, 0).sum())
    held = state.held
    alone = held & ~(held << 1) & ~(held >> 1)
    counts = np.array([[int(bits).bit_count() for bits in row] for row in alone], np.int64)
    return found + int((counts.sum(axis=1) * t.weight).sum())

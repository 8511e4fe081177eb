"""An instance as arrays for the loops; what each table holds is said in `kernel`.

Courses are renumbered by falling number of students, rooms by falling number of seats: then a list of courses in the
order of their numbers is a list in the order of their sizes. Slots number the periods of all days from 0. Curricula
of the same courses are one, of a weight. Lectures are numbered by course.
"""

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.timetabling.curricula import kernel
from kuznitsa.engines.timetabling.curricula.model import WEIGHTS, Instance, Rule

Table = npt.NDArray[Any]

# Isolated lectures of a day are looked up if it has no more periods.
LOOKED_UP = 12


def problem_of(instance: Instance) -> Table:
    """The instance as one array."""
    courses = [instance.courses[i] for i in course_order(instance)]
    number = {course.id: i for i, course in enumerate(courses)}
    groups = Counter(frozenset(number[id_] for id_ in q.courses) for q in instance.curricula)
    ordered = sorted(groups, key=sorted)
    clash = np.eye(len(courses), dtype=np.bool_)
    of_course: list[list[int]] = [[] for _course in courses]
    for q, group in enumerate(ordered):
        members = sorted(group)
        clash[np.ix_(members, members)] = True
        for c in members:
            of_course[c].append(q)
    teachers = np.unique([course.teacher for course in courses], return_inverse=True)[1]
    clash |= teachers[:, None] == teachers[None, :]
    is_free = np.ones((len(courses), instance.days * instance.periods), np.bool_)
    for id_, day, period in instance.unavailable:
        is_free[number[id_], day * instance.periods + period] = False
    size = np.array([course.students for course in courses])
    seats = np.array([instance.rooms[r].size for r in room_order(instance)])
    low = np.arange(1 << min(instance.periods, LOOKED_UP))
    alone = low & ~(low << 1) & ~(low >> 1)
    numbers = {
        kernel.COURSES: len(courses),
        kernel.SLOTS: is_free.shape[1],
        kernel.DAYS: instance.days,
        kernel.ROOMS: len(seats),
        kernel.LECTURES: sum(course.lectures for course in courses),
        kernel.CURRICULA: len(ordered),
        kernel.LARGE: (size > seats.min()).sum(),
        kernel.LOOKED_UP: len(low),
    }
    tables = {
        kernel.SIZE: size,
        kernel.SEATS: seats,
        kernel.LEAST_DAYS: [course.min_days for course in courses],
        kernel.COURSE_OF: np.repeat(np.arange(len(courses)), [course.lectures for course in courses]),
        kernel.IS_FREE: is_free,
        kernel.CLASH: clash,
        kernel.WEIGHT: [WEIGHTS[Rule.COMPACTNESS] * groups[group] for group in ordered],
        kernel.DAY_OF: np.repeat(np.arange(instance.days), instance.periods),
        kernel.BIT: np.tile(1 << np.arange(instance.periods), instance.days),
        kernel.ISOLATED: [int(x).bit_count() for x in alone],
    }
    tables[kernel.FREE], tables[kernel.FREE_FIRST] = _flat([np.flatnonzero(row) for row in is_free])
    tables[kernel.CLASHES], tables[kernel.CLASHES_FIRST] = _flat([np.flatnonzero(row) for row in clash])
    tables[kernel.IN], tables[kernel.IN_FIRST] = _flat(of_course)
    return _joined(numbers, tables)


def _flat(lists: list[Any]) -> tuple[Table, Table]:
    first = np.concatenate(([0], np.cumsum([len(part) for part in lists])))
    return np.concatenate([np.asarray(part, np.int64) for part in lists]), first


def _joined(numbers: dict[int, Any], tables: dict[int, Any]) -> Table:
    """Numbers and tables as one array whose head says where each table begins, and where those of a state do."""
    head = np.zeros(kernel.HEADER, np.int64)
    for key, value in numbers.items():
        head[key] = value
    parts, end = [head], kernel.HEADER
    for key, table in tables.items():
        head[key] = end
        parts.append(np.asarray(table, np.int64).ravel())
        end += parts[-1].size
    end = 0
    for key, length in _state_lengths(head).items():
        head[key] = end
        end += length
    return np.concatenate(parts)


def _state_lengths(head: Table) -> dict[int, int]:
    courses, slots, days, rooms, lectures, curricula = (int(number) for number in head[:6])
    return {
        kernel.SLOT: lectures,
        kernel.LECTURE: slots * courses,
        kernel.HELD: slots * rooms,
        kernel.COUNT: slots,
        kernel.BARRED: slots * courses,
        kernel.BITS: curricula * days,
        kernel.PER_DAY: courses * days,
        kernel.DAYS_WITH: courses,
        kernel.SHORT: slots,
        kernel.ROOM: lectures,
        kernel.AT: slots * rooms,
        kernel.USES: courses * rooms,
    }


def course_order(instance: Instance) -> list[int]:
    """Positions of the courses in the instance, by the number they have here."""
    return sorted(range(len(instance.courses)), key=lambda i: (-instance.courses[i].students, i))


def room_order(instance: Instance) -> list[int]:
    """Positions of the rooms in the instance, by the number they have here."""
    return sorted(range(len(instance.rooms)), key=lambda i: (-instance.rooms[i].size, i))


def lecture_order(instance: Instance) -> Table:
    """Positions of the lectures among those of the instance, course by course, by the number they have here."""
    first = np.cumsum([0, *(course.lectures for course in instance.courses)])
    return np.concatenate([np.arange(first[i], first[i + 1]) for i in course_order(instance)])


def slots_of(problem: Table, state: Table) -> Table:
    """The slot of every lecture in a state."""
    return state[problem[kernel.SLOT] :][: problem[kernel.LECTURES]]


def state_of(problem: Table, slot: Table) -> Table:
    """The state that holds each lecture in its slot; that must not break a rule."""
    state = np.zeros(sum(_state_lengths(problem).values()), problem.dtype)
    lecture = int(problem[kernel.LECTURE])
    state[lecture : lecture + problem[kernel.SLOTS] * problem[kernel.COURSES]] = kernel.NONE
    kernel.hold_all(problem, state, slot)
    return state


def rooms_of(problem: Table, state: Table) -> Table:
    """The room of every lecture in a furnished state."""
    return state[problem[kernel.ROOM] :][: problem[kernel.LECTURES]]


def short_of(problem: Table, state: Table) -> int:
    """The least number of students without a seat."""
    return int(state[problem[kernel.SHORT] :][: problem[kernel.SLOTS]].sum())


def first_rooms(problem: Table, slot: Table) -> Table:
    """The largest course of each slot in the largest room, and so on: the fewest students without a seat."""
    room = np.zeros(len(slot), np.int64)
    taken = np.zeros(problem[kernel.SLOTS], np.int64)
    # Lectures are in the order of their courses, and these by falling size.
    for lecture, s in enumerate(slot):
        room[lecture] = taken[s]
        taken[s] += 1
    return room

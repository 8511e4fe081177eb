"""The terms of curriculum-based timetabling: courses of lectures, rooms, curricula, and what a solution breaks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Course:
    """So many lectures a week of one teacher for so many students, spread over at least `min_days` days."""

    id: str
    teacher: str
    lectures: int
    min_days: int
    students: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room for `size` students."""

    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Courses with common students: no two of their lectures at once, and no lecture alone in a day."""

    id: str
    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """What is to be planned. `unavailable` holds (course, day, period); days and periods count from 0."""

    name: str
    courses: tuple[Course, ...]
    rooms: tuple[Room, ...]
    days: int
    periods: int
    curricula: tuple[Curriculum, ...]
    unavailable: frozenset[tuple[str, int, int]]


class Lecture(NamedTuple):
    """One lecture of a course in a room, on a day, in a period of that day, both from 0."""

    course: str
    room: str
    day: int
    period: int


class Rule(StrEnum):
    """The hard rules, then the costs."""

    LECTURES = "lectures"
    CONFLICT = "conflict"
    ROOM = "room"
    AVAILABILITY = "availability"
    CAPACITY = "capacity"
    MIN_DAYS = "min_days"
    COMPACTNESS = "compactness"
    STABILITY = "stability"


HARD = (Rule.LECTURES, Rule.CONFLICT, Rule.ROOM, Rule.AVAILABILITY)
SOFT = (Rule.CAPACITY, Rule.MIN_DAYS, Rule.COMPACTNESS, Rule.STABILITY)
# What one student too many, one day short, one lecture alone, one more room cost.
WEIGHTS = {Rule.CAPACITY: 1, Rule.MIN_DAYS: 5, Rule.COMPACTNESS: 2, Rule.STABILITY: 1}


class Finding(NamedTuple):
    """A broken rule (cost 0) or a cost, in words for a person."""

    rule: Rule
    cost: int
    text: str


class Found(NamedTuple):
    """A whole solution by numbers: what it costs, the period (days × periods) and the room of every lecture.

    It stands here, away from the search: who receives one from another process must not have to load the loops.
    """

    cost: int
    periods: list[int]
    rooms: list[int]

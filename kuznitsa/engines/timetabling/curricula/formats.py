"""The files of ITC-2007: instances (`.ctt`) are read strictly, solutions are read and written.

What is wrong is told with the number of its line (BadInput).
"""

from collections.abc import Iterator
from typing import NoReturn

from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.curricula.model import Course, Curriculum, Instance, Lecture, Room

MOST_COURSES, MOST_ROOMS, MOST_CURRICULA, MOST_CONSTRAINTS = 5_000, 1_000, 20_000, 1_000_000
MOST_DAYS, MOST_PERIODS, MOST_LECTURES, MOST_STUDENTS = 60, 60, 3_600, 1_000_000
MOST_LECTURES_IN_ALL = 20_000
HEAD = {
    "Courses": MOST_COURSES,
    "Rooms": MOST_ROOMS,
    "Days": MOST_DAYS,
    "Periods_per_day": MOST_PERIODS,
    "Curricula": MOST_CURRICULA,
    "Constraints": MOST_CONSTRAINTS,
}
MAY_BE_ZERO = ("Curricula", "Constraints")


class _Lines:
    """The lines of a file that are not empty, one after the other, with their numbers."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.number = data.count(b"\n", 0, error.start) + 1
            self.refuse(_("this is not text in UTF-8"))
        if "\0" in text:
            self.number = text.count("\n", 0, text.index("\0")) + 1
            self.refuse(_("this is not text"))
        self.number = 0
        self._lines = text.split("\n")
        self._left = self._numbered()

    def _numbered(self) -> Iterator[str]:
        for number, line in enumerate(self._lines, start=1):
            self.number = number
            if stripped := line.strip():
                yield stripped
        self.number = len(self._lines)

    def rest(self) -> Iterator[str]:
        """What is left."""
        return self._left

    def next(self, expected: str) -> str:
        """The next line; the file must not end before what is expected."""
        line = next(self._left, None)
        if line is None:
            self.refuse(_("the file ends before %(expected)s") % {"expected": expected})
        return line

    def refuse(self, problem: str) -> NoReturn:
        """Say what is wrong with the line."""
        raise BadInput(_("line %(line)s: %(problem)s") % {"line": self.number, "problem": problem})

    def number_in(self, text: str, name: str, least: int, most: int) -> int:
        """The number that a text is."""
        value = int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 19 else None
        if value is None or not least <= value <= most:
            words = {"name": name, "least": least, "most": most, "found": shown(text)}
            self.refuse(_("%(name)s must be a number from %(least)s to %(most)s, not %(found)s") % words)
        return value

    def fields(self, section: str, shape: str, *, more: bool = False) -> list[str]:
        """The words of the next line of a section; as many as its shape names, or more."""
        line = self.next(f"{section}: {shape}")
        words = line.split()
        wanted = len(shape.split())
        if len(words) < wanted or (len(words) > wanted and not more):
            self.refuse(_("%(section)s: expected “%(shape)s”, not %(found)s")
                        % {"section": section, "shape": shape, "found": shown(line)})  # fmt: skip
        return words


def shown(text: str) -> str:
    """A text of the file, short."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return _("“%(name)s”") % {"name": printable if len(printable) <= 40 else printable[:39] + "…"}


def read_instance(data: bytes) -> Instance:
    """The instance in a file of the format `.ctt`."""
    lines = _Lines(data)
    name = _head_value(lines, "Name")
    count = {
        key: lines.number_in(_head_value(lines, key), key, 0 if key in MAY_BE_ZERO else 1, most)
        for key, most in HEAD.items()
    }
    days, periods = count["Days"], count["Periods_per_day"]
    courses = _courses(lines, count["Courses"])
    rooms = _rooms(lines, count["Rooms"])
    known = {course.id for course in courses}
    curricula = _curricula(lines, count["Curricula"], known)
    unavailable = _unavailable(lines, count["Constraints"], known, days, periods)
    _section(lines, "END.", "UNAVAILABILITY_CONSTRAINTS")
    for line in lines.rest():
        lines.refuse(_("after END. there is %(found)s") % {"found": shown(line)})
    return Instance(name, courses, rooms, days, periods, curricula, unavailable)


def _head_value(lines: _Lines, key: str) -> str:
    line = lines.next(f"{key}:")
    found, colon, value = line.partition(":")
    if not colon or found.strip() != key:
        lines.refuse(_("expected %(expected)s, not %(found)s") % {"expected": f"{key}:", "found": shown(line)})
    return value.strip()


def _section(lines: _Lines, title: str, before: str = "") -> None:
    line = lines.next(title)
    if line != title:
        words = {"expected": title, "found": shown(line), "section": before}
        if before:
            lines.refuse(_("after the announced lines of %(section)s expected %(expected)s, not %(found)s") % words)
        lines.refuse(_("expected %(expected)s, not %(found)s") % words)


def _new(lines: _Lines, id_: str, known: set[str]) -> str:
    if id_ in known:
        lines.refuse(_("%(id)s appears a second time") % {"id": shown(id_)})
    known.add(id_)
    return id_


def _courses(lines: _Lines, count: int) -> tuple[Course, ...]:
    _section(lines, "COURSES:")
    known: set[str] = set()
    found = []
    in_all = 0
    for _number in range(count):
        id_, teacher, *rest = lines.fields("COURSES", "ID TEACHER LECTURES MIN_DAYS STUDENTS")
        lectures = lines.number_in(rest[0], "LECTURES", 1, MOST_LECTURES)
        min_days = lines.number_in(rest[1], "MIN_DAYS", 0, MOST_DAYS)
        students = lines.number_in(rest[2], "STUDENTS", 0, MOST_STUDENTS)
        found.append(Course(_new(lines, id_, known), teacher, lectures, min_days, students))
        in_all += lectures
        if in_all > MOST_LECTURES_IN_ALL:
            lines.refuse(_("more than %(most)s lectures in all") % {"most": MOST_LECTURES_IN_ALL})
    return tuple(found)


def _rooms(lines: _Lines, count: int) -> tuple[Room, ...]:
    _section(lines, "ROOMS:", "COURSES")
    known: set[str] = set()
    found = []
    for _number in range(count):
        id_, size = lines.fields("ROOMS", "ID SIZE")
        found.append(Room(_new(lines, id_, known), lines.number_in(size, "SIZE", 0, MOST_STUDENTS)))
    return tuple(found)


def _curricula(lines: _Lines, count: int, courses: set[str]) -> tuple[Curriculum, ...]:
    _section(lines, "CURRICULA:", "ROOMS")
    known: set[str] = set()
    found = []
    for _number in range(count):
        id_, size, *members = lines.fields("CURRICULA", "ID COUNT", more=True)
        announced = lines.number_in(size, "COUNT", 0, MOST_COURSES)
        if announced != len(members):
            words = {"id": shown(id_), "announced": announced, "found": len(members)}
            lines.refuse(_("curriculum %(id)s announces %(announced)s courses and names %(found)s") % words)
        if len(set(members)) < len(members):
            twice = next(member for member in members if members.count(member) > 1)
            lines.refuse(_("%(id)s appears a second time") % {"id": shown(twice)})
        for member in members:
            _must_be_known(lines, member, courses)
        found.append(Curriculum(_new(lines, id_, known), tuple(members)))
    return tuple(found)


def _unavailable(
    lines: _Lines, count: int, courses: set[str], days: int, periods: int
) -> frozenset[tuple[str, int, int]]:
    _section(lines, "UNAVAILABILITY_CONSTRAINTS:", "CURRICULA")
    found = set()
    for _number in range(count):
        course, day, period = lines.fields("UNAVAILABILITY_CONSTRAINTS", "COURSE DAY PERIOD")
        _must_be_known(lines, course, courses)
        found.add((course, lines.number_in(day, "DAY", 0, days - 1), lines.number_in(period, "PERIOD", 0, periods - 1)))
    return frozenset(found)


def _must_be_known(lines: _Lines, course: str, courses: set[str]) -> None:
    if course not in courses:
        lines.refuse(_("there is no course %(id)s") % {"id": shown(course)})


def read_solution(data: bytes, instance: Instance) -> list[tuple[int, Lecture]]:
    """The lectures in a file of a solution, each with the number of its line."""
    lines = _Lines(data)
    courses = {course.id for course in instance.courses}
    rooms = {room.id for room in instance.rooms}
    found = []
    for line in lines.rest():
        words = line.split()
        if len(words) != 4:
            lines.refuse(_("expected “%(shape)s”, not %(found)s")
                         % {"shape": "COURSE ROOM DAY PERIOD", "found": shown(line)})  # fmt: skip
        course, room, day, period = words
        _must_be_known(lines, course, courses)
        if room not in rooms:
            lines.refuse(_("there is no room %(id)s") % {"id": shown(room)})
        d = lines.number_in(day, "DAY", 0, instance.days - 1)
        found.append(
            (lines.number, Lecture(course, room, d, lines.number_in(period, "PERIOD", 0, instance.periods - 1)))
        )
    return found


def write_solution(lectures: list[Lecture]) -> bytes:
    """The file of a solution: a line `COURSE ROOM DAY PERIOD` for each lecture."""
    return "".join(f"{one.course} {one.room} {one.day} {one.period}\n" for one in lectures).encode()

"""What a solution breaks and costs, straight from the definitions of UD2; shares nothing with the solver."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.curricula.model import HARD, WEIGHTS, Finding, Instance, Lecture, Rule


def check(instance: Instance, lectures: Sequence[Lecture], lines: Sequence[int] | None = None) -> list[Finding]:
    """Every broken rule and every cost. `lines` are the numbers of the lectures' lines, to say which are too many."""
    return [
        *_lectures(instance, lectures, lines),
        *_conflicts(instance, lectures),
        *_rooms(lectures),
        *_availability(instance, lectures),
        *_capacity(instance, lectures),
        *_min_days(instance, lectures),
        *_compactness(instance, lectures),
        *_stability(instance, lectures),
    ]


def is_feasible(findings: Iterable[Finding]) -> bool:
    """Whether no hard rule is broken."""
    return not any(finding.rule in HARD for finding in findings)


def cost(findings: Iterable[Finding]) -> int:
    """The sum of all costs."""
    return sum(finding.cost for finding in findings)


def _when(day: int, period: int) -> dict[str, object]:
    return {"day": day, "period": period}


def _lectures(instance: Instance, lectures: Sequence[Lecture], lines: Sequence[int] | None) -> list[Finding]:
    """Each course has exactly its lectures."""
    found = []
    for course in instance.courses:
        held = [number for number, lecture in enumerate(lectures) if lecture.course == course.id]
        words: dict[str, object] = {"course": course.id, "wanted": course.lectures, "found": len(held)}
        if len(held) < course.lectures:
            text = _("course %(course)s has %(found)s lectures instead of %(wanted)s") % words
            found.append(Finding(Rule.LECTURES, 0, text))
        elif len(held) > course.lectures:
            surplus = held[course.lectures :]
            words["lines"] = ", ".join(str(number + 1 if lines is None else lines[number]) for number in surplus)
            text = _("course %(course)s has %(found)s lectures instead of %(wanted)s; too many: line %(lines)s") % words
            found.append(Finding(Rule.LECTURES, 0, text))
    return found


def _conflicts(instance: Instance, lectures: Sequence[Lecture]) -> list[Finding]:
    """No two lectures at once of one course, one teacher or one curriculum."""
    teacher = {course.id: course.teacher for course in instance.courses}
    curricula = defaultdict(set)
    for curriculum in instance.curricula:
        for id_ in curriculum.courses:
            curricula[id_].add(curriculum.id)
    at_once = defaultdict(list)
    for lecture in lectures:
        at_once[lecture.day, lecture.period].append(lecture.course)
    found = []
    for (day, period), courses in sorted(at_once.items()):
        for one, other in combinations(courses, 2):
            common = sorted(curricula[one] & curricula[other])
            words = {"one": one, "other": other, **_when(day, period)}
            if one == other:
                text = _("day %(day)s, period %(period)s: two lectures of course %(one)s") % words
            elif teacher[one] == teacher[other]:
                words["teacher"] = teacher[one]
                text = _("day %(day)s, period %(period)s: teacher %(teacher)s has %(one)s and %(other)s") % words
            elif common:
                words["curriculum"] = common[0]
                text = _("day %(day)s, period %(period)s: curriculum %(curriculum)s has %(one)s and %(other)s") % words
            else:
                continue
            found.append(Finding(Rule.CONFLICT, 0, text))
    return found


def _rooms(lectures: Sequence[Lecture]) -> list[Finding]:
    """At most one lecture in a room at once."""
    found = []
    for (room, day, period), count in sorted(Counter((one.room, one.day, one.period) for one in lectures).items()):
        if count > 1:
            words = {"room": room, "count": count, **_when(day, period)}
            text = _("day %(day)s, period %(period)s: %(count)s lectures in room %(room)s") % words
            found.append(Finding(Rule.ROOM, 0, text))
    return found


def _availability(instance: Instance, lectures: Sequence[Lecture]) -> list[Finding]:
    """No lecture when its course is not available."""
    text = _("day %(day)s, period %(period)s: course %(course)s is not available")
    return [
        Finding(Rule.AVAILABILITY, 0, text % {"course": one.course, **_when(one.day, one.period)})
        for one in lectures
        if (one.course, one.day, one.period) in instance.unavailable
    ]


def _capacity(instance: Instance, lectures: Sequence[Lecture]) -> list[Finding]:
    """Every student over the size of the room costs."""
    students = {course.id: course.students for course in instance.courses}
    size = {room.id: room.size for room in instance.rooms}
    text = _("day %(day)s, period %(period)s: course %(course)s has %(over)s students too many for room %(room)s")
    found = []
    for one in lectures:
        over = students[one.course] - size[one.room]
        if over > 0:
            words = {"course": one.course, "room": one.room, "over": over, **_when(one.day, one.period)}
            found.append(Finding(Rule.CAPACITY, WEIGHTS[Rule.CAPACITY] * over, text % words))
    return found


def _min_days(instance: Instance, lectures: Sequence[Lecture]) -> list[Finding]:
    """Every day short of a course's minimum costs."""
    found = []
    for course in instance.courses:
        days = len({one.day for one in lectures if one.course == course.id})
        if days < course.min_days:
            words = {"course": course.id, "days": days, "wanted": course.min_days}
            text = _("course %(course)s is spread over %(days)s days instead of %(wanted)s") % words
            found.append(Finding(Rule.MIN_DAYS, WEIGHTS[Rule.MIN_DAYS] * (course.min_days - days), text))
    return found


def _compactness(instance: Instance, lectures: Sequence[Lecture]) -> list[Finding]:
    """Every lecture of a curriculum costs that has no other of it in the period before or after, the same day."""
    text = _("day %(day)s, period %(period)s: the lecture of curriculum %(curriculum)s stands alone")
    found = []
    for curriculum in instance.curricula:
        held = {(one.day, one.period) for one in lectures if one.course in curriculum.courses}
        for day, period in sorted(held):
            if (day, period - 1) not in held and (day, period + 1) not in held:
                words = {"curriculum": curriculum.id, **_when(day, period)}
                found.append(Finding(Rule.COMPACTNESS, WEIGHTS[Rule.COMPACTNESS], text % words))
    return found


def _stability(instance: Instance, lectures: Sequence[Lecture]) -> list[Finding]:
    """Every room of a course after its first costs."""
    found = []
    for course in instance.courses:
        rooms = sorted({one.room for one in lectures if one.course == course.id})
        if len(rooms) > 1:
            text = _("course %(course)s is held in %(count)s rooms: %(rooms)s")
            words = {"course": course.id, "count": len(rooms), "rooms": ", ".join(rooms)}
            found.append(Finding(Rule.STABILITY, WEIGHTS[Rule.STABILITY] * (len(rooms) - 1), text % words))
    return found

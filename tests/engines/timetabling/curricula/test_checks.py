"""The check alone: each rule and each cost, by hand."""

import pytest

from kuznitsa.engines.timetabling.curricula import Lecture, Rule, check, cost, is_feasible, read_instance
from tests.engines.timetabling.curricula.cases import TINY

GOOD = [
    Lecture("Physics", "hall", 0, 1),
    Lecture("Physics", "hall", 1, 0),
    Lecture("Welding", "lab", 0, 2),
    Lecture("Chemistry", "hall", 0, 0),
    Lecture("Chemistry", "hall", 1, 2),
    Lecture("Drawing", "hall", 1, 1),
    Lecture("Drawing", "hall", 0, 2),
]


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


def findings(lectures, **more):
    return [(f.rule, f.cost, f.text) for f in check(read_instance(TINY.encode()), lectures, **more)]


def put(number, **changes):
    return [*GOOD[:number], GOOD[number]._replace(**changes), *GOOD[number + 1 :]]


def test_good_one():
    assert findings(GOOD) == [
        (Rule.COMPACTNESS, 2, "day 1, period 0: the lecture of curriculum first stands alone"),
        (Rule.COMPACTNESS, 2, "day 0, period 0: the lecture of curriculum second stands alone"),
        (Rule.COMPACTNESS, 2, "day 0, period 2: the lecture of curriculum second stands alone"),
    ]
    found = check(read_instance(TINY.encode()), GOOD)
    assert is_feasible(found)
    assert cost(found) == 6


@pytest.mark.parametrize(
    "lectures, expected",
    [
        (GOOD[1:], (Rule.LECTURES, 0, "course Physics has 1 lectures instead of 2")),
        (
            [*GOOD, Lecture("Welding", "lab", 1, 2)],
            (Rule.LECTURES, 0, "course Welding has 2 lectures instead of 1; too many: line 8"),
        ),
        (put(1, day=0, room="lab"), (Rule.CONFLICT, 0, "day 0, period 0: teacher anna has Physics and Chemistry")),
        (put(1, day=0, period=1), (Rule.CONFLICT, 0, "day 0, period 1: two lectures of course Physics")),
        (put(2, day=0, period=1), (Rule.CONFLICT, 0, "day 0, period 1: curriculum first has Physics and Welding")),
        (put(5, period=0), (Rule.ROOM, 0, "day 1, period 0: 2 lectures in room hall")),
        (put(2, period=0), (Rule.AVAILABILITY, 0, "day 0, period 0: course Welding is not available")),
        (
            put(1, room="lab"),
            (Rule.CAPACITY, 15, "day 1, period 0: course Physics has 15 students too many for room lab"),
        ),
        (put(1, room="lab"), (Rule.STABILITY, 1, "course Physics is held in 2 rooms: hall, lab")),
        (put(1, day=0, period=2), (Rule.MIN_DAYS, 5, "course Physics is spread over 1 days instead of 2")),
    ],
)
def test_each_rule(lectures, expected):
    assert expected in findings(lectures)


def test_surplus_is_told_by_its_line():
    lectures = [*GOOD, GOOD[2]]
    found = findings(lectures, lines=range(11, 11 + len(lectures)))
    assert (Rule.LECTURES, 0, "course Welding has 2 lectures instead of 1; too many: line 18") in found

"""The solver: right by the check on any instance, best on tiny ones, the same again for a seed."""

import os
import signal
import subprocess
import sys
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kuznitsa.engines.timetabling.curricula import (
    Course,
    Curriculum,
    Instance,
    Lecture,
    Room,
    check,
    cost,
    is_feasible,
    read_instance,
)
from kuznitsa.engines.timetabling.curricula.construction import construct, greedy_rooms
from kuznitsa.engines.timetabling.curricula.search import Search, by_iterations, settled
from kuznitsa.engines.timetabling.curricula.solver import Options, solve
from kuznitsa.engines.timetabling.curricula.worker import Task, Worker
from tests.engines.timetabling.curricula.cases import COMPETITION, TINY

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def instances(draw, most_courses=6, days=3, periods=3):
    courses = tuple(
        Course(
            f"c{number}",
            f"t{draw(st.integers(0, 3))}",
            draw(st.integers(1, 3)),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 40)),
        )
        for number in range(draw(st.integers(1, most_courses)))
    )
    ids = [course.id for course in courses]
    rooms = tuple(Room(f"r{number}", draw(st.integers(0, 40))) for number in range(draw(st.integers(1, 3))))
    members = st.lists(st.sampled_from(ids), unique=True, max_size=3).map(tuple)
    curricula = tuple(Curriculum(f"q{number}", draw(members)) for number in range(draw(st.integers(0, 4))))
    days, periods = draw(st.integers(1, days)), draw(st.integers(1, periods))
    slots = st.tuples(st.sampled_from(ids), st.integers(0, days - 1), st.integers(0, periods - 1))
    return Instance("any", courses, rooms, days, periods, curricula, draw(st.frozensets(slots, max_size=5)))


def lectures_of(instance, periods, rooms):
    courses = [course.id for course in instance.courses for _lecture in range(course.lectures)]
    return [
        Lecture(course, instance.rooms[room].id, *divmod(period, instance.periods))
        for course, period, room in zip(courses, periods, rooms, strict=True)
    ]


@SLOW
@given(instances(), st.integers(0, 5))
def test_solver_and_check_agree(instance, seed):
    periods = construct(instance, seed, Stop(30))
    if periods is None:
        return
    assert is_feasible(check(instance, lectures_of(instance, periods, greedy_rooms(instance, periods))))
    search = Search(instance, periods, seed)
    for step in (search, settled(search, 500)):
        step.step(5.0, 500)
        found = step.look()
        findings = check(instance, lectures_of(instance, found.periods, found.rooms))
        assert is_feasible(findings)
        assert cost(findings) == found.cost
    found = by_iterations(search, 2000, lambda _share, _found: None)
    findings = check(instance, lectures_of(instance, found.periods, found.rooms))
    assert is_feasible(findings)
    assert cost(findings) == found.cost


def test_a_day_may_have_more_periods_than_a_short_number_has_bits():
    courses = tuple(Course(f"c{number}", "t", 2, 1, 10) for number in range(20))
    curricula = (Curriculum("q", ("c0", "c1")),)
    instance = Instance("long", courses, (Room("r", 10),), 1, 48, curricula, frozenset())
    found = by_iterations(Search(instance, construct(instance, 1, Stop(30)), 1), 20_000, lambda _share, _found: None)
    assert found.cost == 0
    assert cost(check(instance, lectures_of(instance, found.periods, found.rooms))) == 0


class Stop:
    """Says stop after it has been asked a few times: whether an instance is impossible is not known for long."""

    def __init__(self, times):
        self.left = times

    def __call__(self):
        self.left -= 1
        return self.left < 0


def brute_force(instance):
    """The least cost of all feasible solutions; None when there is none."""
    courses = [course.id for course in instance.courses for _lecture in range(course.lectures)]
    places = [
        (room.id, day, period)
        for room in instance.rooms
        for day in range(instance.days)
        for period in range(instance.periods)
    ]
    found = None
    for chosen in product(places, repeat=len(courses)):
        if len(set(chosen)) < len(chosen):
            continue
        findings = check(instance, [Lecture(course, *place) for course, place in zip(courses, chosen, strict=True)])
        if is_feasible(findings) and (found is None or cost(findings) < found):
            found = cost(findings)
    return found


@settings(SLOW, max_examples=15)
@given(instances(most_courses=2, days=2, periods=2))
def test_best_on_tiny_instances(instance):
    instance = Instance(
        instance.name,
        tuple(Course(c.id, c.teacher, min(c.lectures, 2), c.min_days, c.students) for c in instance.courses),
        instance.rooms[:2], instance.days, instance.periods, instance.curricula, instance.unavailable,
    )  # fmt: skip
    least = brute_force(instance)
    lectures = solve(instance, Options(iterations=3000), stop=Stop(50) if least is None else None)
    if least is None:
        assert lectures is None
    else:
        assert cost(check(instance, lectures)) == least


def test_known_optimum():
    # The first curriculum has three lectures, two of which must be on different days: one stands alone.
    instance = read_instance(TINY.encode())
    lectures = solve(instance, Options(iterations=20_000))
    findings = check(instance, lectures)
    assert is_feasible(findings)
    assert cost(findings) == 2


def test_same_again_for_a_seed():
    instance = read_instance((COMPETITION[0].read_bytes()) if COMPETITION else TINY.encode())
    one, two = (solve(instance, Options(seed=7, iterations=30_000)) for _time in range(2))
    assert one == two


@pytest.mark.parametrize("path", COMPETITION[:1], ids=lambda path: path.stem)
def test_few_iterations_are_feasible_and_better_than_none(path):
    instance = read_instance(path.read_bytes())
    periods = construct(instance, 1, lambda: False)
    first = cost(check(instance, lectures_of(instance, periods, greedy_rooms(instance, periods))))
    findings = check(instance, solve(instance, Options(iterations=200_000)))
    assert is_feasible(findings)
    assert cost(findings) < first / 5


@pytest.mark.parametrize("path", COMPETITION, ids=lambda path: path.stem)
def test_first_solution_of_the_competition_is_feasible(path):
    instance = read_instance(path.read_bytes())
    periods = construct(instance, 1, lambda: False)
    assert is_feasible(check(instance, lectures_of(instance, periods, greedy_rooms(instance, periods))))


def test_impossible():
    instance = read_instance(TINY.replace("anna 2 2 30", "anna 5 2 30").encode())
    assert solve(instance, Options(iterations=1000), stop=Stop(20)) is None


def test_course_without_any_period():
    unavailable = frozenset(("c", day, 0) for day in range(2))
    instance = Instance("none", (Course("c", "t", 1, 1, 1),), (Room("r", 1),), 2, 1, (), unavailable)
    assert solve(instance, Options()) is None


def test_what_a_search_tells_is_read_without_its_loops():
    # Loading numba takes seconds on a busy machine: who waits for the searches would come too late.
    program = (
        "import sys, pickle\n"
        "from kuznitsa.engines.timetabling.curricula import solver\n"
        "pickle.loads(pickle.dumps((0.5, solver.Found(1, [0], [0]))))\n"
        "sys.exit('numba' in sys.modules or solver.Found.__module__.endswith('search'))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_search_beside_hears_no_interrupt_not_even_while_it_loads():
    instance = read_instance(TINY.encode())
    worker = Worker(Task(instance, construct(instance, 1, lambda: False), 1, 1000, None))
    try:
        os.kill(worker._process.pid, signal.SIGINT)

        assert worker.pipe.poll(60)
        assert worker.pipe.recv()[1].cost >= 0
    finally:
        worker.close()

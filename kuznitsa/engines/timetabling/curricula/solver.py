"""From an instance to a solution within a time: a first one in plain Python, then two searches beside it.

The searches run in processes of their own, which load and if need be compile their loops there: whatever they have
told when the time is over counts. With a number of iterations instead of a time the result is the same for a seed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait

from kuznitsa.engines.timetabling.curricula.checks import check, cost
from kuznitsa.engines.timetabling.curricula.construction import construct, greedy_rooms
from kuznitsa.engines.timetabling.curricula.model import Found, Instance, Lecture
from kuznitsa.engines.timetabling.curricula.worker import Task, Worker

# Told from time to time: the share of the time that is over, and what the best solution costs.
Progress = Callable[[float, int], None]
WORTH_TWO_PROCESSES = 500_000
BETWEEN_LOOKS = 0.1
# What ending the searches, checking and writing need.
RESERVE = 0.5
# Below this, starting the searches takes longer than there is.
LEAST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """How long: until a time of the monotonic clock, or a number of iterations; with a limit on both, the first."""

    seed: int = 1
    iterations: int | None = None
    until: float | None = None
    processes: int = 2


def solve(
    instance: Instance, options: Options, *, progress: Progress | None = None, stop: Callable[[], bool] | None = None
) -> list[Lecture] | None:
    """The best solution found. None when there is no feasible one yet, or `stop` said so before the first."""

    def is_over() -> bool:
        return bool(stop and stop())

    def is_late() -> bool:
        # A first solution has to come even when there is no time; a search for one must end some day.
        return is_over() or time.monotonic() > began + max(2.0, (options.until or began) - began - RESERVE)

    began = time.monotonic()
    periods = construct(instance, options.seed, is_late)
    if periods is None:
        return None
    rooms = greedy_rooms(instance, periods)
    first = _lectures(instance, periods, rooms)
    best = cost(check(instance, first))
    if progress is not None:
        progress(0.0, best)
    until = options.until
    if until is not None and until - time.monotonic() < LEAST_SECONDS:
        return first
    if options.iterations is not None and options.iterations < WORTH_TWO_PROCESSES and until is None:
        found: Found | None = _here(instance, periods, options.seed, options.iterations)
    else:
        found = _beside(instance, periods, options, progress, is_over)
    if found is None or found.cost >= best:
        return first
    return _lectures(instance, found.periods, found.rooms)


def _lectures(instance: Instance, periods: list[int], rooms: list[int]) -> list[Lecture]:
    courses = [course.id for course in instance.courses for _lecture in range(course.lectures)]
    return [
        Lecture(course, instance.rooms[room].id, *divmod(period, instance.periods))
        for course, period, room in zip(courses, periods, rooms, strict=True)
    ]


def _here(instance: Instance, periods: list[int], seed: int, iterations: int) -> Found:
    from kuznitsa.engines.timetabling.curricula.search import Search, by_iterations

    return by_iterations(Search(instance, periods, seed), iterations, lambda _share, _found: None)


def _beside(
    instance: Instance, periods: list[int], options: Options, progress: Progress | None, is_over: Callable[[], bool]
) -> Found | None:
    """The best that two searches tell until they end, the time is over or somebody stops them."""
    until = None if options.until is None else options.until - RESERVE
    seeds = range(options.seed, options.seed + options.processes)
    workers = [Worker(Task(instance, periods, seed, options.iterations, until)) for seed in seeds]
    number = {worker.pipe.fileno(): place for place, worker in enumerate(workers)}
    pipes = [worker.pipe for worker in workers]
    best: dict[int, Found] = {}
    try:
        while pipes and not is_over() and (until is None or time.monotonic() < until):
            for ready in wait(pipes, BETWEEN_LOOKS):
                pipe = next(pipe for pipe in pipes if pipe is ready)
                try:
                    share, found = pipe.recv()
                except (EOFError, OSError):
                    pipes.remove(pipe)
                    continue
                best[number[pipe.fileno()]] = found
                if progress is not None:
                    progress(share, min(one.cost for one in best.values()))
            if options.iterations is None and any(one.cost == 0 for one in best.values()):
                break
    finally:
        for worker in workers:
            worker.close()
    return min((best[place] for place in sorted(best)), key=lambda one: one.cost, default=None)

"""A first feasible solution, in plain Python: there before any compiled code is loaded.

Lectures with the fewest possible periods come first; one without any takes the place of those in its way, which are
placed again, and it costs more and more to be in somebody's way (iterative forward search).
"""

import random
from collections.abc import Callable

from kuznitsa.engines.timetabling.curricula.model import Instance

MOST_STEPS = 200_000


def construct(instance: Instance, seed: int, stop: Callable[[], bool]) -> list[int] | None:
    """The period of every lecture, days × periods in one number, the courses' lectures in order.

    None when none was found, or when `stop` said so.
    """
    return _Construction(instance, seed).run(stop)


class _Construction:
    def __init__(self, instance: Instance, seed: int) -> None:
        self.random = random.Random(seed)
        self.rooms, self.total = len(instance.rooms), instance.days * instance.periods
        number = {course.id: c for c, course in enumerate(instance.courses)}
        together = [[number[id_] for id_ in curriculum.courses] for curriculum in instance.curricula]
        teachers: dict[str, list[int]] = {}
        for c, course in enumerate(instance.courses):
            teachers.setdefault(course.teacher, []).append(c)
        # The courses that may not be held at the same time as a course, as bits of one number.
        self.clash = [1 << c for c in range(len(number))]
        for members in (*together, *teachers.values()):
            mask = sum(1 << c for c in members)
            for c in members:
                self.clash[c] |= mask
        self.open = [
            [p for p in range(self.total) if (course.id, *divmod(p, instance.periods)) not in instance.unavailable]
            for course in instance.courses
        ]
        self.left = [course.lectures for course in instance.courses]
        self.held: list[list[int]] = [[] for _p in range(self.total)]
        self.mask = [0] * self.total
        self.weight = [1] * len(number)

    def run(self, stop: Callable[[], bool]) -> list[int] | None:
        for step in range(MOST_STEPS):
            waiting = [c for c, left in enumerate(self.left) if left]
            if not waiting:
                return [p for c in range(len(self.left)) for p in range(self.total) if c in self.held[p]]
            if step % 64 == 0 and stop():
                return None
            c, free = self._hardest(waiting)
            if not self.open[c]:
                return None
            self._place(c, self.random.choice(free) if free else self._least_in_the_way(c))
        return None

    def _free(self, c: int) -> list[int]:
        return [p for p in self.open[c] if len(self.held[p]) < self.rooms and not self.mask[p] & self.clash[c]]

    def _hardest(self, waiting: list[int]) -> tuple[int, list[int]]:
        """The course with the fewest free periods for the lectures that it still needs, and those periods."""
        best, best_free, best_key = -1, [], (0, 0.0)
        for c in waiting:
            free = self._free(c)
            key = (len(free) - self.left[c], self.random.random())
            if best < 0 or key < best_key:
                best, best_free, best_key = c, free, key
        return best, best_free

    def _in_the_way(self, c: int, p: int) -> list[int]:
        found = [other for other in self.held[p] if self.clash[c] >> other & 1]
        if not found and len(self.held[p]) >= self.rooms:
            found = [min(self.held[p], key=lambda other: (self.weight[other], other))]
        return found

    def _least_in_the_way(self, c: int) -> int:
        def price(p: int) -> tuple[int, float]:
            return sum(self.weight[other] for other in self._in_the_way(c, p)), self.random.random()

        return min(self.open[c], key=price)

    def _place(self, c: int, p: int) -> None:
        for other in self._in_the_way(c, p):
            self.held[p].remove(other)
            self.mask[p] &= ~(1 << other)
            self.left[other] += 1
            self.weight[other] += 1
        self.held[p].append(c)
        self.mask[p] |= 1 << c
        self.left[c] -= 1


def greedy_rooms(instance: Instance, periods: list[int]) -> list[int]:
    """A room for every lecture, at the least cost of capacity: the largest class to the largest room, and so on."""
    students = [course.students for course in instance.courses for _lecture in range(course.lectures)]
    order = sorted(range(len(instance.rooms)), key=lambda r: (-instance.rooms[r].size, r))
    rooms = [0] * len(periods)
    taken: dict[int, int] = {}
    for e in sorted(range(len(periods)), key=lambda e: (-students[e], e)):
        rank = taken.get(periods[e], 0)
        rooms[e] = order[rank]
        taken[periods[e]] = rank + 1
    return rooms

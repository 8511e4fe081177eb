"""One search: annealing over periods from warm to cold, rooms settled at its end. Runs in a process of its own."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.timetabling.curricula import joint, kernel
from kuznitsa.engines.timetabling.curricula.arrays import soft_cost, state_of, tables
from kuznitsa.engines.timetabling.curricula.model import Found, Instance
from kuznitsa.engines.timetabling.curricula.rooms import settle

Table = npt.NDArray[Any]
WARM, COLD = 4.0, 0.4
WARM_JOINT, COLD_JOINT = 0.5, 0.08
STEPS, TELL_STEPS = 1000, 50
SHARE_OF_PERIODS = 0.65
A_FEW_MOVES, MOVES = 400_000, 20_000_000
CHUNK_SECONDS = 0.03
BETWEEN_REPORTS = 0.7


Report = Callable[[float, Found], None]


class Search:
    """An annealing from a first solution."""

    def __init__(self, instance: Instance, periods: list[int], seed: int) -> None:
        self.t = t = tables(instance)
        self.seed = np.array([_scattered(seed)], np.uint64)
        self.state = state_of(t, np.array(periods, np.int64))
        now = soft_cost(t, self.state)
        self.best = self.state.period.copy()
        self.numbers = np.array([now, now], np.int64)
        self._chain = np.zeros((2 * len(t.rooms) + 1, 2), np.int64)
        self._told = -1
        self.found = self._whole(A_FEW_MOVES)

    def step(self, warmth: float, iterations: int) -> None:
        """Try that many moves at one temperature."""
        t = self.t
        kernel.anneal(
            t.course, t.size, t.min_days, t.open, t.clash, t.clash_bits, t.first, t.curricula, t.member, t.weight,
            t.rooms, int(t.shape[1]), *self.state, self.best, self.numbers, self.seed, self._chain, warmth, iterations,
        )  # fmt: skip

    def look(self, moves: int = A_FEW_MOVES) -> Found:
        """Settle the rooms of the best periods so far; return the best whole solution."""
        if self._told != self.numbers[kernel.BEST]:
            self.found = min(self.found, self._whole(moves), key=lambda one: one.cost)
        return self.found

    def _whole(self, moves: int) -> Found:
        self._told = int(self.numbers[kernel.BEST])
        rooms, cost = settle(self.t, self.best, self.seed, moves)
        over = int(state_of(self.t, self.best).capacity.sum())
        return Found(self._told - over + cost, self.best.tolist(), rooms.tolist())

    def settle(self, moves: int) -> Found:
        """Settle the rooms of the best periods with all care."""
        self._told = -1
        return self.look(moves)


class Joint:
    """An annealing over periods and rooms from a whole solution."""

    def __init__(self, search: Search, found: Found) -> None:
        t = self.t = search.t
        self.seed = search.seed
        self.state = state_of(t, np.array(found.periods, np.int64))
        self.room = np.array(found.rooms, np.int64)
        self.at = np.full((int(t.shape.prod()), len(t.rooms)), -1, np.int64)
        self.at[self.state.period, self.room] = np.arange(len(self.room))
        self.used = np.zeros((len(t.size), len(t.rooms)), np.int64)
        np.add.at(self.used, (t.course, self.room), 1)
        self.over = np.maximum(t.size[:, None] - t.room_size[None, :], 0)
        self.best, self.best_room = self.state.period.copy(), self.room.copy()
        self.numbers = np.array([found.cost, found.cost], np.int64)
        self._chain = np.zeros((2 * len(t.rooms) + 1, 3), np.int64)

    def step(self, warmth: float, iterations: int) -> None:
        """Try that many moves at one temperature."""
        t, s = self.t, self.state
        joint.anneal(
            t.course, t.min_days, t.open, t.clash, t.clash_bits, t.first, t.curricula, t.member, t.weight, self.over,
            int(t.shape[1]), s.period, s.bits, s.held, s.day_count, s.days, self.room, self.at, self.used, self.best,
            self.best_room, self.numbers, self.seed, self._chain, warmth, iterations,
        )  # fmt: skip

    def look(self) -> Found:
        """The best whole solution so far."""
        return Found(int(self.numbers[kernel.BEST]), self.best.tolist(), self.best_room.tolist())


def by_iterations(search: Search, iterations: int, report: Report) -> Found:
    """Cool over a number of iterations: the same result for the same seed, on every machine."""
    first = int(SHARE_OF_PERIODS * iterations)
    _cool_over(search, (WARM, COLD), first, lambda share: report(SHARE_OF_PERIODS * share, search.look()))
    both = Joint(search, search.settle(max(MOVES // 10, A_FEW_MOVES)))
    _cool_over(both, (WARM_JOINT, COLD_JOINT), iterations - first, lambda share: report(share, both.look()))
    report(1.0, both.look())
    return both.look()


def _cool_over(
    search: Search | Joint, warmth: tuple[float, float], iterations: int, tell: Callable[[float], None]
) -> None:
    """Cool from one temperature to another over a number of iterations; zero cannot be bettered."""
    warm, cold = warmth
    for step in range(STEPS):
        if search.numbers[kernel.BEST] == 0:
            return
        upto, done = iterations * (step + 1) // STEPS, iterations * step // STEPS
        search.step(warm * (cold / warm) ** (step / STEPS), upto - done)
        if step % TELL_STEPS == TELL_STEPS - 1:
            tell(step / STEPS)


def by_time(search: Search, until: float, report: Report) -> Found:
    """Cool until a time of the monotonic clock."""
    began = time.monotonic()
    middle = began + SHARE_OF_PERIODS * (until - began)
    _cool(search, (WARM, COLD), (began, middle), lambda share: report(SHARE_OF_PERIODS * share, search.look()))
    found = search.settle(MOVES // 10)
    report(SHARE_OF_PERIODS, found)
    both = Joint(search, found)
    ends = (time.monotonic(), until)
    _cool(both, (WARM_JOINT, COLD_JOINT), ends, lambda share: report(share, both.look()))
    report(1.0, both.look())
    return both.look()


def _cool(
    search: Search | Joint, warmth: tuple[float, float], ends: tuple[float, float], tell: Callable[[float], None]
) -> None:
    """Cool from one temperature to another between two times, telling from time to time; zero cannot be bettered."""
    (warm, cold), (began, end) = warmth, ends
    iterations, now, told = 20_000, time.monotonic(), began
    while now < end and search.numbers[kernel.BEST] > 0:
        share = (now - began) / (end - began)
        search.step(warm * (cold / warm) ** share, iterations)
        after = time.monotonic()
        iterations = max(int(iterations * min(2.0, CHUNK_SECONDS / max(after - now, 1e-6))), 1000)
        now = after
        if now - told > BETWEEN_REPORTS:
            tell(share)
            told = now


def _scattered(seed: int) -> int:
    """A seed of the random numbers, never zero (splitmix64)."""
    x = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return (x ^ (x >> 31)) or 1

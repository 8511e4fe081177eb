"""One search: annealing over slots, then over slots and rooms together. Runs in a process of its own."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.timetabling.curricula import kernel, rooms
from kuznitsa.engines.timetabling.curricula.arrays import (
    first_rooms,
    lecture_order,
    problem_of,
    room_order,
    rooms_of,
    short_of,
    slots_of,
    state_of,
)
from kuznitsa.engines.timetabling.curricula.model import Found, Instance

Table = npt.NDArray[Any]
# From how warm to how cold, in units of cost: over slots, over the rooms of settled slots, over both.
SLOTS, ROOMS, BOTH = (2.0, 0.35), (0.5, 0.08), (0.25, 0.08)
SHARE_FOR_SLOTS = 0.7
# Of the steps that meet an obstacle, how many try a Kempe chain; of the steps over both, how many change slots.
CHAINS, SLOT_STEPS = 0.5, 0.5
TEMPERATURES, TELL_TEMPERATURES = 1000, 50
FEW_STEPS, MANY_STEPS = 300_000, 10_000_000
CHUNK_SECONDS = 0.03
BETWEEN_REPORTS = 0.7

Report = Callable[[float, Found], None]


class Search:
    """An annealing from a first solution, over slots."""

    def __init__(self, instance: Instance, periods: list[int], seed: int) -> None:
        self.problem = problem_of(instance)
        self.order, self.rooms = lecture_order(instance), np.array(room_order(instance))
        self.seed = np.array([_scattered(seed)], np.uint64)
        places = (np.arange(kernel.LIMITS) + 0.5) / kernel.LIMITS
        self.luck = -np.log(places)
        self.state = state_of(self.problem, np.array(periods, np.int64)[self.order])
        self.best = slots_of(self.problem, self.state).copy()
        self.numbers = np.full(2, kernel.cost(self.problem, self.state) + short_of(self.problem, self.state), np.int64)
        self.found = self._whole(FEW_STEPS)

    def step(self, warmth: float, steps: int) -> None:
        """Try that many steps at one temperature."""
        limits = self.luck * warmth
        kernel.anneal(self.problem, self.state, self.best, self.numbers, self.seed, limits, CHAINS, steps)

    def look(self, steps: int = FEW_STEPS) -> Found:
        """Settle the rooms of the best slots so far; return the best whole solution."""
        if self._told != self.numbers[kernel.BEST]:
            self.found = min(self.found, self._whole(steps), key=lambda one: one.cost)
        return self.found

    def _whole(self, steps: int) -> Found:
        self._told = int(self.numbers[kernel.BEST])
        whole = Joint(self, self.best, first_rooms(self.problem, self.best))
        cool_over(whole.step_rooms, ROOMS, steps)
        return whole.look()


class Joint:
    """An annealing over slots and rooms from a whole solution."""

    def __init__(self, search: Search, slot: Table, room: Table) -> None:
        self.search, self.problem = search, search.problem
        self.state = state_of(self.problem, slot)
        rooms_cost = rooms.furnish(self.problem, self.state, room)
        self.numbers = np.full(2, kernel.cost(self.problem, self.state) + rooms_cost, np.int64)
        self.best = np.concatenate([slots_of(self.problem, self.state), rooms_of(self.problem, self.state)])

    def step(self, warmth: float, steps: int, share: float = SLOT_STEPS) -> None:
        """Try that many steps at one temperature."""
        limits = self.search.luck * warmth
        rooms.polish(self.problem, self.state, self.best, self.numbers, self.search.seed, limits, share, steps)

    def step_rooms(self, warmth: float, steps: int) -> None:
        """As `step`, with every slot as it is."""
        self.step(warmth, steps, 0.0)

    def look(self) -> Found:
        """The best whole solution so far."""
        periods, places = np.empty((2, len(self.search.order)), np.int64)
        slot, room = self.best.reshape(2, -1)
        periods[self.search.order] = slot
        places[self.search.order] = self.search.rooms[room]
        return Found(int(self.numbers[kernel.BEST]), periods.tolist(), places.tolist())


Step = Callable[[float, int], None]


def by_iterations(search: Search, iterations: int, report: Report) -> Found:
    """Cool over a number of iterations: the same result for the same seed, on every machine."""
    first = int(SHARE_FOR_SLOTS * iterations)
    _cool(search, search.step, SLOTS, first, lambda share: report(SHARE_FOR_SLOTS * share, search.look()))
    both = settled(search, min(MANY_STEPS, iterations))
    _cool(both, both.step, BOTH, iterations - first, lambda share: report(_late(share), both.look()))
    report(1.0, both.look())
    return both.look()


def by_time(search: Search, until: float, report: Report) -> Found:
    """Cool until a time of the monotonic clock."""
    began = time.monotonic()
    middle = began + SHARE_FOR_SLOTS * (until - began)
    _cool_until(search, search.step, SLOTS, middle, lambda share: report(SHARE_FOR_SLOTS * share, search.look()))
    both = settled(search, MANY_STEPS)
    report(SHARE_FOR_SLOTS, both.look())
    _cool_until(both, both.step, BOTH, until, lambda share: report(_late(share), both.look()))
    report(1.0, both.look())
    return both.look()


def settled(search: Search, steps: int) -> Joint:
    """The best slots of a search with good rooms."""
    both = Joint(search, search.best, first_rooms(search.problem, search.best))
    cool_over(both.step_rooms, ROOMS, steps)
    slot, room = both.best.reshape(2, -1)
    return Joint(search, slot, room)


def _late(share: float) -> float:
    return SHARE_FOR_SLOTS + (1 - SHARE_FOR_SLOTS) * share


def cool_over(step: Step, warmth: tuple[float, float], steps: int, tell: Callable[[float], bool] | None = None) -> None:
    """Cool from one temperature to another over a number of steps, until `tell` says that it is enough."""
    warm, cold = warmth
    for number in range(TEMPERATURES):
        upto, done = steps * (number + 1) // TEMPERATURES, steps * number // TEMPERATURES
        if upto > done:
            step(warm * (cold / warm) ** (number / TEMPERATURES), upto - done)
        if tell is not None and tell(number / TEMPERATURES):
            return


def _cool(
    of: Search | Joint, step: Step, warmth: tuple[float, float], steps: int, tell: Callable[[float], None]
) -> None:
    """Cool over a number of steps, telling from time to time; zero cannot be bettered."""

    def look(share: float) -> bool:
        if round(share * TEMPERATURES) % TELL_TEMPERATURES == TELL_TEMPERATURES - 1:
            tell(share)
        return bool(of.numbers[kernel.BEST] == 0)

    cool_over(step, warmth, steps, look)


def _cool_until(
    of: Search | Joint, step: Step, warmth: tuple[float, float], end: float, tell: Callable[[float], None]
) -> None:
    """Cool between now and a time, telling from time to time; zero cannot be bettered."""
    warm, cold = warmth
    began = told = now = time.monotonic()
    steps = 20_000
    while now < end and of.numbers[kernel.BEST] > 0:
        share = (now - began) / (end - began)
        step(warm * (cold / warm) ** share, steps)
        after = time.monotonic()
        steps = max(int(steps * min(2.0, CHUNK_SECONDS / max(after - now, 1e-6))), 1000)
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

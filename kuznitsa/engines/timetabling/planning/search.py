"""Finding a plan: the cheapest place for one activity after the other, then annealing on two cores.

The result depends on the model, the seed and the number of iterations alone. A time limit only chooses the number,
by the speed of the first moves; the result says it, so that anybody can have the same plan again.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.timetabling.planning import kernel
from kuznitsa.engines.timetabling.planning.arrays import State, Tables, arrays_of, plan_of, tables
from kuznitsa.engines.timetabling.planning.model import Model, Plan, Result

Table = npt.NDArray[Any]
Progress = Callable[[int, int, int, int], None]

CHUNK = 20_000
WORTH_A_SECOND_CORE = 200_000
# The rest of the time is for starting, and for leaving nothing broken at the end.
SHARE_FOR_SEARCH = 0.85


@dataclass(frozen=True, slots=True)
class Options:
    """How long to search: `iterations`, or as many as fit into `seconds`; how warm; on how many cores."""

    seed: int = 1
    iterations: int | None = None
    seconds: float = 10.0
    cores: int = 2


class Schedule(NamedTuple):
    """From how warm to how cold, and what a broken rule weighs meanwhile."""

    warm: float
    cold: float
    hard_weight: int


def solve(
    model: Model,
    options: Options = Options(),
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result | None:
    """The best plan found. None when `stop` said so before there was a first one.

    `progress` is told iterations done, of how many, activities in conflict and cost, of the best so far. What cannot
    be held without breaking a hard rule is left out and named in `unplaced`.
    """
    t = tables(model)
    search = Search(t, schedule_for(t), options.seed)
    if not search.construct(stop):
        return None
    return run(model, t, search, options, progress=progress, stop=stop)


def run(
    model: Model,
    t: Tables,
    search: "Search",
    options: Options,
    *,
    published: Plan | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Anneal what `search` has begun, with a second search beside it if it is long; leave nothing broken."""
    deadline = time.monotonic() + options.seconds if options.iterations is None else math.inf
    iterations = options.iterations
    if iterations is None:
        iterations = search.iterations_for(options.seconds * SHARE_FOR_SEARCH)
    search.plan_for(iterations)
    partner = None
    if options.cores > 1 and iterations >= WORTH_A_SECOND_CORE:
        from kuznitsa.engines.timetabling.planning.partner import Partner

        partner = Partner(model, published, search.state, search.schedule, iterations, options.seed + 1)
    complete = True
    try:
        while search.done < iterations and not search.is_perfect:
            if (stop is not None and stop()) or time.monotonic() > deadline:
                complete = False
                break
            search.advance()
            if progress is not None:
                best = search.best if partner is None else min(search.best, partner.best())
                progress(search.done, iterations, *best)
        found = [(search.best, 0, search.best_slot, search.best_room)]
        if partner is not None:
            complete = partner.finish(wait=complete and not search.is_perfect, until=deadline) and complete
            found.append((partner.best(), 1, partner.slot, partner.room))
    finally:
        if partner is not None:
            partner.close()
    _best, _order, slot, room = min(found, key=lambda one: one[:2])
    state = tidied(t, State(t, slot, room), options.seed)
    plan = plan_of(model, state.slot, state.room)
    unplaced = tuple(activity.id for activity in model.activities if activity.id not in plan)
    return Result(plan, unplaced, state.soft, iterations, complete or search.is_perfect)


def schedule_for(t: Tables) -> Schedule:
    """Temperatures that suit the weights: the dearest rule is still broken when warm, the cheapest kept when cold."""
    parts = t.weights[kernel.HARDS :].copy()
    if not (t.published_slot != kernel.NONE).any():
        parts[kernel.MOVED - kernel.HARDS] = 0
    used = [int(weight) for weight in parts if weight > 0] or [1]
    dearest = max(used)
    return Schedule(warm=1.5 * dearest, cold=0.15 * min(used), hard_weight=5 * dearest + 20)


class Search:
    """One annealing of all activities, or `among` some: a state, the best one seen, and where it is on its way."""

    def __init__(
        self, t: Tables, schedule: Schedule, seed: int, state: State | None = None, among: Sequence[int] | None = None
    ) -> None:
        self.t, self.schedule = t, schedule
        size = len(t.duration)
        empty = np.full(size, kernel.NONE, np.int64), np.full(size, len(t.room_site) - 1, np.int64)
        self.state = state or State(t, *empty)
        self.seed = np.array([_scattered(seed)], np.uint64)
        possible = (np.diff(t.starts_first) > 0) & (np.diff(t.rooms_first) > 0)
        self.movable = (
            np.flatnonzero(possible) if among is None else np.array([a for a in sorted(among) if possible[a]], np.int64)
        )
        self.iterations = self.done = 0
        self._note()

    def construct(self, stop: Callable[[], bool] | None = None) -> bool:
        """Hold every activity that is not held, those with the fewest possibilities first. False if stopped."""
        choices = np.diff(self.t.starts_first) * np.diff(self.t.rooms_first)
        for a in sorted(self.movable.tolist(), key=lambda a: (choices[a], a)):
            if stop is not None and stop():
                return False
            if self.state.slot[a] != kernel.NONE:
                continue
            s, r, _hard, _soft = kernel.best_option(
                self.t.flat, *self.state.arrays, a, self.schedule.hard_weight, self.seed
            )
            kernel.place(self.t.flat, *self.state.arrays, a, s, r, 1)
        self.state = State(self.t, self.state.slot, self.state.room)
        self._note()
        return True

    def _note(self) -> None:
        self.best_slot, self.best_room = self.state.slot.copy(), self.state.room.copy()
        self.numbers = np.array([self.state.hard, self.state.soft] * 2, np.int64)

    @property
    def best(self) -> tuple[int, int]:
        """How much the best state breaks and costs."""
        return int(self.numbers[kernel.BEST_HARD]), int(self.numbers[kernel.BEST_SOFT])

    @property
    def is_perfect(self) -> bool:
        """Whether nothing can be better."""
        return self.best == (0, 0)

    def iterations_for(self, seconds: float) -> int:
        """How many iterations fit into that time, by the speed of the first, which leave no trace."""
        state = State(self.t, self.state.slot, self.state.room)
        probe = Search(self.t, self.schedule, 1, state)
        probe.plan_for(10 * CHUNK)
        probe.advance(1000)
        began = time.monotonic()
        probe.advance(CHUNK // 2)
        took = max(time.monotonic() - began, 1e-6)
        return max(int(seconds * (CHUNK // 2) / took), 1)

    def plan_for(self, iterations: int) -> None:
        """Set the number of iterations over which to cool."""
        self.iterations = iterations
        self.cooling = (self.schedule.cold / self.schedule.warm) ** (1 / max(iterations, 1))

    def advance(self, most: int = CHUNK) -> None:
        """Go on for some iterations."""
        count = min(most, self.iterations - self.done)
        if len(self.movable):
            warmth = self.schedule.warm * (self.schedule.cold / self.schedule.warm) ** (self.done / self.iterations)
            kernel.anneal(
                self.t.flat, *self.state.arrays, self.best_slot, self.best_room, self.numbers, self.movable, self.seed,
                self.schedule.hard_weight, warmth, self.cooling, count,
            )  # fmt: skip
        self.done += count


def tidied(t: Tables, state: State, seed: int) -> State:
    """The state without broken rules: what breaks most is not held, unless there is another place for it."""
    random = np.array([_scattered(seed)], np.uint64)
    while state.parts[1 : kernel.HARDS].any():
        # To take one away may break another's way: something is taken away each time all the same, so this ends.
        worst = kernel.worst(t.flat, *state.arrays)
        kernel.place(t.flat, *state.arrays, worst, state.slot[worst], state.room[worst], -1)
        state = State(t, state.slot, state.room)
    for a in np.flatnonzero(state.slot == kernel.NONE).tolist():
        s, r, hard, _soft = kernel.best_option(t.flat, *state.arrays, a, 10**6, random)
        if hard == 0:
            kernel.place(t.flat, *state.arrays, a, s, r, 1)
    return State(t, state.slot, state.room)


def start_of(model: Model, t: Tables, plan: Plan) -> State:
    """The state of a plan, without the meetings that can no longer be held then and there."""
    slot, room = arrays_of(model, plan)
    for a in np.flatnonzero(slot != kernel.NONE):
        s, r = slot[a], room[a]
        possible = t.start_allowed[a, s] and t.start_free[a, s] and t.room_fits[a, r]
        if not (possible and t.room_free[r, s : s + t.duration[a]].all()):
            slot[a] = kernel.NONE
    return State(t, slot, room)


def _scattered(seed: int) -> int:
    """A seed of the random numbers, never zero (splitmix64)."""
    x = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return (x ^ (x >> 31)) or 1

"""Repairing a published plan after a change: what is published stays, as far as it can."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from kuznitsa.engines.timetabling.planning import kernel
from kuznitsa.engines.timetabling.planning.arrays import State, plan_of, tables
from kuznitsa.engines.timetabling.planning.counting import surely_unheld
from kuznitsa.engines.timetabling.planning.model import Model, Plan, Result
from kuznitsa.engines.timetabling.planning.reasons import around
from kuznitsa.engines.timetabling.planning.search import (
    SHARE_FOR_SEARCH,
    Options,
    Progress,
    Schedule,
    Search,
    run,
    schedule_for,
    start_of,
    tidied,
)

ITERATIONS = 150_000
BRIEF = Options(iterations=ITERATIONS)


class Attempt(NamedTuple):
    """A few annealings, one after the other, of all activities or `near` those that have no place.

    `warmths` is from how warm, in weights of a moved meeting; `part` of the iterations is for each annealing.
    """

    warmths: tuple[float, ...]
    near: int | None = None
    part: int = 1


# First so cold that only what must move does. What then finds no place is helped by moving a few round it, warmer and
# cold again so that the others go home; in the end by moving everything.
ATTEMPTS = (
    Attempt((0.33,)),
    Attempt((0.5,), near=60, part=4),
    Attempt((1.5, 0.7, 0.4), near=60, part=5),
    *[Attempt((1.5, 0.7, 0.4), near=120, part=5)] * 2,
    *[Attempt((1.5, 0.7, 0.4), near=240, part=3)] * 2,
    Attempt((1.0, 0.33)),
)
# Those who were moved to help others go home, as many as can: they exchange places among themselves.
HOMEWARD = Attempt((1.0, 0.5, 0.33), part=6)
HOMEWARD_TIMES = 3
# Then nobody gives up a place for it, were it for many.
HELD_ABOVE_ALL = 1000
# How many times the iterations of one annealing all of them are.
ALL = sum(len(attempt.warmths) / attempt.part for attempt in (*ATTEMPTS, *[HOMEWARD] * HOMEWARD_TIMES))


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired plan. Of `result.moved`, those in `forced` could not stay then and there."""

    result: Result
    forced: tuple[str, ...]


def repair(
    model: Model,
    published: Plan,
    options: Options = BRIEF,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Repair:
    """The plan nearest to the published one that breaks nothing; each moved meeting costs `weights.moved`.

    A meeting is moved when its slot or its room is another. New activities are placed and count as nothing.
    """
    work = _Work(model, published, options, progress, stop)
    best, is_helped = work.tried(ATTEMPTS[0], 0, None), False
    surely = cache(lambda unplaced: surely_unheld(model, unplaced))
    for number, attempt in enumerate(ATTEMPTS[1:], start=1):
        if not best.complete or len(best.unplaced) <= surely(best.unplaced):
            break
        found = work.tried(attempt, number, best)
        is_better = (len(found.unplaced), found.cost) < (len(best.unplaced), best.cost)
        best = found if is_better else replace(best, complete=found.complete)
        is_helped |= is_better
    for number in range(len(ATTEMPTS), len(ATTEMPTS) + HOMEWARD_TIMES if is_helped else 0):
        found = work.tried(HOMEWARD, number, best) if best.complete else best
        if (len(found.unplaced), found.cost) >= (len(best.unplaced), best.cost):
            break
        best = found
    standing = plan_of(model, work.start.slot, work.start.room)
    forced = tuple(a.id for a in model.activities if a.id in published and a.id not in standing)
    moves = tuple(
        a.id for a in model.activities if a.id in best.plan and best.plan[a.id] != published.get(a.id, best.plan[a.id])
    )
    return Repair(replace(best, moved=moves), forced)


class _Work:
    """What all attempts have in common. A time limit is one for all of them."""

    def __init__(
        self,
        model: Model,
        published: Plan,
        options: Options,
        progress: Progress | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.model, self.published, self.progress, self.stop = model, published, progress, stop
        self.t = tables(model, published)
        self.start = start_of(model, self.t, published)
        self.options = options
        if options.iterations is None:
            until = time.monotonic() + options.seconds
            self.stop = lambda: time.monotonic() > until or (stop is not None and stop())
            search = Search(self.t, self._schedule(ATTEMPTS[0].warmths[0]), options.seed, self._copy(self.start))
            iterations = int(search.iterations_for(options.seconds * SHARE_FOR_SEARCH) / ALL)
            self.options = replace(options, iterations=max(iterations, 1))

    def tried(self, attempt: Attempt, number: int, best: Result | None) -> Result:
        """The plan that an attempt gives, with whatever can go back where it was."""
        among = None
        state, options = self.start, self.options
        # What moves all begins anew: it would hardly find home from where others have gone.
        if best is not None and (attempt is HOMEWARD or attempt.near is not None):
            state = start_of(self.model, self.t, best.plan)
            away = (state.slot != self.t.published_slot) | (state.room != self.t.published_room)
            among = np.flatnonzero(away & (state.slot != kernel.NONE)).tolist()
            if attempt.near is not None:
                place = {activity.id: number for number, activity in enumerate(self.model.activities)}
                among = [place[id_] for id_ in around(self.model, best.unplaced, attempt.near)]
            options = replace(options, iterations=max((options.iterations or 0) // attempt.part, 1), cores=1)
        state = tidied(self.t, self._copy(state), options.seed)
        for warmth in attempt.warmths:
            search = Search(
                self.t, self._schedule(warmth, attempt is HOMEWARD), options.seed + 2 * number, state, among
            )
            if attempt is not HOMEWARD:
                search.construct(self.stop)
            result = run(
                self.model, self.t, search, options, published=self.published, progress=self.progress, stop=self.stop
            )
            state = start_of(self.model, self.t, result.plan)
        plan, cost = self._back(state)
        unplaced = tuple(activity.id for activity in self.model.activities if activity.id not in plan)
        return replace(result, plan=plan, cost=cost, unplaced=unplaced, iterations=self.options.iterations or 0)

    def _copy(self, state: State) -> State:
        return State(self.t, state.slot.copy(), state.room.copy())

    def _schedule(self, warmth: float, is_homeward: bool = False) -> Schedule:
        cool = schedule_for(self.t)
        moved = max(self.model.weights.moved, 1)
        hard = (HELD_ABOVE_ALL if is_homeward else 3) * moved
        return Schedule(max(warmth * moved, 2 * cool.cold), cool.cold, max(hard, cool.hard_weight // 2))

    def _back(self, state: State) -> tuple[Plan, int]:
        """Let whatever can go back go back, even where its wish costs more than the weight of a move."""
        t = self.t
        parts, line = np.zeros(kernel.PARTS, np.int64), np.zeros(len(state.slot) + 1, np.int64)
        for a in np.flatnonzero((state.slot != kernel.NONE) & (t.published_room != kernel.NONE)).tolist():
            s, r = state.slot[a], state.room[a]
            home = t.published_slot[a], t.published_room[a]
            if (s, r) == home:
                continue
            kernel.place(t.flat, *state.arrays, a, s, r, -1)
            kernel.price(t.flat, *state.arrays, a, *home, parts, line)
            kernel.place(t.flat, *state.arrays, a, *((s, r) if parts[: kernel.HARDS].any() else home), 1)
        return plan_of(self.model, state.slot, state.room), State(t, state.slot, state.room).soft

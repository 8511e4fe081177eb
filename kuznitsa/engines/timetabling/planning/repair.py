"""Repairing a published plan after a change: what is published stays, as far as it can."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kuznitsa.engines.timetabling.planning import kernel
from kuznitsa.engines.timetabling.planning.arrays import State, Tables, plan_of, tables
from kuznitsa.engines.timetabling.planning.model import Model, Plan, Result
from kuznitsa.engines.timetabling.planning.search import (
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
# Each attempt is a few annealings, one after the other, from so warm, in weights of a moved meeting. First so cold
# that only what must move does; warmer, and cold again, when something finds no place.
ATTEMPTS = ((0.33,), (0.33,), (0.33,), (0.5, 0.33), (1.0, 0.33))


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
    t = tables(model, published)
    start = start_of(model, t, published)
    standing = plan_of(model, start.slot, start.room)
    forced = tuple(a.id for a in model.activities if a.id in published and a.id not in standing)
    best: Result | None = None
    for number, warmths in enumerate(ATTEMPTS):
        state = tidied(t, start, options.seed)
        for warmth in warmths:
            search = Search(t, _schedule(model, t, warmth), options.seed + 2 * number, state)
            search.construct(stop)
            result = run(model, t, search, options, published=published, progress=progress, stop=stop)
            state = start_of(model, t, result.plan)
        plan, cost = _back(model, published, result.plan)
        unplaced = tuple(activity.id for activity in model.activities if activity.id not in plan)
        result = replace(result, plan=plan, cost=cost, unplaced=unplaced)
        if best is None or (len(unplaced), cost) < (len(best.unplaced), best.cost):
            best = result
        if not best.unplaced or not result.complete:
            break
    assert best is not None
    moves = tuple(
        a.id for a in model.activities if a.id in best.plan and best.plan[a.id] != published.get(a.id, best.plan[a.id])
    )
    return Repair(replace(best, moved=moves), forced)


def _schedule(model: Model, t: Tables, warmth: float) -> Schedule:
    cool = schedule_for(t)
    moved = max(model.weights.moved, 1)
    return Schedule(max(warmth * moved, 2 * cool.cold), cool.cold, max(3 * moved, cool.hard_weight // 2))


def _back(model: Model, published: Plan, plan: Plan) -> tuple[Plan, int]:
    """Let whatever can go back go back, even where its wish costs more than the weight of a move."""
    t = tables(model, published)
    state = start_of(model, t, plan)
    parts, line = np.zeros(kernel.PARTS, np.int64), np.zeros(len(state.slot) + 1, np.int64)
    for a in np.flatnonzero((state.slot != kernel.NONE) & (t.published_room != kernel.NONE)).tolist():
        s, r = state.slot[a], state.room[a]
        home = t.published_slot[a], t.published_room[a]
        if (s, r) == home:
            continue
        kernel.place(t.flat, *state.arrays, a, s, r, -1)
        kernel.price(t.flat, *state.arrays, a, *home, parts, line)
        kernel.place(t.flat, *state.arrays, a, *((s, r) if parts[: kernel.HARDS].any() else home), 1)
    return plan_of(model, state.slot, state.room), State(t, state.slot, state.room).soft

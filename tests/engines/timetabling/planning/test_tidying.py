"""What is taken away so that nothing is broken, and who goes home again."""

import pytest

from benchmarks.planning.__main__ import changes
from benchmarks.planning.district import district
from kuznitsa.engines.timetabling.planning import Activity, Kind, Model, Named, Placed, Resource, check, is_whole
from kuznitsa.engines.timetabling.planning.arrays import State, arrays_of, tables
from kuznitsa.engines.timetabling.planning.model import Rule
from kuznitsa.engines.timetabling.planning.repair import repair
from kuznitsa.engines.timetabling.planning.search import Options, solve, tidied

NEAR, FAR = "near", "far"


def test_who_breaks_nothing_stays_when_something_has_to_go():
    """Without either of two meetings at once the teacher would come too late to the next: both look free of blame."""
    sites = {"before": NEAR, "one": NEAR, "other": FAR, "after": FAR}
    model = Model(
        name="",
        days=(Named("d", "d"),),
        periods=tuple(Named(f"p{number}", "") for number in range(4)),
        sites=(Named(NEAR, ""), Named(FAR, "")),
        travel={(NEAR, FAR): 1, (FAR, NEAR): 1},
        rooms=(),
        resources=(Resource("t", "", Kind.TEACHER),),
        activities=(
            *[Activity(f"innocent{number}", "", needs_room=False) for number in range(5)],
            *[Activity(id_, "", who=("t",), needs_room=False, site=site) for id_, site in sites.items()],
        ),
        links=(),
    )
    plan = {activity.id: Placed(3, None) for activity in model.activities}
    plan |= {"before": Placed(0, None), "one": Placed(1, None), "other": Placed(1, None), "after": Placed(2, None)}
    t = tables(model)

    state = tidied(t, State(t, *arrays_of(model, plan)), seed=1)

    assert state.parts[1:9].sum() == 0
    assert state.slot[:5].tolist() == [3] * 5


@pytest.mark.sweep
def test_few_others_are_moved_after_a_change_of_a_full_district():
    model = district()
    plan = solve(model, Options(iterations=200_000)).plan
    for changed in changes(model, plan).values():
        repaired = repair(changed, plan)

        others = set(repaired.result.moved) - set(repaired.forced)
        assert len(others) < 0.05 * len(plan)
        assert is_whole([one for one in check(changed, repaired.result.plan) if one.rule != Rule.HELD])

"""`make bench`, the part of our own timetables: a district planned, re-planned, explained; FET on the same case.

A peer that is not installed is left out. Prints the table and keeps it in docs/reference.
"""

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.planning import fet
from benchmarks.planning.district import district
from kuznitsa.engines.timetabling.planning import Kind, Model, Plan, check, clash, costs, is_whole
from kuznitsa.engines.timetabling.planning.repair import repair
from kuznitsa.engines.timetabling.planning.search import Options, solve

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "benchmark-planning.md"
HEAD = """# How fast our own timetables are

CPU seconds of all processes, compiled code loaded before; what is beside is of the same run. The district: 20 schools,
60 groups, 40 rooms, 3 towns, 480 classes a week. `make bench` writes this page.

"""
ITERATIONS = 1_000_000


def main() -> int:
    """Measure, print and keep the table."""
    model = district()
    warm_up()
    rows, plan = plan_rows(model)
    rows += repair_rows(model, plan)
    rows.append(every_change_row(model, plan))
    rows += clash_rows(model)
    lines = ["| work | CPU s | goal | beside it |", "|---|--:|--:|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    PAGE.write_text(HEAD + text, encoding="utf-8")
    return 0


def warm_up() -> None:
    """Have the loops compiled and the libraries loaded before anything is measured."""
    small = district(groups=6, schools=2, rooms=18)
    result = solve(small, Options(iterations=1000))
    assert result is not None
    repair(small, result.plan, Options(iterations=1000))


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU time of this process and its children, and what the work gave."""
    before = spent()
    found = work()
    return spent() - before, found


def spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def plan_rows(model: Model) -> tuple[list[tuple[str, ...]], Plan]:
    rows = []
    for iterations in (100_000, ITERATIONS):
        took, result = cpu(lambda iterations=iterations: solve(model, Options(iterations=iterations)))
        assert is_whole(check(model, result.plan)), "the district can be planned"
        beside = f"nothing broken, cost {result.cost}"
        rows.append((f"full plan, {iterations:,} moves a search", f"{took:.1f}", "10", beside))
    if not fet.is_installed():
        return [*rows, ("FET, the same hard rules, no wishes", "", "", "`fet-cl` is not installed")], result.plan
    took, plan = fet.solve(model)
    beside = "found no timetable"
    if plan:
        findings = check(model, plan)
        broken = sum(finding.is_hard for finding in findings)
        beside = f"{broken} broken by our check, cost {sum(costs(findings).values())}"
    return [*rows, ("FET, the same hard rules, no wishes", f"{took:.1f}", "", beside)], result.plan


def changes(model: Model, plan: Plan) -> dict[str, Model]:
    """Return the model after each of some changes, and what it is."""
    used = Counter(placed.room for placed in plan.values())
    room = next(id_ for id_, _count in used.most_common() if not model.room[id_].equipment)
    lost = replace(model.room[room], unavailable=frozenset(range(model.slots)))
    busiest = Counter(who for activity in model.activities for who in activity.who if who.startswith("t"))
    teacher = model.resource[busiest.most_common()[len(busiest) // 2][0]]
    ill = replace(teacher, unavailable=teacher.unavailable | frozenset(range(len(model.periods) * 2)))
    group = replace(model.resource["g0"], id="new", name="11-А", unavailable=frozenset())
    pattern = [activity for activity in model.activities if "g0" in activity.who]
    added = [
        replace(activity, id=f"new-{number}", who=("new", activity.who[1])) for number, activity in enumerate(pattern)
    ]
    return {
        "a room lost": replace(model, rooms=tuple(lost if one.id == room else one for one in model.rooms)),
        "a teacher ill for two days": replace(
            model, resources=tuple(ill if one.id == teacher.id else one for one in model.resources)
        ),
        "a group of four classes added": replace(
            model, resources=(*model.resources, group), activities=(*model.activities, *added[:4])
        ),
    }


def repair_rows(model: Model, plan: Plan) -> list[tuple[str, ...]]:
    rows = []
    for what, changed in changes(model, plan).items():
        took, repaired = cpu(lambda changed=changed: repair(changed, plan))
        others = len(set(repaired.result.moved) - set(repaired.forced))
        words = f"{len(repaired.forced)} could not stay, {others} others moved ({100 * others / len(plan):.1f} %)"
        if repaired.result.unplaced:
            words += f", {len(repaired.result.unplaced)} find no place"
        rows.append((f"re-plan after a change: {what}", f"{took:.1f}", "2", words))
    return rows


def every_change(model: Model, plan: Plan) -> Iterator[Model]:
    """Yield the model with each room lost that is used, and with each teacher ill for two days."""
    used = {placed.room for placed in plan.values()}
    for room in model.rooms:
        if room.id in used:
            lost = replace(room, unavailable=frozenset(range(model.slots)))
            yield replace(model, rooms=tuple(lost if one is room else one for one in model.rooms))
    two_days = frozenset(range(2 * len(model.periods)))
    for teacher in model.resources:
        if teacher.kind == Kind.TEACHER:
            ill = replace(teacher, unavailable=teacher.unavailable | two_days)
            yield replace(model, resources=tuple(ill if one is teacher else one for one in model.resources))


def every_change_row(model: Model, plan: Plan) -> tuple[str, ...]:
    times, shares = [], []
    for changed in every_change(model, plan):
        took, repaired = cpu(lambda changed=changed: repair(changed, plan))
        times.append(took)
        shares.append(100 * len(set(repaired.result.moved) - set(repaired.forced)) / len(plan))
    words = f"on average {sum(times) / len(times):.1f} CPU s; of the others at most {max(shares):.1f} % moved"
    return (
        f"the longest of {len(times)}: each room lost, each teacher ill for two days",
        f"{max(times):.1f}",
        "2",
        words,
    )


def impossible(model: Model) -> dict[str, Model]:
    """Return models with one thing too much: by counting, and by what only a proof sees."""
    last_days = frozenset(range(2 * len(model.periods)))
    group = replace(model.resource["g3"], unavailable=frozenset(range(model.slots - 7)))
    # Two days are left for three classes that are to be on different days.
    two_days = replace(model.resource["g3"], unavailable=frozenset(range(model.slots)) - last_days, most_a_day=6)
    assert group.kind == Kind.GROUP

    def with_group(one: Any) -> Model:
        return replace(model, resources=tuple(one if other.id == "g3" else other for other in model.resources))

    return {"a group with too few hours": with_group(group), "three days asked for, two left": with_group(two_days)}


def clash_rows(model: Model) -> list[tuple[str, ...]]:
    rows = []
    for what, changed in impossible(model).items():

        def work(changed: Model = changed) -> Any:
            return clash(changed, by_proof=False) or clash(
                changed, unplaced=solve(changed, Options(iterations=100_000)).unplaced, by_counting=False
            )

        took, found = cpu(work)
        words = f"{len(found.lines)} rules, {len(found.activities)} activities" if found else "none found"
        rows.append((f"clash: {what}", f"{took:.1f}", "10", words))
    return rows


if __name__ == "__main__":
    sys.exit(main())

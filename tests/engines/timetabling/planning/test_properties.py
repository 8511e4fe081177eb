"""Properties over tiny generated models: the solver's arithmetic is the check's, and clashes are true."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from kuznitsa.engines.timetabling.planning import (
    Activity,
    Kind,
    Link,
    LinkKind,
    Model,
    Named,
    Placed,
    Resource,
    Room,
    Rule,
    Wish,
    check,
    clash,
    is_whole,
)
from kuznitsa.engines.timetabling.planning.arrays import State, arrays_of, plan_of, tables
from kuznitsa.engines.timetabling.planning.counting import surely_unheld
from kuznitsa.engines.timetabling.planning.explain import is_refuted
from kuznitsa.engines.timetabling.planning.moves import Editor
from kuznitsa.engines.timetabling.planning.reasons import Relaxed
from kuznitsa.engines.timetabling.planning.search import Options, solve

DAYS, PERIODS, SITES = 2, 2, ("s0", "s1")


@st.composite
def models(draw):
    slots = st.frozensets(st.integers(0, DAYS * PERIODS - 1), max_size=3)
    rooms = tuple(
        Room(
            f"r{number}",
            f"R{number}",
            places=draw(st.integers(0, 2)),
            site=draw(st.sampled_from([*SITES, None])),
            equipment=frozenset(draw(st.sets(st.sampled_from("xy")))),
            at_once=draw(st.integers(1, 2)),
            unavailable=draw(slots),
            unwanted=draw(slots),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    resources = tuple(
        Resource(
            f"q{number}",
            f"Q{number}",
            draw(st.sampled_from(list(Kind))),
            at_once=draw(st.sampled_from([1, 1, 2])),
            unavailable=draw(slots),
            unwanted=draw(slots),
            most_a_day=draw(st.sampled_from([None, 1, 2])),
            few_days=draw(st.booleans()),
        )
        for number in range(3)
    )
    activities = []
    for number in range(draw(st.integers(1, 4))):
        needs_room = draw(st.booleans())
        room_ids = st.none() | st.frozensets(st.sampled_from([room.id for room in rooms]), min_size=1)
        activities.append(
            Activity(
                f"a{number}",
                f"A{number}",
                who=tuple(sorted(draw(st.sets(st.sampled_from(["q0", "q1", "q2"]), max_size=2)))),
                duration=draw(st.sampled_from([1, 1, 2])),
                size=draw(st.integers(0, 1)),
                needs_room=needs_room,
                site=None if needs_room else draw(st.sampled_from([*SITES, None])),
                equipment=frozenset(draw(st.sets(st.sampled_from("xy"), max_size=1))) if needs_room else frozenset(),
                rooms=draw(room_ids) if needs_room else None,
                slots=draw(st.none() | slots),
                preferred_slots=draw(st.none() | slots),
                preferred_rooms=draw(room_ids) if needs_room else None,
            )
        )
    ids = [activity.id for activity in activities]
    several = st.lists(st.sampled_from(ids), min_size=min(2, len(ids)), unique=True).map(tuple)
    links = tuple(
        Link(f"l{number}", draw(st.sampled_from(list(LinkKind))), draw(several), draw(st.sampled_from([None, 1, 3])))
        for number in range(draw(st.integers(0, 2)))
    )
    way = draw(st.integers(0, 1))
    return Model(
        days=tuple(Named(f"d{number}", f"D{number}") for number in range(DAYS)),
        periods=tuple(Named(f"p{number}", f"P{number}") for number in range(PERIODS)),
        sites=tuple(Named(site, site) for site in SITES),
        travel={("s0", "s1"): way, ("s1", "s0"): way},
        rooms=rooms,
        resources=resources,
        activities=tuple(activities),
        links=links,
        wishes=tuple(Wish(f"w{number}", draw(several), draw(st.integers(1, 3))) for number in range(2)),
    )


@st.composite
def placements(draw, model):
    """A placement for every activity or none, sensible or not."""
    rooms = [room.id for room in model.rooms]
    return {
        activity.id: Placed(
            draw(st.integers(0, model.slots - 1)), draw(st.sampled_from(rooms)) if activity.needs_room else None
        )
        for activity in model.activities
        if draw(st.sampled_from([True, True, False]))
    }


@given(st.data())
def test_solver_and_check_count_the_same(data):
    model = data.draw(models())
    plan, published = data.draw(placements(model)), data.draw(placements(model))

    t = tables(model, published)
    state = State(t, *arrays_of(model, plan))

    findings = check(model, plan, published)
    assert plan_of(model, state.slot, state.room) == plan
    assert state.soft == sum(finding.cost for finding in findings)
    broken = {rule for number, rule in enumerate(Rule) if state.parts[number]}
    assert broken == {finding.rule for finding in findings} | ({*broken} - set(tuple(Rule)[:9]))


@given(st.data())
def test_price_of_a_move_is_the_difference(data):
    model = data.draw(models())
    plan = data.draw(placements(model))
    activity = data.draw(st.sampled_from(model.activities))
    to = data.draw(placements(model)).get(activity.id)
    if to is None:
        return
    before, after = (State(tables(model), *arrays_of(model, one)) for one in (plan, plan | {activity.id: to}))

    consequence = Editor(model, plan).what_breaks(activity.id, *to)

    assert consequence.cost == after.soft - before.soft
    change = after.parts - before.parts
    assert consequence.rules == {rule: change[number] for number, rule in enumerate(Rule) if change[number]}


def feasible(model):
    """Whether there is a timetable, by trying all."""
    rooms = [room.id for room in model.rooms]
    places = [
        [Placed(slot, room) for slot in range(model.slots) for room in (rooms if activity.needs_room else [None])]
        for activity in model.activities
    ]
    alone = [
        [
            place
            for place in own
            if not any(finding.is_hard and finding.rule != Rule.HELD for finding in check(model, {activity.id: place}))
        ]
        for activity, own in zip(model.activities, places, strict=True)
    ]
    ids = [activity.id for activity in model.activities]
    return any(is_whole(check(model, dict(zip(ids, combination, strict=True)))) for combination in product(*alone))


@settings(max_examples=15)
@given(models())
def test_clash_is_told_exactly_when_there_is_no_timetable(model):
    there_is_one = feasible(model)

    result = solve(model, Options(iterations=3000, cores=1))
    found = clash(model, unplaced=result.unplaced)

    assert is_whole([one for one in check(model, result.plan) if one.rule != Rule.HELD])
    assert (result.unplaced == ()) == there_is_one
    assert surely_unheld(model, list(model.activity)) <= len(result.unplaced)
    assert (found is None) == there_is_one
    if found is not None:
        assert len(found.lines) <= 8
        assert is_refuted(Relaxed(model, found.activities, frozenset(found.reasons)))


@given(models(), st.integers(0, 3))
def test_same_seed_and_iterations_give_the_same_plan(model, seed):
    options = Options(seed=seed, iterations=2000)

    assert solve(model, options) == solve(model, options)

"""The four founding cases: planned, explained when they cannot be, repaired after a change."""

from dataclasses import replace

import pytest

from benchmarks.planning.district import district
from kuznitsa.engines.timetabling.planning import Model, Rule, check, clash, costs, is_whole
from kuznitsa.engines.timetabling.planning import repair as repairs
from kuznitsa.engines.timetabling.planning.counting import surely_unheld
from kuznitsa.engines.timetabling.planning.explain import is_refuted
from kuznitsa.engines.timetabling.planning.moves import Editor, what_breaks
from kuznitsa.engines.timetabling.planning.prices import cost_by_activity, prices
from kuznitsa.engines.timetabling.planning.reasons import Relaxed
from kuznitsa.engines.timetabling.planning.repair import repair
from kuznitsa.engines.timetabling.planning.search import Options, Search, solve
from tests.engines.timetabling.planning.cases import CASES, entry, kulebaki, meeting, model_of, novokuznetsk, stupino

BRIEF = Options(iterations=60_000)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


def planned(model: Model):
    result = solve(model, BRIEF)
    assert result is not None
    assert result.unplaced == ()
    assert is_whole(check(model, result.plan))
    return result


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_case_is_planned(case):
    model = model_of(case())

    result = planned(model)

    findings = check(model, result.plan)
    assert set(result.plan) == set(model.activity)
    assert sum(costs(findings).values()) == result.cost


def test_wishes_of_a_meeting_are_honoured():
    model = model_of(meeting())

    findings = check(model, planned(model).plan)

    assert [finding for finding in findings if finding.rule == Rule.WISHES] == []


def told(model: Model) -> str:
    """The clash of a model that cannot be planned, with what every clash has to be."""
    result = solve(model, BRIEF)
    assert result is not None
    assert result.unplaced
    assert [finding for finding in check(model, result.plan) if finding.is_hard and finding.rule != Rule.HELD] == []
    found = clash(model, unplaced=result.unplaced)
    assert found is not None
    assert is_refuted(Relaxed(model, found.activities, frozenset(found.reasons)))
    assert len(found.lines) <= 8
    return "\n".join([found.headline, *found.lines, *found.left])


def test_pupils_who_are_never_free_with_the_lecturer():
    document = kulebaki()
    entry(document, "resources", "g3")["unavailable"] = ["thu", "fri/1", "fri/2"]
    entry(document, "resources", "hse")["unavailable"] = ["mon", "tue", "wed", "fri/3"]

    text = told(model_of(document))

    assert text == (
        "“Мастер-класс ВШЭ” (9 кл. шк. 3, 9 кл. шк. 5) cannot be held\n"
        "group 9 кл. шк. 3 is not available: Четверг 13:30, Четверг 15:10, Четверг 16:50 and 2 more\n"
        "teacher Белова К. А. (ВШЭ) is available only: Четверг 13:30, Четверг 15:10, Четверг 16:50 and 2 more"
    )


def test_only_one_hour_is_left_for_two_groups():
    document = kulebaki()
    for id_ in ("g3", "g10"):
        entry(document, "resources", id_)["unavailable"] = ["mon", "tue", "wed", "thu", "fri/1", "fri/3"]
    document["activities"] = [
        one for one in document["activities"] if one["id"] in ("tech3", "tech10") or one["who"][0] not in ("g3", "g10")
    ]
    document["activities"] = [one for one in document["activities"] if not {"g3", "g10"} & set(one["who"][1:])]
    known = {one["id"] for one in document["activities"]}
    document["links"] = [link for link in document["links"] if set(link["activities"]) <= known]

    text = told(model_of(document))

    assert "teacher Громов А. С. can be in one activity at a time: 2 slots needed, 1 left" in text
    assert "group 9 кл. шк. 3 leave only this for “Технология металлов” (9 кл. шк. 3): Пятница 15:10" in text


def test_laboratory_that_is_too_small_and_one_that_is_shut():
    document = novokuznetsk()
    entry(document, "rooms", "chemistry")["places"] = 24
    assert "needs a room for 25 people with: chemistry; there is none" in told(model_of(document))

    document = novokuznetsk()
    entry(document, "rooms", "chemistry")["unavailable"] = ["mon", "tue", "wed", "sat"]
    text = told(model_of(document))
    assert "Лаборатория: химия is available only: Четверг 8:30" in text
    assert "9 slots needed, 8 left" in text


def test_mentor_with_too_few_shifts():
    document = stupino()
    entry(document, "resources", "m-forge")["unavailable"] = ["*/2", "w3"]

    text = told(model_of(document))

    assert "mentor Наставник forge can be in one activity at a time: 6 slots needed, 5 left" in text


def test_rotation_that_only_a_proof_refutes():
    """Each group has four shops in four weeks left, and the forge has to come before the press: not in these."""
    document = stupino()
    entry(document, "resources", "p0")["unavailable"] = ["w5", "w6"]
    entry(document, "resources", "m-press")["unavailable"] = ["w2", "w3", "w4", "w5", "w6"]

    text = told(model_of(document))

    assert "one after the other: “Практика: forge” (П-1), “Практика: press” (П-1)" in text or "can be in one" in text


def test_clash_of_links_is_proved():
    document = stupino()
    document["links"].append({"id": "together", "kind": "same_time", "activities": ["p0-forge", "p1-forge"]})

    text = told(model_of(document))

    assert "at the same time: “Практика: forge” (П-1), “Практика: forge” (П-2)" in text


def test_journey_that_does_not_fit_into_a_day():
    document = stupino()
    document["links"] = [{"id": "day", "kind": "same_day", "activities": ["p0-forge", "p0-cast"]}]

    text = told(model_of(document))

    assert "group П-1 needs time for the way between sites" in text
    assert "on the same day: “Практика: forge” (П-1), “Практика: cast” (П-1)" in text


def test_many_rules_are_told_in_eight_lines():
    document = novokuznetsk()
    document["links"] = []
    for activity in document["activities"]:
        activity["slots"] = ["mon", "tue", "wed/1"]

    assert "hours are set for" in told(model_of(document))


@pytest.mark.parametrize(
    "case, part, id_, change, most",
    [
        (kulebaki, "resources", "it1", {"unavailable": ["mon"]}, 8),
        (kulebaki, "rooms", "pc2", {"unavailable": ["wed/3", "fri"]}, 4),
        (novokuznetsk, "rooms", "chemistry", {"unavailable": ["mon", "sat/4"]}, 12),
        (stupino, "resources", "m-forge", {"unavailable": ["w2/1"]}, 6),
        (meeting, "rooms", "r5", {"unavailable": ["d2"]}, 3),
    ],
)
def test_case_is_repaired_with_few_moves(case, part, id_, change, most):
    document = case()
    published = planned(model_of(document)).plan
    entry(document, part, id_).update(change)
    model = model_of(document)

    repaired = repair(model, published, BRIEF)

    assert repaired.result.unplaced == ()
    assert is_whole(check(model, repaired.result.plan))
    differs = {id_ for id_ in published if repaired.result.plan[id_] != published[id_]}
    assert set(repaired.result.moved) == differs
    assert set(repaired.forced) <= differs
    assert len(differs) <= most
    assert sum(costs(check(model, repaired.result.plan, published)).values()) == repaired.result.cost


def test_those_round_a_meeting_without_a_place_make_room_for_it(monkeypatch):
    document = kulebaki()
    published = planned(model_of(document)).plan
    entry(document, "resources", "it2")["unavailable"] = ["thu", "fri"]
    model = model_of(document)

    repaired = repair(model, published, BRIEF)
    monkeypatch.setattr(repairs, "ATTEMPTS", [one for one in repairs.ATTEMPTS if one.near is None][:1])
    without = repair(model, published, BRIEF)

    assert len(without.result.unplaced) == 1
    assert repaired.result.unplaced == ()
    assert is_whole(check(model, repaired.result.plan))
    assert len(set(repaired.result.moved) - set(repaired.forced)) <= 8


def test_what_counting_excludes_is_tried_once():
    document = stupino()
    published = planned(model_of(document)).plan
    # One of six shifts is left out.
    entry(document, "resources", "m-cut")["unavailable"] = ["*/2", "w3"]
    model = model_of(document)
    done = []

    unplaced = repair(model, published, BRIEF, progress=lambda now, *_rest: done.append(now)).result.unplaced

    assert surely_unheld(model, unplaced) == 1
    assert len(unplaced) == 1
    assert done == [20_000, 40_000, 60_000]


def test_time_limit_of_a_repair_chooses_the_iterations_of_all_attempts(monkeypatch):
    document = kulebaki()
    published = planned(model_of(document)).plan
    entry(document, "resources", "it1")["unavailable"] = ["mon", "wed"]
    model = model_of(document)
    monkeypatch.setattr(Search, "iterations_for", lambda _search, _seconds: 80_000)

    limited = repair(model, published, Options(seconds=1000.0))

    assert limited.result.iterations == int(80_000 / repairs.ALL)
    assert repair(model, published, Options(iterations=limited.result.iterations)) == limited


def test_repair_that_has_no_time_left_is_not_complete():
    document = kulebaki()
    published = planned(model_of(document)).plan
    entry(document, "resources", "it1")["unavailable"] = ["mon"]
    model = model_of(document)

    repaired = repair(model, published, Options(seconds=0.0))

    assert not repaired.result.complete
    assert is_whole([one for one in check(model, repaired.result.plan) if one.rule != Rule.HELD])


def test_group_is_added_and_one_room_is_another():
    document = kulebaki()
    published = planned(model_of(document)).plan
    document["resources"].append({"id": "new", "name": "10 кл. шк. 1", "kind": "group", "size": 10})
    document["activities"].append(
        {"id": "new1", "name": "Программирование", "who": ["new", "it1"], "equipment": ["компьютеры"]}
    )
    entry(document, "rooms", "pc2")["id"] = "another"
    model = model_of(document)

    repaired = repair(model, published, BRIEF)

    in_lost_room = {id_ for id_, placed in published.items() if placed.room == "pc2"}
    assert set(repaired.forced) == in_lost_room
    assert "new1" in repaired.result.plan
    assert is_whole(check(model, repaired.result.plan))
    assert in_lost_room <= set(repaired.result.moved)


def test_published_plan_without_a_change_stays():
    model = model_of(kulebaki())
    published = planned(model).plan

    assert repair(model, published, BRIEF).result.moved == ()


def test_editor_says_what_a_move_breaks():
    model = model_of(kulebaki())
    plan = planned(model).plan
    busy = next(id_ for id_ in plan if id_.startswith("tech") and id_ != "tech1")
    slot = plan[busy].slot

    consequence = what_breaks(model, plan, "tech1", slot, "shop")

    assert consequence.breaks[Rule.BUSY] >= 1
    assert consequence.breaks[Rule.ROOM_BUSY] == 1
    words = [finding.text for finding in Editor(model, plan).words("tech1", slot, "shop") if finding.is_hard]
    assert any(text.startswith("teacher Громов А. С. cannot be in several activities at once") for text in words)


def test_prices_of_wishes():
    document = kulebaki()
    entry(document, "activities", "code1")["preferred_slots"] = ["thu/3"]
    entry(document, "resources", "g1")["unavailable"] = ["thu/3"]
    model = model_of(document)
    plan = planned(model).plan

    found = {price.finding.rule: price for price in prices(model, plan)}

    assert found[Rule.PREFERRED_SLOTS].breaks[0] == Rule.AVAILABLE
    assert found[Rule.PREFERRED_SLOTS].activity == "code1"
    assert found[Rule.DAYS].finding.cost == 5
    assert cost_by_activity(model, plan)["code1"] >= 4


def test_weights_are_data():
    document = kulebaki()
    document["weights"] = dict.fromkeys(("gaps", "days", "journeys", "soft_link", "preferred_slots"), 0)

    assert planned(model_of(document)).cost == 0


def test_move_of_an_editor_is_taken_back_by_the_opposite():
    model = model_of(kulebaki())
    plan = planned(model).plan
    editor = Editor(model, plan)
    home = plan["code1"]
    away = next(place for place, one in editor.everywhere("code1").items() if place != home and not one.breaks)
    there = editor.what_breaks("code1", *away)

    editor.move("code1", *away)

    back = editor.what_breaks("code1", *home)
    assert back.cost == -there.cost
    assert {rule: -units for rule, units in back.rules.items()} == there.rules


def test_rooms_of_many_groups_at_once():
    document = stupino()
    entry(document, "rooms", "forge")["at_once"] = 2
    entry(document, "resources", "m-forge")["at_once"] = 2
    entry(document, "resources", "m-forge")["unavailable"] = ["w4", "w5", "w6", "*/2"]
    model = model_of(document)

    result = planned(model)

    at = [placed.slot for id_, placed in result.plan.items() if id_.endswith("forge")]
    assert max(at.count(slot) for slot in at) == 2
    assert is_whole(check(replace(model, links=()), result.plan))


def test_small_district_without_enough_rooms_ends_with_what_can_be_held():
    """Without a class between them, the way from one to another may be too long: what is left out grows, and ends."""
    model = district(groups=6, schools=2, rooms=18)

    result = solve(model, Options(iterations=1000))

    assert result is not None
    assert result.unplaced
    assert {finding.rule for finding in check(model, result.plan) if finding.is_hard} == {Rule.HELD}

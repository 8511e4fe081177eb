from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest

from kuznitsa.base.rules import NoRuleInForce, entries, exam_mark, rule

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("age", "week", "day"),
    [(14, 24, 4), (15, 24, 5), (16, 35, 7), (17, 35, 7)],
)
def test_hours_of_minors(age, week, day):
    assert rule("minor_hours_per_week", on=TODAY, age=age).value == week
    assert rule("minor_hours_per_day", on=TODAY, age=age).value == day


@pytest.mark.parametrize(
    ("on", "number"),
    [(date(2019, 9, 1), "302"), (date(2021, 9, 1), "1681"), (date(2024, 4, 30), "1681"), (date(2024, 5, 1), "555")],
)
def test_a_contract_lives_by_the_regulation_of_its_day(on, number):
    assert rule("target_training_regulation", on=on).value == number


def test_a_consent_is_a_paper_of_its_own_from_september_2025():
    assert not rule("consent_separate_document", on=date(2025, 8, 31)).value
    assert rule("consent_separate_document", on=date(2025, 9, 1)).value


@pytest.mark.parametrize(
    ("name", "on", "keys"),
    [
        ("adult_age", date(1900, 1, 1), {}),
        ("minor_hours_per_week", TODAY, {"age": 18}),
        ("minor_hours_per_week", TODAY, {}),
        ("adult_age", TODAY, {"age": 3}),
        ("unknown", TODAY, {}),
    ],
)
def test_a_question_without_an_answer_is_an_error(name, on, keys):
    with pytest.raises(NoRuleInForce):
        rule(name, on=on, **keys)


def test_every_entry_has_a_source_and_no_two_answer_the_same_question():
    for entry in entries():
        assert entry.source
        assert entry.unit
        assert entry.valid_to is None or entry.valid_from <= entry.valid_to
    for one, other in combinations(entries(), 2):
        if one.name == other.name and one.applies_to == other.applies_to:
            assert not one.is_in_force(other.valid_from)
            assert not other.is_in_force(one.valid_from)


def test_a_new_regulation_follows_the_old_without_a_gap():
    regulations = entries("target_training_regulation")
    for old, new in pairwise(regulations):
        assert old.valid_to + timedelta(days=1) == new.valid_from


@pytest.mark.parametrize(
    ("points", "mark"),
    [(0, 2), (1999, 2), (2000, 3), (3999, 3), (4000, 4), (6999, 4), (7000, 5), (10000, 5)],
)
def test_points_become_a_mark(points, mark):
    assert exam_mark(points, 10_000, on=TODAY) == mark


@pytest.mark.parametrize(("points", "best"), [(-1, 100), (101, 100), (0, 0)])
def test_impossible_points_are_an_error(points, best):
    with pytest.raises(ValueError, match="points"):
        exam_mark(points, best, on=TODAY)

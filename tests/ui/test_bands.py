import re

from kuznitsa.ui.bands import segments
from kuznitsa.ui.parts import Stage


def stages(*values):
    return [Stage(str(number), value) for number, value in enumerate(values)]


def test_no_stages_no_band():
    assert segments([]) == []


def test_share_is_of_the_last_known_stage_before():
    assert [s.share for s in segments(stages(31, 25, None, 20, 0, 5))] == [None, 81, None, 80, 0, None]


def test_share_is_of_what_the_stage_is_a_part_of():
    drawn = segments([Stage("hired", 20), Stage("applied", 15, part_of=0), Stage("stayed", 9, part_of=10)])

    assert [s.share for s in drawn] == [None, None, 90]


def test_what_is_more_than_the_whole_is_no_share_of_it():
    assert [s.share for s in segments(stages(25, 41, 41))] == [None, None, 100]


def test_width_is_of_the_largest_stage():
    assert [s.width for s in segments(stages(20, 40, 10))] == [50, 100, 25]


def test_stage_nobody_reached_has_no_rod():
    assert [bool(s.rod) for s in segments(stages(3, 0, None))] == [True, False, False]


def test_one_person_in_a_thousand_is_still_seen():
    thin = segments(stages(1000, 1))[1].rod
    assert "26.5" in thin  # half a height of 1.5 around the middle line at 28


def test_rods_meet_at_the_borders():
    left, right = segments(stages(30, 10))
    end = re.search(r"S75 ([\d.]+) 100 \1", left.rod)
    start = re.match(r"M0 ([\d.]+)", right.rod)
    assert end[1] == start[1]


def test_heat_runs_from_cold_to_hot_without_a_jump():
    drawn = segments(stages(*range(1, 10)))
    assert (drawn[0].heat, drawn[-1].heat_after) == (0, 8)
    assert [s.heat_after for s in drawn[:-1]] == [s.heat for s in drawn[1:]]

import pytest

from kuznitsa.ui.charts import HEIGHT, TOP, draw, nice_top
from kuznitsa.ui.parts import Series


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 4), (3, 4), (5, 8), (8, 8), (9, 20), (41, 80), (200, 200), (999, 1000)]
)
def test_axis_ends_above_the_largest_number_and_divides_by_four(largest, top):
    assert nice_top(largest) == top


def test_series_of_one_stack_stand_on_each_other():
    chart = draw([2026], [Series("a", [10], stack="need"), Series("b", [5], stack="need")])
    below, above = chart.bars
    assert below.x == above.x
    assert above.y + above.height == pytest.approx(below.y, abs=0.2)
    assert [mark.text for mark in chart.totals] == [15]


def test_series_without_a_stack_stand_side_by_side():
    chart = draw([2026], [Series("a", [10]), Series("b", [5])])
    assert chart.bars[0].x < chart.bars[1].x
    assert [mark.text for mark in chart.totals] == [10, 5]


def test_bars_stay_in_the_picture():
    chart = draw(range(2026, 2036), [Series("a", [999] * 10), Series("b", [1] * 10)])
    assert all(TOP - 1 <= bar.y <= HEIGHT for bar in chart.bars)
    assert all(0 < bar.x < chart.width - bar.width for bar in chart.bars)


def test_nothing_to_show_is_an_empty_axis():
    assert draw([], []).bars == []

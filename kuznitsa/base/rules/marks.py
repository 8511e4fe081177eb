"""The mark of a demonstration exam from its points."""

from datetime import date

from kuznitsa.base.rules.lookup import rule


def exam_mark(points_hundredths: int, max_points_hundredths: int, *, on: date) -> int:
    """Return the mark (2 to 5) that the scale in force on the day `on` gives for points out of the maximum."""
    if not 0 <= points_hundredths <= max_points_hundredths or not max_points_hundredths:
        raise ValueError("points must lie between nothing and the maximum")
    scale: tuple[tuple[int, int], ...] = rule("demonstration_exam_scale", on=on).value
    # Whole numbers: 70 % of 0.1 points is not lost to rounding.
    return next(mark for share, mark in scale if points_hundredths * 10_000 >= share * max_points_hundredths)

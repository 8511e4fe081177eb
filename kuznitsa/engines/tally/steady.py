"""Proves that a count stays the same while all shares are raised: so steps need not be counted one by one.

Let t run from the first share (0) to the last (1). For every ballot two straight lines over t enclose what its voters
have left, for a project two lines enclose its price. That a price is a convex function of t when purses are straight
lines gives both: between its ends it is not above the chord, and nowhere below the line that any division of the
supporters into poor and rich gives. A straight line is above another one if it is so at both ends. If in every round
the upper line of the project bought is below the lower lines of all others, every share between buys the same.
Equals are told apart only where all supporters pay in full: then a price does not depend on t.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.compiled import MAKES_NO_ARRAY, ONLY_FOR_LOOPS, inner, loop
from kuznitsa.engines.tally.kernel import NOTHING, ULP, are_all_rich, price_at

Table = npt.NDArray[Any]


@loop(fastmath={"reassoc", "contract"}, **MAKES_NO_ARRAY, **ONLY_FOR_LOOPS)
def divide(
    start: int, end: int, ballot: Table, points: Table, value: Table, voters: Table, at_first: Table, at_last: Table,
    wrong: float, weight: float, price: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Return what those poor between the ends have at either end, what the rich pay at one, and how many are poor."""
    poor_first, poor_last, rich, count = 0.0, 0.0, 0.0, 0.0
    ballot, points, value, voters = ballot[start:end], points[start:end], value[start:end], voters[start:end]
    for row in range(len(ballot)):
        first, last = at_first[ballot[row]] + wrong, at_last[ballot[row]] + wrong
        first, last = first if first > 0.0 else 0.0, last if last > 0.0 else 0.0
        is_poor = 1.0 if first + (last - first) * weight < price * points[row] else 0.0
        poor_first += voters[row] * first * is_poor
        poor_last += voters[row] * last * is_poor
        rich += value[row] * (1.0 - is_poor)
        count += is_poor
    return poor_first, poor_last, rich, count


@inner
def lower_line(
    start: int, end: int, ballot: Table, points: Table, value: Table, voters: Table, at_first: Table, at_last: Table,
    wrong: float, cost: float, guess: float,
) -> tuple[float, float]:  # fmt: skip
    """Return both ends of a line that the price is nowhere below; inf if the project is affordable nowhere.

    Newton's method from a price that nobody can be below.
    """
    # The middle divides supporters best; where it cannot pay, an end that can does as well.
    for weight in (0.5, 1.0, 0.0):
        price, before = guess, -1.0
        while True:
            poor_first, poor_last, rich, count = divide(
                start, end, ballot, points, value, voters, at_first, at_last, wrong, weight, price
            )
            if rich == 0.0:
                if poor_first + (poor_last - poor_first) * weight >= cost:
                    return guess, guess
                break
            if count == before:
                return (cost - poor_first) / rich, (cost - poor_last) / rich
            before = count
            price = (cost - poor_first - (poor_last - poor_first) * weight) / rich
    return np.inf, np.inf


@loop(
    "b1(i8[::1], i4[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], i8[::1], b1[::1], i8, f8, f8, i8[::1])"
)
def is_steady(  # noqa: C901 - one loop, and calls cost time
    first: Table, ballot: Table, points: Table, value: Table, voters: Table, cost: Table, factor: Table, least: Table,
    rank: Table, is_unsupported: Table, ballots: int, share_first: float, share_last: float, winners: Table,
) -> bool:  # fmt: skip
    """Return whether all shares from the first to the last one surely buy these projects in this order.

    `least` is what every ρ is at least, namely when all pay in full, and `rank` the exact order of these.
    """
    low_first, low_last = np.full(ballots, share_first), np.full(ballots, share_last)
    high_first, high_last = np.full(ballots, share_first), np.full(ballots, share_last)
    is_out = is_unsupported.copy()
    bound_first, bound_last = least.copy(), least.copy()
    wrong = 4 * ULP * share_last
    for project in winners:
        start, end = first[project], first[project + 1]
        slack = 4 * ULP * (end - start + 8)
        target, guess = cost[project] * (1 + slack), least[project] * factor[project]
        top_first = price_at(start, end, ballot, points, value, voters, low_first, -wrong, target, guess, guess)
        if top_first == np.inf:
            return False
        top_last = price_at(start, end, ballot, points, value, voters, low_last, -wrong, target, top_first, guess)
        if top_last == np.inf:
            return False
        top_first, top_last = top_first * (1 + slack), top_last * (1 + slack)
        is_full, is_known = False, False
        for other in range(len(cost)):
            if other == project or is_out[other]:
                continue
            goal_first, goal_last = top_first / factor[project], top_last / factor[project]
            if bound_first[other] > goal_first and bound_last[other] > goal_last:
                continue
            begin, stop = first[other], first[other + 1]
            loose = 4 * ULP * (stop - begin + 8)
            bottom_first, bottom_last = lower_line(
                begin, stop, ballot, points, value, voters, high_first, high_last, wrong, cost[other] * (1 - loose),
                least[other] * factor[other],
            )  # fmt: skip
            if bottom_first == np.inf:
                is_out[other] = True
                continue
            bound_first[other] = bottom_first / factor[other] - abs(bottom_first / factor[other]) * loose
            bound_last[other] = bottom_last / factor[other] - abs(bottom_last / factor[other]) * loose
            if bound_first[other] > goal_first and bound_last[other] > goal_last:
                continue
            if not is_known:
                is_known = True
                is_full = are_all_rich(start, end, ballot, points, low_first, low_last, wrong, top_first * (1 + slack))
            price = least[other] * factor[other] * (1 + loose)
            if not (
                is_full and rank[project] < rank[other]
                and are_all_rich(begin, stop, ballot, points, low_first, low_last, wrong, price)
            ):  # fmt: skip
                return False
        bottom_first, bottom_last = lower_line(
            start, end, ballot, points, value, voters, high_first, high_last, wrong, cost[project] * (1 - slack), guess
        )
        bottom_first -= abs(bottom_first) * slack
        bottom_last -= abs(bottom_last) * slack
        is_out[project] = True
        for row in range(start, end):
            b = ballot[row]
            if high_first[b] != NOTHING:
                most_first = high_first[b] - bottom_first * points[row]
                most_last = high_last[b] - bottom_last * points[row]
                if most_first + wrong < 0 and most_last + wrong < 0:
                    high_first[b] = high_last[b] = low_first[b] = low_last[b] = NOTHING
                    continue
                high_first[b], high_last[b] = max(most_first, 0.0), max(most_last, 0.0)
                low_first[b] -= top_first * points[row]
                low_last[b] -= top_last * points[row]
                if low_first[b] < 0 or low_last[b] < 0:
                    low_first[b], low_last[b] = 0.0, 0.0
        wrong += 4 * ULP * share_last
    for other in range(len(cost)):
        if not is_out[other]:
            begin, stop = first[other], first[other + 1]
            all_first, all_last = 0.0, 0.0
            for row in range(begin, stop):
                b = ballot[row]
                all_first += voters[row] * max(high_first[b] + wrong, 0.0)
                all_last += voters[row] * max(high_last[b] + wrong, 0.0)
            loose = 4 * ULP * (stop - begin + 8)
            if max(all_first, all_last) * (1 + loose) >= cost[other]:
                return False
    return True

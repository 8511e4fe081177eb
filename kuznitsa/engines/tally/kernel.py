"""The loops of equal shares as machine code: floats that know how wrong they may be.

`advance` buys projects as long as floats leave no doubt, and says where it stopped; whole numbers then decide
(`fast`). `left` of a ballot is wrong by at most `wrong[0]`; a ballot that has nothing left is exactly so, and
`gone` says in which round that happened. A project's supporters are the rows `first[p]:first[p + 1]` of `ballot`,
`points`, `voters` and their product `value`. Prices are per point; ρ = price / factor.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.compiled import MAKES_NO_ARRAY, ONLY_FOR_LOOPS, inner, loop

Table = npt.NDArray[Any]

# Nothing is gone, nobody is bought: later than any round.
NEVER = np.iinfo(np.int32).max
END, UNSURE, OVER = 0, 1, 2
POOR, RICH = 1, 2
ULP = 2.0**-52
# What a ballot that is gone has left: nothing, even if somebody adds a little.
NOTHING = -np.inf


@loop(fastmath={"reassoc", "contract"}, **MAKES_NO_ARRAY, **ONLY_FOR_LOOPS)
def divide(
    start: int, end: int, ballot: Table, points: Table, value: Table, voters: Table, left: Table, shift: float,
    price: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Return what the poor pay, what the rich pay at a price of one, and how many ballots are poor."""
    poor, rich, count = 0.0, 0.0, 0.0
    ballot, points, value, voters = ballot[start:end], points[start:end], value[start:end], voters[start:end]
    # Without branches the compiler takes several rows at a time.
    for row in range(len(ballot)):
        has = left[ballot[row]] + shift
        has = has if has > 0.0 else 0.0
        is_poor = 1.0 if has < price * points[row] else 0.0
        poor += voters[row] * has * is_poor
        rich += value[row] * (1.0 - is_poor)
        count += is_poor
    return poor, rich, count


@inner
def price_at(
    start: int, end: int, ballot: Table, points: Table, value: Table, voters: Table, left: Table, shift: float,
    cost: float, guess: float, least: float,
) -> float:  # fmt: skip
    """Return the price at which supporters with `shift` more than they have left pay the cost; inf if they cannot.

    Newton's method on a concave function: from wherever the guess is, every later step is below the price and goes
    up to it. The price is not below `least`.
    """
    price, before, is_below = guess, -1.0, guess <= least
    while True:
        poor, rich, count = divide(start, end, ballot, points, value, voters, left, shift, price)
        if rich > 0.0:
            if count == before:
                return price
            before = count
            price = (cost - poor) / rich
        elif poor < cost:
            return np.inf
        elif is_below:
            return price
        else:
            price, before = least, -1.0
        is_below = True


@loop("b1(i8, i8, i4[::1], f8[::1], f8[::1], i4[::1], i1[::1], f8, f8, f8[::1], f8, i8)", **MAKES_NO_ARRAY)
def settle(
    start: int, end: int, ballot: Table, points: Table, left: Table, gone: Table, verdict: Table,
    low: float, high: float, wrong: Table, share: float, number: int,
) -> bool:  # fmt: skip
    """Let supporters pay a price between `low` and `high`; False, and nothing paid, if it is not clear who can."""
    most = 0.0
    for row in range(start, end):
        b = ballot[row]
        if gone[b] == NEVER:
            most = max(most, points[row])
            is_poor = left[b] + wrong[0] < low * points[row]
            if not is_poor and left[b] - wrong[0] <= high * points[row] and verdict[b] == 0:
                return False
    price = (low + high) / 2
    for row in range(start, end):
        b = ballot[row]
        if gone[b] == NEVER:
            if verdict[b] == POOR or (verdict[b] == 0 and left[b] + wrong[0] < low * points[row]):
                gone[b] = number
                left[b] = NOTHING
            else:
                left[b] = max(left[b] - price * points[row], 0.0)
    wrong[0] += most * (high - low) + 4 * ULP * share
    return True


@inner
def are_all_rich(
    start: int, end: int, ballot: Table, points: Table, low_first: Table, low_last: Table, wrong: float, price: float,
) -> bool:  # fmt: skip
    """Return whether surely every supporter pays in full at this price, with either of two purses."""
    for row in range(start, end):
        b = ballot[row]
        if min(low_first[b], low_last[b]) - wrong < price * points[row]:
            return False
    return True


@loop(
    "UniTuple(i8, 2)(i8[::1], i4[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], i8[::1], f8[::1], "
    "i4[::1], i1[::1], f8[::1], f8[::1], b1[::1], b1[::1], f8[::1], i4[::1], f8[::1], f8[:, ::1], i8, "
    "f8, f8)",
    **MAKES_NO_ARRAY,
)
def advance(  # noqa: C901 - one loop, and calls cost time
    first: Table, ballot: Table, points: Table, value: Table, voters: Table, cost: Table, factor: Table,
    full: Table, rank: Table, left: Table, gone: Table, verdict: Table, least: Table, most: Table, is_out: Table,
    is_asked: Table, wrong: Table, order: Table, price: Table, guess: Table, rounds: int, share: float, limit: float,
) -> tuple[int, int]:  # fmt: skip
    """Buy until the end, until `limit` is overspent, or until it is UNSURE: the state and the number of purchases.

    `full` is what every ρ is at least, namely when all pay in full, and `rank` the exact order of these.
    `guess[j, p]` is a price to start from, the one of another count at best. `least` holds for every project a bound
    that its ρ is not below. When unsure, those asked whose `least` is not above the smallest `most` are the ones to
    choose from.
    """
    projects = len(cost)
    spent = 0.0
    for number in range(rounds):
        spent += cost[order[number]]
    while True:
        if spent > limit:
            return OVER, rounds
        best = np.inf
        is_asked[:] = False
        while True:
            project, bound = -1, np.inf
            for other in range(projects):
                if not is_out[other] and not is_asked[other] and least[other] < bound:
                    project, bound = other, least[other]
            if project < 0 or bound > best:
                break
            start, end = first[project], first[project + 1]
            slack = 4 * ULP * (end - start + 8)
            target = cost[project] * (1 - slack)
            floor = least[project] * factor[project]
            low = price_at(
                start, end, ballot, points, value, voters, left, wrong[0], target, guess[rounds, project], floor
            )
            if low == np.inf:
                is_out[project] = True
                continue
            guess[rounds, project] = low
            is_asked[project] = True
            least[project] = max(least[project], low * (1 - slack) / factor[project])
            most[project] = np.inf
            if least[project] <= best:
                target = cost[project] * (1 + slack)
                high = price_at(start, end, ballot, points, value, voters, left, -wrong[0], target, low, low)
                most[project] = high * (1 + slack) / factor[project]
                best = min(best, most[project])
        project, count = -1, 0
        for other in range(projects):
            if is_asked[other] and least[other] <= best:
                project = other
                count += 1
        if count == 0:
            return END, rounds
        if best == np.inf:
            return UNSURE, rounds
        if count > 1:
            for other in range(projects):
                if is_asked[other] and least[other] <= best:
                    start, end = first[other], first[other + 1]
                    at_full = full[other] * factor[other] * (1 + 8 * ULP * (end - start + 8))
                    if not are_all_rich(start, end, ballot, points, left, left, wrong[0], at_full):
                        return UNSURE, rounds
                    if rank[other] < rank[project]:
                        project = other
        start, end = first[project], first[project + 1]
        low, high = least[project] * factor[project], most[project] * factor[project]
        if not settle(start, end, ballot, points, left, gone, verdict, low, high, wrong, share, rounds):
            return UNSURE, rounds
        is_out[project] = True
        order[rounds] = project
        price[rounds] = (low + high) / 2
        spent += cost[project]
        rounds += 1


@loop(
    "UniTuple(i8, 3)(i8, i8, i4[::1], i8[::1], i8[::1], f8[::1], i4[::1], f8, f8, f8, i8[::1], i4[::1], i8[::1], "
    "i4[::1], i8[::1], i8[::1])",
    **MAKES_NO_ARRAY,
)
def weigh(
    start: int, end: int, ballot: Table, points: Table, voters: Table, left: Table, gone: Table,
    low: float, high: float, wrong: float, ballot_first: Table, named: Table, given: Table, bought: Table,
    paid: Table, unsure: Table,
) -> tuple[int, int, int]:  # fmt: skip
    """Sort supporters at a price between `low` and `high`: voters who are poor, what the rich pay at one, and how many
    ballots are `unsure`. `paid[j]` becomes what the poor paid in round j at a price of one."""
    poor, rich, doubts = 0, 0, 0
    paid[:] = 0
    for row in range(start, end):
        b = ballot[row]
        if gone[b] != NEVER:
            continue
        if left[b] + wrong < low * points[row]:
            poor += voters[row]
            for own in range(ballot_first[b], ballot_first[b + 1]):
                if bought[named[own]] != NEVER:
                    paid[bought[named[own]]] += voters[row] * given[own]
        elif left[b] - wrong > high * points[row]:
            rich += voters[row] * points[row]
        else:
            unsure[doubts] = row
            doubts += 1
    return poor, rich, doubts


@loop(
    "UniTuple(i8, 2)(i8, i8, i4[::1], i8[::1], i8[::1], i4[::1], i8, i8[::1], i4[::1], i8[::1], i4[::1], i8[::1])",
    **MAKES_NO_ARRAY,
)
def history(
    start: int, end: int, ballot: Table, points: Table, voters: Table, gone: Table, number: int,
    ballot_first: Table, named: Table, given: Table, bought: Table, paid: Table,
) -> tuple[int, int]:  # fmt: skip
    """What `weigh` said of the project bought in round `number`, for whoever was poor then is gone since."""
    poor, rich = 0, 0
    paid[:] = 0
    for row in range(start, end):
        b = ballot[row]
        if gone[b] == number:
            poor += voters[row]
            for own in range(ballot_first[b], ballot_first[b + 1]):
                if bought[named[own]] < number:
                    paid[bought[named[own]]] += voters[row] * given[own]
        elif gone[b] > number:
            rich += voters[row] * points[row]
    return poor, rich


@loop("void(f8[::1], i4[::1], f8[::1], f8, i8[::1], i4[::1], i8[::1], i4[::1])", **MAKES_NO_ARRAY)
def refresh(
    left: Table, gone: Table, price: Table, share: float, ballot_first: Table, named: Table, given: Table,
    bought: Table,
) -> None:  # fmt: skip
    """Work out anew what is left from prices that are right to the last bit."""
    for b in range(len(left)):
        if gone[b] == NEVER:
            has = share
            for own in range(ballot_first[b], ballot_first[b + 1]):
                if bought[named[own]] != NEVER:
                    has -= price[bought[named[own]]] * given[own]
            left[b] = max(has, 0.0)


@loop("f8(i8, i8, i4[::1], f8[::1], i8[::1], f8[::1], f8)", **MAKES_NO_ARRAY)
def paid_at(start: int, end: int, ballot: Table, points: Table, voters: Table, left: Table, price: float) -> float:
    """Return what supporters pay at a price."""
    total = 0.0
    for row in range(start, end):
        total += voters[row] * max(min(left[ballot[row]], price * points[row]), 0.0)
    return total


@loop("void(i8, i8, i4[::1], f8[::1], f8[::1], i4[::1], f8, i8)", **MAKES_NO_ARRAY)
def replay(
    start: int, end: int, ballot: Table, points: Table, left: Table, gone: Table, price: float, number: int
) -> None:
    """Let supporters pay once more what they paid in round `number`; `gone` is how it ended."""
    for row in range(start, end):
        b = ballot[row]
        if gone[b] == number:
            left[b] = NOTHING
        elif gone[b] > number:
            left[b] -= price * points[row]


@loop("UniTuple(i8, 3)(i8, i8, i4[::1], i8[::1], i4[::1], i8)", **MAKES_NO_ARRAY)
def payers(start: int, end: int, ballot: Table, voters: Table, gone: Table, number: int) -> tuple[int, int, int]:
    """Return how many voters paid in full, the rest they had, and nothing, in round `number`."""
    full, rest, broke = 0, 0, 0
    for row in range(start, end):
        when = gone[ballot[row]]
        if when > number:
            full += voters[row]
        elif when == number:
            rest += voters[row]
        else:
            broke += voters[row]
    return full, rest, broke

"""From an instance to its result, and on to the result of the next round."""

from collections.abc import Callable, Collection
from dataclasses import replace

from kuznitsa.engines.allocation.checks import check
from kuznitsa.engines.allocation.explain import Explained, reasons
from kuznitsa.engines.allocation.market import Market
from kuznitsa.engines.allocation.model import Applicant, BadInput, Instance, MinSize, Result, Rules, Seat
from kuznitsa.engines.allocation.paths import solve
from kuznitsa.engines.allocation.solver import NONE
from kuznitsa.engines.language import translate as _


def allocate(instance: Instance) -> Result:
    """The allocation that the rules give; it does not depend on the order of any list but the choices and pools.

    Raises BadInput when somebody holds a seat they have no right to.
    """
    return _result(Market(instance), instance)


def allocate_explained(instance: Instance) -> tuple[Result, Explained]:
    """The allocation, and all that is to be said of it, for little more than the allocation alone."""
    market = Market(instance)
    result = _result(market, instance)
    return result, Explained(market, instance, result)


def _result(market: Market, instance: Instance) -> Result:
    solution = solve(market.problem)
    held = solution.held
    seats = {
        applicant.id: None if contract == NONE else market.seat(contract)
        for applicant, contract in zip(market.instance.applicants, held, strict=True)
    }
    announced = [place for place in instance.rules.closed if place in market.place_number]
    closed = (*announced, *(market.instance.places[place].id for place in solution.closed))
    return Result(
        assignment={applicant: seat and seat.place for applicant, seat in seats.items()},
        pool={applicant: seat.pool for applicant, seat in seats.items() if seat is not None},
        closed=closed,
        issues=market.issues,
        explanations=reasons(market, instance, held, closed),
        pool_number=_pool_numbers(market, held),
    )


def _pool_numbers(market: Market, held: list[int]) -> dict[str, int]:
    """Return where those sit whose pool has the name of another pool of its place."""
    alike = {
        place.id for place in market.instance.places if len({pool.name for pool in place.pools}) < len(place.pools)
    }
    if not alike:
        return {}
    return {
        applicant.id: market.number_in_place[market.contract_pool[contract]]
        for applicant, contract in zip(market.instance.applicants, held, strict=True)
        if contract != NONE and market.seat(contract).place in alike
    }


def allocate_checked(instance: Instance, engine: Callable[[Instance], Result] = allocate) -> Result:
    """An allocation that the independent check has nothing against; raises BadInput when it has."""
    result = engine(instance)
    if problems := check(instance, result):
        raise BadInput(_("The engine refutes its own result: %(problem)s.") % {"problem": problems[0]})
    return result


def rerun(
    instance: Instance, previous: Result, *, withdrawn: Collection[str] = (), final: Collection[str] = ()
) -> tuple[Instance, Result]:
    """The next round: seats given back go on to those who wait, and nobody who holds a seat can lose it.

    `withdrawn` leave, `final` keep the seat they hold and want no other, all other holders also keep their
    better choices. Every list is cut after the held seat, which is guaranteed; groups neither close nor reopen.
    `instance` may have changed since: more seats, late applicants, corrected scores.
    Returns the instance of the round (publish it: it recomputes the result) and its result.
    Raises BadInput when there are fewer seats than holders or a holder has no right to the seat any more.
    """
    applicants = tuple(_cut(applicant, previous, withdrawn, final) for applicant in instance.applicants)
    rules = Rules(MinSize.IGNORE, closed=previous.closed)
    round_ = replace(instance, applicants=applicants, rules=rules)
    result = allocate(round_)
    losers = [a.id for a in applicants if a.holds is not None and result.assignment[a.id] is None]
    if losers:
        raise BadInput(_("There are fewer seats than holders: %(applicants)s.") % {"applicants": ", ".join(losers)})
    return round_, result


def _cut(applicant: Applicant, previous: Result, withdrawn: Collection[str], final: Collection[str]) -> Applicant:
    if applicant.id in withdrawn:
        return replace(applicant, choices=(), holds=None)
    place = previous.assignment.get(applicant.id)
    if place is None:
        return replace(applicant, holds=None)
    position = next((i for i, choice in enumerate(applicant.choices) if choice.place == place), NONE)
    if position == NONE:
        raise BadInput(_("No right to the seat held: %(applicants)s.") % {"applicants": applicant.id})
    start = position if applicant.id in final else 0
    return replace(
        applicant,
        choices=applicant.choices[start : position + 1],
        holds=Seat(place, previous.pool[applicant.id]),
    )

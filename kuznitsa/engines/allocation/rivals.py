"""What a refused contract would have had to beat."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from kuznitsa.engines.allocation.model import MinSize
from kuznitsa.engines.allocation.paths import solve
from kuznitsa.engines.allocation.solver import NONE, Problem


def without_places(problem: Problem, closed: Collection[int]) -> Problem:
    """The problem in which these places are closed from the start and no other will be."""
    is_open = [is_open and place not in closed for place, is_open in enumerate(problem.place_open)]
    return replace(problem, place_open=is_open, min_size_rule=MinSize.IGNORE)


def heaviest_rival(problem: Problem, contract: int) -> int:
    """The heaviest contract that a refused contract must outweigh to be accepted for good.

    The contract is made the last of its applicant's list and heavier than all others. Whatever is offered to its
    company then is offered as long as it is not refused; so it must beat those who would come in its stead.
    """
    applicant = problem.applicant[contract]
    end = problem.first[applicant + 1]
    dropped = end - contract - 1
    first = [row - dropped if number > applicant else row for number, row in enumerate(problem.first)]
    weight = list(problem.weight)
    # As many times the number of applicants, so that it is still its applicant's luck that is left over.
    applicants = len(problem.first) - 1
    weight[contract] += (max(weight) // applicants + 1) * applicants
    del weight[contract + 1 : end]
    pool = [*problem.pool[: contract + 1], *problem.pool[end:]]
    trial = replace(problem, first=first, pool=pool, weight=weight)

    rivals = [row if row <= contract else row + dropped for row in _refused(trial, solve(trial).held, contract)]
    return max(rivals, key=problem.weight.__getitem__)


def _refused(trial: Problem, held: list[int], contract: int) -> list[int]:
    """Refused contracts that would be accepted if this one gave its seat back."""
    company_of = [trial.place_company[place] for place in trial.pool_place]
    admitted = [trial.pool[row] for row in held if row != NONE]
    filled = Counter(admitted)
    here, own_pool = company_of[trial.pool[contract]], trial.pool[contract]
    in_company = sum(company_of[pool] == here for pool in admitted)
    is_company_full = here != NONE and in_company >= trial.company_capacity[here]
    found = []
    for applicant, row in enumerate(held):
        start, end = trial.first[applicant], trial.first[applicant + 1]
        for refused in range(start, end if row == NONE else row):
            pool = trial.pool[refused]
            if not trial.place_open[trial.pool_place[pool]]:
                continue
            beside = is_company_full and company_of[pool] == here and filled[pool] < trial.pool_seats[pool]
            if pool == own_pool or beside:
                found.append(refused)
    return found

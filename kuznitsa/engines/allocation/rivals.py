"""What a refused contract would have had to beat."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from kuznitsa.engines.allocation.model import MinSize
from kuznitsa.engines.allocation.solver import NONE, Integers, Problem, solve


def without_places(problem: Problem, closed: Collection[int]) -> Problem:
    """The problem in which these places are closed from the start and no other will be."""
    is_open = problem.place_open.copy()
    is_open[list(closed)] = False
    return replace(problem, place_open=is_open, min_size_rule=MinSize.IGNORE)


def heaviest_rival(problem: Problem, contract: int) -> int:
    """The heaviest contract that a refused contract must outweigh to be accepted for good.

    The contract is made the last of its applicant's list and heavier than all others. Whatever is offered to its
    company then is offered as long as it is not refused; so it must beat those who would come in its stead.
    """
    applicant = int(problem.applicant[contract])
    end = int(problem.first[applicant + 1])
    kept = np.r_[0 : contract + 1, end : len(problem.pool)]
    first = problem.first.copy()
    first[applicant + 1 :] -= end - contract - 1
    weight = problem.weight[kept].copy()
    weight[contract] = np.iinfo(np.int64).max
    trial = replace(problem, first=first, pool=problem.pool[kept], weight=weight)

    rivals = kept[_refused(trial, solve(trial).held, contract)]
    return int(rivals[np.argmax(problem.weight[rivals])])


def _refused(trial: Problem, held: Integers, contract: int) -> Integers:
    """Refused contracts that would be accepted if this one gave its seat back."""
    place = trial.pool_place[trial.pool]
    company = trial.place_company[place]
    admitted = held[held != NONE]
    pool_full = np.bincount(trial.pool[admitted], minlength=len(trial.pool_seats)) >= trial.pool_seats
    last = np.where(held == NONE, trial.first[1:], held)
    refused = (np.arange(len(trial.pool)) < last[trial.applicant]) & trial.place_open[place]
    same_pool = trial.pool == trial.pool[contract]
    here = company[contract]
    if here == NONE or np.count_nonzero(company[admitted] == here) < trial.company_capacity[here]:
        return np.flatnonzero(refused & same_pool)
    return np.flatnonzero(refused & (company == here) & (same_pool | ~pool_full[trial.pool]))

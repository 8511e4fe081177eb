"""Which of the two code paths solves a market; both give the same outcome."""

from importlib.util import find_spec

from kuznitsa.engines.allocation import solver
from kuznitsa.engines.allocation.solver import Problem, Solution

# Contracts from which compiling the fast path (or reading what was compiled) pays.
MANY = 200_000


def is_compiled() -> bool:
    """Say whether the fast path can be had."""
    try:
        return find_spec("numba") is not None
    except ValueError:
        return False  # somebody has put it out of reach


def solve(problem: Problem) -> Solution:
    """Return the best stable outcome for applicants: on the fast path when there is much to do and it can be had."""
    if len(problem.pool) < MANY or not is_compiled():
        return solver.solve(problem)
    from kuznitsa.engines.allocation import fast

    try:
        return fast.solve(problem)
    except fast.TooLarge:
        return solver.solve(problem)

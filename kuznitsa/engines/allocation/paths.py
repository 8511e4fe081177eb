"""Which of the two code paths solves a market; both give the same outcome."""

from kuznitsa.engines.allocation import fast, solver
from kuznitsa.engines.allocation.solver import Problem, Solution

# Contracts from which compiling the fast path (or reading what was compiled) pays.
MANY = 200_000


def solve(problem: Problem) -> Solution:
    """Return the best stable outcome for applicants: on the fast path when there is much to do and it can be had."""
    if len(problem.pool) >= MANY and fast.is_available():
        try:
            return fast.solve(problem)
        except fast.TooLarge:
            pass
    return solver.solve(problem)

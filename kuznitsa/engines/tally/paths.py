"""Which of the two ways counts a vote; both give the same."""

from importlib.util import find_spec

from kuznitsa.engines.tally.account import Counter, Terms
from kuznitsa.engines.tally.plain import Plain

# Choices on all ballots from which reading what was compiled pays: for one count, and for many of them.
ONCE, OFTEN = 300_000, 2_000


def is_compiled() -> bool:
    """Say whether the fast way can be had."""
    try:
        return find_spec("numba") is not None
    except ValueError:
        return False  # somebody has put it out of reach


def counter_for(terms: Terms, is_repeated: bool) -> Counter:
    """The fast way when there is much to do and it can be had."""
    if len(terms.election.ballots.project) < (OFTEN if is_repeated else ONCE) or not is_compiled():
        return Plain(terms)
    from kuznitsa.engines.tally import fast

    try:
        return fast.Fast(terms)
    except fast.TooLarge:
        return Plain(terms)

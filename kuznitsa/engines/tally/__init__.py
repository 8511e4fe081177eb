"""Votes to decisions: greedily, by equal shares, or by pairs; exact, explainable and recomputable.

`read` gives the election in a Pabulib file, `tally` counts it, `check` looks at a result from the definitions alone.
`rankings` orders several of which one is chosen.
"""

from kuznitsa.engines.tally.checks import check
from kuznitsa.engines.tally.engine import tally
from kuznitsa.engines.tally.formats import write_result
from kuznitsa.engines.tally.model import (
    BadInput,
    Ballots,
    Completion,
    Election,
    Issue,
    Parameters,
    Project,
    Result,
    Rule,
    Step,
    Stop,
    Ties,
    Utility,
    VoteType,
    ticket,
)
from kuznitsa.engines.tally.pabulib import read
from kuznitsa.engines.tally.rankings import Ranking, borda, condorcet

__all__ = [
    "BadInput",
    "Ballots",
    "Completion",
    "Election",
    "Issue",
    "Parameters",
    "Project",
    "Ranking",
    "Result",
    "Rule",
    "Step",
    "Stop",
    "Ties",
    "Utility",
    "VoteType",
    "borda",
    "check",
    "condorcet",
    "read",
    "tally",
    "ticket",
    "write_result",
]

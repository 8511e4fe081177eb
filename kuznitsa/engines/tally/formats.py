"""The file of a result: the same bytes for any order of the lines that gave it, but for the input's hash."""

import json
from collections.abc import Sequence
from typing import Any

from kuznitsa.engines.tally.model import Completion, Election, Issue, Parameters, Result, Rule, Ties, decimal


def write_result(
    election: Election,
    parameters: Parameters,
    result: Result,
    issues: Sequence[Issue],
    *,
    input_sha256: str,
    is_explained: bool,
) -> bytes:
    """The result as JSON in UTF-8."""
    document: dict[str, Any] = {
        "rule": parameters.rule,
        "parameters": _parameters(election, parameters),
        "ballots": election.voters,
        "distinct_ballots": len(election.ballots),
        "budget": decimal(election.currency(election.budget), digits=18),
        "winners": result.winners,
        "cost": decimal(result.cost, digits=18),
        "effective_support": result.effective_support,
    }
    if result.share is not None:
        document |= {"share": decimal(result.share), "steps": result.steps}
    if issues:
        document["issues"] = [{"kind": i.kind, "project": i.project, "ballots": i.ballots} for i in issues]
    if is_explained:
        document["explanations"] = result.explanations
    document["input_sha256"] = input_sha256
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _parameters(election: Election, parameters: Parameters) -> dict[str, str]:
    """Those that decided this count."""
    found: dict[str, str] = {"vote_type": election.vote_type}
    if parameters.rule == Rule.EQUAL_SHARES:
        found["utility"] = parameters.utility if election.vote_type.is_set else "points"
        found["completion"] = parameters.completion
        if parameters.completion != Completion.NONE:
            found |= {"step": str(parameters.step), "stop": parameters.stop}
    found["ties"] = parameters.ties
    if parameters.ties == Ties.CHEAPEST_VOTES_DRAW:
        found["seed"] = parameters.seed
    return found

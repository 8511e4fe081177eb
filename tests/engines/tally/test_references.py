"""Real elections with published results, where they lie beside the repository; others' data is not kept in it."""

import json

import pytest

from kuznitsa.engines.tally import fast, read
from kuznitsa.engines.tally.account import Terms
from kuznitsa.engines.tally.command import main
from kuznitsa.engines.tally.completion import first_share
from kuznitsa.engines.tally.model import Ties, Utility
from kuznitsa.engines.tally.plain import Plain
from tests.guards import ROOT

ELECTIONS = [path for folder in ROOT.parents for path in sorted((folder / "shared" / "data" / "pabulib").glob("*.pb"))]

SHARES = ("--rule", "equal-shares", "--utility")
OPTIONS = {
    "greedy_most_votes_or_points": ("--rule", "greedy"),
    "greedy_pabutools_density": ("--rule", "greedy-density"),
    "mes_no_completion_cost_utility": (*SHARES, "cost"),
    "mes_add1_cost_utility": (*SHARES, "cost", "--completion", "add1"),
    "mes_add1_cost_utility_then_greedy": (*SHARES, "cost", "--completion", "add1-then-greedy"),
    "mes_add1_cardinality_utility": (*SHARES, "count", "--completion", "add1"),
}


@pytest.mark.parametrize("key", OPTIONS)
def test_winners_are_the_published_ones(capsysbinary, key):
    for path in ELECTIONS:
        published = json.loads(path.with_suffix(".json").read_bytes())
        if key not in published["rules"]:
            continue

        assert main([str(path), *OPTIONS[key]]) == 0

        result = json.loads(capsysbinary.readouterr().out)
        expected = published["rules"][key]
        assert result["winners"] == expected["winners_in_order"], path.name
        assert result["cost"] == expected["cost"]
        assert result["distinct_ballots"] == published["distinct_ballots"]
        assert result["ballots"] == published["n_votes"]


def test_both_ways_keep_the_same_books_of_real_elections():
    for path in ELECTIONS:
        election, _issues = read(path.read_bytes())
        terms = Terms.of(election, Utility.COST, election.order_of_ties(Ties.ID, ""))
        share = first_share(election)
        assert fast.Fast(terms).account(share) == Plain(terms).account(share), path.name

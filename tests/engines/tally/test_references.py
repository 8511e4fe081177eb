"""Real elections with published results, where they lie beside the repository; others' data is not kept in it."""

import json
from functools import cache

import pytest

from kuznitsa.engines.tally import fast, read, tally
from kuznitsa.engines.tally.account import Terms
from kuznitsa.engines.tally.completion import first_share
from kuznitsa.engines.tally.model import Completion, Parameters, Rule, Ties, Utility, decimal
from kuznitsa.engines.tally.plain import Plain
from tests.guards import ROOT

SMALL = 100_000
DATA = [folder / "shared" / "data" / "pabulib" for folder in ROOT.parents]
FOLDER = next((folder for folder in DATA if folder.is_dir()), None)

RULES = {
    "greedy_most_votes_or_points": Parameters(Rule.GREEDY),
    "greedy_pabutools_density": Parameters(Rule.GREEDY_DENSITY),
    "mes_no_completion_cost_utility": Parameters(Rule.EQUAL_SHARES),
    "mes_add1_cost_utility": Parameters(Rule.EQUAL_SHARES, completion=Completion.ADD1),
    "mes_add1_cost_utility_then_greedy": Parameters(Rule.EQUAL_SHARES, completion=Completion.ADD1_THEN_GREEDY),
    "mes_add1_cardinality_utility": Parameters(Rule.EQUAL_SHARES, utility=Utility.COUNT, completion=Completion.ADD1),
}


@pytest.fixture(params=["small", pytest.param("large", marks=pytest.mark.sweep)])
def elections(request):
    """The files with their published results; reading the large ones takes a while."""
    if FOLDER is None:
        pytest.skip("there are no real elections beside the repository")
    files = sorted(FOLDER.glob("*.pb"))
    chosen = [path for path in files if (path.stat().st_size < SMALL) == (request.param == "small")]
    assert len(chosen) >= 3
    return [(path.name, election_in(path), json.loads(path.with_suffix(".json").read_bytes())) for path in chosen]


@cache
def election_in(path):
    return read(path.read_bytes())[0]


@pytest.mark.parametrize("key", RULES)
def test_winners_are_the_published_ones(elections, key):
    seen = 0
    for name, election, published in elections:
        if key in published["rules"]:
            seen += 1
            result, expected = tally(election, RULES[key]), published["rules"][key]
            assert result.winners == expected["winners_in_order"], name
            assert decimal(result.cost, digits=18) == expected["cost"]
            assert len(election.ballots) == published["distinct_ballots"]
            assert election.voters == published["n_votes"]
    assert seen


def test_both_ways_keep_the_same_books_of_real_elections(elections):
    for name, election, _published in elections:
        terms = Terms.of(election, Utility.COST, election.order_of_ties(Ties.ID, ""))
        share = first_share(election)
        assert fast.Fast(terms).account(share) == Plain(terms).account(share), name

"""The rules on votes small enough to count by hand."""

from fractions import Fraction

import pytest

from kuznitsa.engines.tally import (
    Completion,
    Parameters,
    Rule,
    Step,
    Stop,
    Ties,
    Utility,
    borda,
    completion,
    condorcet,
    fast,
    read,
    tally,
    ticket,
)
from kuznitsa.engines.tally.account import Terms


def election(budget, costs, *rows, vote_type="approval", points=False):
    lines = ["META", "key;value", f"budget;{budget}", f"vote_type;{vote_type}", "PROJECTS", "project_id;cost"]
    lines += [f"{id_};{cost}" for id_, cost in costs.items()]
    lines += ["VOTES", "voter_id;vote;points" if points else "voter_id;vote"]
    lines += [f"{number};{row}" for number, row in enumerate(rows)]
    return read("\n".join(lines).encode())[0]


def shares(utility=Utility.COST, **more):
    return Parameters(Rule.EQUAL_SHARES, utility=utility, **more)


def test_greedy_skips_what_does_not_fit():
    vote = election(100, {"a": 60, "b": 50, "c": 40, "d": 1}, "a,b", "a,b", "a,c", "b")

    result = tally(vote, Parameters(Rule.GREEDY))

    assert result.winners == ["a", "c"]
    assert result.cost == 100
    assert result.effective_support == {"a": "1", "b": "0.75", "c": "1", "d": "0"}
    assert result.explanations["b"] == {
        "won": False, "cost": "50", "votes": "3", "left": "40", "missing": "10", "needed_votes": "4"
    }  # fmt: skip
    assert result.explanations["a"] == {"won": True, "cost": "60", "votes": "3", "left": "100", "round": 1}


def test_what_costs_more_than_the_budget_cannot_be_had_by_votes():
    result = tally(election(10, {"a": 11}, "a"), Parameters(Rule.GREEDY))

    assert result.winners == []
    assert result.explanations["a"]["needed_votes"] is None
    assert result.effective_support == {"a": "0"}


def test_density_of_points_is_by_cost_and_of_approvals_is_votes():
    points = election(100, {"a": 60, "b": 10, "c": 0}, "a,b,c;6,2,1", vote_type="scoring", points=True)
    sets = election(100, {"a": 60, "b": 10}, "a", "a,b")

    assert tally(points, Parameters(Rule.GREEDY)).winners == ["a", "b", "c"]
    assert tally(points, Parameters(Rule.GREEDY_DENSITY)).winners == ["c", "b", "a"]
    assert tally(sets, Parameters(Rule.GREEDY_DENSITY)).winners == ["a", "b"]


def test_density_says_how_many_points_were_needed():
    vote = election(60, {"a": 60, "b": 10}, "a,b;1,2", vote_type="scoring", points=True)

    assert tally(vote, Parameters(Rule.GREEDY_DENSITY)).explanations["a"]["needed_points"] == "12"


def test_equal_shares_by_hand():
    # Ten each. a: 3 pay 4; then b has two supporters with 6 and 6 left and one with 10, who pay 6 + 6 + 8.
    vote = election(40, {"a": 12, "b": 20, "c": 30}, "a,b", "a,b", "a", "b,c")

    result = tally(vote, shares())

    assert result.winners == ["a", "b"]
    assert result.explanations["a"] == {
        "won": True, "round": 1, "cost": "12", "rho": "0.333333333333", "price": "4", "part_of_share": "0.4",
        "supporters": 3, "paid_in_full": 3, "paid_the_rest": 0, "had_nothing": 0,
    }  # fmt: skip
    assert result.explanations["b"] == {
        "won": True, "round": 2, "cost": "20", "rho": "0.4", "price": "8", "part_of_share": "0.8",
        "supporters": 3, "paid_in_full": 1, "paid_the_rest": 2, "had_nothing": 0,
    }  # fmt: skip
    assert result.explanations["c"] == {
        "won": False, "cost": "30", "supporters": 1, "money": "2", "missing": "28", "more_supporters": 3
    }  # fmt: skip
    assert result.effective_support == {"a": "1", "b": "1", "c": "0.3333"}


def test_utility_decides_who_is_first():
    vote = election(120, {"a": 60, "b": 30}, "a,b", "a,b", "a")

    assert tally(vote, shares(Utility.COST)).winners == ["a", "b"]
    assert tally(vote, shares(Utility.COUNT)).winners == ["b", "a"]


def test_those_who_give_more_points_pay_more():
    vote = election(20, {"a": 8}, "a;3", "a;1", vote_type="cumulative", points=True)

    explained = tally(vote, shares()).explanations["a"]

    assert explained["rho"] == explained["price"] == "2"
    assert explained["paid_in_full"] == 2


def test_fractions_of_points_do_not_change_the_price_of_a_point():
    vote = election(20, {"a": 8}, "a;1.5", "a;0.5", vote_type="cumulative", points=True)

    assert tally(vote, shares()).explanations["a"]["price"] == "4"


def test_what_costs_nothing_wins_if_anybody_wants_it():
    vote = election(10, {"a": 0, "b": 0, "c": 5}, "a,c", "")

    assert tally(vote, shares()).winners == ["a", "c"]


def test_add1_goes_on_until_too_much_or_nothing_more():
    # A share of 5 buys nothing; of 6, a; of 9, b as well, which is too much.
    vote = election(10, {"a": 6, "b": 9}, "a", "b")

    stopped = tally(vote, shares(completion=Completion.ADD1))
    last = tally(vote, shares(completion=Completion.ADD1, stop=Stop.LAST_FEASIBLE))

    assert (stopped.winners, stopped.share, stopped.steps) == (["a"], 6, 1)
    assert (last.winners, last.share, last.steps) == (["a"], 8, 3)


def test_largest_share_that_fits_may_lie_behind_one_that_does_not():
    # One more buys c and a for 12, two more c and b for 9, three more everything.
    vote = election(10, {"a": 8, "b": 5, "c": 4}, "a,b,c", "a", "a,b,c")

    stopped = tally(vote, shares(Utility.COUNT, completion=Completion.ADD1))
    last = tally(vote, shares(Utility.COUNT, completion=Completion.ADD1, stop=Stop.LAST_FEASIBLE))

    assert (stopped.winners, stopped.steps) == (["c"], 0)
    assert (last.winners, last.steps) == (["c", "b"], 2)


def test_last_share_is_the_first_at_which_everything_wins():
    vote = election(20, {"a": 6, "b": 9}, "a", "b")

    last = tally(vote, shares(completion=Completion.ADD1, stop=Stop.LAST_FEASIBLE))

    assert (last.winners, last.share, last.steps) == (["a", "b"], 10, 0)


def test_step_may_be_a_per_cent_of_the_first_share():
    vote = election(10, {"a": 6, "b": 9}, "a", "b")

    result = tally(vote, shares(completion=Completion.ADD1, step=Step(Fraction(15), is_percent=True)))

    assert (result.winners, result.share, result.steps) == (["a"], Fraction(13, 2), 2)


def test_what_add1_leaves_may_be_spent_greedily():
    vote = election(10, {"a": 6, "b": 9, "d": 4}, "a", "b")

    assert tally(vote, shares(completion=Completion.ADD1)).winners == ["a"]
    result = tally(vote, shares(completion=Completion.ADD1_THEN_GREEDY))
    assert result.winners == ["a", "d"]
    assert result.explanations["d"]["round"] == 2


def test_many_steps_are_taken_at_once():
    # One voter must come to pay for something dear alone: nine million steps.
    vote = election(10_000_000, {"a": 9_000_000, "b": 10}, *["b"] * 300, *["a,b"], *["b"] * 2000)

    counter = fast.Fast(Terms.of(vote, Utility.COST, [0, 1]))
    steps = completion.raised(counter, Step(), Stop.FIRST_INFEASIBLE)
    share = completion.first_share(vote) + steps
    assert counter.count(share) == [1, 0]
    assert counter.count(share - 1) == [1]


def test_ties_by_id_or_by_the_published_chain():
    costs = {"a": 5, "b": 4, "c": 4, "d": 4}
    vote = election(4, costs, "a,b,c", "a,b,c", "d,a")
    chain = Parameters(Rule.GREEDY, ties=Ties.CHEAPEST_VOTES_DRAW, seed="s")
    drawn = min("bc", key=lambda id_: ticket("s", id_))

    assert tally(vote, Parameters(Rule.GREEDY)).winners == ["b"]
    assert tally(vote, chain).winners == [drawn]


ORDERS = ["a,b,c"] * 4 + ["b,c,a"] * 3 + ["c,a,b"] * 2


def test_borda():
    vote = election(1, dict.fromkeys("abc", 1), *ORDERS, vote_type="ordinal")

    # Ten points for a, ten for b, seven for c.
    assert borda(vote, [0, 1, 2]) == [0, 1, 2]
    assert borda(vote, [1, 0, 2]) == [1, 0, 2]


def test_circle_of_majorities_is_completed_by_the_strongest_chains():
    vote = election(1, dict.fromkeys("abc", 1), *ORDERS, vote_type="ordinal")

    ranking = condorcet(vote, [0, 1, 2])

    # a > b by 6, b > c by 7, c > a by 5: the weakest of these falls.
    assert ranking.votes == [[0, 6, 4], [3, 0, 7], [5, 2, 0]]
    assert ranking.chain == [[0, 6, 6], [5, 0, 7], [5, 5, 0]]
    assert ranking.order == [0, 1, 2]
    assert not ranking.is_condorcet


def test_condorcet_winner_is_chosen():
    vote = election(1, dict.fromkeys("abc", 1), "a,b,c", "a,b,c", "c,b,a", "b", "b,c", vote_type="ordinal")

    result = tally(vote, Parameters(Rule.CONDORCET))

    assert result.winners == ["b"]
    assert result.explanations["b"] == {"won": True, "place": 1, "beats": ["a", "c"], "condorcet": True}
    assert result.explanations["a"]["prefer_the_winner"] == 3
    assert result.effective_support["b"] == "1"


def test_unanimous_equals_are_decided_by_the_rule_for_ties():
    vote = election(1, {"a": 2, "b": 1}, "a,b")

    assert tally(vote, Parameters(Rule.CONDORCET)).winners == ["a"]
    assert tally(vote, Parameters(Rule.CONDORCET, ties=Ties.CHEAPEST_VOTES_DRAW)).winners == ["b"]


@pytest.mark.parametrize("rule", Rule)
def test_vote_without_a_choice(rule):
    assert tally(election(10, {"a": 20}, ""), Parameters(rule)).winners == (["a"] if rule == Rule.CONDORCET else [])

"""Any small vote: both ways and a count from the definitions agree, results hold, and order does not matter."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuznitsa.engines.tally import (
    Completion,
    Parameters,
    Rule,
    Step,
    Stop,
    Ties,
    Utility,
    check,
    completion,
    fast,
    read,
    tally,
    write_result,
)
from kuznitsa.engines.tally.account import Terms
from kuznitsa.engines.tally.plain import Plain
from tests.engines.tally.elections import brute, votes

BUDGETED = [rule for rule in Rule if rule != Rule.CONDORCET]

parameters = st.builds(
    Parameters,
    rule=st.sampled_from(BUDGETED),
    utility=st.sampled_from(Utility),
    completion=st.sampled_from(Completion),
    step=st.sampled_from([Step(), Step(Fraction(1, 2)), Step(Fraction(20), is_percent=True)]),
    stop=st.sampled_from(Stop),
    ties=st.sampled_from(Ties),
    seed=st.sampled_from(["", "семя"]),
)


@given(vote=votes(), chosen=parameters)
@settings(max_examples=80, deadline=None)
def test_winners_are_those_of_the_definitions(vote, chosen):
    if chosen.stop == Stop.LAST_FEASIBLE and chosen.step.is_percent:
        chosen = replace(chosen, step=Step(Fraction(100), is_percent=True))  # else the definitions take a minute
    election, _issues = read(vote.text.encode())
    result = tally(election, chosen)

    assert result.winners == brute(vote, chosen)
    assert check(election, chosen, result) == []


@given(vote=votes(), chosen=parameters, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_order_of_lines_changes_no_byte(vote, chosen, seed):
    draw = random.Random(seed)
    head, projects, ballots = vote.text.partition("PROJECTS\n")[0], *vote.text.split("PROJECTS\n")[1].split("VOTES\n")
    blocks = []
    for name, block in (("PROJECTS", projects), ("VOTES", ballots)):
        columns, *rows = block.splitlines()
        draw.shuffle(rows)
        blocks.append("\n".join([name, columns, *rows]))
    draw.shuffle(blocks)

    def written(text):
        election, issues = read(text.encode())
        result = tally(election, chosen)
        return write_result(election, chosen, result, issues, input_sha256="", is_explained=True)

    assert written("\n".join([head.rstrip(), *blocks])) == written(vote.text)


@given(vote=votes(), utility=st.sampled_from(Utility), ties=st.sampled_from(Ties), more=st.integers(0, 40))
@settings(max_examples=50, deadline=None)
def test_both_ways_keep_the_same_books(vote, utility, ties, more):
    election, _issues = read(vote.text.encode())
    terms = Terms.of(election, utility, election.order_of_ties(ties, "s"))
    share = completion.first_share(election) + Fraction(more, 3)

    assert fast.Fast(terms).account(share) == Plain(terms).account(share)


@given(
    vote=votes(most=5), utility=st.sampled_from(Utility), stop=st.sampled_from(Stop), parts=st.sampled_from([1, 7, 40])
)
@settings(max_examples=60, deadline=None)
def test_steps_that_are_proved_are_as_if_they_were_counted(vote, utility, stop, parts):
    election, _issues = read(vote.text.encode())
    terms = Terms.of(election, utility, election.order_of_ties(Ties.ID, ""))
    step = Step(Fraction(1, parts))

    assert completion.raised(fast.Fast(terms), step, stop) == completion.raised(Plain(terms), step, stop)


def crowd(seed, voters=400, projects=30):
    """A vote of hundreds: popular and unpopular projects, costs that are often equal, many ballots alike."""
    draw = random.Random(seed)
    ids = [f"p{number:02}" for number in range(projects)]
    popularity = [1 / (number + 2) for number in range(projects)]
    lines = ["META", "key;value", "budget;100000", "vote_type;approval", "PROJECTS", "project_id;cost"]
    lines += [f"{id_};{draw.randrange(2, 40) * 500}" for id_ in ids]
    lines += ["VOTES", "voter_id;vote"]
    for number in range(voters):
        named = sorted(set(draw.choices(ids, popularity, k=draw.randrange(1, 9))))
        lines.append(f"{number};{','.join(named)}")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("utility", Utility)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.sweep)])
def test_hundreds_of_voters(seed, utility):
    election, _issues = read(crowd(seed, voters=250))
    terms = Terms.of(election, utility, election.order_of_ties(Ties.ID, ""))
    quick, plain = fast.Fast(terms), Plain(terms)
    share = completion.first_share(election)

    assert quick.account(share) == plain.account(share)
    steps = completion.raised(quick, Step(Fraction(10)), Stop.LAST_FEASIBLE)
    assert steps == completion.raised(plain, Step(Fraction(10)), Stop.LAST_FEASIBLE)


@pytest.mark.parametrize("seed", range(3))
def test_shares_that_are_proved_to_be_steady_are(seed):
    election, _issues = read(crowd(seed))
    terms = Terms.of(election, Utility.COST, election.order_of_ties(Ties.ID, ""))
    quick = fast.Fast(terms)
    share, step = completion.first_share(election), Fraction(1, 50)
    proved = 0
    for number in range(40):
        start = share + number * 7
        winners = quick.count(start)
        if quick.steady(start, step, 64, winners):
            proved += 1
            assert all(quick.count(start + further * step) == winners for further in range(65))
    assert proved > 5


def test_wrong_results_are_seen():
    election, _issues = read(crowd(1, voters=30, projects=10))
    chosen = Parameters(Rule.EQUAL_SHARES, completion=Completion.ADD1)
    result = tally(election, chosen)
    assert check(election, chosen, result) == []

    for wrong in (
        replace(result, winners=[*result.winners, result.winners[0]]),
        replace(result, winners=["nobody"]),
        replace(result, winners=result.winners[::-1]),
        replace(result, winners=result.winners[:-1], cost=result.cost - 1),
        replace(result, cost=result.cost + 1),
        replace(result, share=result.share + 1),
        replace(result, share=result.share - 1, steps=result.steps - 1),
        replace(result, winners=[project.id for project in election.projects]),
    ):
        assert check(election, chosen, wrong) != []
    assert check(election, Parameters(Rule.GREEDY), replace(result, winners=[], cost=Fraction(0))) != []

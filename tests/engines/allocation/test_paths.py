"""The two code paths give the same, whatever the market."""

import random
import subprocess
import sys
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuznitsa.engines.allocation import (
    Applicant,
    Choice,
    Company,
    Instance,
    MinSize,
    Place,
    Pool,
    Rules,
    fast,
    paths,
    solver,
)
from kuznitsa.engines.allocation.market import Market
from tests.engines.allocation.markets import instances

CASES = Path(__file__).parent / "cases"
# More than there are seats, and each names several places.
PEOPLE = 300


@pytest.mark.parametrize("rule", MinSize)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_small_markets(rule, data):
    problem = Market(data.draw(instances(min_size=rule))).problem
    assert fast.solve(problem) == solver.solve(problem)


def crowded(seed, rule):
    """A market of a few hundred with everything in it: pools, tags, companies, minimum sizes, ties."""
    draw = random.Random(seed)
    places = [f"p{number:02}" for number in range(20)]
    return Instance(
        seed="семя",
        applicants=tuple(
            Applicant(
                f"a{number}",
                tuple(Choice(place, draw.randrange(8)) for place in draw.sample(places, draw.randrange(12))),
                frozenset(tag for tag in "tu" if draw.random() < 0.3),
            )
            for number in range(PEOPLE)
        ),
        places=tuple(
            Place(
                place,
                draw.randrange(25),
                draw.choice([None, "c0", "c1", "c2"]),
                draw.randrange(14),
                (Pool("k", draw.choice("tu"), draw.randrange(6), draw.random() < 0.5),),
            )
            for place in places
        ),
        companies=(Company("c0", 20), Company("c1", 35), Company("c2", 0)),
        rules=Rules(rule),
    )


@pytest.mark.parametrize("rule", MinSize)
@pytest.mark.parametrize("seed", range(6))
def test_crowded_markets(seed, rule):
    problem = Market(crowded(seed, rule)).problem
    solution = fast.solve(problem)
    assert solution == solver.solve(problem)
    assert solution.held.count(solver.NONE) < PEOPLE


@pytest.mark.parametrize("seed", range(4))
def test_companies_that_refuse_many_at_once(seed):
    """Companies of one pool and of many, with seats for nobody, for few and for more than ever ask."""
    draw = random.Random(seed)
    capacities = [0, 1, 7, 40, 200, 2**62]
    companies = [draw.choice([solver.NONE, *range(len(capacities))]) for _place in range(60)]
    first = [0, *accumulate(draw.randrange(11) for _applicant in range(2500))]
    pools = [draw.randrange(60) for _contract in range(first[-1])]
    order = draw.sample(range(2500), 2500)
    # Half of the markets have so many ties that nothing but luck decides.
    scores = [draw.randrange(1 + seed % 2 * 1000) for _contract in pools]
    owner = [applicant for applicant in range(2500) for _row in range(first[applicant], first[applicant + 1])]
    problem = solver.Problem(
        first=first,
        pool=pools,
        weight=[score * 2500 + order[applicant] for score, applicant in zip(scores, owner, strict=True)],
        pool_seats=[draw.choice([0, 1, 5, 40, 300]) for _place in range(60)],
        pool_place=list(range(60)),
        place_company=companies,
        company_capacity=capacities,
        place_open=[draw.random() < 0.95 for _place in range(60)],
        min_size=(0,) * 60,
    )
    solution = fast.solve(problem)
    assert solution == solver.solve(problem)
    assert solution.held.count(solver.NONE) < 2500


def test_nobody_and_nothing():
    for instance in (Instance("s", (), ()), Instance("s", (Applicant("a"),), ()), Instance("s", (), (Place("p", 3),))):
        problem = Market(instance).problem
        assert fast.solve(problem) == solver.solve(problem)


def test_what_does_not_fit_is_left_to_the_plain_path():
    places = (Place("p", 1, min_size=10**30),)
    instance = Instance("s", (Applicant("a", (Choice("p", 1),)),), places, rules=Rules(MinSize.CLOSE))
    with pytest.raises(fast.TooLarge):
        fast.solve(Market(instance).problem)


def test_a_campaign_needs_no_compiled_package(tmp_path):
    case = CASES / "pools_901.json"
    code = (
        "import sys; sys.modules['numpy'] = sys.modules['numba'] = None\n"
        "from kuznitsa.engines.allocation.command import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(case), str(tmp_path / "out.json")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.json").exists()


def test_much_goes_the_fast_way_and_what_does_not_fit_does_not(monkeypatch):
    problem = Market(crowded(1, MinSize.CLOSE)).problem
    monkeypatch.setattr(paths, "MANY", 1)
    taken = []
    monkeypatch.setattr(fast, "solve", lambda problem: taken.append(problem) or solver.solve(problem))
    assert paths.solve(problem) == solver.solve(problem)
    assert taken == [problem]

    def too_large(_problem):
        raise fast.TooLarge

    monkeypatch.setattr(fast, "solve", too_large)
    assert paths.solve(problem) == solver.solve(problem)

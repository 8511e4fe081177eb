import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuznitsa.engines.forecast import Cohort, Rates, expected_hires, observed_rates

RATES = Rates(filled=0.9, graduated=0.8, hired=0.5)
shares = st.floats(0, 1)
rates = st.builds(Rates, filled=shares, graduated=shares, hired=shares)
counts = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("cohort", "expected"),
    [
        (Cohort(), 0),
        (Cohort(seats=100), 36),
        (Cohort(seats=100, contracts=50), 20),
        (Cohort(seats=100, contracts=50, graduates=30), 15),
        (Cohort(seats=100, contracts=50, graduates=30, hires=7), 7),
    ],
)
def test_counted_from_the_furthest_stage(cohort, expected):
    assert expected_hires(cohort, RATES) == pytest.approx(expected)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_nothing_and_all(share):
    with pytest.raises(ValueError, match="share"):
        Rates(filled=share, graduated=0.5, hired=0.5)


@given(seats=counts, rates=rates)
def test_more_seats_never_mean_fewer_hires(seats, rates):
    assert expected_hires(Cohort(seats=seats + 25), rates) >= expected_hires(Cohort(seats=seats), rates)


@given(st.lists(st.builds(Cohort, seats=counts, contracts=counts, graduates=counts, hires=counts)), rates)
def test_observed_shares_are_shares(cohorts, default):
    seen = observed_rates(cohorts, default=default)

    assert all(0 <= share <= 1 for share in (seen.filled, seen.graduated, seen.hired))


def test_observed_from_cohorts_that_reached_the_stage():
    cohorts = [Cohort(seats=100, contracts=80, graduates=60, hires=30), Cohort(seats=1000)]

    assert observed_rates(cohorts, default=RATES) == Rates(filled=0.8, graduated=0.75, hired=0.5)


def test_few_people_prove_nothing():
    assert observed_rates([Cohort(seats=3, contracts=1)], default=RATES) == RATES

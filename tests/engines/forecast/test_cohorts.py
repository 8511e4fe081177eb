import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuznitsa.engines.forecast import Closed, Cohort, Rates, expected_hires, graduation_year, observed_shares

RATES = Rates(filled=0.9, graduated=0.8, hired=0.5)
shares = st.floats(0, 1)
rates = st.builds(Rates, filled=shares, graduated=shares, hired=shares)
counts = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("cohort", "expected"),
    [
        (Cohort(), 0),
        (Cohort(seats=100), 36),
        (Cohort(seats=100, contracts=1), 36),
        (Cohort(seats=100, contracts=95), 38),
        (Cohort(seats=100, contracts=50, closed=Closed.CONTRACTS), 20),
        (Cohort(seats=100, contracts=50, graduates=1, closed=Closed.CONTRACTS), 20),
        (Cohort(seats=100, contracts=50, graduates=30, closed=Closed.GRADUATES), 15),
        (Cohort(seats=100, contracts=50, graduates=30, hires=1, closed=Closed.GRADUATES), 15),
        (Cohort(seats=100, contracts=50, graduates=30, hires=20, closed=Closed.GRADUATES), 20),
        (Cohort(seats=100, contracts=50, graduates=30, hires=7, closed=Closed.HIRES), 7),
        (Cohort(seats=100, closed=Closed.HIRES), 0),
    ],
)
def test_a_stage_counts_as_it_is_when_it_is_over_and_by_its_share_before(cohort, expected):
    assert expected_hires(cohort, RATES) == pytest.approx(expected)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_nothing_and_all(share):
    with pytest.raises(ValueError, match="share"):
        Rates(filled=share, graduated=0.5, hired=0.5)


@given(seats=counts, rates=rates)
def test_more_seats_never_mean_fewer_hires(seats, rates):
    assert expected_hires(Cohort(seats=seats + 25), rates) >= expected_hires(Cohort(seats=seats), rates)


cohorts_of_all_kinds = st.builds(
    Cohort, seats=counts, contracts=counts, graduates=counts, hires=counts, closed=st.sampled_from(Closed)
)


@given(cohort=cohorts_of_all_kinds, rates=rates)
def test_those_who_are_hired_already_are_hired(cohort, rates):
    assert expected_hires(cohort, rates) >= cohort.hires


@given(st.lists(cohorts_of_all_kinds), rates)
def test_observed_shares_are_shares(cohorts, default):
    seen = observed_shares(cohorts, default=default).rates

    assert all(0 <= share <= 1 for share in (seen.filled, seen.graduated, seen.hired))


def test_observed_from_cohorts_in_which_the_stage_is_over():
    over = Cohort(seats=100, contracts=80, graduates=60, hires=30, closed=Closed.HIRES)
    cohorts = [over, Cohort(seats=1000), Cohort(seats=1000, contracts=1, graduates=1, hires=1)]

    assert observed_shares(cohorts, default=RATES).rates == Rates(filled=0.8, graduated=0.75, hired=0.5)


def test_few_people_prove_nothing():
    shares = observed_shares([Cohort(seats=3, contracts=1, closed=Closed.CONTRACTS)], default=RATES)

    assert shares.rates == RATES
    assert (shares.filled.came, shares.filled.went_on, shares.filled.is_seen) == (3, 1, False)


def test_a_share_says_what_it_was_counted_from():
    over = Cohort(seats=100, contracts=80, closed=Closed.CONTRACTS)

    filled = observed_shares([over, over], default=RATES).filled

    assert (filled.value, filled.came, filled.went_on, filled.is_seen) == (0.8, 200, 160, True)


@pytest.mark.parametrize(
    ("months", "year"), [(1, 2027), (4, 2027), (5, 2028), (10, 2028), (22, 2029), (34, 2030), (46, 2031)]
)
def test_studies_from_september_end_in_a_year(months, year):
    assert graduation_year(2027, months) == year

from datetime import date

import pytest

from kuznitsa.demand.actions import state_need
from kuznitsa.engines.forecast import Rates
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.insight.enums import STAGE_BY_KEY
from kuznitsa.insight.queries import Scope, balance, band, facts_of_stage, what_if
from kuznitsa.insight.queries.balance import TYPICAL
from tests.factories.accounts import UserFactory
from tests.factories.admissions import TargetOfferFactory
from tests.factories.demand import NeedFactory
from tests.factories.facts import ThreadFactory

pytestmark = pytest.mark.django_db

THE_WAY = {
    FactKind.SEATS_PROMISED: 25,
    FactKind.SEATS_OFFERED: 25,
    FactKind.APPLIED: 41,
    FactKind.SEAT_ALLOCATED: 27,
    FactKind.SEAT_RETURNED: 2,
    FactKind.CONTRACT_SIGNED: 23,
}


@pytest.fixture
def need(at):
    return state_need(need=NeedFactory(), by=None, at=at)


@pytest.fixture
def offer_thread(need):
    return ThreadFactory(
        parent=need.thread, cluster=need.cluster, employer=need.employer, occupation=need.occupation, year=need.year
    )


@pytest.fixture
def happen(at):
    def happens(thread, **quantities):
        for kind, quantity in quantities.items():
            record(
                kind=FactKind(kind),
                on=at.date(),
                quantity=quantity,
                organisation=thread.employer,
                counterpart=thread.college,
                thread=thread,
                source=thread,
                by=None,
                at=at,
            )

    return happens


def numbers(scope):
    return [stage.value for stage in band(scope)]


def test_band_counts_a_need_with_the_offers_that_answer_it(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)

    assert numbers(Scope(need=need)) == [25, 25, 25, 41, 25, 23, None, None, None, None]


@pytest.mark.parametrize("part", ["cluster", "employer", "occupation", "year"])
def test_band_of_every_scope_leaves_the_others_out(need, offer_thread, happen, part):
    happen(offer_thread, **THE_WAY)
    happen(ThreadFactory(year=2031), hired=7)

    assert numbers(Scope(**{part: getattr(need, part)}))[:6] == [25, 25, 25, 41, 25, 23]


def test_band_of_a_college_begins_with_the_needs_that_it_answers(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)

    assert numbers(Scope(college=offer_thread.college))[:6] == [25, 25, 25, 41, 25, 23]


def test_zero_in_the_middle_is_a_zero_and_the_end_is_open(need, happen, offer_thread):
    happen(offer_thread, hired=3)

    assert numbers(Scope(need=need)) == [25, 0, 0, 0, 0, 0, 0, 0, 3, None]


def test_stayed_is_the_furthest_check_point_reached(need, offer_thread, happen, ru):
    happen(offer_thread, stayed_3=20, stayed_6=18)

    stage = band(Scope(need=need))[-1]

    assert (stage.value, stage.note) == (18, "через 6 мес.")


def test_numbers_lead_to_their_facts_only_when_linked(need):
    assert band(Scope(need=need))[0].url == f"/thread/needed/?need={need.pk}"
    assert band(Scope(need=need), linked=False)[0].url == ""


def test_facts_of_stage_hold_what_adds_up_to_the_number_and_the_viewer_may_see(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)
    rows = facts_of_stage(Scope(need=need), STAGE_BY_KEY["allocated"], UserFactory(is_staff=True))

    assert sorted((row.kind, row.quantity) for row in rows) == [("seat_allocated", 27), ("seat_returned", 2)]
    assert not facts_of_stage(Scope(need=need), STAGE_BY_KEY["allocated"], UserFactory()).exists()


def test_band_costs_two_queries_however_many_facts(need, offer_thread, happen, django_assert_max_num_queries):
    happen(offer_thread, **THE_WAY)

    with django_assert_max_num_queries(2):
        band(Scope(cluster=need.cluster))


def test_scope_from_query_ignores_what_does_not_exist():
    query = {"need": "99999999999999999999", "offer": "x", "cluster": "no\x00", "year": "20x6", "occupation": "?"}

    assert Scope.from_query(query, UserFactory()) == Scope()


def test_scope_survives_its_own_address(need):
    scope = Scope(cluster=need.cluster, employer=need.employer, occupation=need.occupation, year=2029)

    assert Scope.from_query(scope.query, UserFactory()) == scope


def test_balance_counts_each_offer_from_the_stage_it_has_reached(need, offer_thread, happen):
    happen(offer_thread, seats_offered=25, contract_signed=20)
    TargetOfferFactory(thread=offer_thread, intake__starts_on=date(2026, 9, 1), intake__ends_on=date(2028, 6, 30))
    second = ThreadFactory(parent=need.thread, occupation=need.occupation, year=need.year)
    happen(second, seats_offered=10, contract_signed=8, exam_passed=6, hired=5)
    TargetOfferFactory(thread=second, intake__starts_on=date(2023, 9, 1), intake__ends_on=date(2025, 6, 30))

    (row,) = balance(Scope(occupation=need.occupation), today=date(2026, 9, 1)).rows

    assert (row.need, row.seats, row.contracts, row.graduates, row.hires) == (25, 35, 28, 6, 5)
    # The shares seen are those of the only cohort that went on, but of too few people: the typical ones count.
    assert row.expected == round(20 * TYPICAL.graduated * TYPICAL.hired + 5)
    assert row.gap == 25 - row.expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 31), 25 * TYPICAL.filled * TYPICAL.graduated * TYPICAL.hired),  # one of many has signed
        (date(2026, 9, 1), TYPICAL.graduated * TYPICAL.hired),  # studies begin: nobody else will
        (date(2028, 6, 30), 0),  # nobody has passed the exam
    ],
)
def test_one_contract_does_not_mean_that_it_stays_the_only_one(need, offer_thread, happen, today, expected):
    happen(offer_thread, seats_offered=25, contract_signed=1)
    TargetOfferFactory(thread=offer_thread, intake__starts_on=date(2026, 9, 1), intake__ends_on=date(2028, 6, 30))

    (row,) = balance(Scope(occupation=need.occupation), today=today).rows

    assert row.expected == round(expected)


def test_what_if_25_more_seats_open(need):
    found = balance(Scope(need=need), today=date(2026, 9, 1))
    answer = what_if(found.rows, Rates(filled=0.8, graduated=0.5, hired=0.5), seats=25)

    assert (answer.more_contracts, answer.more_graduates, answer.more_hires) == (20, 10, 5)
    assert (answer.gap_before, answer.gap_after) == (25, 20)


def test_band_of_an_offer_begins_with_its_seats(offer_thread, happen):
    happen(offer_thread, **THE_WAY)
    offer = TargetOfferFactory(thread=offer_thread)

    assert numbers(Scope(offer=offer)) == [25, 41, 25, 23, None, None, None, None]

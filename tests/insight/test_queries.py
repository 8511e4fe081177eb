from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from kuznitsa.demand.actions import state_need
from kuznitsa.engines.forecast import Share, Shares
from kuznitsa.facts.actions import record, reverse
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.queries import totals
from kuznitsa.insight.enums import STAGE_BY_KEY
from kuznitsa.insight.queries import (
    Scope,
    balance,
    band,
    facts_of_stage,
    number_of,
    sees_facts,
    share_lines,
    stays,
    what_if,
)
from kuznitsa.insight.queries.balance import TYPICAL
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes.queries import add_months
from tests.factories.accounts import UserFactory
from tests.factories.admissions import TargetOfferFactory
from tests.factories.classifiers import OccupationFactory
from tests.factories.demand import NeedFactory
from tests.factories.facts import ThreadFactory
from tests.factories.organisations import EmployerFactory, member
from tests.factories.people import PersonFactory
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db

THE_WAY = {
    FactKind.SEATS_PROMISED: 25,
    FactKind.SEATS_OFFERED: 25,
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
def apply(at):
    def applies(person, *threads):
        return [
            record(
                kind=FactKind.APPLIED,
                on=at.date(),
                quantity=1,
                organisation=thread.employer,
                person=person,
                thread=thread,
                source=thread,
                by=None,
                at=at,
            )
            for thread in threads
        ]

    return applies


@pytest.fixture
def happen(at):
    def happens(thread, on=None, **quantities):
        return [
            record(
                kind=FactKind(kind),
                on=on or at.date(),
                quantity=quantity,
                organisation=thread.employer,
                counterpart=thread.college,
                thread=thread,
                source=thread,
                by=None,
                at=at,
            )
            for kind, quantity in quantities.items()
        ]

    return happens


def numbers(scope):
    return [stage.value for stage in band(scope)]


def test_band_counts_a_need_with_the_offers_that_answer_it(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)

    assert numbers(Scope(need=need)) == [25, 25, 25, 0, 25, 23, None, None, None, None]


@pytest.mark.parametrize("part", ["cluster", "employer", "occupation", "year"])
def test_band_of_every_scope_leaves_the_others_out(need, offer_thread, happen, part):
    happen(offer_thread, **THE_WAY)
    happen(ThreadFactory(year=2031), hired=7)

    assert numbers(Scope(**{part: getattr(need, part)}))[:6] == [25, 25, 25, 0, 25, 23]


def test_band_of_a_college_begins_with_the_needs_that_it_answers(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)

    assert numbers(Scope(college=offer_thread.college))[:6] == [25, 25, 25, 0, 25, 23]


def test_zero_in_the_middle_is_a_zero_and_the_end_is_open(need, happen, offer_thread):
    happen(offer_thread, hired=3)

    assert numbers(Scope(need=need)) == [25, 0, 0, 0, 0, 0, 0, 0, 3, None]


def test_stayed_is_the_furthest_check_point_reached(need, offer_thread, happen, ru):
    happen(offer_thread, stayed_3=20, stayed_6=18)

    stage = band(Scope(need=need))[-1]

    assert (stage.value, stage.part_of, stage.note) == (18, 18, "через 6 мес. из 18 возможных")


def test_stayed_are_counted_of_those_hired_so_long_ago(need, offer_thread, happen, at):
    for months_ago, hired, stayed in ((13, 6, {"stayed_3": 6, "stayed_6": 5, "stayed_12": 4}), (4, 3, {"stayed_3": 2})):
        happen(offer_thread, on=add_months(at.date(), -months_ago), hired=hired)
        happen(offer_thread, **stayed)

    found = stays(Scope(need=need), totals(Scope(need=need).threads))

    assert [(stay.months, stay.stayed, stay.could) for stay in found] == [
        (3, 8, 9),
        (6, 5, 6),
        (12, 4, 6),
        (24, 0, 0),
        (36, 0, 0),
    ]
    stage = band(Scope(need=need))[-1]
    assert (stage.value, stage.part_of) == (4, 6)


def test_a_check_point_that_few_could_reach_does_not_stand_for_all(need, offer_thread, happen, at):
    for months_ago, hired in ((13, 1), (4, 20)):
        happen(offer_thread, on=add_months(at.date(), -months_ago), hired=hired)
    happen(offer_thread, stayed_3=19, stayed_6=1, stayed_12=1)

    stage = band(Scope(need=need))[-1]

    assert (stage.value, stage.part_of) == (19, 21)


def test_who_was_hired_by_mistake_could_not_have_stayed(need, offer_thread, happen, at):
    for hired in (5, 2):
        (fact,) = happen(offer_thread, on=add_months(at.date(), -3), hired=hired)
    happen(offer_thread, stayed_3=5)
    reverse(fact=fact, on=at.date(), reason="by mistake", by=None, at=at)

    assert band(Scope(need=need))[-1].part_of == 5


@pytest.mark.parametrize(
    ("today", "hired_on", "could"),
    [
        (date(2026, 2, 28), date(2025, 8, 31), 1),
        (date(2026, 2, 27), date(2025, 8, 31), 0),
        (date(2026, 3, 5), date(2025, 9, 5), 1),
        (date(2026, 3, 5), date(2025, 9, 6), 0),
    ],
)
def test_half_a_year_has_passed_on_the_day_of_the_check_point(need, happen, offer_thread, today, hired_on, could):
    with time_machine.travel(today, tick=False):
        happen(offer_thread, on=hired_on, hired=1)
        happen(offer_thread, stayed_3=1)
        half_a_year = stays(Scope(need=need), totals(Scope(need=need).threads))[1]

    assert (half_a_year.months, half_a_year.could) == (6, could)


def test_each_applicant_is_counted_once_at_every_level(need, offer_thread, happen, apply, language):
    happen(offer_thread, seats_offered=2)
    second = ThreadFactory(parent=need.thread, cluster=need.cluster, employer=need.employer, year=need.year)
    both, one, gone = PersonFactory(), PersonFactory(), PersonFactory()
    apply(both, offer_thread, second)
    apply(one, second)
    (fact,) = apply(gone, offer_thread)
    reverse(fact=fact, on=fact.on, reason="withdrawn", by=None, at=fact.recorded_at)

    for scope in (Scope(), Scope(need=need), Scope(cluster=need.cluster)):
        applied = band(scope)[3]
        assert (applied.value, applied.part_of) == (2, 0)
        assert applied.note == {"ru": "1,0 на место", "en": "1.0 per seat"}[language]
    assert [number for number in numbers(Scope(offer=TargetOfferFactory(thread=second))) if number] == [2]


def test_only_stages_that_are_parts_of_the_one_before_have_a_share(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)

    assert [stage.part_of for stage in band(Scope(need=need))[:7]] == [0, 0, 0, 0, None, None, None]


def test_a_contract_that_ended_early_is_counted_nowhere(need, offer_thread, happen, ru):
    happen(offer_thread, **THE_WAY, contract_ended=2)

    contract = band(Scope(need=need))[5]
    (row,) = balance(Scope(need=need), today=date(2026, 9, 1)).rows

    assert (contract.value, contract.note) == (21, "2 расторгнуты")
    assert row.contracts == 21
    assert number_of(Scope(need=need), STAGE_BY_KEY["contract"]) == 21
    facts = facts_of_stage(Scope(need=need), STAGE_BY_KEY["contract"], UserFactory(is_staff=True))
    assert sorted(fact.kind for fact in facts) == ["contract_ended", "contract_signed"]


def test_numbers_lead_to_their_facts_only_when_linked(need):
    assert band(Scope(need=need))[0].url == f"/thread/needed/?need={need.pk}"
    assert band(Scope(need=need), linked=False)[0].url == ""


def test_facts_of_stage_hold_what_adds_up_to_the_number_and_the_viewer_may_see(need, offer_thread, happen):
    happen(offer_thread, **THE_WAY)
    rows = facts_of_stage(Scope(need=need), STAGE_BY_KEY["allocated"], UserFactory(is_staff=True))

    assert sorted((row.kind, row.quantity) for row in rows) == [("seat_allocated", 27), ("seat_returned", 2)]
    assert not facts_of_stage(Scope(need=need), STAGE_BY_KEY["allocated"], UserFactory()).exists()


def test_band_costs_three_queries_however_many_facts(need, offer_thread, happen, apply, django_assert_max_num_queries):
    happen(offer_thread, **THE_WAY, hired=3, stayed_3=2)
    apply(PersonFactory(), offer_thread)

    with django_assert_max_num_queries(3):
        band(Scope(cluster=need.cluster))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("need", "1"),
        ("need", "x"),
        ("need", "99999999999999999999"),
        ("need", "9" * 5000),
        ("offer", "1"),
        ("cluster", "nowhere"),
        ("cluster", "no\x00"),
        ("employer", "nobody"),
        ("college", "nobody"),
        ("occupation", "?"),
        ("region", "?"),
        ("year", "20x6"),
    ],
)
def test_what_does_not_exist_is_no_wider_scope(name, value):
    with pytest.raises(Http404):
        Scope.from_query({name: value}, UserFactory())


def test_a_need_that_one_may_not_see_is_no_wider_scope():
    need = NeedFactory()
    query = {"need": str(need.pk)}

    assert Scope.from_query(query, member(need.employer, Role.EMPLOYER_HR)) == Scope(need=need)
    with pytest.raises(Http404):
        Scope.from_query(query, UserFactory())


def test_an_empty_choice_is_everything():
    assert Scope.from_query({"cluster": "", "year": "", "need": ""}, UserFactory()) == Scope()


def test_numbers_lead_to_facts_only_for_those_who_see_some(need, offer_thread):
    scope, elsewhere = Scope(need=need), Scope(year=need.year + 1)
    seen = {
        member(need.employer, Role.EMPLOYER_HR): True,
        member(offer_thread.college, Role.ADMISSIONS): True,
        UserFactory(is_staff=True): True,
        member(EmployerFactory(), Role.EMPLOYER_HR): False,
        UserFactory(): False,
        AnonymousUser(): False,
    }

    assert {user: sees_facts(scope, user) for user in seen} == seen
    assert not sees_facts(elsewhere, member(need.employer, Role.EMPLOYER_HR))


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


def rates(filled, graduated, hired):
    return Shares(*(Share(value, 100, round(100 * value), is_seen=True) for value in (filled, graduated, hired)))


@pytest.fixture
def found(need):
    return replace(balance(Scope(need=need), today=date(2026, 9, 1)), shares=rates(0.8, 0.5, 0.5))


def test_25_more_seats_bring_workers_when_their_studies_are_over(need, found):
    ProgrammeFactory(occupation=need.occupation, months=22)

    answer = what_if(Scope(need=need), found, occupation=need.occupation, seats=25, start=need.year - 2)

    assert (answer.contracts, answer.graduates, answer.hires) == (20, 10, 5)
    assert (answer.year, answer.months, answer.is_taught) == (need.year, 22, True)
    assert (answer.row.gap, answer.row.gap_then) == (25, 20)
    assert answer.balance.total("added") == [5]
    assert found.total("added") == [0]


@pytest.mark.parametrize(
    ("language", "answer", "gap"),
    [
        ("en", "25 more seats from September 2027 give about 5 workers in 2029.", "falls from 25 to 20."),
        ("ru", "Ещё 25 мест с сентября 2027 года — это около 5 работников в 2029 году.", "уменьшится с 25 до 20."),
    ],
    indirect=["language"],
)
def test_what_follows_is_said_in_a_sentence(need, found, language, answer, gap):
    told = what_if(Scope(), found, occupation=need.occupation, seats=25, start=need.year - 2)

    assert told.answer == answer
    assert told.gap.endswith(gap)


def test_seats_that_come_later_leave_the_gap_as_it_is(need, found, en):
    answer = what_if(Scope(need=need), found, occupation=need.occupation, seats=25, start=need.year)

    assert answer.year == need.year + 2
    assert answer.balance.years == [need.year, need.year + 2]
    assert answer.balance.total("gap_then") == [25, 0]
    assert answer.balance.total("added") == [0, 5]
    assert answer.gap == f"Nobody has stated a need for {need.year + 2} yet."


def test_where_nobody_is_missing_more_seats_close_no_gap(need, found, en):
    enough = replace(found, rows=[replace(found.rows[0], expected=30)])

    answer = what_if(Scope(), enough, occupation=need.occupation, seats=25, start=need.year - 2)

    assert answer.gap == f"In {need.year} nobody is missing even without them."


def test_studies_last_as_the_programmes_here_do(need, found):
    for months in (46, 46, 10):
        ProgrammeFactory(occupation=need.occupation, months=months)
    here = ProgrammeFactory(occupation=need.occupation, months=34)

    def months_in(scope):
        return what_if(scope, found, occupation=need.occupation, seats=25, start=2027).months

    assert months_in(Scope()) == 46
    assert months_in(Scope(college=here.college)) == 34
    assert months_in(Scope(cluster=need.cluster)) == 46


@pytest.mark.parametrize(("level", "months"), [("01", 22), ("02", 34)])
def test_what_nobody_teaches_yet_lasts_as_long_as_usual(found, level, months):
    answer = what_if(Scope(), found, occupation=OccupationFactory(level=level), seats=25, start=2027)

    assert (answer.months, answer.is_taught) == (months, False)


def test_every_share_says_where_it_comes_from(need, en):
    seen = Share(0.85, came=40, went_on=34, is_seen=True)
    usual = Share(0.8, came=3, went_on=1, is_seen=False)

    filled, graduated, hired = share_lines(Shares(seen, seen, usual))

    assert (filled.value, filled.note) == (
        "85\u00a0%",
        "counted here, where studies have begun: seats 40, contracts 34",
    )
    assert "contracts 40, graduates 34" in graduated.note
    assert hired.value == "80\u00a0%"
    assert "too few have come this far, 3 of at least 20" in hired.note


def test_band_of_an_offer_begins_with_its_seats(offer_thread, happen):
    happen(offer_thread, **THE_WAY)
    offer = TargetOfferFactory(thread=offer_thread)

    assert numbers(Scope(offer=offer)) == [25, 0, 25, 23, None, None, None, None]

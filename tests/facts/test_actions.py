from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuznitsa.base.refusal import Refused
from kuznitsa.facts import actions, queries
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, MonthSum, Thread
from tests.factories.facts import FactFactory, ThreadFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def recorded(thread, at, quantity=3, kind=FactKind.HIRED):
    return actions.record(
        kind=kind,
        on=at.date(),
        quantity=quantity,
        organisation=thread.employer,
        thread=thread,
        source=thread,
        by=None,
        at=at,
    )


def test_record_adds_to_the_sums_of_its_thread_and_takes_its_cluster(at):
    thread = ThreadFactory()

    fact = recorded(thread, at, 3)
    recorded(thread, at, 2)

    assert fact.cluster == thread.cluster
    assert queries.totals(Thread.objects.filter(pk=thread.pk)) == {FactKind.HIRED: 5}


@pytest.mark.parametrize(("days", "quantity"), [(1, 1), (0, 0), (0, -2)])
def test_record_refuses_the_future_and_nothing(at, days, quantity):
    thread = ThreadFactory()

    with pytest.raises(Refused):
        actions.record(
            kind=FactKind.HIRED,
            on=at.date() + timedelta(days=days),
            quantity=quantity,
            organisation=thread.employer,
            source=thread,
            by=None,
            at=at,
        )

    assert not Fact.objects.exists()


def test_today_in_moscow_is_not_the_future_though_utc_is_still_yesterday(at):
    thread = ThreadFactory()
    after_midnight = at.replace(hour=1)

    assert recorded(thread, after_midnight).on == after_midnight.date()


def test_reverse_cancels_once_and_leaves_the_first_row(at):
    fact = recorded(ThreadFactory(), at)

    reversal = actions.reverse(fact=fact, on=at.date(), reason="ошибка в приказе", by=None, at=at)

    assert (reversal.quantity, reversal.reverses) == (-3, fact)
    assert queries.totals(Thread.objects.all()) == {}
    assert not Fact.objects.effective().exists()
    with pytest.raises(Refused, match="уже"):
        actions.reverse(fact=fact, on=at.date(), reason="ещё раз", by=None, at=at)


def test_reverse_refuses_a_reversal_and_a_missing_reason(at):
    fact = recorded(ThreadFactory(), at)
    with pytest.raises(Refused):
        actions.reverse(fact=fact, on=at.date(), reason="  ", by=None, at=at)
    reversal = actions.reverse(fact=fact, on=at.date(), reason="ошибка", by=None, at=at)

    with pytest.raises(Refused):
        actions.reverse(fact=reversal, on=at.date(), reason="ошибка", by=None, at=at)


def test_reverse_source_cancels_what_stands_of_one_kind(at):
    thread = ThreadFactory()
    recorded(thread, at, 1, FactKind.HIRED)
    recorded(thread, at, 1, FactKind.EXAM_PASSED)

    actions.reverse_source(source=thread, kind=FactKind.HIRED, on=at.date(), reason="ошибка", by=None, at=at)

    assert queries.totals(Thread.objects.all()) == {FactKind.EXAM_PASSED: 1}


def test_counted_takes_days_kinds_and_counterpart_into_account(at):
    fact = FactFactory(on=at.date(), quantity=4)
    FactFactory(organisation=fact.organisation, counterpart=fact.counterpart, on=at.date() - timedelta(days=9))

    def count(**changes):
        where = {
            "kinds": [FactKind(fact.kind)],
            "organisation": fact.organisation,
            "counterpart": fact.counterpart,
            "since": at.date() - timedelta(days=1),
            "until": at.date(),
        }
        return queries.counted(**{**where, **changes})

    assert count() == 4
    assert count(counterpart=None) == 4
    assert count(kinds=[FactKind.EXAM_PASSED]) == 0
    assert count(until=at.date() - timedelta(days=1)) == 0


@given(steps=st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=12))
def test_sums_always_equal_the_ledger(steps):
    from django.utils import timezone

    at = timezone.now()
    thread = ThreadFactory()
    for quantity, cancelled in steps:
        fact = recorded(thread, at, quantity)
        if cancelled:
            actions.reverse(fact=fact, on=fact.on, reason="проверка", by=None, at=at)

    assert queries.unbalanced_sums() == []
    expected = sum(quantity for quantity, cancelled in steps if not cancelled)
    assert queries.totals(Thread.objects.filter(pk=thread.pk)).get(FactKind.HIRED, 0) == expected


def test_unbalanced_sums_names_what_differs(at):
    fact = recorded(ThreadFactory(), at, 3)
    fact.thread.sums.update(quantity=7)

    assert queries.unbalanced_sums() == [(fact.thread_id, FactKind.HIRED, 7, 3)]


def test_a_long_reason_is_cut_to_what_the_ledger_holds(at):
    reversal = actions.reverse(fact=recorded(ThreadFactory(), at, 3), on=at.date(), reason="ё" * 900, by=None, at=at)

    assert reversal.reason == "ё" * actions.REASON_LENGTH


def test_many_facts_are_what_each_would_have_been(at):
    threads = [ThreadFactory(), ThreadFactory()]
    person = PersonFactory()
    rows = [
        actions.Happened(
            source=thread.pk,
            organisation=thread.employer_id,
            counterpart=thread.college_id,
            cluster=thread.cluster_id,
            person=person.pk,
            thread=thread.pk,
            quantity=quantity,
        )
        for thread, quantity in zip((*threads, threads[0]), (2, 3, 4), strict=True)
    ]
    details = {"kind": FactKind.HIRED, "sources": Thread, "rows": rows, "by": None, "at": at}
    with pytest.raises(Refused):
        actions.record_many(**details, on=at.date() + timedelta(days=1))
    with pytest.raises(Refused):
        actions.record_many(**details | {"rows": [replace(rows[0], quantity=0)]}, on=at.date())
    actions.record_many(**details, on=at.date())

    assert queries.totals(Thread.objects.filter(pk=threads[0].pk))[FactKind.HIRED] == 6
    assert queries.unbalanced_sums() == []
    fact = Fact.objects.order_by("pk")[1]
    assert (fact.source, fact.thread, fact.cluster_id) == (threads[1], threads[1], threads[1].cluster_id)
    assert (fact.organisation, fact.person, fact.quantity) == (threads[1].employer, person, 3)
    assert MonthSum.objects.get(organisation=threads[0].employer).quantity == 6


def test_all_threads_are_counted_once_until_a_fact_is_added(at, monkeypatch, django_assert_num_queries):
    # Outside of a transaction, as pages ask.
    monkeypatch.setattr(queries, "connection", SimpleNamespace(in_atomic_block=False))
    thread = ThreadFactory()
    recorded(thread, at, 3)
    with django_assert_num_queries(3):  # the sums, and twice the last fact
        assert [queries.totals(Thread.objects.all()) for _time in range(2)] == [{FactKind.HIRED: 3}] * 2
    assert queries.totals(Thread.objects.filter(pk=thread.pk + 1)) == {}

    recorded(thread, at, 2)

    assert queries.totals(Thread.objects.all()) == {FactKind.HIRED: 5}

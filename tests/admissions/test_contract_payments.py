"""The support ledger."""

from datetime import date, datetime, timedelta

import pytest

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import Period, SuspensionReason
from kuznitsa.admissions.models import SupportPayment
from kuznitsa.admissions.queries.support import balance
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import totals
from tests.factories.accounts import UserFactory
from tests.factories.admissions import SupportMeasureFactory
from tests.factories.contracts import drawn_up, side, signed

pytestmark = pytest.mark.django_db


def pay(contract, sides, at, **changes):
    values = {
        "contract": contract,
        "measure": sides.offer.support.first(),
        "paid_on": at.date(),
        "amount_kopecks": 500_000,
        "document": "п/п 17",
        "by": sides.hr,
        "at": at,
    }
    return actions.record_payment(**{**values, **changes})


def test_a_payment_is_a_fact_in_kopecks(at):
    sides = side()
    contract = signed(sides, at=at)
    pay(contract, sides, at)
    fact = Fact.objects.get(kind=FactKind.SUPPORT_PAID)
    assert (fact.quantity, fact.organisation, fact.person) == (500_000, sides.offer.employer, contract.person)
    assert fact.counterpart == sides.offer.intake.programme.college


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"amount_kopecks": 0}, "amount"),
        ({"document": "  "}, "paper"),
        ({"paid_on": date(2026, 9, 2)}, "future"),
        ({"paid_on": date(2026, 8, 31)}, "before signing"),
    ],
)
def test_an_impossible_payment_is_refused(at, changes, what):
    sides = side()
    contract = signed(sides, at=at)
    with pytest.raises(Refused):
        pay(contract, sides, at, **changes)
    assert not contract.payments.exists(), what


def test_a_stranger_pays_nothing(at):
    sides = side()
    with pytest.raises(Refused):
        pay(signed(sides, at=at), sides, at, by=UserFactory())


def test_nothing_is_paid_before_all_have_signed(at):
    sides = side()
    with pytest.raises(Refused):
        pay(drawn_up(sides, at=at), sides, at)


def test_a_measure_of_another_offer_is_refused(at):
    sides = side()
    with pytest.raises(Refused):
        pay(signed(sides, at=at), sides, at, measure=SupportMeasureFactory())


def test_cancelling_reverses_the_fact(at):
    sides = side()
    payment = pay(signed(sides, at=at), sides, at)
    actions.cancel_payment(payment=payment, reason="не тому", by=sides.hr, at=at)
    assert totals(Thread.objects.filter(pk=sides.offer.thread.pk)).get(FactKind.SUPPORT_PAID) is None
    assert payment.cancelled_at == at


@pytest.mark.parametrize("case", ["twice", "no reason", "stranger"])
def test_cancelling_is_refused(at, case):
    sides = side()
    payment = pay(signed(sides, at=at), sides, at)
    if case == "twice":
        actions.cancel_payment(payment=payment, reason="не тому", by=sides.hr, at=at)
    with pytest.raises(Refused):
        actions.cancel_payment(
            payment=payment,
            reason="" if case == "no reason" else "ещё раз",
            by=UserFactory() if case == "stranger" else sides.hr,
            at=at,
        )


@pytest.mark.parametrize(
    ("period", "today", "due"),
    [
        (Period.MONTHLY, date(2026, 9, 1), 500_000),
        (Period.MONTHLY, date(2026, 11, 30), 1_500_000),
        (Period.MONTHLY, date(2030, 1, 1), 11_000_000),
        (Period.YEARLY, date(2026, 12, 1), 500_000),
        (Period.YEARLY, date(2027, 9, 1), 1_000_000),
        (Period.ONCE, date(2027, 9, 1), 500_000),
        (Period.ONCE, date(2026, 8, 1), 0),
    ],
)
def test_what_is_due_by_today(at, period, today, due):
    sides = side()
    sides.offer.support.update(period=period)
    contract = signed(sides, at=at)
    assert balance(contract, today)[0].due_kopecks == due


def test_nothing_falls_due_in_months_of_suspension(at):
    sides = side()
    contract = signed(sides, at=at)
    later = at + timedelta(days=200)
    actions.suspend_contract(
        contract=contract, reason=SuspensionReason.PARENTAL, starts_on=date(2026, 10, 1), by=sides.hr, at=later
    )
    actions.resume_contract(contract=contract, on=date(2026, 12, 1), by=sides.hr, at=later)
    assert balance(contract, date(2026, 12, 15))[0].due_kopecks == 1_000_000


def month(sides, contracts, at, **changes):
    values = {
        "offer": sides.offer,
        "measure": sides.offer.support.first(),
        "contracts": [contract.pk for contract in contracts],
        "paid_on": at.date(),
        "document": "ведомость 9",
        "by": sides.hr,
        "at": at,
    }
    return actions.pay_month(**{**values, **changes})


def test_a_month_is_paid_to_all_at_once(at):
    sides = side()
    contracts = [signed(sides, at=at) for _ in range(2)]
    paid = month(sides, contracts, at)
    assert (paid.count, paid.total_kopecks) == (2, 1_000_000)
    assert Fact.objects.filter(kind=FactKind.SUPPORT_PAID).count() == 2


def test_a_month_writes_what_single_payments_write(at):
    """Facts, sums and audit entries."""
    sides = side()
    contracts = [signed(sides, at=at) for _ in range(2)]
    pay(contracts[0], sides, at, document="ведомость 9")
    month(sides, contracts[1:], at)
    single, many = (written_for(contract.payments.get()) for contract in contracts)
    assert single == many
    assert totals(Thread.objects.filter(pk=sides.offer.thread.pk))[FactKind.SUPPORT_PAID] == 1_000_000


def written_for(payment):
    fact = Fact.objects.from_source(payment).values(
        "kind", "on", "quantity", "organisation", "counterpart", "cluster", "thread", "recorded_at"
    )
    entry = AuditEntry.objects.about(payment).values("verb", "object_name", "actor_id", "actor_name", "at", "details")
    assert Fact.objects.from_source(payment).get().person == payment.contract.person
    return fact.get(), entry.get()


def test_a_month_costs_the_same_for_one_and_for_three(at, query_count):
    sides = side()
    later = datetime(2026, 10, 5, 9, tzinfo=at.tzinfo)
    contracts = []

    def pay_all():
        month(sides, contracts, later)
        SupportPayment.objects.all().delete()

    query_count(pay_all, lambda: contracts.append(signed(sides, at=at)))


def test_a_second_click_pays_nothing(at):
    sides = side()
    contracts = [signed(sides, at=at)]
    month(sides, contracts, at)
    with pytest.raises(Refused):
        month(sides, contracts, at)
    assert contracts[0].payments.count() == 1


def test_only_those_who_are_ticked_are_paid(at):
    sides = side()
    contracts = [signed(sides, at=at) for _ in range(2)]
    assert month(sides, contracts[:1], at).count == 1


def test_a_stranger_pays_no_month(at):
    sides = side()
    with pytest.raises(Refused):
        month(sides, [signed(sides, at=at)], at, by=UserFactory())


def test_arrears_are_paid_month_by_month(at):
    sides = side()
    contract = signed(sides, at=at)
    november = datetime(2026, 11, 5, 9, tzinfo=at.tzinfo)
    assert [month(sides, [contract], november).total_kopecks for _ in range(3)] == [500_000] * 3
    assert balance(contract, november.date())[0].owed_kopecks == 0

"""The support ledger: what was due so far by the terms of a contract, what was paid, what is owed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from kuznitsa.admissions.enums import ContractState, Period, SupportKind
from kuznitsa.admissions.models import SupportMeasure, SupportPayment, Suspension, TargetContract, TargetOffer


@dataclass(frozen=True)
class SupportLine:
    """One measure of the frozen terms. Amounts in kopecks; a measure in kind has no amount and is never due."""

    measure: int
    kind: str
    period: str
    amount_kopecks: int
    description: str
    due_kopecks: int
    paid_kopecks: int

    @property
    def owed_kopecks(self) -> int:
        return max(0, self.due_kopecks - self.paid_kopecks)

    @property
    def kind_label(self) -> str:
        return str(SupportKind(self.kind).label)

    @property
    def period_label(self) -> str:
        return str(Period(self.period).label)

    @property
    def is_money(self) -> bool:
        return bool(self.amount_kopecks)


@dataclass(frozen=True)
class PaymentLine:
    """A contract in the preview of a monthly payment: `pays_kopecks` is 0 when nothing is owed."""

    contract: TargetContract
    owed_kopecks: int
    pays_kopecks: int


def balances(contracts: Iterable[TargetContract], today: date) -> dict[int, list[SupportLine]]:
    """Return the support of each contract, in the order of its terms; two queries however many contracts."""
    contracts = list(contracts)
    paid, pauses = _paid(contracts), _pauses(contracts)
    return {
        contract.pk: [
            SupportLine(
                measure=line["measure"],
                kind=line["kind"],
                period=line["period"],
                amount_kopecks=line["amount_kopecks"] or 0,
                description=line["description"],
                due_kopecks=times_due(contract, line["period"], pauses[contract.pk], today)
                * (line["amount_kopecks"] or 0),
                paid_kopecks=paid.get((contract.pk, line["measure"]), 0),
            )
            for line in contract.terms["support"]
        ]
        for contract in contracts
    }


def balance(contract: TargetContract, today: date) -> list[SupportLine]:
    """Return the support of one contract."""
    return balances([contract], today)[contract.pk]


def times_due(contract: TargetContract, period: str, pauses: Iterable[Suspension], today: date) -> int:
    """Return how many times a measure has fallen due by `today`.

    A monthly one in every calendar month of study from the month of signing, months spent wholly in a
    suspension left out; a yearly one in every year of study begun; a single one when the contract is signed.
    """
    if contract.signed_on is None or today < contract.signed_on:
        return 0
    if period == Period.ONCE:
        return 1
    months = months_due(contract, pauses, today)
    return len(months) if period == Period.MONTHLY else -(-len(months) // 12)


def months_due(contract: TargetContract, pauses: Iterable[Suspension], today: date) -> list[date]:
    """Return the first days of the months of study for which monthly support has fallen due by `today`."""
    if contract.signed_on is None:
        return []
    programme = contract.terms["programme"]
    since = max(contract.signed_on, date.fromisoformat(programme["starts_on"]))
    until = min(filter(None, (today, date.fromisoformat(programme["ends_on"]), contract.ended_on)))
    pauses = list(pauses)
    return [month for month in _months(since, until) if not any(_covers(pause, month) for pause in pauses)]


def oldest_unpaid_months(contracts: Iterable[TargetContract], today: date) -> dict[int, date]:
    """Return the last day of the oldest month that is not paid in full, of contracts that owe monthly support.

    Payments cover the oldest month first. Three queries however many contracts.
    """
    contracts = list(contracts)
    if not contracts:
        return {}
    lines, pauses = balances(contracts, today), _pauses(contracts)
    found = {}
    for contract in contracts:
        monthly = [line for line in lines[contract.pk] if line.period == Period.MONTHLY and line.owed_kopecks]
        if monthly:
            months = months_due(contract, pauses[contract.pk], today)
            unpaid = max(-(-line.owed_kopecks // line.amount_kopecks) for line in monthly)
            found[contract.pk] = _following(months[-unpaid]) - timedelta(days=1)
    return found


def _pauses(contracts: list[TargetContract]) -> dict[int, list[Suspension]]:
    pauses = defaultdict(list)
    for pause in Suspension.objects.filter(contract__in=contracts):
        pauses[pause.contract_id].append(pause)
    return pauses


def payment_lines(offer: TargetOffer, measure: SupportMeasure, today: date) -> list[PaymentLine]:
    """Return what each contract in force of the offer would be paid now for one measure, by name."""
    contracts = list(
        TargetContract.objects.filter(offer=offer, state=ContractState.ACTIVE)
        .select_related("person")
        .order_by("person__search", "pk")
    )
    lines = balances(contracts, today)
    return [
        PaymentLine(contract, found.owed_kopecks, min(found.owed_kopecks, found.amount_kopecks))
        for contract in contracts
        for found in lines[contract.pk]
        if found.measure == measure.pk
    ]


def _paid(contracts: list[TargetContract]) -> dict[tuple[int, int | None], int]:
    rows: Any = (
        SupportPayment.objects.filter(contract__in=contracts, cancelled_at=None)
        .values_list("contract", "measure")
        .annotate(total=Sum("amount_kopecks"))
        .order_by()
    )
    return {(contract, measure): total for contract, measure, total in rows}


def _months(since: date, until: date) -> list[date]:
    """Return the first days of the calendar months that the two days lie in and between."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]


def _covers(pause: Suspension, month: date) -> bool:
    return pause.starts_on <= month and (pause.ends_on is None or pause.ends_on >= _following(month))


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

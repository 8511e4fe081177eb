"""The balance: need against pipeline, by occupation and year; and what follows if more seats open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kuznitsa.admissions.models import TargetOffer
from kuznitsa.classifiers.models import Occupation
from kuznitsa.engines.forecast import Closed, Cohort, Rates, expected_hires, observed_rates
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import ThreadSum
from kuznitsa.insight.queries.scopes import Scope

# Where too few people have gone the whole way: 23 contracts on 25 seats in the Novokuznetsk group, 6.9 % of
# students after grade 9 leave, and the ministry's goal of four hired graduates in five.
TYPICAL = Rates(filled=0.92, graduated=0.931, hired=0.80)

# Graduates who are not hired within half a year after their studies are not expected to be any more.
HIRING_LASTS = timedelta(days=183)

COUNTED = (
    FactKind.NEED_STATED,
    FactKind.SEATS_OFFERED,
    FactKind.CONTRACT_SIGNED,
    FactKind.CONTRACT_ENDED,
    FactKind.EXAM_PASSED,
    FactKind.HIRED,
)


@dataclass(frozen=True)
class BalanceRow:
    """One occupation in one year. `expected` hires: those who came, and in stages that go on, the usual share."""

    occupation: Occupation
    year: int
    need: int
    seats: int
    contracts: int
    graduates: int
    hires: int
    expected: int

    @property
    def gap(self) -> int:
        """How many will be missing; never below zero."""
        return max(0, self.need - self.expected)


@dataclass(frozen=True)
class Balance:
    rows: list[BalanceRow]
    rates: Rates

    @property
    def years(self) -> list[int]:
        return sorted({row.year for row in self.rows})

    def total(self, name: str) -> list[int]:
        """Return the sums of one column by year, in the order of `years`."""
        return [sum(getattr(row, name) for row in self.rows if row.year == year) for year in self.years]


@dataclass(frozen=True)
class WhatIf:
    """What follows if more seats open: how many more hires, and what is left of the gap."""

    seats: int
    more_contracts: int
    more_graduates: int
    more_hires: int
    gap_before: int
    gap_after: int


def balance(scope: Scope, *, today: date) -> Balance:
    """Return the balance of `scope` as it stands `today`: from the sums of its threads, in three queries.

    Expected hires are counted thread by thread, because each offer stands at a stage of its own.
    """
    sums: dict[tuple[int, int, int], dict[str, int]] = defaultdict(dict)
    rows = ThreadSum.objects.of(scope.threads).filter(kind__in=COUNTED)
    for occupation, year, thread, kind, quantity in rows.values_list(
        "thread__occupation", "thread__year", "thread", "kind", "quantity"
    ):
        sums[occupation, year, thread][kind] = quantity
    closed = _closed_stages(scope, today)
    cohorts = {key: _cohort(kinds, closed.get(key[2], Closed.HIRES)) for key, kinds in sums.items()}
    rates = observed_rates(cohorts.values(), default=TYPICAL)
    needs: dict[tuple[int, int], int] = defaultdict(int)
    groups: dict[tuple[int, int], list[Cohort]] = defaultdict(list)
    for (occupation, year, thread), kinds in sums.items():
        needs[occupation, year] += max(0, kinds.get(FactKind.NEED_STATED, 0))
        groups[occupation, year].append(cohorts[occupation, year, thread])
    occupations = Occupation.objects.in_bulk({occupation for occupation, _year in groups})
    found = [
        _row(occupations[occupation], year, needs[occupation, year], group, rates)
        for (occupation, year), group in groups.items()
    ]
    return Balance(rows=sorted(found, key=lambda row: (row.year, row.occupation.code)), rates=rates)


def what_if(rows: Iterable[BalanceRow], rates: Rates, *, seats: int) -> WhatIf:
    """Return what `seats` more seats would change for the occupation and year of `rows`."""
    gap = sum(row.gap for row in rows)
    contracts = seats * rates.filled
    graduates = contracts * rates.graduated
    hires = round(graduates * rates.hired)
    return WhatIf(
        seats=seats,
        more_contracts=round(contracts),
        more_graduates=round(graduates),
        more_hires=hires,
        gap_before=gap,
        gap_after=max(0, gap - hires),
    )


def _closed_stages(scope: Scope, today: date) -> dict[int, Closed]:
    """Return, by thread, which stage of an offer is over; offers that are over altogether are left out."""
    going_on = TargetOffer.objects.filter(thread__in=scope.threads, intake__ends_on__gt=today - HIRING_LASTS)
    return {
        thread: _closed_on(today, starts_on, ends_on)
        for thread, starts_on, ends_on in going_on.values_list("thread", "intake__starts_on", "intake__ends_on")
    }


def _closed_on(today: date, starts_on: date, ends_on: date) -> Closed:
    """Contracts are signed before studies begin, and whoever graduates does so by the day they end."""
    if today < starts_on:
        return Closed.NOTHING
    return Closed.CONTRACTS if today < ends_on else Closed.GRADUATES


def _cohort(kinds: dict[Any, int], closed: Closed) -> Cohort:
    return Cohort(
        closed=closed,
        seats=max(0, kinds.get(FactKind.SEATS_OFFERED, 0)),
        contracts=max(0, kinds.get(FactKind.CONTRACT_SIGNED, 0) - kinds.get(FactKind.CONTRACT_ENDED, 0)),
        graduates=max(0, kinds.get(FactKind.EXAM_PASSED, 0)),
        hires=max(0, kinds.get(FactKind.HIRED, 0)),
    )


def _row(occupation: Occupation, year: int, need: int, group: list[Cohort], rates: Rates) -> BalanceRow:
    return BalanceRow(
        occupation=occupation,
        year=year,
        need=need,
        seats=sum(cohort.seats for cohort in group),
        contracts=sum(cohort.contracts for cohort in group),
        graduates=sum(cohort.graduates for cohort in group),
        hires=sum(cohort.hires for cohort in group),
        expected=round(sum(expected_hires(cohort, rates) for cohort in group)),
    )

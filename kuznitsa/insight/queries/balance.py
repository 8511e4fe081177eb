"""The balance: need against pipeline, by occupation and year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import TargetOffer
from kuznitsa.classifiers.models import Occupation
from kuznitsa.engines.forecast import Closed, Cohort, Rates, Share, Shares, expected_hires, observed_shares
from kuznitsa.facts.models import ThreadQuerySet, ThreadSum
from kuznitsa.facts.queries import kept_for_all_threads
from kuznitsa.insight.enums import STAGE_BY_KEY
from kuznitsa.insight.queries.scopes import Scope
from kuznitsa.ui.parts import Fact

# Where too few people have gone the whole way: 23 contracts on 25 seats in the Novokuznetsk group, 6.9 % of
# students after grade 9 leave, and the ministry's goal of four hired graduates in five.
TYPICAL = Rates(filled=0.92, graduated=0.931, hired=0.80)
# On fewer people a share is not counted.
ENOUGH = 20

# Graduates who are not hired within half a year after their studies are not expected to be any more.
HIRING_LASTS = timedelta(days=183)

PIECE = 5000
# By occupation and year.
Needs = dict[tuple[int, int], int]
Offers = dict[tuple[int, int], dict[int, list[int]]]

# Each column counts what its stage of the thread counts; of a kind of fact its column and its sign.
COLUMNS = [STAGE_BY_KEY[key] for key in ("needed", "offered", "contract", "exam", "hired")]
NEED = 0
COUNTED = {
    kind.value: (column, sign)
    for column, stage in enumerate(COLUMNS)
    for sign, kinds in ((1, stage.plus), (-1, stage.minus))
    for kind in kinds
}


@dataclass(frozen=True)
class BalanceRow:
    """One occupation in one year. `expected` hires: those who came, and in stages that go on, the usual share.

    `added` are the hires from seats that are only thought of.
    """

    occupation: Occupation
    year: int
    need: int = 0
    seats: int = 0
    contracts: int = 0
    graduates: int = 0
    hires: int = 0
    expected: int = 0
    added: int = 0

    @property
    def gap(self) -> int:
        """How many will be missing; never below zero."""
        return max(0, self.need - self.expected)

    @property
    def gap_then(self) -> int:
        """How many will be missing when those `added` come too; never below zero."""
        return max(0, self.need - self.expected - self.added)

    @property
    def remaining(self) -> int:
        """How many of the expected have not been hired yet."""
        return max(0, self.expected - self.hires)


@dataclass(frozen=True)
class Balance:
    rows: list[BalanceRow]
    shares: Shares

    @property
    def years(self) -> list[int]:
        return sorted({row.year for row in self.rows})

    def total(self, name: str) -> list[int]:
        """Return the sums of one column by year, in the order of `years`."""
        sums: dict[int, int] = defaultdict(int)
        for row in self.rows:
            sums[row.year] += getattr(row, name)
        return [sums[year] for year in self.years]


def balance(scope: Scope, *, today: date) -> Balance:
    """Return the balance of `scope` as it stands `today`: from the sums of its threads, in three queries.

    Expected hires are counted offer by offer, because each stands at a stage of its own.
    """
    needs, offers = _counted(scope.threads)
    closed = _closed_stages(scope, today)
    groups = {
        key: [
            Cohort(seats, contracts, graduates, hires, closed.get(thread, Closed.HIRES))
            for thread, (_need, seats, contracts, graduates, hires) in threads.items()
        ]
        for key, threads in offers.items()
    }
    cohorts = (cohort for group in groups.values() for cohort in group)
    shares = observed_shares(cohorts, default=TYPICAL, at_least=ENOUGH)
    occupations = Occupation.objects.in_bulk({occupation for occupation, _year in (*needs, *groups)})
    rows = [
        _row(occupations[key[0]], key[1], needs.get(key, 0), groups.get(key, []), shares.rates)
        for key in {*needs, *groups}
    ]
    return Balance(rows=sorted(rows, key=lambda row: (row.year, row.occupation.code)), shares=shares)


@kept_for_all_threads
def _counted(threads: ThreadQuerySet) -> tuple[Needs, Offers]:
    """Return the needs by occupation and year, and the numbers of each offer in the columns, by its thread."""
    needs: Needs = {}
    offers: Offers = {}
    sums = ThreadSum.objects.of(threads).filter(kind__in=COUNTED)
    for occupation, year, thread, kind, quantity in _all(
        sums, "thread__occupation", "thread__year", "thread", "kind", "quantity"
    ):
        column, sign = COUNTED[kind]
        if column == NEED:
            needs[occupation, year] = needs.get((occupation, year), 0) + sign * quantity
        else:
            offer = offers.setdefault((occupation, year), {}).setdefault(thread, [0] * len(COLUMNS))
            offer[column] += sign * quantity
    return needs, offers


def _all(rows: QuerySet[Any], *names: str) -> Iterable[tuple[Any, ...]]:
    """Return these columns of all rows, in large pieces instead of by hundreds."""
    return rows.order_by().values_list(*names).iterator(chunk_size=PIECE)


def share_lines(shares: Shares) -> list[Fact]:
    """Return the shares that hires are expected by, each with what it was counted from."""
    return [
        _share_line(
            shares.filled,
            _("seats that end in a contract"),
            _("counted here, where studies have begun: seats %(came)d, contracts %(went_on)d"),
            _("23 contracts on 25 seats in the first group of Novokuznetsk"),
        ),
        _share_line(
            shares.graduated,
            _("students under contract who graduate"),
            _("counted here, where studies are over: contracts %(came)d, graduates %(went_on)d"),
            _("of those who come after grade 9, 6.9 per cent leave"),
        ),
        _share_line(
            shares.hired,
            _("graduates who are hired"),
            _("counted here, half a year after studies: graduates %(came)d, hired %(went_on)d"),
            _("the goal of the ministry, four graduates in five"),
        ),
    ]


def _share_line(share: Share, label: str, seen: str, usual: str) -> Fact:
    if share.is_seen:
        note = seen % {"came": share.came, "went_on": share.went_on}
    else:
        few = _("the usual share (%(usual)s): here too few have come this far, %(came)d of at least %(enough)d")
        note = few % {"usual": usual, "came": share.came, "enough": ENOUGH}
    return Fact(label, f"{100 * share.value:.0f}\u00a0%", note=note)


def _closed_stages(scope: Scope, today: date) -> dict[int, Closed]:
    """Return, by thread, which stage of an offer is over; offers that are over altogether are left out."""
    going_on = TargetOffer.objects.filter(intake__ends_on__gt=today - HIRING_LASTS, thread__isnull=False)
    if scope.query:
        going_on = going_on.filter(thread__in=scope.threads)
    return {
        thread: _closed_on(today, starts_on, ends_on)
        for thread, starts_on, ends_on in _all(going_on, "thread", "intake__starts_on", "intake__ends_on")
    }


def _closed_on(today: date, starts_on: date, ends_on: date) -> Closed:
    """Contracts are signed before studies begin, and whoever graduates does so by the day they end."""
    if today < starts_on:
        return Closed.NOTHING
    return Closed.CONTRACTS if today < ends_on else Closed.GRADUATES


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

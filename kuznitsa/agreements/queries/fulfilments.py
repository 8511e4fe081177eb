"""How obligations stand, counted from facts and from nothing else.

A fact counts towards an obligation when it is of the kind in `COUNTED`, its organisation owes and its counterpart
is the one to whom it is owed, and it happened since the agreement began (its first day, or the day it came into
force if that was earlier). An obligation that names a thread or an occupation counts only the facts of that thread
and its branches, or of threads of that occupation. What happened after the day it was due is counted as late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models import CharField as Text
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Coalesce, TruncMonth

from kuznitsa.agreements.enums import COUNTED, ON_THREADS, AgreementState, Fulfilment, ObligationState
from kuznitsa.agreements.models import Obligation, ObligationQuerySet
from kuznitsa.facts.enums import FACT_CARDS, Unit
from kuznitsa.facts.models import Fact, MonthSum, Thread

KOPECKS = 100
MONEY = [kind for kind, counted in COUNTED.items() if FACT_CARDS[counted].unit == Unit.ROUBLES]


class FirstOfMonth(TruncMonth):
    """`TruncMonth`; on SQLite by a function of its own, where Django's would call Python for every row."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        sql, parameters = compiler.compile(self.lhs)
        return f"date({sql}, 'start of month')", parameters


class CountedKind(Func):
    """The kind of fact that an obligation is counted by, in few words: it stands in many places of a query."""

    template = "CASE %(expressions)s {} END".format(
        " ".join(f"WHEN '{kind.value}' THEN '{fact.value}'" for kind, fact in COUNTED.items())
    )
    output_field = Text()


@dataclass(frozen=True)
class Fulfilled:
    """How an obligation stands. `done` of `total` in its unit (money in roubles), of which `late` after its day."""

    obligation: Obligation
    done: int
    late: int
    total: int
    unit: Unit
    standing: Fulfilment
    facts_url: str

    @property
    def is_done(self) -> bool:
        return self.done >= self.total

    @property
    def left(self) -> int:
        return max(0, self.total - self.done)


def fulfilments(obligations: Iterable[Obligation], today: date) -> list[Fulfilled]:
    """Return how each of `obligations` stands today, in the order given. One query, however many there are."""
    listed = list(obligations)
    rows = _with_what_counts(Obligation.objects.filter(pk__in=[obligation.pk for obligation in listed]))
    counted, on_time = _facts(), _facts().filter(on__lte=OuterRef("due_on"))
    rows = rows.annotate(counted=_sum(counted, _total(counted)), on_time=_sum(on_time, _total(on_time)))
    sums = {row["pk"]: row for row in rows.values("pk", "counted", "on_time", "agreement__state")}
    return [_fulfilled(obligation, sums[obligation.pk], today) for obligation in listed]


def _fulfilled(obligation: Obligation, row: dict[str, Any], today: date) -> Fulfilled:
    done, on_time = (_in_unit(row[name], obligation.kind) for name in ("counted", "on_time"))
    agreement = row["agreement__state"]
    return Fulfilled(
        obligation=obligation,
        done=done,
        late=max(0, done - on_time),
        total=obligation.quantity,
        unit=obligation.unit,
        standing=_standing(obligation.state, agreement, done, obligation.quantity, obligation.due_on, today),
        facts_url=obligation.get_absolute_url(),
    )


@dataclass(frozen=True)
class Stand:
    """The short form of `Fulfilled`: what lists and counts need, by the number of an obligation."""

    done: int
    standing: Fulfilment


def stands(obligations: ObligationQuerySet, today: date) -> dict[int, Stand]:
    """Return how each of `obligations` stands today, by its id: one query, which adds up months instead of facts."""
    counted = _sum(_facts(), _months())
    rows = (
        _with_what_counts(obligations)
        .annotate(counted=counted)
        .values_list("pk", "kind", "counted", "state", "agreement__state", "quantity", "due_on")
    )
    found = {}
    for pk, kind, counted, state, agreement, quantity, due_on in rows.order_by():
        done = _in_unit(counted, kind)
        found[pk] = Stand(done, _standing(state, agreement, done, quantity, due_on, today))
    return found


def _in_unit(counted: int, kind: str) -> int:
    """Return what was counted in the obligation's unit: kopecks become roubles."""
    return max(0, counted // KOPECKS if kind in MONEY else counted)


def _standing(state: str, agreement: str, done: int, total: int, due_on: date, today: date) -> Fulfilment:
    if state == ObligationState.WAIVED:
        return Fulfilment.WAIVED
    if agreement in (AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.WITHDRAWN):
        return Fulfilment.NOT_IN_FORCE
    if done >= total:
        return Fulfilment.FULFILLED
    if agreement == AgreementState.TERMINATED:
        return Fulfilment.ENDED
    return Fulfilment.OVERDUE if due_on < today else Fulfilment.ON_THE_WAY


def facts_of(obligation: Obligation) -> QuerySet[Fact]:
    """Return the facts that count towards `obligation`, reversed ones and their reversals too, newest first."""
    agreement = obligation.agreement
    since = min(agreement.starts_on, agreement.in_force_on or agreement.starts_on)
    facts = Fact.objects.filter(
        kind=obligation.fact_kind,
        organisation=obligation.owner_id,
        counterpart=obligation.beneficiary_id,
        on__gte=since,
    )
    if obligation.kind in ON_THREADS and obligation.thread_id:
        facts = facts.filter(Q(thread=obligation.thread_id) | Q(thread__parent=obligation.thread_id))
    elif obligation.kind in ON_THREADS and obligation.occupation_id:
        facts = facts.filter(thread__occupation=obligation.occupation_id)
    return facts.order_by("-on", "-pk")


def _with_what_counts(obligations: ObligationQuerySet) -> ObligationQuerySet:
    since = Case(
        When(agreement__in_force_on__lt=F("agreement__starts_on"), then=F("agreement__in_force_on")),
        default=F("agreement__starts_on"),
        output_field=DateField(),
    )
    return obligations.annotate(
        fact_kind_value=CountedKind(F("kind")),
        since=since,
        first_month=FirstOfMonth(since),
        # What the facts are narrowed to: nothing, the thread, or the occupation.
        only_thread=_on_threads("thread_id"),
        only_occupation=_on_threads("occupation_id", thread=None),
    )


def _on_threads(name: str, **conditions: Any) -> Case:
    return Case(When(kind__in=ON_THREADS, **conditions, then=F(name)), default=None, output_field=BigIntegerField())


def _facts() -> QuerySet[Fact]:
    """Return the facts from the first day of an obligation, whatever their thread."""
    return Fact.objects.filter(**_BETWEEN, on__gte=OuterRef("since"))


def _months() -> CombinedExpression:
    """Return the same as the total of `_facts()`: whole months, less what came before the first day."""
    months = MonthSum.objects.filter(**_BETWEEN, month__gte=OuterRef("first_month"))
    before = Fact.objects.filter(**_BETWEEN, on__gte=OuterRef("first_month"), on__lt=OuterRef("since"))
    return _total(months) - _total(before)


_BETWEEN = {
    "organisation": OuterRef("owner"),
    "counterpart": OuterRef("beneficiary"),
    "kind": OuterRef("fact_kind_value"),
}


def _sum(facts: QuerySet[Fact], of_all: Coalesce | CombinedExpression) -> Case:
    """Return the sum of those of `facts` that are narrowed to a thread or an occupation, else `of_all`.

    Most obligations name neither: theirs is one range of a covering index, and a condition on threads, looked at
    for every fact, would take three times as long.
    """
    of_thread = Q(thread=OuterRef("only_thread")) | Q(
        thread__in=Thread.objects.filter(parent=OuterRef(OuterRef("only_thread"))).values("pk")
    )
    of_occupation = Q(thread__in=Thread.objects.filter(occupation=OuterRef(OuterRef("only_occupation"))).values("pk"))
    return Case(
        When(only_thread__isnull=False, then=_total(facts.filter(of_thread))),
        When(only_occupation__isnull=False, then=_total(facts.filter(of_occupation))),
        default=of_all,
        output_field=BigIntegerField(),
    )


def _total(rows: QuerySet[Any]) -> Coalesce:
    # PostgreSQL sums big integers to decimals, which would be divided with a remainder.
    total = rows.order_by().values("kind").annotate(total=Cast(Sum("quantity"), BigIntegerField())).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)

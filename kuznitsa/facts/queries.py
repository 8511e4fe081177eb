"""Sums over the ledger."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, ThreadQuerySet, ThreadSum
from kuznitsa.organisations.models import Organisation


def totals(threads: ThreadQuerySet) -> dict[FactKind, int]:
    """Return what the facts on `threads` add up to, by kind; kinds that never happened are absent."""
    rows = ThreadSum.objects.of(threads).values("kind").annotate(total=Sum("quantity")).order_by()
    return {FactKind(row["kind"]): row["total"] for row in rows if row["total"]}


def counted(
    *,
    kinds: Iterable[FactKind],
    organisation: Organisation,
    counterpart: Organisation | None,
    since: date,
    until: date,
) -> int:
    """Return the quantity that happened between two days, both included, reversals subtracted."""
    facts = Fact.objects.filter(kind__in=list(kinds), organisation=organisation, on__gte=since, on__lte=until)
    if counterpart is not None:
        facts = facts.filter(counterpart=counterpart)
    return facts.aggregate(total=Sum("quantity"))["total"] or 0


def unbalanced_sums() -> list[tuple[int, str, int, int]]:
    """Return (thread, kind, sum kept, sum of the ledger) wherever the two differ; empty when all is well."""
    kept = {(row.thread_id, row.kind): row.quantity for row in ThreadSum.objects.all()}
    ledger = {
        (row["thread"], row["kind"]): row["total"]
        for row in Fact.objects.exclude(thread=None).values("thread", "kind").annotate(total=Sum("quantity")).order_by()
    }
    return [
        (thread, kind, kept.get((thread, kind), 0), ledger.get((thread, kind), 0))
        for thread, kind in sorted({*kept, *ledger})
        if kept.get((thread, kind), 0) != ledger.get((thread, kind), 0)
    ]

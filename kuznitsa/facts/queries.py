"""Sums over the ledger, and the records behind its rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from kuznitsa.base.memo import per_request
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, MonthSum, ThreadQuerySet, ThreadSum
from kuznitsa.organisations.models import Organisation

Answer = TypeVar("Answer")

# No longer: on PostgreSQL a fact with a lower number may come after one with a higher.
SECONDS_KEPT = 30


def kept_for_all_threads(function: Callable[[ThreadQuerySet], Answer]) -> Callable[[ThreadQuerySet], Answer]:
    """Count once what is asked about all threads, until a fact is added: none is ever changed or deleted.

    Inside a transaction, which may be undone, everything is counted.
    """

    @wraps(function)
    def counting(threads: ThreadQuerySet) -> Answer:
        if threads.query.where or connection.in_atomic_block:
            return function(threads)
        key = f"facts:{function.__module__}.{function.__name__}:{_last_fact()}"
        return cast(Answer, cache.get_or_set(key, lambda: function(threads), SECONDS_KEPT))

    return counting


@per_request
def _last_fact() -> str:
    last = Fact.objects.order_by("-pk").values_list("pk", "recorded_at").first()
    return f"{last[0]}:{last[1].timestamp()}" if last else ""


@kept_for_all_threads
def totals(threads: ThreadQuerySet) -> dict[FactKind, int]:
    """Return what the facts on `threads` add up to, by kind; kinds that never happened are absent."""
    rows = ThreadSum.objects.of(threads).values("kind").annotate(total=Sum("quantity")).order_by()
    return {FactKind(row["kind"]): row["total"] for row in rows if row["total"]}


@kept_for_all_threads
def applicants(threads: ThreadQuerySet) -> int:
    """Return how many people have applied on `threads`, each once, however many of them they named."""
    applied = Fact.objects.of(threads).filter(kind=FactKind.APPLIED, person__isnull=False)
    people = applied.values("person").annotate(times=Sum("quantity")).filter(times__gt=0)
    return people.order_by().count()


def hired_until(threads: ThreadQuerySet, days: Mapping[int, date]) -> dict[int, int]:
    """Return how many had been hired on `threads` by each of `days`, by its key; one query."""
    by_day = hires_by_day(threads)
    return {key: sum(total for on, total in by_day if on <= day) for key, day in days.items()}


@kept_for_all_threads
def hires_by_day(threads: ThreadQuerySet) -> list[tuple[date, int]]:
    """Return each day with how many were hired on it; a correction counts on the day of what it cancels."""
    hired = Fact.objects.of(threads).filter(kind=FactKind.HIRED).annotate(day=Coalesce("reverses__on", "on"))
    return list(hired.values_list("day").annotate(total=Sum("quantity")).order_by())


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


def openable_sources(facts: Iterable[Fact], user: Any) -> set[tuple[int, int]]:
    """Return (type, number) of the records behind `facts` whose page `user` may open: one query per type.

    A fact is seen by all whom the promise concerns, the paper behind it only by those in it.
    """
    numbers = defaultdict(set)
    for fact in facts:
        numbers[fact.source_type_id].add(fact.source_id)
    openable = set()
    for type_id, ids in numbers.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None and hasattr(model, "get_absolute_url"):
            rows: Any = model._default_manager
            found = rows.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
            openable |= {(type_id, pk) for pk in found}
    return openable


def unbalanced_sums() -> list[tuple[Any, ...]]:
    """Return (the sum's key …, sum kept, sum of the ledger) wherever the two differ; empty when all is well.

    The key is (thread, kind) for the sums of threads, (organisation, counterpart, kind, month) for those of months.
    """
    of_threads = Fact.objects.exclude(thread=None)
    of_months = Fact.objects.exclude(counterpart=None).annotate(month=TruncMonth("on"))
    return [
        *_differing(ThreadSum.objects.all(), of_threads, ("thread", "kind")),
        *_differing(MonthSum.objects.all(), of_months, ("organisation", "counterpart", "kind", "month")),
    ]


def _differing(sums: QuerySet[Any], facts: QuerySet[Fact], key: tuple[str, ...]) -> list[tuple[Any, ...]]:
    kept = {tuple(of): total for *of, total in sums.values_list(*key, "quantity")}
    totals_of_facts = facts.values_list(*key).annotate(total=Sum("quantity")).order_by()
    ledger = {tuple(of): total for *of, total in totals_of_facts}
    either = sorted({*kept, *ledger})
    return [(*of, kept.get(of, 0), ledger.get(of, 0)) for of in either if kept.get(of, 0) != ledger.get(of, 0)]

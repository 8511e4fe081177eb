"""Rows in bulk, past the actions: a world of this size would take them days."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

from kuznitsa.base.streaming import Row, stream
from kuznitsa.demo.world.plan import noon
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, MonthSum, Thread, ThreadSum

M = TypeVar("M", bound=models.Model)


def insert(rows: Iterable[M]) -> list[M]:
    """Insert model instances of one class; they come back with their keys."""
    found = list(rows)
    return type(found[0]).objects.bulk_create(found, batch_size=2_000) if found else []


def next_key(model: type[models.Model]) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def renew_sequences(*of: type[models.Model]) -> None:
    """After keys were given by hand, let the database count on from the highest."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), of):
            cursor.execute(statement)


@cache
def day(value: date) -> Any:
    """Return a date as the database keeps it."""
    return connection.ops.adapt_datefield_value(value)


@cache
def instant(value: date) -> Any:
    """Return the noon of a day as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(noon(value))


def source_type(model: type[models.Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


class Ledger:
    """Collects facts, writes them in bulk, and keeps the sums of their threads in step."""

    FIELDS = (
        *("id", "kind", "on", "quantity", "organisation", "counterpart", "cluster", "person", "thread"),
        *("source_type", "source_id", "reason", "recorded_at"),
    )

    def __init__(self) -> None:
        self.key = next_key(Fact)
        self.count = 0
        self.waiting: list[Row] = []
        self.sums: Counter[tuple[int, str]] = Counter()
        self.months: Counter[tuple[int, int, str, date]] = Counter()

    def add(
        self,
        kind: FactKind,
        on: date,
        quantity: int,
        thread: Thread,
        source: tuple[int, int],
        *,
        person: int | None = None,
        of_college: bool = False,
    ) -> None:
        """Take one fact of a plant for a college, or the other way round; `source` is a type and a key."""
        parties = (thread.employer_id, thread.college_id)
        organisation, counterpart = reversed(parties) if of_college else parties
        where = (organisation, counterpart, thread.cluster_id, person, thread.pk)
        self.waiting.append((self.key, kind.value, day(on), quantity, *where, *source, "", instant(on)))
        self.key += 1
        self.count += 1
        self.sums[thread.pk, kind.value] += quantity
        if organisation is not None and counterpart is not None:
            self.months[organisation, counterpart, kind.value, on.replace(day=1)] += quantity

    def write(self) -> None:
        stream(Fact, self.FIELDS, self.waiting)
        self.waiting = []

    def close(self) -> None:
        """Write what is left, and the sums."""
        self.write()
        insert(ThreadSum(thread_id=thread, kind=kind, quantity=total) for (thread, kind), total in self.sums.items())
        names = ("organisation_id", "counterpart_id", "kind", "month")
        insert(MonthSum(**dict(zip(names, key, strict=True)), quantity=total) for key, total in self.months.items())
        renew_sequences(Fact)

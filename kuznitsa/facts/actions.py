"""Writing the ledger: record what happened, correct it by a reversing fact, open a thread.

Called by the actions of the product inside their own transaction; asks no permission of its own, because
whoever may do the thing may also have it recorded.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.streaming import stream_alike
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, MonthSum, Thread, ThreadSum
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.models import Person

# A longer reason is kept whole in the audit entry.
REASON_LENGTH = 300


@transaction.atomic
def open_thread(
    *,
    title: str,
    employer: Organisation,
    occupation: Occupation,
    year: int,
    by: Any,
    at: datetime,
    cluster: Cluster | None = None,
    college: Organisation | None = None,
    parent: Thread | None = None,
) -> Thread:
    """Open the thread of a need (no parent) or of an offer (its parent is the need's thread)."""
    return Thread.objects.create(
        title=title,
        parent=parent,
        cluster=cluster,
        employer=employer,
        college=college,
        occupation=occupation,
        year=year,
    )


@transaction.atomic
def record(
    *,
    kind: FactKind,
    on: date,
    quantity: int,
    organisation: Organisation,
    source: models.Model,
    by: Any,
    at: datetime,
    counterpart: Organisation | None = None,
    person: Person | None = None,
    thread: Thread | None = None,
    cluster: Cluster | None = None,
) -> Fact:
    """Write one fact and add it to the sums of its thread and of its month; the cluster defaults to the thread's.

    Refused when the day lies in the future or the quantity is not positive.
    """
    if on > timezone.localdate(at):
        raise Refused(_("A fact cannot lie in the future: %(day)s has not come yet.") % {"day": f"{on:%d.%m.%Y}"})
    if quantity <= 0:
        raise Refused(_("The quantity must be greater than zero."))
    fact = Fact.objects.create(
        kind=kind,
        on=on,
        quantity=quantity,
        organisation=organisation,
        counterpart=counterpart,
        cluster=cluster or (thread.cluster if thread else None),
        person=person,
        thread=thread,
        source=source,
        recorded_at=at,
    )
    _add_to_sums(fact)
    return fact


@dataclass(frozen=True)
class Happened:
    """What a fact says beside its kind and day, by the keys of the rows; for facts that are written by the thousand."""

    source: int
    organisation: int
    counterpart: int | None = None
    cluster: int | None = None
    person: int | None = None
    thread: int | None = None
    quantity: int = 1


HAPPENED = [field.name for field in fields(Happened)]


@transaction.atomic
def record_many(
    *, kind: FactKind, on: date, sources: type[models.Model], rows: Iterable[Happened], by: Any, at: datetime
) -> None:
    """Write facts of one kind and day whose sources are of one class, with each sum added to once. Refused as `record`.

    Unlike there the cluster is the caller's to name.
    """
    if on > timezone.localdate(at):
        raise Refused(_("A fact cannot lie in the future: %(day)s has not come yet.") % {"day": f"{on:%d.%m.%Y}"})
    threads: Counter[int] = Counter()
    months: Counter[tuple[int, int]] = Counter()
    facts = []
    for row in rows:
        if row.quantity <= 0:
            raise Refused(_("The quantity must be greater than zero."))
        facts.append([getattr(row, name) for name in HAPPENED])
        if row.thread is not None:
            threads[row.thread] += row.quantity
        if row.counterpart is not None:
            months[row.organisation, row.counterpart] += row.quantity
    stream_alike(
        Fact,
        ["source_id" if name == "source" else name for name in HAPPENED],
        facts,
        kind=kind,
        on=on,
        source_type=ContentType.objects.get_for_model(sources),
        recorded_at=at,
    )
    # In one order, so that two who write at once wait for each other and not both for both.
    for thread, quantity in sorted(threads.items()):
        _add(ThreadSum, quantity, thread_id=thread, kind=kind)
    for (organisation, counterpart), quantity in sorted(months.items()):
        between = {"organisation_id": organisation, "counterpart_id": counterpart}
        _add(MonthSum, quantity, **between, kind=kind, month=on.replace(day=1))


@transaction.atomic
def reverse(*, fact: Fact, on: date, reason: str, by: Any, at: datetime) -> Fact:
    """Cancel a fact by one of the opposite quantity, as in accounting; the first stays in the ledger.

    Refused when the fact is itself a reversal, is reversed already, or no reason is given.
    Effects: the reversing fact, the sums, an audit entry.
    """
    if fact.reverses_id is not None:
        raise Refused(_("This row is itself a correction and cannot be cancelled."))
    refuse_if("" if reason.strip() else _("Say why this fact is cancelled."))
    try:
        with transaction.atomic():
            reversal = Fact.objects.create(
                kind=fact.kind,
                on=on,
                quantity=-fact.quantity,
                organisation_id=fact.organisation_id,
                counterpart_id=fact.counterpart_id,
                cluster_id=fact.cluster_id,
                person_id=fact.person_id,
                thread_id=fact.thread_id,
                source_type_id=fact.source_type_id,
                source_id=fact.source_id,
                reverses=fact,
                reason=reason.strip()[:REASON_LENGTH],
                recorded_at=at,
            )
    except IntegrityError as error:
        raise Refused(_("This fact has been cancelled already.")) from error
    _add_to_sums(reversal)
    audit("facts.reversed", fact, by=by, at=at, reason=reason)
    return reversal


@transaction.atomic
def reverse_source(
    *, source: models.Model, on: date, reason: str, by: Any, at: datetime, kind: FactKind | None = None
) -> list[Fact]:
    """Cancel every fact that stands and was recorded from `source` (of one kind, if named)."""
    standing = Fact.objects.from_source(source).effective()
    if kind is not None:
        standing = standing.filter(kind=kind)
    return [reverse(fact=fact, on=on, reason=reason, by=by, at=at) for fact in standing.order_by("pk")]


def _add_to_sums(fact: Fact) -> None:
    if fact.thread_id is not None:
        _add(ThreadSum, fact.quantity, thread_id=fact.thread_id, kind=fact.kind)
    if fact.counterpart_id is not None:
        between = {"organisation_id": fact.organisation_id, "counterpart_id": fact.counterpart_id}
        _add(MonthSum, fact.quantity, **between, kind=fact.kind, month=fact.on.replace(day=1))


def _add(sums: type[ThreadSum] | type[MonthSum], quantity: int, **where: Any) -> None:
    rows: Any = sums._default_manager
    if rows.filter(**where).update(quantity=F("quantity") + quantity):
        return
    try:
        with transaction.atomic():
            rows.create(**where, quantity=quantity)
    except IntegrityError:  # another transaction has just made the first row of this sum
        rows.filter(**where).update(quantity=F("quantity") + quantity)

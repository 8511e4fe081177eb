"""Agreements and promises of a cluster or an organisation: what lists and panels show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone

from kuznitsa.agreements.enums import AgreementState, Fulfilment
from kuznitsa.agreements.models import Agreement, Obligation, ObligationQuerySet
from kuznitsa.agreements.permissions import KEEPERS
from kuznitsa.agreements.queries.fulfilments import Stand, stands
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import Unit
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing

# The most urgent first.
URGENCY = (
    Fulfilment.OVERDUE,
    Fulfilment.ON_THE_WAY,
    Fulfilment.NOT_IN_FORCE,
    Fulfilment.FULFILLED,
    Fulfilment.WAIVED,
    Fulfilment.ENDED,
)
SHOWN = 10
SHOWN_AT_HOME = 5


@dataclass(frozen=True)
class Promises:
    """How many promises there are, how many of them are kept and how many overdue."""

    kept: int
    overdue: int
    total: int


def promises(obligations: ObligationQuerySet, today: date) -> Promises:
    """Count the binding ones among `obligations` by how they stand; one query."""
    found = [stand.standing for stand in stands(obligations.binding(), today).values()]
    return Promises(found.count(Fulfilment.FULFILLED), found.count(Fulfilment.OVERDUE), len(found))


@dataclass(frozen=True)
class PromiseLine:
    """A promise on a home page: `done` of `total` in `unit` (money in roubles), by when, and how that stands."""

    obligation: Obligation
    done: int
    total: int
    unit: str
    standing: Fulfilment


@dataclass(frozen=True)
class OwnPromises:
    """What an organisation owes and is owed: the nearest promises that are not kept, and all of them in numbers."""

    lines: list[PromiseLine]
    counted: Promises


def promises_of(organisations: Iterable[int], today: date, shown: int = SHOWN_AT_HOME) -> OwnPromises | None:
    """Return the promises in force that organisations owe or are owed; None when there are none. Three queries."""
    ids = list(organisations)
    active = Obligation.objects.active().filter(Q(owner__in=ids) | Q(beneficiary__in=ids))
    # Most promise nothing: the question how promises stand is a long one.
    if not ids or not active.exists():
        return None
    found = stands(active, today)
    standings = [stand.standing for stand in found.values()]
    counted = Promises(standings.count(Fulfilment.FULFILLED), standings.count(Fulfilment.OVERDUE), len(found))
    unkept = [pk for pk, stand in found.items() if stand.standing != Fulfilment.FULFILLED]
    rows = Obligation.objects.filter(pk__in=unkept).select_related("owner", "beneficiary").order_by("due_on", "pk")
    lines = [
        PromiseLine(
            obligation=row,
            done=found[row.pk].done,
            total=row.quantity,
            unit="₽" if row.unit == Unit.ROUBLES else str(row.unit.label),
            standing=found[row.pk].standing,
        )
        for row in rows[:shown]
    ]
    return OwnPromises(lines, counted)


def listed_obligations(obligations: ObligationQuerySet, found: Mapping[int, Stand]) -> ObligationQuerySet:
    """Return `obligations`, the overdue first; `urgency` is the place in `URGENCY` of how each was `found` to stand.

    They are counted once, before: a database would count again for each filter and for the order.
    """
    ranks = [[pk for pk, stand in found.items() if stand.standing == standing] for standing in URGENCY]
    # The most frequent is what remains: thousands of numbers less in the query.
    usual = max(range(len(ranks)), key=lambda rank: len(ranks[rank]))
    cases = [When(pk__in=pks, then=Value(rank)) for rank, pks in enumerate(ranks) if pks and rank != usual]
    rest = Value(usual, output_field=IntegerField())
    return (
        obligations.annotate(urgency=Case(*cases, default=rest, output_field=IntegerField()) if cases else rest)
        .select_related("owner", "beneficiary", "occupation", "agreement")
        .order_by("urgency", "due_on", "pk")
    )


def listed_agreements(user: Any) -> QuerySet[Agreement]:
    """Return the agreements that `user` may see, the newest first."""
    return Agreement.objects.visible_to(user).select_related("cluster").order_by("-starts_on", "-pk")


def organisations_to_choose(user: Any, agreement: Agreement | None = None) -> QuerySet[Organisation]:
    """Return whom `user` may name as a party: own organisations, those of own clusters, and parties already named."""
    if user.is_staff:
        return Organisation.objects.order_by("short_name")
    mine = standing(user).organisations(*KEEPERS)
    clusters = Cluster.objects.of(user)
    named = Q(agreement_parties__agreement=agreement.pk) if agreement else Q()
    known = Q(pk__in=mine) | Q(participations__cluster__in=clusters, participations__ended_on=None) | named
    return Organisation.objects.filter(known).distinct().order_by("short_name")


def panel_of_cluster(request: HttpRequest, cluster: Cluster) -> dict[str, Any] | None:
    """Return the agreements of a cluster and how its promises are kept; None when there are none."""
    agreements = Agreement.objects.filter(cluster=cluster)
    return _panel(request, agreements, Obligation.objects.filter(agreement__cluster=cluster))


def panel_of_organisation(request: HttpRequest, organisation: Organisation) -> dict[str, Any] | None:
    """Return the agreements of an organisation and how it keeps its own promises; None when there are none."""
    agreements = Agreement.objects.filter(parties__organisation=organisation)
    return _panel(request, agreements, Obligation.objects.filter(owner=organisation))


def _panel(request: HttpRequest, agreements: Any, obligations: Any) -> dict[str, Any] | None:
    seen = agreements.exclude(state=AgreementState.WITHDRAWN).filter(
        pk__in=Agreement.objects.visible_to(request.user).values("pk")
    )
    rows = list(seen.order_by("-starts_on", "-pk")[:SHOWN])
    counted = promises(obligations, timezone.localdate())
    return {"agreements": rows, "promises": counted} if rows or counted.total else None

"""Reads of clusters: participants, the way through the stages, what waits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from kuznitsa.base.duties import Duty
from kuznitsa.base.models import AuditEntry
from kuznitsa.clusters.enums import ClusterStage, Part
from kuznitsa.clusters.models import Cluster, ClusterQuerySet, Participation
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing


@dataclass(frozen=True)
class StageEntry:
    """A stage the cluster came to, when, and why if somebody said so."""

    stage: ClusterStage
    at: datetime
    by: str
    reason: str


def participants(cluster: Cluster) -> list[Participation]:
    """Return who takes part now, leaders first."""
    order = list(Part)
    rows = cluster.participations.current().select_related("organisation")
    return sorted(rows, key=lambda row: (order.index(Part(row.part)), str(row.organisation)))


def former_participants(cluster: Cluster) -> QuerySet[Participation]:
    return cluster.participations.exclude(ended_on=None).select_related("organisation").order_by("-ended_on")


def stages(cluster: Cluster) -> list[StageEntry]:
    """Return the stages the cluster came to, in order of time, as the audit trail has them."""
    verbs = {f"clusters.cluster.{stage}": stage for stage in ClusterStage}
    entries = AuditEntry.objects.about(cluster).filter(verb__in=verbs).order_by("at", "pk")
    return [
        StageEntry(verbs[entry.verb], entry.at, entry.actor_name, entry.details.get("reason", "")) for entry in entries
    ]


def partners_of(user: Any) -> QuerySet[Organisation]:
    """Return the organisations of `user` and those that take part in a cluster with them, the overseen included."""
    together = Participation.objects.current().filter(cluster__in=Cluster.objects.of(user))
    return Organisation.objects.filter(
        Q(pk__in=standing(user).organisations()) | Q(pk__in=together.values("organisation"))
    )


def for_list(user: Any) -> ClusterQuerySet:
    """Return the clusters that `user` sees, with the number of participants."""
    now = Q(participations__ended_on=None)
    return (
        Cluster.objects.visible_to(user)
        .select_related("region", "industry")
        .annotate(partners=Count("participations", filter=now))
        .order_by("name")
    )


def answered_for(user: Any) -> QuerySet[Organisation]:
    """Return the organisations for which `user` answers as a coordinator.

    Those that a cluster run by `user` took in before any other cluster they take part in now, so that nobody takes
    over the partner of another cluster by adding it to their own; and those `user` entered that are in no cluster.
    """
    taking_part = Participation.objects.current()
    clusters = taking_part.filter(organisation__in=standing(user).organisations(Role.COORDINATOR)).values("cluster")
    first = taking_part.filter(organisation=OuterRef("pk")).order_by("pk").values("cluster")[:1]
    organisations = Organisation.objects.annotate(first_cluster=Subquery(first))
    return organisations.filter(Q(first_cluster__in=clusters) | Q(first_cluster=None, entered_by=user.pk))


def duties(user: Any, today: date) -> list[Duty]:
    """Clusters that `user` runs and that lack a base college or an anchor employer."""
    if not standing(user).organisations(Role.COORDINATOR):
        return []
    parts = Q(participations__ended_on=None)
    mine = (
        Cluster.objects.of(user, Role.COORDINATOR)
        .exclude(state=ClusterStage.CLOSED)
        .annotate(
            colleges=Count("pk", filter=parts & Q(participations__part=Part.BASE_COLLEGE)),
            plants=Count("pk", filter=parts & Q(participations__part=Part.ANCHOR_EMPLOYER)),
        )
        .filter(Q(colleges=0) | Q(plants=0))
    )
    return [
        Duty(
            title=_("Add the base college") if not cluster.colleges else _("Add the anchor employer"),
            about=str(cluster),
            url=cluster.get_absolute_url(),
        )
        for cluster in mine
    ]

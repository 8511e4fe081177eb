"""Clusters: founding, details, who takes part, stages."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.classifiers.models import Region
from kuznitsa.clusters import permissions
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import free_slug

ORDER = list(ClusterStage)


@transaction.atomic
def create_cluster(
    *,
    name: str,
    region: Region,
    founder: Organisation | None = None,
    part: str = "",
    by: Any,
    at: datetime,
    **details: Any,
) -> Cluster:
    """Found a cluster, with `founder` as its first participant; `details` are further fields of `Cluster`.

    Refuses who is no coordinator (of `founder`, unless staff). `slug` is made of the name unless given.
    Writes the audit entry.
    """
    refuse_if(permissions.why_not_found_for(by, founder) if by else "")
    details["slug"] = details.get("slug") or free_slug(Cluster.objects.all(), details.get("name_en", ""), name)
    cluster = Cluster(name=name, region=region, **details)
    _save(cluster)
    audit("clusters.cluster.created", cluster, by=by, at=at)
    if founder:
        _take_part(cluster, founder, part, timezone.localdate(at), by=by, at=at)
    return cluster


@transaction.atomic
def edit_cluster(*, cluster: Cluster, by: Any, at: datetime, **details: Any) -> None:
    """Change details of a cluster. Refuses who does not run it. Writes the audit entry with what was before."""
    refuse_if(permissions.why_not_run(by, cluster))
    changed = {name: value for name, value in details.items() if getattr(cluster, name) != value}
    was = {name: str(getattr(cluster, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(cluster, name, value)
    _save(cluster)
    audit("clusters.cluster.changed", cluster, by=by, at=at, was=was)


def _save(cluster: Cluster) -> None:
    try:
        with transaction.atomic():
            cluster.save()
    except IntegrityError as taken:
        raise Refused(_("There is a cluster with this address on the site already.")) from taken


@transaction.atomic
def add_participant(
    *,
    cluster: Cluster,
    organisation: Organisation,
    part: str,
    started_on: date | None = None,
    by: Any,
    at: datetime,
) -> Participation:
    """Let `organisation` take part in `cluster` from `started_on` (today unless given).

    Refuses who does not run the cluster, and an organisation that takes part already. Writes the audit entry.
    """
    refuse_if(permissions.why_not_run(by, cluster) if by else "")
    return _take_part(cluster, organisation, part, started_on or timezone.localdate(at), by=by, at=at)


def _take_part(
    cluster: Cluster, organisation: Organisation, part: str, started_on: date, *, by: Any, at: datetime
) -> Participation:
    try:
        with transaction.atomic():
            participation = Participation.objects.create(
                cluster=cluster, organisation=organisation, part=part, started_on=started_on
            )
    except IntegrityError as twice:
        raise Refused(_("The organisation already takes part in this cluster.")) from twice
    audit("clusters.participation.started", participation, by=by, at=at, part=str(part))
    return participation


@transaction.atomic
def end_participation(
    *, participation: Participation, ended_on: date | None = None, reason: str = "", by: Any, at: datetime
) -> None:
    """End the participation of an organisation on `ended_on` (today unless given).

    Refuses who does not run the cluster, a participation that has ended, a day before its start, and one to
    come. Writes the audit entry. The way back is `resume_participation`.
    """
    refuse_if(permissions.why_not_end(by, participation))
    today = timezone.localdate(at)
    day = ended_on or max(today, participation.started_on)
    if day < participation.started_on:
        raise Refused(_("The end comes before the start."))
    if day > max(today, participation.started_on):
        raise Refused(_("The last day of a participation cannot lie in the future."))
    if not Participation.objects.current().filter(pk=participation.pk).update(ended_on=day):
        raise Refused(_("This participation has ended already."))
    participation.ended_on = day
    audit("clusters.participation.ended", participation, by=by, at=at, reason=reason)


@transaction.atomic
def resume_participation(*, participation: Participation, by: Any, at: datetime) -> Participation:
    """Bring back an organisation that has left: a new row from today, so that the time between stays on record.

    Refuses who does not run the cluster, and an organisation that takes part. Writes the audit entry.
    """
    refuse_if(permissions.why_not_resume(by, participation))
    today = timezone.localdate(at)
    return _take_part(participation.cluster, participation.organisation, participation.part, today, by=by, at=at)


@transaction.atomic
def move_cluster(*, cluster: Cluster, to: str, reason: str = "", by: Any, at: datetime) -> None:
    """Move a cluster to another stage.

    Refuses who does not run it, a stage the table of moves does not allow, and a step back or the closing
    without a reason. The first stage in which it operates sets `started_on`. Writes the audit entry.
    """
    stage = ClusterStage(to)
    refuse_if(permissions.why_not_run(by, cluster) if by else "")
    is_back = ORDER.index(stage) < ORDER.index(ClusterStage(cluster.state))
    if (is_back or stage == ClusterStage.CLOSED) and not reason.strip():
        raise Refused(_("Say why: a step back and the closing need a reason."))
    move(cluster, stage, by=by, at=at, reason=reason)
    if stage == ClusterStage.OPERATING and cluster.started_on is None:
        cluster.started_on = timezone.localdate(at)
        cluster.save(update_fields=["started_on"])

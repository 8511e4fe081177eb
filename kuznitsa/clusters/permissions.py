"""Who founds and runs clusters."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.base.workflow import why_not_move as why_not_go
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing


def why_not_create(user: Any) -> str:
    """Coordinators found clusters, and staff."""
    if user.is_staff or standing(user).organisations(Role.COORDINATOR):
        return ""
    return _("Only a cluster coordinator may found a cluster.")


def why_not_found_for(user: Any, organisation: Organisation | None) -> str:
    """A coordinator founds a cluster for an organisation of theirs, or they could not run it afterwards."""
    if reason := why_not_create(user):
        return reason
    if user.is_staff or (organisation and standing(user).holds(organisation.pk, Role.COORDINATOR)):
        return ""
    return _("Choose the organisation for which you are the coordinator.")


def why_not_run(user: Any, cluster: Cluster) -> str:
    """Coordinators of the organisations that take part, and staff."""
    if user.is_staff:
        return ""
    mine = standing(user).organisations(Role.COORDINATOR)
    if mine and cluster.participations.current().filter(organisation__in=mine).exists():
        return ""
    return _("Only a coordinator of an organisation that takes part may do this.")


def why_not_move(user: Any, cluster: Cluster, to: str) -> str:
    """Who runs the cluster moves it, along the table of moves."""
    return why_not_run(user, cluster) or why_not_go(cluster, ClusterStage(to))


def why_not_end(user: Any, participation: Participation) -> str:
    """Who runs the cluster ends a participation that goes on."""
    if participation.ended_on:
        return _("This participation has ended already.")
    return why_not_run(user, participation.cluster)


def why_not_resume(user: Any, participation: Participation) -> str:
    """Who runs the cluster brings back an organisation that has left."""
    if not participation.ended_on:
        return _("This participation has not ended.")
    return why_not_run(user, participation.cluster)

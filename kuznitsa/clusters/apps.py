from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kuznitsa.ui import navigation


class ClustersConfig(AppConfig):
    name = "kuznitsa.clusters"
    verbose_name = _("clusters")

    def ready(self) -> None:
        from kuznitsa.clusters.queries import answered_for
        from kuznitsa.organisations.enums import Role
        from kuznitsa.organisations.models import ANSWERED_FOR
        from kuznitsa.organisations.queries import standing

        def runs_clusters(user: Any) -> bool:
            roles = (Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.FEDERAL_OPERATOR)
            return bool(standing(user).organisations(*roles))

        ANSWERED_FOR.append(answered_for)
        navigation.register(
            navigation.NavItem(
                _("Clusters"), "clusters:list", icon="network", order=64, overview=True, leads=runs_clusters
            )
        )

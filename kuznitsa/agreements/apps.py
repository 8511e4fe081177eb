from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "kuznitsa.agreements"
    verbose_name = _("agreements")

    def ready(self) -> None:
        from kuznitsa.agreements import queries
        from kuznitsa.ui import history, navigation, panels

        history.register(
            {
                "agreements.agreement.created": _("drawn up"),
                "agreements.agreement.signatures_cleared": _("signatures cleared"),
                "agreements.act.submitted": _("submitted"),
            }
        )
        navigation.register(
            navigation.NavItem(_("Agreements"), "agreements:list", icon="handshake", order=36, show=_is_member)
        )
        panels.register("clusters:detail", panels.Panel("agreements/panel.html", queries.panel_of_cluster))
        panels.register("organisations:detail", panels.Panel("agreements/panel.html", queries.panel_of_organisation))


def _is_member(user: Any) -> bool:
    from kuznitsa.organisations.queries import standing

    return bool(user.is_authenticated and (user.is_staff or standing(user).roles))

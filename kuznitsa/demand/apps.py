from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandConfig(AppConfig):
    name = "kuznitsa.demand"
    verbose_name = _("demand")

    def ready(self) -> None:
        from kuznitsa.organisations.queries import standing
        from kuznitsa.ui import navigation

        def sees_needs(user: Any) -> bool:
            held = standing(user)
            return bool(held.roles) or held.oversees_all

        navigation.register(navigation.NavItem(_("Needs"), "demand:list", icon="factory", order=20, show=sees_needs))

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspacesConfig(AppConfig):
    name = "kuznitsa.workspaces"
    verbose_name = _("workspaces")

    def ready(self) -> None:
        from kuznitsa.ui import navigation

        def signed_in(user: Any) -> bool:
            return bool(user.is_authenticated)

        navigation.register(navigation.NavItem(_("Home"), "workspaces:home", icon="house", order=10, show=signed_in))

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kuznitsa.ui import navigation, panels


def my_roles(request: HttpRequest, user: Any) -> dict[str, Any] | None:
    """On the profile: in which organisations one holds which roles."""
    memberships = user.memberships.current().select_related("organisation").order_by("organisation__short_name", "role")
    return {"memberships": memberships} if memberships else None


class OrganisationsConfig(AppConfig):
    name = "kuznitsa.organisations"
    verbose_name = _("organisations")

    def ready(self) -> None:
        navigation.register(
            navigation.NavItem(_("Organisations"), "organisations:list", icon="building-2", order=70, overview=True)
        )
        panels.register("accounts:profile", panels.Panel("organisations/my_roles.html", my_roles))

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kuznitsa.ui import navigation


def is_visitor(user: Any) -> bool:
    return not user.is_authenticated


def is_signed_in(user: Any) -> bool:
    return user.is_authenticated


class AccountsConfig(AppConfig):
    name = "kuznitsa.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        for item in (
            navigation.NavItem(_("Sign in"), "accounts:sign-in", icon="log-in", show=is_visitor, place="user"),
            navigation.NavItem(
                _("Profile"), "accounts:profile", icon="user", order=10, show=is_signed_in, place="user"
            ),
            navigation.NavItem(
                _("Sign out"),
                "accounts:sign-out",
                icon="log-out",
                order=90,
                show=is_signed_in,
                place="user",
                post=True,
            ),
        ):
            navigation.register(item)

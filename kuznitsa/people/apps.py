from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kuznitsa.people"
    verbose_name = _("people")

    def ready(self) -> None:
        from kuznitsa.organisations.enums import Role
        from kuznitsa.organisations.queries import standing
        from kuznitsa.people.models import ROLES_THAT_SEE_PERSONS
        from kuznitsa.ui import history, navigation

        def works_with_persons(user: Any) -> bool:
            return bool(standing(user).organisations(*ROLES_THAT_SEE_PERSONS))

        def keeps_pupils(user: Any) -> bool:
            return bool(standing(user).organisations(Role.CURATOR, Role.CAREERS_LEAD))

        history.register(
            {
                "people.consent.given": _("consent given"),
                "people.consent.withdrawn": _("consent withdrawn"),
                "people.guardian.added": _("guardian added"),
                "people.guardian.confirmed": _("guardian confirmed"),
                "people.guardian.ended": _("guardianship ended"),
            }
        )
        navigation.register(
            navigation.NavItem(
                _("Persons"), "people:list", icon="users", order=50, show=works_with_persons, leads=keeps_pupils
            )
        )

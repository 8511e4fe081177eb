from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacementsConfig(AppConfig):
    name = "kuznitsa.placements"
    verbose_name = _("placements")

    def ready(self) -> None:
        from kuznitsa.organisations.enums import Role
        from kuznitsa.organisations.queries import standing
        from kuznitsa.placements import queries, receivers
        from kuznitsa.programmes.signals import enrolment_annulled
        from kuznitsa.ui import history, navigation, panels

        def works_with_practice(user: Any) -> bool:
            return bool(standing(user).organisations())

        def is_mentor(user: Any) -> bool:
            return bool(standing(user).organisations(Role.MENTOR))

        def leads_practice(user: Any) -> bool:
            return bool(standing(user).organisations(Role.PRACTICE_LEAD))

        history.register(
            {
                "placements.practiceplace.opened": _("opened"),
                "placements.placement.planned": _("placed"),
                "placements.placement.prepared": _("noted what the start asks for"),
            }
        )
        navigation.register(
            navigation.NavItem(
                _("Practice"),
                "placements:list",
                icon="hard-hat",
                order=40,
                show=works_with_practice,
                leads=leads_practice,
            )
        )
        navigation.register(
            navigation.NavItem(_("Trainees"), "placements:mine", icon="users", order=12, show=is_mentor)
        )
        panels.register("people:detail", panels.Panel("placements/of_person.html", queries.panel_of_person, order=30))
        panels.register(
            "programmes:intake", panels.Panel("placements/of_intake.html", queries.panel_of_intake, order=30)
        )
        enrolment_annulled.connect(receivers.why_enrolment_may_not_go)

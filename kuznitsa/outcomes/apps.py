from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "kuznitsa.outcomes"
    verbose_name = _("outcomes")

    def ready(self) -> None:
        from kuznitsa.organisations.enums import Role
        from kuznitsa.organisations.queries import standing
        from kuznitsa.outcomes import permissions, receivers
        from kuznitsa.outcomes.queries import exams, hires
        from kuznitsa.programmes.signals import enrolment_annulled
        from kuznitsa.ui import history, navigation, panels

        def holds_exams(user: Any) -> bool:
            return bool(standing(user).organisations(*permissions.EXAMINERS, Role.AUDITOR))

        def follows_hires(user: Any) -> bool:
            return bool(
                standing(user).organisations(*permissions.HIRERS, Role.CURATOR, Role.PRACTICE_LEAD, Role.AUDITOR)
            )

        def is_expert(user: Any) -> bool:
            return bool(standing(user).organisations(Role.EXPERT))

        history.register(
            {
                "outcomes.exam.results_recorded": _("entered results"),
                "outcomes.hire.hired": _("recorded the hire"),
                "outcomes.hire.corrected": _("corrected"),
            }
        )
        navigation.register(
            navigation.NavItem(_("Exams"), "outcomes:exams", icon="award", order=44, show=holds_exams, leads=is_expert)
        )
        navigation.register(
            navigation.NavItem(_("Hires"), "outcomes:hires", icon="briefcase", order=46, show=follows_hires)
        )
        panels.register("people:detail", panels.Panel("outcomes/of_person.html", hires.panel_of_person, order=40))
        panels.register("programmes:intake", panels.Panel("outcomes/of_intake.html", exams.panel_of_intake, order=40))
        enrolment_annulled.connect(receivers.why_enrolment_may_not_go)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProgrammesConfig(AppConfig):
    name = "kuznitsa.programmes"
    verbose_name = _("programmes")

    def ready(self) -> None:
        from kuznitsa.programmes import queries
        from kuznitsa.ui import history, navigation, panels

        history.register(
            {
                "programmes.enrolment.enrolled": _("enrolled"),
                "programmes.intake.added": pgettext_lazy("intake", "planned"),
            },
        )
        navigation.register(
            navigation.NavItem(_("Programmes"), "programmes:list", icon="graduation-cap", order=66, overview=True)
        )
        template = "programmes/of_organisation.html"
        panels.register("organisations:detail", panels.Panel(template, queries.panel_of_organisation))
        panels.register("clusters:detail", panels.Panel(template, queries.panel_of_cluster))

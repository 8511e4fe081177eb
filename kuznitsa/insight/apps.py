from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# The page of a thing, and the part of the scope that the thing is.
PANELS = {
    "clusters:detail": "cluster",
    "demand:detail": "need",
    "admissions:offer": "offer",
}


class InsightConfig(AppConfig):
    name = "kuznitsa.insight"
    verbose_name = _("insight")

    def ready(self) -> None:
        from kuznitsa.insight.queries import Scope, band, sees_facts
        from kuznitsa.ui import navigation, panels

        def of_scope(request: HttpRequest, scope: Scope) -> dict[str, Any] | None:
            stages = band(scope, linked=sees_facts(scope, request.user))
            if not any(stage.value for stage in stages):
                return None
            return {"band": stages, "thread_url": scope.url("insight:thread")}

        def of_part(part: str) -> Any:
            return lambda request, thing: of_scope(request, Scope(**{part: thing}))

        def of_organisation(request: HttpRequest, organisation: Any) -> dict[str, Any] | None:
            scope = Scope.of_organisation(organisation)
            return of_scope(request, scope) if scope else None

        template = "insight/_band_panel.html"
        for page, part in PANELS.items():
            panels.register(page, panels.Panel(template, of_part(part), order=10))
        panels.register("organisations:detail", panels.Panel(template, of_organisation, order=10))
        navigation.register(navigation.NavItem(_("Thread"), "insight:thread", icon="route", order=60, overview=True))
        navigation.register(navigation.NavItem(_("Balance"), "insight:balance", icon="scale", order=62, overview=True))

"""`{% panels "clusters:detail" cluster %}` shows the panels that higher apps have registered for a page."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from kuznitsa.ui.panels import panels_of

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: RequestContext, page: str, obj: Any) -> SafeString:
    request = context["request"]
    shown = []
    for panel in panels_of(page):
        values = panel.context(request, obj)
        if values is not None:
            shown.append(render_to_string(panel.template, {**values, "object": obj}, request=request))
    return mark_safe("".join(shown))

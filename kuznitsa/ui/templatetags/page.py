"""What `base.html` alone needs: navigation, theme, the head of the page."""

from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kuznitsa.ui import navigation as registry

register = template.Library()

THEMES = {"auto": (_("As the device"), "monitor"), "light": (_("Light"), "sun"), "dark": (_("Dark"), "moon")}
THEME_COOKIE = "theme"
# So many entries fit side by side; the rest is behind "More".
FITTING = {"foot": 4, "top": 5}


@register.simple_block_tag
def captured(content: str) -> str:
    """Keep what a block of the page says, to be shown more than once: `{% captured as title %}…{% endcaptured %}`."""
    return mark_safe(content.strip())


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """Return the theme chosen by the visitor: "light", "dark" or "auto"."""
    request = context.get("request")
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request else ""
    return chosen if chosen in THEMES else "auto"


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def navigation(context: template.Context, *, place: str) -> dict[str, Any]:
    """The main navigation; `place` "side" or "top" for wide screens, "foot" for phones."""
    user, path = _user(context), _path(context)
    items = registry.items_for(user)
    first, more = items, []
    fitting = FITTING.get(place, len(items))
    if len(items) > fitting + 1:
        first, more = items[:fitting], items[fitting:]
    return {"first": first, "more": more, "place": place, "current": registry.current(items, path)}


@register.inclusion_tag("ui/user_menu.html", takes_context=True)
def user_menu(context: template.Context) -> dict[str, Any]:
    """Who is signed in and what they can do about it."""
    user = _user(context)
    return {
        "user": user,
        "items": registry.items_for(user, place="user"),
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("ui/preferences.html", takes_context=True)
def preferences(context: template.Context) -> dict[str, Any]:
    """The switches of language and theme."""
    request = context.get("request")
    return {
        "languages": [(code, LANGUAGE_NAMES.get(code, code)) for code, _name in settings.LANGUAGES],
        "language": get_language(),
        "themes": [(key, label, icon) for key, (label, icon) in THEMES.items()],
        "theme": theme(context),
        "next": request.get_full_path() if request else "/",
        "language_url": reverse("ui:language"),
        "theme_url": reverse("ui:theme"),
        "csrf_token": context.get("csrf_token", ""),
    }


# A language is named in itself, so that whoever needs it can read it.
LANGUAGE_NAMES = {"ru": "Русский", "en": "English"}


def _user(context: template.Context) -> Any:
    request = context.get("request")
    return getattr(request, "user", None) or AnonymousUser()


def _path(context: template.Context) -> str:
    request = context.get("request")
    return request.path if request else ""

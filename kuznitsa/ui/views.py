"""Language, theme and the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from kuznitsa.ui import gallery as examples
from kuznitsa.ui.templatetags.page import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 24 * 60 * 60

set_language = login_not_required(require_POST(django_set_language))


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie; JavaScript does the same without a request."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    return response


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every variant and state; for people who build pages."""
    if not (settings.DEBUG or getattr(settings, "UI_GALLERY", False)):
        raise Http404
    context = examples.context(request)
    return render(request, context["listing"].template("ui/gallery.html"), context)

"""Answers that lead somewhere else, for pages and for htmx alike."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect


def redirect_to(request: HttpRequest, location: str) -> HttpResponse:
    """Lead the whole page to `location`, also when htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(location)
    return HttpResponseRedirect(location)


def redirect_back(request: HttpRequest) -> HttpResponse:
    """Lead to the page the user came from; to the front page when that is unknown or not ours."""
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return redirect_to(request, back)

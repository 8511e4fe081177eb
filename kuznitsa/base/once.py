"""A form does its thing once, however often its button is pressed.

A form carries a hidden field `_once` with `token()`. The first POST claims it; a second POST of the same
form with the same content is not run, it is led to where the first one was led. A form that came back with
errors gives the token up, so that the corrected form goes through.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.jobs import every, job
from kuznitsa.base.models import UsedToken
from kuznitsa.base.redirects import redirect_back, redirect_to

FIELD = "_once"
WAIT_SECONDS = 5.0
PAUSE_SECONDS = 0.1
# A claim without an answer for so long belongs to a process that was killed.
ABANDONED_AFTER = timedelta(minutes=2)
KEPT_FOR = timedelta(days=3)
LOCATION_HEADERS = ("Location", "HX-Redirect")


def token() -> str:
    """Return a fresh token for the hidden field `_once` of one form on one page."""
    return secrets.token_urlsafe(16)


def clear_old_tokens(*, at: datetime) -> int:
    """Delete tokens nobody will send again; return how many."""
    return UsedToken.objects.filter(claimed_at__lt=at - KEPT_FOR).delete()[0]


@every("daily")
@job("base.clear_old_tokens")
def clear_old_tokens_now() -> None:
    """Forget the tokens of forms sent long ago."""
    clear_old_tokens(at=timezone.now())


class OnceMiddleware:
    """Runs a form with `_once` once. Stands after messages and sign-in, so that strangers claim nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = getattr(request, "once_key", "")
        if key:
            _finish(key, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.POST.get(FIELD):
            return None
        key = _key(request)
        deadline = time.monotonic() + WAIT_SECONDS
        while not _claim(key, at=timezone.now()):
            used = UsedToken.objects.filter(key=key).first()
            if used and used.location:
                return redirect_to(request, used.location)
            if time.monotonic() > deadline:
                messages.info(request, _("This is already being done. Reload the page in a moment."))
                return redirect_back(request)
            time.sleep(PAUSE_SECONDS)
        request.once_key = key  # type: ignore[attr-defined]
        return None


def _key(request: HttpRequest) -> str:
    """Return what makes two POSTs the same: the same browser and user sent the same content to the same address.

    The cookie and not the session stands for the browser: signing in changes the session half-way.
    """
    parts = [
        request.POST[FIELD],
        str(request.user.pk or ""),
        request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),
        request.path,
        *(f"{name}={value}" for name, values in sorted(request.POST.lists()) for value in values),
        *(f"{name}={file.name}:{file.size}" for name, files in sorted(request.FILES.lists()) for file in files),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _claim(key: str, *, at: datetime) -> bool:
    """Take `key` for this request; False when another request has it."""
    try:
        with transaction.atomic():
            UsedToken.objects.create(key=key, claimed_at=at)
        return True
    except IntegrityError:
        abandoned = UsedToken.objects.filter(key=key, location="", claimed_at__lt=at - ABANDONED_AFTER)
        return abandoned.update(claimed_at=at) == 1


def _finish(key: str, response: HttpResponse) -> None:
    """Remember where the sender was led; anything but a redirect means that nothing was done."""
    used = UsedToken.objects.filter(key=key)
    location = next((response[name] for name in LOCATION_HEADERS if name in response), "")
    if location:
        used.update(location=location)
    else:
        used.delete()

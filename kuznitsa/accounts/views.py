"""Sign-in by password and by mailed link, sign-out, the profile."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kuznitsa.accounts import actions, permissions
from kuznitsa.accounts.forms import LinkRequestForm, NewPasswordForm, ProfileForm, SignInForm
from kuznitsa.accounts.models import SignInLink, User
from kuznitsa.ui.parts import Crumb

BY_LINK = "signed_in_by_link_at"
# So long after a mailed link has signed somebody in they may set a password without the old one.
FRESH_SECONDS = 30 * 60
BACKEND = "django.contrib.auth.backends.ModelBackend"
YEAR_SECONDS = 365 * 24 * 60 * 60


def safe_next(request: HttpRequest, given: str = "") -> str:
    """Return the page to go on to, if it is one of ours, else ""."""
    url = given or request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else ""


def with_language(response: HttpResponse, user: User) -> HttpResponse:
    """Speak to the user in their language from the next page on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def start_session(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    """Sign `user` in and lead on."""
    login(request, user, backend=BACKEND)
    return with_language(HttpResponseRedirect(next_url or resolve_url(settings.LOGIN_REDIRECT_URL)), user)


@login_not_required
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by password; the page also leads to the mailed link."""
    next_url = safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_url or resolve_url(settings.LOGIN_REDIRECT_URL))
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user:
        return start_session(request, form.user, next_url)
    link_url = reverse("accounts:link-request", query={"next": next_url} if next_url else None)
    return render(request, "accounts/sign_in.html", {"form": form, "next": next_url, "link_url": link_url})


@login_not_required
@never_cache
def link_request(request: HttpRequest) -> HttpResponse:
    """Ask for a mailed link; the answer is the same whether the address is known or not."""
    next_url = safe_next(request)
    form = LinkRequestForm(request.POST or None, request=request, initial={"email": request.GET.get("email", "")})
    if request.method == "POST" and form.is_valid():
        actions.request_link(email=form.cleaned_data["email"], next_url=next_url, at=timezone.now())
        return redirect("accounts:link-sent")
    context = {"form": form, "next": next_url, "is_reset": next_url == reverse("accounts:password")}
    return render(request, "accounts/link_request.html", context)


@login_not_required
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the letter."""
    return render(request, "accounts/link_sent.html")


@login_not_required
def password_reset(request: HttpRequest) -> HttpResponse:
    """A forgotten password is replaced after signing in by a mailed link."""
    return redirect(reverse("accounts:link-request", query={"next": reverse("accounts:password")}))


@login_not_required
@never_cache
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button that signs in, and sign in when it is pressed; looking spends nothing."""
    row = SignInLink.objects.with_secret(secret).select_related("user").first()
    if row is None:
        return render(request, "accounts/link_unknown.html", status=404)
    why_not = permissions.why_not_use(request.user, row, timezone.now())
    if request.method == "POST" and not why_not:
        user = actions.use_link(link=row, at=timezone.now())
        response = start_session(request, user, safe_next(request, row.next_url))
        request.session[BY_LINK] = time.time()
        return response
    context = {"row": row, "secret": secret, "why_not": why_not, "address": masked(row.address)}
    return render(request, "accounts/link.html", context)


def masked(email: str) -> str:
    """Return enough of an address for its owner to know it."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


@login_not_required
@require_POST
def link_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Send a fresh link to the address of an old one."""
    row = get_object_or_404(SignInLink.objects.with_secret(secret).select_related("user"))
    actions.renew_link(link=row, at=timezone.now())
    return redirect("accounts:link-sent")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))


def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, password; apps above add what they know of the user."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user=request.user, **form.cleaned_data, by=request.user, at=timezone.now())
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        return with_language(redirect("accounts:profile"), request.user)
    return render(request, "accounts/profile.html", {"form": form})


def password(request: HttpRequest) -> HttpResponse:
    """Set a password, or a new one."""
    came_by_link = time.time() - request.session.get(BY_LINK, 0) < FRESH_SECONDS
    ask_current = request.user.has_usable_password() and not came_by_link
    form = NewPasswordForm(request.POST or None, request=request, ask_current=ask_current)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["password"]
        actions.set_password(user=request.user, password=new, by=request.user, at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password works from now on."))
        return redirect("accounts:profile")
    crumbs = [Crumb(_("Profile"), reverse("accounts:profile")), Crumb(_("Password"))]
    return render(request, "accounts/password.html", {"form": form, "crumbs": crumbs})

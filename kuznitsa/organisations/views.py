"""The directory, the page of an organisation, its people, and invitations."""

from copy import copy
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kuznitsa.accounts.models import User
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations import actions, permissions, queries
from kuznitsa.organisations.enums import ROLE_CARDS, Role
from kuznitsa.organisations.forms import (
    AcceptForm,
    InvitationForm,
    OrganisationForm,
    ReasonForm,
    SignatoryForm,
    SiteForm,
)
from kuznitsa.organisations.models import Invitation, Membership, Organisation, Signatory, Site
from kuznitsa.organisations.tables import OrganisationFilter, OrganisationTable
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Crumb, Fact

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _way(*crumbs: Crumb) -> list[Crumb]:
    return [Crumb(_("Organisations"), reverse("organisations:list")), *crumbs]


def _to(organisation: Organisation) -> Crumb:
    return Crumb(organisation, organisation.get_absolute_url())


def _visible(request: HttpRequest, slug: str) -> Organisation:
    rows = Organisation.objects.visible_to(request.user).select_related("region")
    return get_object_or_404(rows, slug=slug)


@login_not_required
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    listing = list_page(
        request,
        queryset=Organisation.objects.visible_to(request.user).select_related("region"),
        table=OrganisationTable,
        filterset=OrganisationFilter,
    )
    if listing.export:
        return listing.export
    context = {"listing": listing, "why_not_create": permissions.why_not_create(request.user, "")}
    return render(request, listing.template("organisations/list.html"), context)


@login_not_required
@require_GET
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody reads, and for members who signs and what was done."""
    organisation = _visible(request, slug)
    why_not_keep = permissions.why_not_keep(request.user, organisation)
    signatories = Signatory.objects.visible_to(request.user).filter(organisation=organisation)
    context = {
        "organisation": organisation,
        "facts": _facts(organisation),
        "sites": organisation.sites.order_by("name"),
        "is_inside": queries.is_inside(request.user, organisation),
        "signatories": [
            (row, permissions.why_not_confirm(request.user, row))
            for row in signatories.select_related("organisation", "user").order_by("full_name", "authority_from")
        ],
        "why_not_keep": why_not_keep,
        "history": [] if why_not_keep else AuditEntry.objects.about(organisation).order_by("-at", "-pk")[:10],
        "crumbs": _way(Crumb(organisation)),
    }
    return render(request, "organisations/detail.html", context)


def _facts(organisation: Organisation) -> list[Fact]:
    """Return what is known; lines without a value are left out."""
    lines = [
        Fact(_("Full name"), organisation.full_name),
        Fact(_("Tax number (INN)"), organisation.tax_number),
        Fact(_("Registration number (OGRN)"), organisation.registration_number),
        Fact(_("Address"), organisation.address or organisation.town),
        Fact(_("Phone"), organisation.phone, f"tel:{organisation.phone}"),
        Fact(_("E-mail"), organisation.email, f"mailto:{organisation.email}"),
    ]
    return [line for line in lines if line.value]


def create(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_organisation(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The organisation is in the directory now."))
            return redirect(made)
        except Refused as refused:
            form.add_error(None, refused.reason)
    context = {"form": form, "title": _("Add an organisation"), "crumbs": _way(Crumb(_("New"))), "submit": ""}
    context["why_not"] = permissions.why_not_create(request.user, "")
    return render(request, "organisations/form.html", context | {"back": reverse("organisations:list")})


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _visible(request, slug)
    form = OrganisationForm(request.POST or None, user=request.user, instance=copy(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_organisation(
                organisation=organisation, **form.cleaned_data, by=request.user, at=timezone.now()
            )
            messages.success(request, _("Saved."))
            return redirect(organisation)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, organisation, form, _("Details of the organisation"))


def _form_page(
    request: HttpRequest, organisation: Organisation, form: Any, title: str, submit: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "crumbs": _way(_to(organisation), Crumb(title)),
        "why_not": permissions.why_not_keep(request.user, organisation),
        "back": organisation.get_absolute_url(),
    }
    return render(request, "organisations/form.html", context)


def add_site(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _visible(request, slug)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_site(organisation=organisation, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The site is on the page of the organisation now."))
            return redirect(organisation)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, organisation, form, _("Add a site"))


def edit_site(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    form = SiteForm(request.POST or None, instance=copy(site))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_site(site=site, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(site.organisation)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, site.organisation, form, _("Change the site"))


def add_signatory(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _visible(request, slug)
    form = SignatoryForm(request.POST or None, request.FILES or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_signatory(
                organisation=organisation, **form.cleaned_data, by=request.user, at=timezone.now()
            )
            messages.success(request, _or_waits(row, _("The signatory is on record now."), request.user))
            return redirect(organisation)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, organisation, form, _("Add a signatory"))


def edit_signatory(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Signatory.objects.visible_to(request.user).select_related("organisation", "user")
    signatory = get_object_or_404(rows, pk=pk)
    organisation = signatory.organisation
    form = SignatoryForm(
        request.POST or None, request.FILES or None, organisation=organisation, instance=copy(signatory)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_signatory(signatory=signatory, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _or_waits(signatory, _("Saved."), request.user))
            return redirect(organisation)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, organisation, form, _("Change the signatory"))


def _or_waits(signatory: Signatory, text: str, user: Any) -> str:
    if signatory.confirmed_at or signatory.user_id != user.pk:
        return text
    return _(
        "Saved. You have entered yourself, so another person has to confirm the paper before you sign:"
        " an administrator, the director or the coordinator of the cluster."
    )


@require_POST
def confirm_signatory(request: HttpRequest, pk: int) -> HttpResponse:
    signatory = get_object_or_404(Signatory.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    actions.confirm_signatory(signatory=signatory, by=request.user, at=timezone.now())
    messages.success(request, _("Confirmed: %(name)s may sign now.") % {"name": signatory.full_name})
    return redirect(signatory.organisation)


@require_GET
def signatory_scan(request: HttpRequest, pk: int) -> FileResponse:
    """The paper of authority, for members of the organisation and who confirms it."""
    signatory = get_object_or_404(Signatory.objects.visible_to(request.user).exclude(scan=""), pk=pk)
    return FileResponse(signatory.scan.open(), as_attachment=True)


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Members with their roles, and invitations; for members and staff."""
    mine = Organisation.objects.all() if request.user.is_staff else Organisation.objects.of(request.user)
    kept = _visible(request, slug)
    why_not_keep = permissions.why_not_keep(request.user, kept)
    organisation = kept if not why_not_keep else get_object_or_404(mine, slug=slug)
    found = queries.people_of(organisation)
    context = {
        "organisation": organisation,
        "members": [(row, ReasonForm(auto_id=f"end_{row.pk}_%s")) for row in found.members],
        "former": found.former,
        "invitations": found.invitations,
        "now": timezone.now(),
        "why_not_keep": why_not_keep,
        "crumbs": _way(_to(organisation), Crumb(_("People"))),
    }
    return render(request, "organisations/people.html", context)


def invite(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _visible(request, slug)
    form = InvitationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(organisation=organisation, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("organisations:people", slug)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, organisation, form, _("Invite a person"), _("Send the invitation"))


@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.end_membership(membership=membership, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The role has ended. It can be given back from the list below."))
    if permissions.why_not_keep(request.user, membership.organisation):
        return redirect(membership.organisation)
    return redirect("organisations:people", membership.organisation.slug)


@require_POST
def resume_membership(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    actions.resume_membership(membership=membership, by=request.user, at=timezone.now())
    messages.success(request, _("The role has been given back."))
    return redirect("organisations:people", membership.organisation.slug)


def _membership(request: HttpRequest, pk: int) -> Membership:
    rows = Membership.objects.visible_to(request.user) | Membership.objects.filter(user=request.user)
    return get_object_or_404(rows.select_related("organisation", "user"), pk=pk)


@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    actions.withdraw_invitation(invitation=row, by=request.user, at=timezone.now())
    messages.success(request, _("The invitation has been withdrawn: its link no longer works."))
    return redirect("organisations:people", row.organisation.slug)


@require_POST
def send_invitation_again(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    actions.send_invitation_again(invitation=row, by=request.user, at=timezone.now())
    messages.success(request, _("A fresh letter is on its way to %(email)s.") % {"email": row.email})
    return redirect("organisations:people", row.organisation.slug)


@login_not_required
@never_cache
@require_GET
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What the invitation is about; looking at it accepts nothing."""
    row = Invitation.objects.with_secret(secret).select_related("organisation", "invited_by").first()
    if row is None:
        return render(request, "organisations/invitation_unknown.html", status=404)
    return _invitation_page(request, row, secret, _accept_form(request, row))


def _accept_form(request: HttpRequest, row: Invitation) -> AcceptForm | None:
    """Return the form of a newcomer; None when the address has an account."""
    if User.objects.filter(email__iexact=row.email).exists():
        return None
    initial = {"full_name": row.full_name, "language": get_language()}
    return AcceptForm(request.POST or None, email=row.email, initial=initial)


def _invitation_page(request: HttpRequest, row: Invitation, secret: str, form: AcceptForm | None) -> HttpResponse:
    is_open = not permissions.why_not_send_again(request.user, row)
    context = {
        "invitation": row,
        "card": ROLE_CARDS[Role(row.role)],
        "secret": secret,
        "form": form,
        "why_not": permissions.why_not_accept(request.user, row, timezone.now()),
        "has_expired": is_open and row.expires_at < timezone.now(),
        "is_somebody_else": request.user.is_authenticated and request.user.email.lower() != row.email.lower(),
    }
    return render(request, "organisations/invitation.html", context)


@login_not_required
@require_POST
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    row = get_object_or_404(Invitation.objects.with_secret(secret).select_related("organisation"))
    form = _accept_form(request, row)
    if form and not form.is_valid():
        return _invitation_page(request, row, secret, form)
    given = form.cleaned_data if form else {}
    user = actions.accept_invitation(invitation=row, **given, by=request.user, at=timezone.now())
    messages.success(request, _("Welcome! Your role: %(role)s.") % {"role": row.get_role_display()})
    if not request.user.is_authenticated:
        login(request, user, backend=BACKEND)
    response = HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=request.is_secure())
    return response


@login_not_required
@require_POST
def ask_invitation_again(request: HttpRequest, secret: str) -> HttpResponse:
    """The invited have a fresh letter sent to the same address."""
    row = get_object_or_404(Invitation.objects.with_secret(secret).select_related("organisation"))
    actions.send_invitation_again(invitation=row, by=request.user, at=timezone.now())
    return render(request, "organisations/invitation_sent.html", {"invitation": row})


@login_not_required
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """What each role is for and where it exists, in words a person reads."""
    cards = [
        (role, card, [kind.label for kind in type(next(iter(card.kinds))) if kind in card.kinds])
        for role, card in ROLE_CARDS.items()
    ]
    return render(request, "organisations/roles.html", {"cards": cards})

"""The list of agreements, one agreement, its text and its paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kuznitsa.agreements import actions, permissions, queries
from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.forms import ProlongForm, ReasonForm, TextForms
from kuznitsa.agreements.models import Agreement
from kuznitsa.agreements.tables import AgreementFilter, AgreementTable
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Fact


@require_GET
def list_(request: HttpRequest) -> HttpResponseBase:
    listing = list_page(
        request,
        queryset=queries.listed_agreements(request.user),
        table=AgreementTable,
        filterset=AgreementFilter,
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "tabs": queries.tabs("agreements"),
        "why_not_create": permissions.why_not_create(request.user),
    }
    return render(request, listing.template("agreements/list.html"), context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreements = queries.listed_agreements(request.user).prefetch_related("parties")
    agreement = get_object_or_404(agreements, pk=pk)
    today = timezone.localdate()
    context = {
        "agreement": agreement,
        "parties": queries.party_lines(agreement, request.user, today),
        "steps": queries.signing_steps(agreement),
        "fulfilments": queries.fulfilments(queries.owed_in(agreement), today),
        "facts": _facts(agreement),
        "history": AuditEntry.objects.about(agreement).order_by("-at", "-pk")[:30],
        "states": AgreementState,
        "sign_values": {"text_hash": agreement.text_hash},
        "reason_form": ReasonForm(),
        "prolong_form": ProlongForm(),
        **_reasons(request.user, agreement),
    }
    return render(request, "agreements/detail.html", context)


def _reasons(user: Any, agreement: Agreement) -> dict[str, str]:
    return {
        "why_not_edit": permissions.why_not_edit(user, agreement),
        "why_not_send": permissions.why_not_send(user, agreement),
        "why_not_return": permissions.why_not_return(user, agreement),
        "why_not_withdraw": permissions.why_not_withdraw(user, agreement),
        "why_not_reopen": permissions.why_not_reopen(user, agreement),
        "why_not_terminate": permissions.why_not_terminate(user, agreement),
        "why_not_prolong": permissions.why_not_prolong(user, agreement),
    }


def _facts(agreement: Agreement) -> list[Fact]:
    cluster = agreement.cluster
    return [
        Fact(_("Kind"), agreement.get_kind_display()),
        Fact(_("Cluster"), cluster, url=cluster.get_absolute_url() if cluster else ""),
        Fact(_("Starts"), f"{agreement.starts_on:%d.%m.%Y}"),
        Fact(_("Ends"), f"{agreement.ends_on:%d.%m.%Y}" if agreement.ends_on else _("no end")),
        Fact(_("In force since"), f"{agreement.in_force_on:%d.%m.%Y}" if agreement.in_force_on else ""),
        Fact(_("Text sealed by"), f"{agreement.text_hash[:16]}…" if agreement.text_hash else ""),
    ]


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponseBase:
    refuse_if(permissions.why_not_create(request.user))
    text = TextForms(user=request.user, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and not text.wants_more and text.is_valid():
        try:
            agreement = actions.draw_up(**text.terms, by=request.user, at=timezone.now())
        except Refused as refused:
            text.main.add_error(None, refused.reason)
        else:
            messages.success(request, _("The draft is saved. Look it through and send it for signing."))
            return redirect(agreement)
    return render(request, "agreements/form.html", {"text": text, "agreement": None})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = get_object_or_404(queries.listed_agreements(request.user), pk=pk)
    refuse_if(permissions.why_not_edit(request.user, agreement))
    data = request.POST if request.method == "POST" else None
    text = TextForms(user=request.user, data=data, agreement=agreement)
    if request.method == "POST" and not text.wants_more and text.is_valid():
        try:
            actions.edit(agreement=agreement, **text.terms, by=request.user, at=timezone.now())
        except Refused as refused:
            text.main.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(agreement)
    return render(request, "agreements/form.html", {"text": text, "agreement": agreement})


@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    agreement = get_object_or_404(queries.listed_agreements(request.user), pk=pk)
    response = HttpResponse(queries.paper(agreement, timezone.localdate()), content_type="application/pdf")
    name = f"{agreement.title} {agreement.number}".replace("/", "-")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    return response

"""The register of obligations, one obligation with the facts behind it, waivers."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kuznitsa.agreements import actions, permissions, queries
from kuznitsa.agreements.enums import BY_ACT, ObligationKind, ObligationState
from kuznitsa.agreements.forms import ReasonForm
from kuznitsa.agreements.models import Obligation
from kuznitsa.agreements.tables import ObligationFilter, ObligationTable
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Fact


def _obligation(request: HttpRequest, pk: int) -> Obligation:
    obligations = Obligation.objects.visible_to(request.user)
    return get_object_or_404(
        obligations.select_related("agreement__cluster", "owner", "beneficiary", "occupation", "thread"), pk=pk
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponseBase:
    seen = Obligation.objects.visible_to(request.user)
    stands = queries.stands(seen, timezone.localdate())
    listing = list_page(
        request,
        queryset=queries.listed_obligations(seen, stands),
        table=ObligationTable,
        filterset=ObligationFilter,
        search_in=("agreement__search", "owner__search", "beneficiary__search"),
        table_options={"stands": stands},
    )
    if listing.export:
        return listing.export
    context = {"listing": listing, "tabs": queries.tabs("obligations")}
    return render(request, listing.template("agreements/obligations.html"), context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    obligation = _obligation(request, pk)
    context = {
        "obligation": obligation,
        "agreement": obligation.agreement,
        "fulfilled": queries.fulfilments([obligation], timezone.localdate())[0],
        "fact_lines": queries.fact_lines(obligation, request.user),
        "acts": queries.act_lines(obligation, request.user),
        "by_act": ObligationKind(obligation.kind) in BY_ACT,
        "facts": _facts(obligation),
        "history": queries.history_of(obligation)[:30],
        "states": ObligationState,
        "reason_form": ReasonForm(),
        "why_not_submit": permissions.why_not_submit_act(request.user, obligation),
        "why_not_waive": permissions.why_not_waive(request.user, obligation),
        "why_not_restore": permissions.why_not_restore(request.user, obligation),
    }
    return render(request, "agreements/obligation.html", context)


def _facts(obligation: Obligation) -> list[Fact]:
    owner, beneficiary, agreement = obligation.owner, obligation.beneficiary, obligation.agreement
    return [
        Fact(_("Agreement"), capfirst(str(agreement)), url=agreement.get_absolute_url()),
        Fact(_("Who owes"), owner, url=owner.get_absolute_url()),
        Fact(_("To whom"), beneficiary, url=beneficiary.get_absolute_url()),
        Fact(_("What"), obligation.get_kind_display()),
        Fact(_("Occupation"), obligation.occupation or ""),
        Fact(_("Need it answers"), obligation.thread or ""),
        Fact(_("Counted from"), obligation.fact_kind.label),
    ]


@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponseBase:
    obligation = _obligation(request, pk)
    actions.waive(obligation=obligation, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The obligation is waived."))
    return redirect(obligation)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponseBase:
    obligation = _obligation(request, pk)
    actions.restore(obligation=obligation, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The obligation binds again."))
    return redirect(obligation)

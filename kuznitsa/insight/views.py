"""The thread, the facts behind its numbers, the balance."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kuznitsa.insight import queries
from kuznitsa.insight.enums import STAGE_BY_KEY, STAGES
from kuznitsa.insight.forms import ScopeForm, WhatIfForm
from kuznitsa.insight.queries import Scope
from kuznitsa.insight.tables import BalanceTable, FactTable
from kuznitsa.ui.listings import Listing, list_page
from kuznitsa.ui.parts import Fact, Series


@login_not_required
@require_GET
def thread(request: HttpRequest) -> HttpResponse:
    scope = Scope.from_query(request.GET, request.user)
    context = {
        "scope": scope,
        "form": ScopeForm(scope),
        "band": queries.band(scope, linked=request.user.is_authenticated),
        "meanings": [Fact(stage.label, stage.meaning) for stage in STAGES],
        "balance_url": scope.url("insight:balance"),
    }
    return render(request, "insight/thread.html", context)


@require_GET
def stage(request: HttpRequest, key: str) -> HttpResponse:
    if key not in STAGE_BY_KEY:
        raise Http404
    scope, chosen = Scope.from_query(request.GET, request.user), STAGE_BY_KEY[key]
    facts = queries.facts_of_stage(scope, chosen, request.user, is_search=bool(request.GET.get("q")))
    listing = list_page(
        request,
        queryset=facts.prefetch_related("source"),
        table=FactTable,
        search_in=("person__search",),
        table_options={"user": request.user},
        filename=str(chosen.label),
    )
    if listing.export:
        return listing.export
    numbers = {item.label: item.value for item in queries.band(scope, linked=False)}
    context = {
        "listing": listing,
        "stage": chosen,
        "scope": scope,
        "total": numbers.get(chosen.label) or 0,
        "thread_url": scope.url("insight:thread"),
    }
    return render(request, listing.template("insight/stage.html"), context)


@login_not_required
@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    scope = Scope.from_query(request.GET, request.user)
    found = queries.balance(scope, today=timezone.localdate())
    table = BalanceTable(found.rows)
    listing = Listing(request, table=table, filterset=None, search_in=(), filename=_("Balance"))
    if listing.export:
        return listing.export
    form = WhatIfForm(request.GET if "seats" in request.GET else None)
    seats = form.cleaned_data["seats"] if form.is_bound and form.is_valid() else 25
    context = {
        "scope": scope,
        "form": ScopeForm(scope),
        "what_if_form": form if form.is_bound else WhatIfForm(),
        "balance": found,
        "listing": listing,
        "what_if": queries.what_if(found.rows, found.rates, seats=seats),
        "series": [
            Series(_("Need"), found.total("need"), tone="steel", stack="need"),
            Series(_("Hired"), found.total("hires"), tone="success", stack="way"),
            Series(_("Expected besides"), _remaining(found), tone="ember", stack="way"),
        ],
        "thread_url": scope.url("insight:thread"),
    }
    return render(request, listing.template("insight/balance.html"), context)


def _remaining(found: queries.Balance) -> list[int]:
    pairs = zip(found.total("expected"), found.total("hires"), strict=True)
    return [max(0, expected - hires) for expected, hires in pairs]

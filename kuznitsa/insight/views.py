"""The thread, the facts behind its numbers, the balance."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kuznitsa.insight import queries
from kuznitsa.insight.enums import STAGES
from kuznitsa.insight.forms import ScopeForm, WhatIfForm
from kuznitsa.insight.queries import Scope
from kuznitsa.insight.tables import BalanceTable, FactTable, WhatIfTable
from kuznitsa.ui.listings import Listing, list_page
from kuznitsa.ui.parts import Fact, Series


@login_not_required
@require_GET
def thread(request: HttpRequest) -> HttpResponse:
    scope = Scope.from_query(request.GET, request.user)
    is_open = queries.sees_facts(scope, request.user)
    context = {
        "scope": scope,
        "form": ScopeForm(scope),
        "band": queries.band(scope, linked=is_open),
        "is_open": is_open,
        "meanings": [Fact(stage.label, stage.meaning) for stage in STAGES],
        "balance_url": scope.url("insight:balance"),
    }
    return render(request, "insight/thread.html", context)


@require_GET
def stage(request: HttpRequest, key: str) -> HttpResponse:
    scope = Scope.from_query(request.GET, request.user)
    try:
        chosen = queries.stage_of(scope, key, request.GET.get("months", ""))
    except KeyError as error:
        raise Http404 from error
    facts = queries.facts_of_stage(scope, chosen, request.user, is_search=bool(request.GET.get("q")))
    listing = list_page(
        request,
        queryset=facts.prefetch_related("source"),
        table=FactTable,
        search_in=("person__search",),
        table_options={"user": request.user},
        filename=str(chosen.label),
        within={name: value for name, value in request.GET.items() if name in (*scope.query, "months")},
    )
    context = {"listing": listing, "stage": chosen, "scope": scope, **queries.heading(scope, chosen, request.user)}
    return listing.export or render(request, listing.template("insight/stage.html"), context)


@login_not_required
@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    scope, today = Scope.from_query(request.GET, request.user), timezone.localdate()
    found = queries.balance(scope, today=today)
    form = WhatIfForm(scope, request.GET if "seats" in request.GET else None, today=today)
    what_if = queries.what_if(scope, found, **form.cleaned_data) if form.is_valid() else None
    shown = what_if.balance if what_if else found
    table = WhatIfTable(shown.rows) if what_if else BalanceTable(shown.rows)
    within = {**scope.query, **(form.cleaned_data if what_if else {})}
    listing = Listing(request, table=table, filterset=None, search_in=(), filename=_("Balance"), within=within)
    context = {
        "scope": scope,
        "form": ScopeForm(scope),
        "what_if_form": form,
        "what_if": what_if,
        "balance": shown,
        "listing": listing,
        "share_lines": queries.share_lines(found.shares),
        "series": _series(shown, is_more=what_if is not None),
        "thread_url": scope.url("insight:thread"),
    }
    return listing.export or render(request, listing.template("insight/balance.html"), context)


def _series(found: queries.Balance, *, is_more: bool) -> list[Series]:
    series = [
        Series(_("Need"), found.total("need"), tone="steel", stack="need"),
        Series(_("Hired"), found.total("hires"), tone="success", stack="way"),
        Series(_("Expected besides"), found.total("remaining"), tone="ember", stack="way"),
    ]
    more = Series(_("From the new seats"), found.total("added"), tone="info", stack="way")
    return [*series, more] if is_more else series

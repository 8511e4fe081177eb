"""Screens of target contracts: the list, the page for all sides, drawing up, signing, the paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.forms import contracts as forms
from kuznitsa.admissions.models import Seat, TargetContract, TargetOffer
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.contract_duties import parties_to_sign, seats_to_draw_up
from kuznitsa.admissions.queries.contract_pages import paper_of, party_lines, steps_of, wage_of
from kuznitsa.admissions.queries.contracts import listed_contracts, service_clock
from kuznitsa.admissions.queries.support import balance
from kuznitsa.admissions.tables.contracts import ContractFilter, ContractTable
from kuznitsa.agreements.queries.verification import address_of
from kuznitsa.base.documents import render as render_paper
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.ui.listings import list_page


def contract_for(request: HttpRequest, pk: int) -> TargetContract:
    """Return the contract if the user may see it, else 404."""
    contracts = TargetContract.objects.visible_to(request.user).select_related(
        "person", "seat", "offer__employer", "offer__thread", "offer__intake__programme__college"
    )
    return get_object_or_404(contracts, pk=pk)


def list_(request: HttpRequest) -> HttpResponseBase:
    visible = TargetContract.objects.visible_to(request.user)
    listing = list_page(
        request,
        queryset=listed_contracts().filter(pk__in=visible.values("pk")),
        table=ContractTable,
        filterset=ContractFilter,
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "to_sign": parties_to_sign(request.user, timezone.localdate()).count(),
        "to_draw_up": seats_to_draw_up(request.user).count(),
    }
    return render(request, listing.template("admissions/contracts/list.html"), context)


def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    today = timezone.localdate()
    lines = party_lines(contract, request.user)
    support = balance(contract, today)
    entries = AuditEntry.objects.filter(object_type="admissions.targetcontract", object_id=str(pk))
    context = {
        "contract": contract,
        "terms": contract.terms,
        "wage": wage_of(contract.terms),
        "lines": lines,
        "steps": steps_of(contract, lines, today),
        "support": support,
        "paid": sum(line.paid_kopecks for line in support),
        "payments": contract.payments.select_related("measure").order_by("-paid_on", "-pk"),
        "suspensions": contract.suspensions.order_by("starts_on"),
        "may_be_done": (clock := service_clock(contract, today)) is not None and clock.is_done(today),
        "history": entries.order_by("-at", "-pk")[:30],
        "cancel_form": forms.ReasonForm(),
        **_doors(request.user, contract),
    }
    return render(request, "admissions/contracts/detail.html", context)


def _doors(user: Any, contract: TargetContract) -> dict[str, Any]:
    """Return what the user may do with the contract, and whether to show the office's buttons at all."""
    return {
        "is_customer": may.speaks_for_customer(user, contract.offer),
        "is_standing": contract.state not in (ContractState.CANCELLED, ContractState.ANNULLED),
        "is_office": may.speaks_for_office(user, contract.offer),
        "why_not_cancel": may.why_not_cancel(user, contract),
        "why_not_suspend": may.why_not_suspend(user, contract),
        "why_not_resume": may.why_not_resume(user, contract),
        "why_not_terminate": may.why_not_terminate(user, contract),
        "why_not_reopen": may.why_not_reopen(user, contract),
        "why_not_annul": may.why_not_annul(user, contract),
        "why_not_fulfil": may.why_not_fulfil(user, contract),
        "why_not_pay": may.why_not_pay(user, contract),
    }


def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The printed contract, in Russian whatever the user's language is: it is a legal paper."""
    contract = contract_for(request, pk)
    verify = address_of(contract.terms_hash)
    pdf = render_paper("admissions/contract", paper_of(contract), on=contract.drawn_up_on, verify=verify)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="contract-{contract.pk}.pdf"'
    return response


def draw_up(request: HttpRequest) -> HttpResponseBase:
    """Accepted seats without a contract: tick, and all are drawn up."""
    seats = list(seats_to_draw_up(request.user))
    form = forms.DrawUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = [seat for seat in seats if str(seat.pk) in request.POST.getlist("seats")]
        if _draw_up_all(request, chosen, form):
            return redirect("admissions:contracts")
    return render(request, "admissions/contracts/draw_up.html", {"seats": seats, "form": form})


def _draw_up_all(request: HttpRequest, seats: list[Seat], form: forms.DrawUpForm) -> bool:
    if not seats:
        form.add_error(None, _("Tick at least one student."))
        return False
    done = 0
    for seat in seats:
        try:
            actions.draw_up_contract(seat=seat, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            messages.error(request, f"{seat.application.person}: {refused.reason}")
        else:
            done += 1
    said = ngettext("%(count)d contract is drawn up.", "%(count)d contracts are drawn up.", done)
    messages.info(request, said % {"count": done})
    return True


def draw_up_for_student(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A contract with somebody who studies already."""
    offer = get_object_or_404(TargetOffer.objects.visible_to(request.user), pk=pk)
    refuse_if(may.why_not_draw_up(request.user, offer))
    form = forms.DrawUpForStudentForm(request.POST or None, offer=offer)
    if form.is_valid():
        try:
            contract = actions.draw_up_contract(offer=offer, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The contract is drawn up. Now it waits for signatures."))
            return redirect(contract)
    context = {"form": form, "heading": _("Contract with a student"), "lead": offer, "back": offer.get_absolute_url()}
    return render(request, "admissions/contracts/form.html", {**context, "submit": _("Draw up")})


def to_sign(request: HttpRequest) -> HttpResponseBase:
    """Everything that waits for this user's signature: read, tick, sign in one go."""
    parties = list(parties_to_sign(request.user, timezone.localdate()))
    if request.method == "POST":
        chosen = [party for party in parties if str(party.pk) in request.POST.getlist("parties")]
        refuse_if("" if chosen else _("Tick at least one contract."))
        signed = actions.sign_many(parties=chosen, by=request.user, at=timezone.now())
        for contract, reason in signed.refused:
            messages.error(request, f"{contract}: {reason}")
        if count := len(signed.contracts):
            said = ngettext("%(count)d contract is signed.", "%(count)d contracts are signed.", count)
            messages.success(request, said % {"count": count})
        return redirect("admissions:contracts-to-sign")
    return render(request, "admissions/contracts/to_sign.html", {"parties": parties, "form": forms.TickForm()})


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    party = get_object_or_404(contract.parties, role=request.POST.get("role", ""))
    actions.sign_contract(party=party, by=request.user, at=timezone.now())
    messages.success(request, _("Signed."))
    return redirect(contract)


def scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Record a paper that was signed elsewhere."""
    contract = contract_for(request, pk)
    refuse_if(may.why_not_upload_scans(request.user, contract))
    form = forms.ScanForm(request.POST or None, request.FILES or None, contract=contract)
    if form.is_valid():
        try:
            actions.sign_contract_by_scan(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The signature is recorded."))
            return redirect(contract)
    context = {"form": form, "heading": _("A paper signed elsewhere"), "lead": contract, "submit": _("Record")}
    return render(request, "admissions/contracts/form.html", {**context, "back": contract.get_absolute_url()})

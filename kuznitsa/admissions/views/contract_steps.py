"""What happens to a contract: given up, suspended, resumed, ended, fulfilled, paid by."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions
from kuznitsa.admissions.forms import contracts as forms
from kuznitsa.admissions.models import SupportMeasure, SupportPayment, TargetContract, TargetOffer
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.support import payment_lines
from kuznitsa.admissions.views.contracts import contract_for
from kuznitsa.base.money import format_money
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.ui.parts import Tab


def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_cancel(request.user, contract))
    form_class = forms.CancelContractForm if contract.seat_id else forms.ReasonForm
    heading, said = _("Give the contract up"), _("The contract is given up.")
    return _step(request, contract, form_class(request.POST or None), actions.cancel_contract, heading, said, "danger")


def suspend(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_suspend(request.user, contract))
    form = forms.SuspendForm(request.POST or None)
    return _step(
        request, contract, form, actions.suspend_contract, _("Suspend the contract"), _("The contract is suspended.")
    )


def resume(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_resume(request.user, contract))
    form = forms.DayForm(request.POST or None)
    return _step(
        request, contract, form, actions.resume_contract, _("Resume the contract"), _("The contract is in force again.")
    )


def terminate(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_terminate(request.user, contract))
    form = forms.TerminateForm(request.POST or None)
    heading, said = _("End the contract early"), _("The contract has ended.")
    return _step(request, contract, form, actions.terminate_contract, heading, said, "danger")


def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_reopen(request.user, contract))
    form = forms.ReasonForm(request.POST or None)
    heading, said = _("The end was entered by mistake"), _("The end is taken back: the contract stands again.")
    return _step(request, contract, form, actions.reopen_contract, heading, said)


def annul(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_annul(request.user, contract))
    form_class = forms.CancelContractForm if contract.seat_id else forms.ReasonForm
    heading, said = _("The contract was entered by mistake"), _("The contract is taken back and does not count.")
    return _step(request, contract, form_class(request.POST or None), actions.annul_contract, heading, said, "danger")


@require_POST
def fulfil(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    actions.fulfil_contract(contract=contract, by=request.user, at=timezone.now())
    messages.success(request, _("The contract is fulfilled. Thank you for keeping your word."))
    return redirect(contract)


def pay(request: HttpRequest, pk: int) -> HttpResponseBase:
    contract = contract_for(request, pk)
    refuse_if(may.why_not_pay(request.user, contract))
    form = forms.PaymentForm(
        request.POST or None, offer=contract.offer, initial={"measure": contract.offer.support.first()}
    )
    return _step(request, contract, form, actions.record_payment, _("Enter a payment"), _("The payment is entered."))


@require_POST
def cancel_payment(request: HttpRequest, pk: int) -> HttpResponseBase:
    payments = SupportPayment.objects.visible_to(request.user)
    payment = get_object_or_404(payments.select_related("contract__offer"), pk=pk)
    actions.cancel_payment(payment=payment, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The payment is cancelled; the row stays, crossed out."))
    return redirect(payment)


def pay_month(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everybody to whom something is owed by an offer, ticked, with sums: look, confirm, paid."""
    offer = get_object_or_404(TargetOffer.objects.visible_to(request.user).select_related("employer"), pk=pk)
    refuse_if(may.why_not_pay_by(request.user, offer))
    measures = list(offer.support.filter(amount_kopecks__isnull=False).order_by("order", "pk"))
    measure = next((one for one in measures if str(one.pk) == request.GET.get("measure")), next(iter(measures), None))
    form = forms.PayMonthForm(request.POST or None, offer=offer, initial={"paid_on": timezone.localdate()})
    if measure is not None and form.is_valid() and _pay_all(request, offer, measure, form):
        return redirect("admissions:offer-pay", offer.pk)
    lines = payment_lines(offer, measure, timezone.localdate()) if measure else []
    context = {
        "offer": offer,
        "tabs": [Tab(capfirst(str(one)), f"?measure={one.pk}", active=one == measure) for one in measures],
        "measure": measure,
        "lines": lines,
        "total": sum(line.pays_kopecks for line in lines),
        "form": form,
        "ticked": _ticked(request) or {line.contract.pk for line in lines},
    }
    return render(request, "admissions/contracts/pay_month.html", context)


def _ticked(request: HttpRequest) -> set[int]:
    return {int(pk) for pk in request.POST.getlist("contracts") if pk.isdecimal() and len(pk) < 19}


def _pay_all(request: HttpRequest, offer: TargetOffer, measure: SupportMeasure, form: forms.PayMonthForm) -> bool:
    chosen = [contract.pk for contract in form.cleaned_data.pop("contracts")]
    try:
        paid = actions.pay_month(
            offer=offer, measure=measure, contracts=chosen, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    said = ngettext("%(count)d student is paid %(sum)s.", "%(count)d students are paid %(sum)s in all.", paid.count)
    messages.success(request, said % {"count": paid.count, "sum": format_money(paid.total_kopecks)})
    return True


def _step(
    request: HttpRequest,
    contract: TargetContract,
    form: Form,
    act: Callable[..., Any],
    heading: str,
    said: str,
    variant: str = "primary",
) -> HttpResponseBase:
    """Ask with `form` and do `act`; a refusal stands in the form, with what the user typed."""
    if form.is_valid():
        try:
            act(contract=contract, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, said)
            return redirect(contract)
    context = {"form": form, "heading": heading, "lead": contract, "submit": heading, "variant": variant}
    return render(request, "admissions/contracts/form.html", {**context, "back": contract.get_absolute_url()})

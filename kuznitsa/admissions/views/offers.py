"""Screens of target offers, the plain card among them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, forms, permissions, queries
from kuznitsa.admissions.enums import OfferState
from kuznitsa.admissions.models import TargetOffer
from kuznitsa.admissions.tables import OfferFilter, OfferTable
from kuznitsa.agreements.models import Obligation
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.demand.models import Need
from kuznitsa.programmes.enums import IntakeState
from kuznitsa.programmes.models import Intake
from kuznitsa.ui.listings import list_page


def _offer(request: HttpRequest, pk: int) -> TargetOffer:
    return get_object_or_404(queries.listed_offers().visible_to(request.user), pk=pk)


@login_not_required
def list_(request: HttpRequest) -> HttpResponseBase:
    listing = list_page(
        request,
        queryset=queries.offers_of_list(request.user),
        table=OfferTable,
        filterset=OfferFilter,
        search_in=("search", "employer__search", "intake__programme__occupation__search"),
    )
    if listing.export:
        return listing.export
    can_add = request.user.is_authenticated and queries.employers_of(request.user).exists()
    context = {"listing": listing, "can_add": can_add}
    return render(request, listing.template("admissions/offers/list.html"), context)


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    offer = _offer(request, pk)
    card = queries.card_of(offer, timezone.localdate())
    context = {
        "offer": offer,
        "programme": offer.intake.programme,
        "card": card,
        "minimum_mark": number_format((offer.minimum_mark_hundredths or 0) / 100, 2),
        **_calculated(request, card),
        **_management(request.user, offer),
    }
    return render(request, "admissions/offers/card.html", context)


def _calculated(request: HttpRequest, card: queries.Card) -> dict[str, Any]:
    """Return the calculator and, when a number of months was asked for, what the support comes to."""
    asked = request.GET if "months" in request.GET else None
    form = forms.CalculatorForm(asked, most=card.months, initial={"months": card.months})
    months = form.cleaned_data["months"] if form.is_valid() else None
    return {
        "calculator": form,
        "calculated_months": months,
        "calculated_kopecks": None if months is None else queries.support_over(card.money, months),
    }


def _management(user: Any, offer: TargetOffer) -> dict[str, Any]:
    """Return what the plant and the college need on the page; the public sees nothing of it."""
    if permissions.why_not_run_offer(user, offer):
        return {"may_run": False}
    missing = queries.missing_terms(offer) if offer.state != OfferState.PUBLISHED else []
    return {
        "may_run": True,
        "states": OfferState,
        "missing": missing,
        "held": queries.seats_held(offer),
        "why_not_edit": permissions.why_not_edit_offer(user, offer),
        "why_not_propose": permissions.why_not_propose_offer(user, offer),
        "why_not_agree": permissions.why_not_agree_offer(user, offer),
        "why_not_publish": permissions.why_not_publish_offer(user, offer),
        "why_not_change_seats": permissions.why_not_change_seats(user, offer),
        "why_not_withdraw": permissions.why_not_withdraw_offer(user, offer),
        "why_not_restore": permissions.why_not_restore_offer(user, offer),
        "reason_form": forms.OfferReasonForm(),
    }


def create(request: HttpRequest) -> HttpResponseBase:
    if not queries.employers_of(request.user).exists():
        raise Refused(_("Target offers are made by the HR, the coordinator or the director of a plant."))
    form = forms.OfferForm(request.POST or None, user=request.user, initial=_initial(request))
    support = forms.support_forms(request.POST or None)
    if _both_valid(form, support):
        try:
            offer = actions.create_offer(**form.cleaned_data, support=support.lines, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The offer is drafted. Read the card as an applicant will, then propose it."))
            return redirect(offer)
    context = {"form": form, "support": support, "heading": _("New target offer")}
    return render(request, "admissions/offers/form.html", context)


def _both_valid(form: Any, support: Any) -> bool:
    if not form.is_bound:
        return False
    support_is_valid = support.is_valid()
    if form.is_valid() and not support_is_valid:
        form.add_error(None, _("Look at the rows of support again."))
    return form.is_valid() and support_is_valid


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Return what is known from `?need=` or `?obligation=`, which the page of either links to."""
    if request.GET.get("need", "").isdecimal():
        need = get_object_or_404(Need.objects.visible_to(request.user), pk=request.GET["need"])
        return {
            "employer": need.employer_id,
            "need": need.pk,
            "seats": need.number,
            "site": need.site_id,
            "intake": _first_intake(need.occupation_id),
            "wage_from_kopecks": need.wage_from_kopecks,
            "wage_to_kopecks": need.wage_to_kopecks,
        }
    if request.GET.get("obligation", "").isdecimal():
        obligations = Obligation.objects.visible_to(request.user)
        obligation = get_object_or_404(obligations, pk=request.GET["obligation"])
        return {
            "employer": obligation.owner_id,
            "agreement": obligation.agreement_id,
            "seats": obligation.quantity,
            "intake": _first_intake(obligation.occupation_id, obligation.beneficiary_id),
        }
    return {}


def _first_intake(occupation: int | None, college: int | None = None) -> int | None:
    intakes = Intake.objects.filter(state=IntakeState.PLANNED, programme__occupation=occupation)
    if college is not None:
        intakes = intakes.filter(programme__college=college)
    first = intakes.order_by("starts_on", "pk").first()
    return first.pk if first else None


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    offer = _offer(request, pk)
    refuse_if(permissions.why_not_edit_offer(request.user, offer))
    form = forms.OfferForm(request.POST or None, instance=offer, user=request.user)
    support = forms.support_forms(request.POST or None, offer)
    if _both_valid(form, support):
        try:
            actions.edit_offer(
                offer=offer, **form.cleaned_data, support=support.lines, by=request.user, at=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(offer)
    context = {"form": form, "support": support, "heading": _("Target offer"), "offer": offer}
    return render(request, "admissions/offers/form.html", context)


def seats(request: HttpRequest, pk: int) -> HttpResponseBase:
    offer = _offer(request, pk)
    refuse_if(permissions.why_not_change_seats(request.user, offer))
    form = forms.SeatsForm(request.POST or None, initial={"seats": offer.seats})
    if form.is_valid():
        try:
            actions.change_seats(offer=offer, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The number of seats is changed."))
            return redirect(offer)
    return render(request, "admissions/offers/seats.html", {"form": form, "offer": offer})


def _do(request: HttpRequest, pk: int, action: Callable[..., None], said: str, **details: str) -> HttpResponseBase:
    offer = _offer(request, pk)
    action(offer=offer, by=request.user, at=timezone.now(), **details)
    messages.success(request, said)
    return redirect("admissions:offers" if offer.state == OfferState.WITHDRAWN else offer)


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _do(request, pk, actions.propose_offer, _("The offer is sent to the college for its agreement."))


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _do(request, pk, actions.agree_offer, _("You have agreed. The plant can publish the offer."))


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _do(request, pk, actions.publish_offer, _("The offer is published: everybody sees it now."))


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponseBase:
    said = _("The offer is a draft of the plant again.")
    offer = _offer(request, pk)
    actions.return_offer(offer=offer, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, said)
    is_still_seen = TargetOffer.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect(offer if is_still_seen else "admissions:offers")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    reason = request.POST.get("reason", "")
    return _do(request, pk, actions.close_offer, _("The offer takes no more applicants."), reason=reason)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _do(request, pk, actions.reopen_offer, _("The offer is open again."), reason=request.POST.get("reason", ""))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    reason = request.POST.get("reason", "")
    return _do(request, pk, actions.withdraw_offer, _("The offer is withdrawn."), reason=reason)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _do(
        request, pk, actions.restore_offer, _("The offer is a draft again."), reason=request.POST.get("reason", "")
    )

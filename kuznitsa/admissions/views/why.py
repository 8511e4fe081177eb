"""Why: to each applicant choice by choice, to each plant seat by seat."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.forms.seats import ExtraSeatForm
from kuznitsa.admissions.models import Application, Seat, TargetOffer
from kuznitsa.admissions.queries.applications import current_seat, published_run
from kuznitsa.admissions.queries.empty_seats import offer_story
from kuznitsa.admissions.queries.seats import seats_seen
from kuznitsa.admissions.queries.why import stories, ticket_of

# As many seats, and as many who wait for one, as a page shows.
PAGE = 50
# What is said after an answer, by the verb of its address.
ANSWERED = {
    "accept": _("The seat is yours. The contract comes next."),
    "wait": _("The seat is yours, and you wait for a better one."),
    "decline": _("The seat goes to the next on the list. Thank you for saying so."),
    "give-back": _("The seat is given back and goes to the next on the list."),
}


def why(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Application.objects.seen_whole_by(request.user).select_related("person", "campaign__college")
    application = get_object_or_404(rows, pk=pk)
    run = published_run(application.campaign)
    context = {
        "application": application,
        "run": run,
        "stories": stories(application, run) if run else [],
        "seat": current_seat(application),
        "pseudonym": application.pseudonym,
        "ticket": ticket_of(application, run) if run else "",
    }
    return render(request, "admissions/applications/why.html", context)


def offer_seats(request: HttpRequest, pk: int) -> HttpResponse:
    """The seats of an offer: numbers and reasons for those who work on it, names for those who may see them."""
    offers = TargetOffer.objects.visible_to(request.user).select_related("employer", "campaign__college")
    offer = get_object_or_404(offers, pk=pk)
    extra = None if permissions.why_not_give_extra_seat(request.user, offer) else ExtraSeatForm(offer=offer)
    return render_offer_seats(request, offer, extra)


def render_offer_seats(request: HttpRequest, offer: TargetOffer, extra: ExtraSeatForm | None) -> HttpResponse:
    run = published_run(offer.campaign) if offer.campaign else None
    waiting, seats, waiters = seats_seen(offer, run, request.user)
    seats_page = Paginator(seats, PAGE).get_page(request.GET.get("seats"))
    waiters_page = Paginator(waiters, PAGE).get_page(request.GET.get("page"))
    context = {
        "offer": offer,
        "run": run,
        "story": offer_story(offer, run, waiting) if run else None,
        "seats": seats_page,
        "before_seats": f"?page={waiters_page.number}&seats=",
        "waiting": waiters_page,
        "before_waiting": f"?seats={seats_page.number}&page=",
        "why_not_call": permissions.why_not_call_next(request.user, offer),
        "extra": extra,
    }
    return render(request, "admissions/seats/offer.html", context)


@require_POST
def call_next(request: HttpRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(TargetOffer.objects.visible_to(request.user), pk=pk)
    seat = actions.call_next(offer=offer, by=request.user, at=timezone.now())
    messages.success(request, gettext("%(person)s is called to the free seat.") % {"person": seat.application.person})
    return redirect("admissions:offer-waiting", offer.pk)


@require_POST
def answer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    seats = Seat.objects.visible_to(request.user).select_related(
        "application__person", "application__campaign__college"
    )
    seat = get_object_or_404(seats.select_related("offer__employer", "offer__thread"), pk=pk)
    now, reason = timezone.now(), request.POST.get("reason", "")
    if verb == "accept":
        actions.accept_seat(seat=seat, by=request.user, at=now)
    elif verb == "wait":
        actions.accept_and_wait(seat=seat, by=request.user, at=now)
    elif verb == "decline":
        actions.decline_seat(seat=seat, by=request.user, at=now, reason=reason)
    else:
        actions.give_back_seat(seat=seat, reason=reason, by=request.user, at=now)
    messages.success(request, ANSWERED[verb])
    return redirect(seat.application)

"""After the results: rounds, free seats, late applications, seats given by named persons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.forms.seats import ExtraSeatForm
from kuznitsa.admissions.models import Application, Campaign, TargetOffer
from kuznitsa.admissions.queries import rounds
from kuznitsa.admissions.queries.applications import published_run
from kuznitsa.admissions.views.why import render_offer_seats
from kuznitsa.base.refusal import refuse_if


def list_(request: HttpRequest, pk: int) -> HttpResponse:
    """Numbers for everybody who sees the campaign; names for those who may see them."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("college"), pk=pk)
    run, user = published_run(campaign), request.user
    seen = set(Application.objects.visible_to(user).filter(campaign=campaign).values_list("pk", flat=True))
    context = {
        "campaign": campaign,
        "run": run,
        "offers": rounds.standing_of_offers(campaign) if run else [],
        "rounds": rounds.rounds_of(campaign),
        "apart": rounds.given_apart(campaign),
        "late": [row for row in rounds.late_applications(campaign) if row.pk in seen],
        "seen": seen,
        "why_not_hold": permissions.why_not_hold_round(user, campaign),
        "is_late": permissions.is_for_late(campaign) and not permissions.why_not_start_application(user, campaign),
    }
    return render(request, "admissions/rounds/list.html", context)


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    run = actions.hold_round(campaign=campaign, reason=_("the office called"), by=request.user, at=timezone.now())
    if run is None:
        messages.info(request, _("Nobody waits for a seat that is free: there is nothing to give."))
    else:
        messages.success(request, _("The round is held; letters are on their way."))
    return redirect("admissions:rounds", campaign.pk)


@require_POST
def extra_seat(request: HttpRequest, pk: int) -> HttpResponse:
    offers = TargetOffer.objects.visible_to(request.user).select_related("campaign", "intake__programme", "employer")
    offer = get_object_or_404(offers, pk=pk)
    refuse_if(permissions.why_not_give_extra_seat(request.user, offer))
    form = ExtraSeatForm(request.POST, offer=offer)
    if not form.is_valid():
        messages.error(request, _("Choose for whom the seat is, say why, and name the order."))
        return render_offer_seats(request, offer, form)
    seat = actions.give_extra_seat(**form.decision(), offer=offer, by=request.user, at=timezone.now())
    messages.success(request, _("%(person)s has an extra seat.") % {"person": seat.application.person})
    return redirect("admissions:offer-waiting", offer.pk)


@require_POST
def place_late(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).select_related("campaign__college", "person")
    application = get_object_or_404(rows, pk=pk)
    seat = actions.place_late(application=application, by=request.user, at=timezone.now())
    if seat is None:
        messages.info(
            request, _("What was left went to other late applications, which have more points or a right to it.")
        )
    else:
        messages.success(request, _("%(person)s gets a seat that was left.") % {"person": seat.application.person})
    return redirect(application)

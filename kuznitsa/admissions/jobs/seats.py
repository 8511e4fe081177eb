"""Clocks of seats."""

from contextlib import suppress

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions import rounds
from kuznitsa.admissions.actions.seats import lapse_seat
from kuznitsa.admissions.enums import CampaignState, SeatState
from kuznitsa.admissions.models import Campaign, Seat
from kuznitsa.admissions.queries.rounds import campaigns_with_free_seats
from kuznitsa.base.jobs import every, job
from kuznitsa.base.refusal import Refused


@job("admissions.hold_round")
def hold_round_of_campaign(campaign: int, reason: str) -> None:
    """Hold the round of a large campaign; one that has been held already leaves nothing to do."""
    row = Campaign.objects.get(pk=campaign)
    if row.state == CampaignState.PUBLISHED:
        rounds.hold_rounds(campaign=row, reason=reason, by=None, at=timezone.now())


@every("hourly")
@job("admissions.hold_rounds")
def hold_rounds() -> None:
    """Give what is still free: the net under the rounds that follow each seat at once."""
    for campaign in campaigns_with_free_seats(Campaign.objects.filter(state=CampaignState.PUBLISHED)):
        with suppress(Refused):
            rounds.hold_rounds(campaign=campaign, reason=_("a seat was free"), by=None, at=timezone.now())


@every("daily")
@job("admissions.lapse_seats")
def lapse_seats() -> None:
    """Let go every seat whose last day to answer has passed."""
    now = timezone.now()
    late = Seat.objects.filter(state=SeatState.OFFERED, answer_by__lt=timezone.localdate(now))
    for seat in late.select_related("application__campaign", "application__person", "offer__employer").order_by("pk"):
        # Another one's lapse may have moved this applicant up in the meantime, or they have just answered.
        seat.refresh_from_db(fields=["state"])
        if seat.state == SeatState.OFFERED:
            with suppress(Refused):
                lapse_seat(seat=seat, by=None, at=now)

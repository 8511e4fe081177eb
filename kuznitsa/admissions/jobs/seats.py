"""Clocks of seats."""

from contextlib import suppress

from django.utils import timezone

from kuznitsa.admissions.actions.seats import lapse_seat
from kuznitsa.admissions.enums import SeatState
from kuznitsa.admissions.models import Seat
from kuznitsa.base.jobs import every, job
from kuznitsa.base.refusal import Refused


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

"""Reads about contracts: lists, who has signed, the clock of the service."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from kuznitsa.admissions.enums import CampaignState, SeatState
from kuznitsa.admissions.models import Seat, TargetContract
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact


@dataclass(frozen=True)
class ServiceClock:
    """The months a graduate owes: since the hire, without the days of suspensions."""

    started_on: date
    ends_on: date
    months: int

    def is_done(self, today: date) -> bool:
        return today >= self.ends_on


def service_clock(contract: TargetContract, today: date) -> ServiceClock | None:
    """Return how the service stands; None before the hire, which the ledger knows."""
    hired = (
        Fact.objects.effective()
        .filter(kind=FactKind.HIRED, person=contract.person_id, thread=contract.offer.thread_id)
        .order_by("on")
        .first()
    )
    if hired is None:
        return None
    still = sum(
        max(0, ((pause.ends_on or today) - max(pause.starts_on, hired.on)).days) for pause in contract.suspensions.all()
    )
    ends_on = add_months(hired.on, contract.service_months) + timedelta(days=still)
    return ServiceClock(started_on=hired.on, ends_on=ends_on, months=contract.service_months)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month when there is no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def listed_contracts() -> QuerySet[TargetContract]:
    """Return contracts for a list, newest first, with how many parties there are and how many have signed."""
    return (
        TargetContract.objects.select_related("person", "offer__employer", "offer__intake__programme__college")
        .annotate(
            parties_count=Count("parties", distinct=True),
            signed_count=Count("parties", filter=Q(parties__signed_at__isnull=False), distinct=True),
        )
        .order_by("-drawn_up_on", "-pk")
    )


def seats_without_contract() -> QuerySet[Seat]:
    """Return accepted seats for which nothing has been drawn up; once a campaign is over nobody waits for that."""
    accepted = Seat.objects.filter(state=SeatState.ACCEPTED, contract=None)
    return accepted.exclude(application__campaign__state=CampaignState.COMPLETED)

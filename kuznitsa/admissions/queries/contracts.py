"""Reads about contracts: lists, who has signed, the clock of the service."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kuznitsa.admissions.enums import CampaignState, ContractState, SeatState
from kuznitsa.admissions.models import ContractParty, Seat, Suspension, TargetContract
from kuznitsa.base.models import AuditEntry
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.models import SHORT_NAMES
from kuznitsa.people.models import NAMES
from kuznitsa.programmes.models import Enrolment


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


# Facts that stand without a contract: what led to it, and what is taken back with it.
_BEFORE_OR_WITH = (
    FactKind.APPLIED,
    FactKind.SEAT_ALLOCATED,
    FactKind.SEAT_RETURNED,
    FactKind.CONTRACT_SIGNED,
    FactKind.CONTRACT_ENDED,
    FactKind.ENROLLED,
)


def facts_that_followed(contract: TargetContract) -> list[str]:
    """Return the kinds of facts that came of the contract and stand: payments, practice, an exam, a hire."""
    facts = Fact.objects.effective().filter(person=contract.person_id, thread=contract.offer.thread_id)
    kinds = set(facts.exclude(kind__in=_BEFORE_OR_WITH).values_list("kind", flat=True))
    return [kind for kind in FactKind if kind in kinds]


def enrolment_made_with(contract: TargetContract) -> Enrolment | None:
    """Return the enrolment that the last signature made; None when the student was enrolled before."""
    signed = Fact.objects.from_source(contract).effective().filter(kind=FactKind.CONTRACT_SIGNED).first()
    if signed is None or contract.enrolment is None:
        return None
    enrolled = Fact.objects.from_source(contract.enrolment).effective()
    # One action writes both facts at one instant.
    made = enrolled.filter(kind=FactKind.ENROLLED, recorded_at=signed.recorded_at).exists()
    return contract.enrolment if made else None


def suspension_cut_short(contract: TargetContract) -> Suspension | None:
    """Return the suspension in which the contract was when it was ended, which the end has closed."""
    ended = AuditEntry.objects.filter(
        object_type="admissions.targetcontract",
        object_id=str(contract.pk),
        verb=f"admissions.targetcontract.{ContractState.TERMINATED}",
    )
    last = ended.order_by("-at", "-pk").first()
    if contract.state != ContractState.TERMINATED or last is None or last.details.get("was") != ContractState.SUSPENDED:
        return None
    return contract.suspensions.order_by("-starts_on", "-pk").first()


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month when there is no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def listed_contracts() -> QuerySet[TargetContract]:
    """Return contracts for a list, newest first, with how many parties there are and how many have signed."""
    shown = ["number", "state", "signed_on", *(f"person__{name}" for name in NAMES)]
    rows = TargetContract.objects.select_related("person", "offer__employer")
    rows = rows.only(*shown, *(f"offer__employer__{name}" for name in SHORT_NAMES))
    parties, signed = _parties_by_contract(), _parties_by_contract().filter(signed_at__isnull=False)
    counted = rows.annotate(parties_count=_number(parties), signed_count=_number(signed))
    return counted.order_by("-drawn_up_on", "-pk")


def _parties_by_contract() -> QuerySet[ContractParty]:
    return ContractParty.objects.filter(contract=OuterRef("pk")).order_by()


def _number(parties: QuerySet[ContractParty]) -> Coalesce:
    """Count beside the list, not in it: a join would group all contracts before the first page is cut off."""
    return Coalesce(Subquery(parties.values("contract").annotate(number=Count("pk")).values("number")), 0)


def seats_without_contract() -> QuerySet[Seat]:
    """Return accepted seats for which nothing has been drawn up; once a campaign is over nobody waits for that."""
    accepted = Seat.objects.filter(state=SeatState.ACCEPTED, contract=None)
    return accepted.exclude(application__campaign__state=CampaignState.COMPLETED)

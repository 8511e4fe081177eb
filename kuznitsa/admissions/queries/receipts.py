"""Receipts of wishes: what an applicant asked for, as text that anybody can hash again."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum, nonmember

from django.utils import timezone

from kuznitsa.admissions.enums import STANDING_STATES, ApplicationState
from kuznitsa.admissions.models import AllocationRun, Application
from kuznitsa.base.models import AuditEntry

FORMAT = "kuznitsa-wishes/1"
ISSUED = "admissions.application.receipt_issued"


class ReceiptVerdict(StrEnum):
    do_not_call_in_templates = nonmember(True)  # a template would call the class and see nothing

    IN_FORCE = "in_force"
    DIFFERS = "differs"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ReceiptCheck:
    """What can be said to who holds a receipt: nothing of the person, but their name in the public record."""

    verdict: ReceiptVerdict
    number: str
    campaign: str = ""
    computed_hash: str = ""
    pseudonym: str = ""
    run: AllocationRun | None = None


def wishes_text(application: Application) -> str:
    """Return the wishes as submitted, line by line; `printf %s "$text" | sha256sum` gives the receipt's hash."""
    assert application.submitted_at is not None
    lines = [
        FORMAT,
        f"receipt {application.receipt_number}",
        f"campaign {application.campaign_id}",
        f"submitted {timezone.localtime(application.submitted_at):%Y-%m-%dT%H:%M:%S%z}",
        *(f"{choice.rank}. offer {choice.offer_id}" for choice in application.choices.order_by("rank")),
    ]
    return "\n".join(lines)


def wishes_hash(application: Application) -> str:
    """Return the SHA-256 of the wishes, in hexadecimal digits."""
    return hashlib.sha256(wishes_text(application).encode()).hexdigest()


def check_receipt(number: str, receipt_hash: str) -> ReceiptCheck:
    """Tell whether the wishes kept under a receipt are still those that it was given for."""
    number, receipt_hash = number.strip().upper(), "".join(receipt_hash.split()).lower()
    found = Application.objects.exclude(receipt_number="").filter(receipt_number=number).select_related("campaign")
    application = found.first()
    if application is None or application.submitted_at is None:
        issued = _was_issued(number, receipt_hash)
        return ReceiptCheck(ReceiptVerdict.REPLACED if issued else ReceiptVerdict.UNKNOWN, number)
    computed = wishes_hash(application)
    if not hmac.compare_digest(computed.encode(), receipt_hash.encode()):
        return ReceiptCheck(ReceiptVerdict.DIFFERS, number)
    run = AllocationRun.objects.published().filter(campaign=application.campaign_id).first()
    name = application.pseudonym
    return ReceiptCheck(_verdict(application), number, str(application.campaign), computed, name, run)


def _verdict(application: Application) -> ReceiptVerdict:
    if application.state == ApplicationState.WITHDRAWN:
        return ReceiptVerdict.WITHDRAWN
    return ReceiptVerdict.IN_FORCE if application.state in STANDING_STATES else ReceiptVerdict.REPLACED


def _was_issued(number: str, receipt_hash: str) -> bool:
    return AuditEntry.objects.filter(verb=ISSUED, details__number=number, details__hash=receipt_hash).exists()

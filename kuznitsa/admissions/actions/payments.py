"""The support ledger: payments entered with their papers, cancelled with a reason, a month paid to many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import SupportMeasure, SupportPayment, TargetContract, TargetOffer
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.support import PaymentLine, payment_lines
from kuznitsa.base.audit import audit, audit_many
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.text import clean
from kuznitsa.facts.actions import Happened, record, record_many, reverse_source
from kuznitsa.facts.enums import FactKind


@dataclass(frozen=True)
class Paid:
    """How many were paid, and how much in all."""

    count: int
    total_kopecks: int


@transaction.atomic
def record_payment(
    *,
    contract: TargetContract,
    measure: SupportMeasure | None,
    paid_on: date,
    amount_kopecks: int,
    document: str,
    by: Any,
    at: datetime,
) -> SupportPayment:
    """Enter a payment with its paper.

    Refused when the user may not, the contract is not in force, the day lies in the future or before the
    signing, the amount is not above zero, the paper is not named, or the measure is of another offer.
    Effects: fact SUPPORT_PAID in kopecks.
    """
    refuse_if(may.why_not_pay(by, contract))
    refuse_if(_why_not_such(contract, measure, paid_on, amount_kopecks, clean(document), at))
    payment = SupportPayment.objects.create(
        contract=contract, measure=measure, paid_on=paid_on, amount_kopecks=amount_kopecks, document=clean(document)
    )
    record(
        kind=FactKind.SUPPORT_PAID,
        on=paid_on,
        quantity=amount_kopecks,
        organisation=contract.offer.employer,
        counterpart=contract.offer.intake.programme.college,
        person=contract.person,
        thread=contract.offer.thread,
        source=payment,
        by=by,
        at=at,
    )
    audit("admissions.supportpayment.recorded", payment, by=by, at=at, kopecks=amount_kopecks)
    return payment


@transaction.atomic
def cancel_payment(*, payment: SupportPayment, reason: str, by: Any, at: datetime) -> None:
    """Cancel a payment entered by mistake. Refused when it is cancelled, or no reason is given.

    Effects: the fact is reversed; the row stays, crossed out.
    """
    refuse_if(may.why_not_cancel_payment(by, payment))
    refuse_if("" if reason.strip() else _("Say why the payment is cancelled."))
    changed = SupportPayment.objects.filter(pk=payment.pk, cancelled_at=None).update(
        cancelled_at=at, cancellation_reason=reason.strip()[:300]
    )
    if not changed:
        raise Refused(_("This payment has been cancelled already."))
    payment.refresh_from_db()
    reverse_source(source=payment, on=timezone.localdate(at), reason=reason, by=by, at=at)


@transaction.atomic
def pay_month(
    *,
    offer: TargetOffer,
    measure: SupportMeasure,
    contracts: Iterable[int],
    paid_on: date,
    document: str,
    by: Any,
    at: datetime,
) -> Paid:
    """Pay one measure to those of `contracts` (ids) to whom something is owed on `paid_on`.

    Refused when the user may not, or nobody is owed anything: a second click finds all paid.
    """
    refuse_if(may.why_not_pay_by(by, offer))
    TargetOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    chosen = set(contracts)
    lines = [line for line in payment_lines(offer, measure, paid_on) if line.contract.pk in chosen]
    owed = [line for line in lines if line.pays_kopecks]
    if not owed:
        raise Refused(_("Nothing is owed to anybody here: this month has been paid."))
    for line in owed:
        refuse_if(_why_not_such(line.contract, measure, paid_on, line.pays_kopecks, clean(document), at))
    _record_payments(offer, measure, owed, paid_on, clean(document), by, at)
    return Paid(count=len(owed), total_kopecks=sum(line.pays_kopecks for line in owed))


def _record_payments(
    offer: TargetOffer,
    measure: SupportMeasure,
    lines: list[PaymentLine],
    paid_on: date,
    document: str,
    by: Any,
    at: datetime,
) -> None:
    """What `record_payment` writes, for many contracts of one offer at once."""
    payments = SupportPayment.objects.bulk_create(
        SupportPayment(
            contract=line.contract,
            measure=measure,
            paid_on=paid_on,
            amount_kopecks=line.pays_kopecks,
            document=document,
        )
        for line in lines
    )
    college = offer.intake.programme.college_id
    facts = [
        Happened(
            source=payment.pk,
            organisation=offer.employer_id,
            counterpart=college,
            cluster=offer.thread.cluster_id if offer.thread else None,
            person=payment.contract.person_id,
            thread=offer.thread_id,
            quantity=payment.amount_kopecks,
        )
        for payment in payments
    ]
    record_many(kind=FactKind.SUPPORT_PAID, on=paid_on, sources=SupportPayment, rows=facts, by=by, at=at)
    entries = [(payment, {"kopecks": payment.amount_kopecks}) for payment in payments]
    audit_many("admissions.supportpayment.recorded", entries, by=by, at=at)


def _why_not_such(
    contract: TargetContract, measure: SupportMeasure | None, paid_on: date, kopecks: int, document: str, at: datetime
) -> str:
    if measure is not None and measure.offer_id != contract.offer_id:
        return _("This measure belongs to another offer.")
    if kopecks <= 0:
        return _("A payment is greater than zero.")
    if not document:
        return _("Name the paper of the payment.")
    if paid_on > timezone.localdate(at):
        return _("This day has not come yet.")
    if contract.signed_on is None or paid_on < contract.signed_on:
        return _("This is before the contract was signed.")
    return ""

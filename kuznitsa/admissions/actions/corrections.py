"""Contracts corrected: an end taken back, a contract that was entered by mistake. The ledger gets reversing facts."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.seats import give_back_seat
from kuznitsa.admissions.enums import HELD_STATES, ContractState
from kuznitsa.admissions.models import TargetContract, TargetOffer
from kuznitsa.admissions.notifications import contracts as letters
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.contracts import enrolment_made_with, facts_that_followed, suspension_cut_short
from kuznitsa.admissions.queries.seats import seats_left
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.people.actions import affiliate, end_affiliation
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.programmes.actions import annul_enrolment


@transaction.atomic
def reopen_contract(*, contract: TargetContract, reason: str, by: Any, at: datetime) -> None:
    """Take back an end that was entered by mistake: the contract is again what it was before, in force or suspended.

    Refused when it has not ended, the user may not, no reason is given, the student has another contract, or the
    seat has gone to somebody else. Effects: the fact CONTRACT_ENDED is reversed, the enterprise sees the student's
    page again, letters.
    """
    refuse_if(may.why_not_reopen(by, contract))
    refuse_if("" if reason.strip() else _("Say why."))
    _refuse_taken_seat(contract)
    pause = suspension_cut_short(contract)
    try:
        with transaction.atomic():
            move(contract, ContractState.SUSPENDED if pause else ContractState.ACTIVE, by=by, at=at, reason=reason)
    except IntegrityError as error:
        raise Refused(_("This person already has a target contract.")) from error
    if pause:
        pause.ends_on = None
        pause.save(update_fields=["ends_on"])
    contract.ended_on, contract.termination_reason, contract.ending_note = None, "", ""
    contract.save(update_fields=["ended_on", "termination_reason", "ending_note"])
    on = timezone.localdate(at)
    reverse_source(source=contract, on=on, reason=reason, by=by, at=at, kind=FactKind.CONTRACT_ENDED)
    employer = contract.offer.employer
    affiliate(person=contract.person, organisation=employer, kind=AffiliationKind.TARGET_STUDENT, on=on, by=by, at=at)
    transaction.on_commit(partial(letters.reopened, contract.pk, reason))


@transaction.atomic
def annul_contract(
    *, contract: TargetContract, reason: str, by: Any, at: datetime, give_seat_back: bool = True
) -> None:
    """Take back a contract that was entered as signed by mistake.

    `give_seat_back=False` keeps the seat with the student, for a contract that has to be drawn up anew.
    Refused when it is not in force, the user may not, no reason is given, or something that came of it counts
    already: payments, practice, an exam, a hire. Effects: the fact CONTRACT_SIGNED is reversed; an enrolment made
    with it is taken back too; the seat goes back and the next on the list is called; the enterprise no longer sees
    the student's page; letters.
    """
    refuse_if(may.why_not_annul(by, contract))
    refuse_if("" if reason.strip() else _("Say why."))
    if kinds := facts_that_followed(contract):
        raise Refused(
            _("What came of this contract counts already: %(kinds)s. Take that back first.")
            % {"kinds": ", ".join(str(FactKind(kind).label) for kind in kinds)}
        )
    enrolment, seat, on = enrolment_made_with(contract), contract.seat, timezone.localdate(at)
    move(contract, ContractState.ANNULLED, by=by, at=at, reason=reason)
    contract.ended_on, contract.ending_note = on, reason.strip()[:300]
    if not give_seat_back:
        contract.seat = None
    contract.save(update_fields=["ended_on", "ending_note", "seat"])
    contract.suspensions.filter(ends_on=None).update(ends_on=on)
    reverse_source(source=contract, on=on, reason=reason, by=by, at=at, kind=FactKind.CONTRACT_SIGNED)
    if enrolment is not None:
        annul_enrolment(enrolment=enrolment, reason=reason, by=None, at=at)
    person, employer = contract.person, contract.offer.employer
    end_affiliation(person=person, organisation=employer, kind=AffiliationKind.TARGET_STUDENT, on=on, by=by, at=at)
    if seat is not None and give_seat_back and seat.state in HELD_STATES:
        give_back_seat(seat=seat, reason=reason, by=None, at=at)
    transaction.on_commit(partial(letters.annulled, contract.pk))


def _refuse_taken_seat(contract: TargetContract) -> None:
    """A contract whose seat is still held needs no other."""
    offer = TargetOffer.objects.select_for_update(of=("self",)).get(pk=contract.offer_id)
    holds_seat = contract.seat is not None and contract.seat.state in HELD_STATES
    if not holds_seat and not seats_left(offer):
        raise Refused(_("All %(seats)d seats of this offer are taken.") % {"seats": offer.seats})

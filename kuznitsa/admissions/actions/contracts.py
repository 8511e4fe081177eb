"""Target contracts: drawn up, given up, suspended, resumed, ended, fulfilled."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.actions.seats import give_back_seat
from kuznitsa.admissions.enums import ContractRole, ContractState, SuspensionReason, TerminationReason
from kuznitsa.admissions.models import ContractParty, Seat, Suspension, TargetContract, TargetOffer
from kuznitsa.admissions.notifications import contracts as letters
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.contract_terms import hash_of, terms_of
from kuznitsa.admissions.queries.contracts import service_clock
from kuznitsa.admissions.queries.seats import seats_left
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.rules import rule
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.actions import end_affiliation
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import is_minor, why_no_guardian, why_not_enrol
from kuznitsa.people.queries import guardians_who_decide
from kuznitsa.programmes.models import Enrolment


@transaction.atomic
def draw_up_contract(
    *,
    by: Any,
    at: datetime,
    seat: Seat | None = None,
    person: Person | None = None,
    offer: TargetOffer | None = None,
    with_college: bool = True,
    employing: Organisation | None = None,
) -> TargetContract:
    """Draw up the contract of an accepted `seat`, or of a `person` who studies already by an `offer`.

    Refused when the user may not, the seat is not accepted or has a contract, the person has one, no seat of
    the offer is free, a minor's guardian has not consented, or the months to work are not what the rules
    allow. Effects: terms are frozen and hashed, parties are named (the guardian signs for a minor), letters.
    """
    if seat is not None:
        offer, person = seat.offer, seat.application.person
    assert offer is not None
    assert person is not None
    on = timezone.localdate(at)
    refuse_if(may.why_not_draw_up(by, offer, seat))
    for purpose in (ConsentPurpose.TARGET_CONTRACT, ConsentPurpose.PROCESSING):
        refuse_if(why_not_enrol(person, purpose, on))
    _refuse_service_months(offer, on)
    offer = TargetOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if seat is None:
        _refuse_no_seat(offer)
    college = offer.intake.programme.college if with_college else None
    guardian = _guardian_who_signs(person) if is_minor(person, on) else None
    number = f"ЦО-{on.year}/{offer.pk}-{offer.contracts.count() + 1:03}"
    terms = terms_of(
        offer, person=person, guardian=guardian, college=college, employing=employing, number=number, on=on
    )
    contract = _create(
        number=number,
        person=person,
        offer=offer,
        seat=seat,
        enrolment=Enrolment.objects.taking_places().filter(person=person, intake=offer.intake_id).first(),
        drawn_up_on=on,
        regulation=terms["regulation"]["number"],
        terms=terms,
        terms_hash=hash_of(terms),
        service_months=offer.service_months,
    )
    _name_parties(contract, guardian, college, employing)
    audit("admissions.targetcontract.drawn_up", contract, by=by, at=at, terms_hash=contract.terms_hash)
    transaction.on_commit(partial(letters.to_sign, contract.pk))
    return contract


@transaction.atomic
def cancel_contract(
    *, contract: TargetContract, reason: str, by: Any, at: datetime, give_seat_back: bool = True
) -> None:
    """Give up a contract while it is being signed.

    `give_seat_back=False` keeps the seat with the student, for a contract that has to be drawn up anew.
    Refused when all have signed, the user is no party, or no reason is given. Effects: the seat goes back and
    the next on the list is called.
    """
    refuse_if(may.why_not_cancel(by, contract))
    refuse_if("" if reason.strip() else _("Say why."))
    move(contract, ContractState.CANCELLED, by=by, at=at, reason=reason)
    seat = contract.seat
    contract.ended_on, contract.ending_note = timezone.localdate(at), reason[:300]
    if not give_seat_back:
        contract.seat = None
    contract.save(update_fields=["ended_on", "ending_note", "seat"])
    if seat is not None and give_seat_back:
        give_back_seat(seat=seat, reason=reason, by=None, at=at)
    transaction.on_commit(partial(letters.given_up, contract.pk))


@transaction.atomic
def suspend_contract(
    *,
    contract: TargetContract,
    reason: SuspensionReason,
    starts_on: date,
    by: Any,
    at: datetime,
    document: str = "",
) -> Suspension:
    """Stop the clock of the contract from the day the enterprise was told.

    Refused when the user may not, the contract is not in force, or the day lies in the future or before the
    signing. Effects: support does not fall due and months of service do not run until it is resumed.
    """
    refuse_if(may.why_not_suspend(by, contract))
    _refuse_impossible_day(contract, starts_on, at)
    move(contract, ContractState.SUSPENDED, by=by, at=at, reason=str(SuspensionReason(reason).label))
    suspension = Suspension.objects.create(
        contract=contract, reason=reason, starts_on=starts_on, document=document.strip()
    )
    transaction.on_commit(partial(letters.suspended, contract.pk))
    return suspension


@transaction.atomic
def resume_contract(*, contract: TargetContract, on: date, by: Any, at: datetime) -> None:
    """Let the clock run again from the day `on`.

    Refused when the contract is not suspended, the user may not, or the day is impossible.
    """
    refuse_if(may.why_not_resume(by, contract))
    _refuse_impossible_day(contract, on, at)
    _end_suspension(contract, on)
    move(contract, ContractState.ACTIVE, by=by, at=at)


@transaction.atomic
def terminate_contract(
    *,
    contract: TargetContract,
    on: date,
    reason: TerminationReason,
    by: Any,
    at: datetime,
    note: str = "",
) -> None:
    """End a contract before it is fulfilled.

    Refused when it is not in force, the user may not, or the day is impossible. Effects: fact CONTRACT_ENDED,
    the enterprise no longer sees the student's page (what it signed it keeps), letters. The seat stays history.
    """
    refuse_if(may.why_not_terminate(by, contract))
    _refuse_impossible_day(contract, on, at)
    _end_suspension(contract, on)
    contract.ended_on, contract.termination_reason, contract.ending_note = on, reason, note.strip()[:300]
    contract.save(update_fields=["ended_on", "termination_reason", "ending_note"])
    move(contract, ContractState.TERMINATED, by=by, at=at, reason=str(TerminationReason(reason).label))
    _record(FactKind.CONTRACT_ENDED, contract, on=on, by=by, at=at)
    end_affiliation(
        person=contract.person,
        organisation=contract.offer.employer,
        kind=AffiliationKind.TARGET_STUDENT,
        on=on,
        by=by,
        at=at,
    )
    transaction.on_commit(partial(letters.ended, contract.pk))


@transaction.atomic
def fulfil_contract(*, contract: TargetContract, by: Any, at: datetime) -> None:
    """Say that all is done. Refused when the months to work are not over, or the user may not. Effects: letters."""
    refuse_if(may.why_not_fulfil(by, contract))
    today = timezone.localdate(at)
    clock = service_clock(contract, today)
    if clock is None:
        raise Refused(_("The graduate has not been hired yet."))
    if not clock.is_done(today):
        raise Refused(_("The months to work are over on %(day)s.") % {"day": f"{clock.ends_on:%d.%m.%Y}"})
    contract.ended_on = clock.ends_on
    contract.save(update_fields=["ended_on"])
    move(contract, ContractState.FULFILLED, by=by, at=at)
    transaction.on_commit(partial(letters.ended, contract.pk))


def _create(**fields: Any) -> TargetContract:
    if fields["seat"] is not None and TargetContract.objects.filter(seat=fields["seat"]).exists():
        raise Refused(_("A contract has been drawn up for this seat already."))
    if TargetContract.objects.live().filter(person=fields["person"]).exists():
        raise Refused(_("This person already has a target contract."))
    try:
        with transaction.atomic():
            return TargetContract.objects.create(**fields)
    except IntegrityError as error:
        raise Refused(_("Somebody else has just drawn up this contract.")) from error


def _name_parties(
    contract: TargetContract, guardian: Person | None, college: Organisation | None, employing: Organisation | None
) -> None:
    customer = contract.offer.employer
    if employing == customer:
        employing = None
    ContractParty.objects.create(contract=contract, role=ContractRole.CUSTOMER, organisation=customer)
    ContractParty.objects.create(contract=contract, role=ContractRole.CITIZEN, person=contract.person)
    if guardian is not None:
        ContractParty.objects.create(contract=contract, role=ContractRole.GUARDIAN, person=guardian)
    if college is not None:
        ContractParty.objects.create(contract=contract, role=ContractRole.COLLEGE, organisation=college)
    if employing is not None:
        ContractParty.objects.create(contract=contract, role=ContractRole.EMPLOYER, organisation=employing)


def _guardian_who_signs(person: Person) -> Person:
    """Return the guardian who has consented; when they are one no more, another who is."""
    guardians = guardians_who_decide(person)
    refuse_if("" if guardians else why_no_guardian(person))
    given_by = person.consents.in_force().get(purpose=ConsentPurpose.TARGET_CONTRACT).given_by_id
    return next((guardian for guardian in guardians if guardian.pk == given_by), guardians[0])


def _refuse_service_months(offer: TargetOffer, on: date) -> None:
    lowest = rule("target_service_months_min", on=on)
    highest = rule("target_service_months_max", on=on)
    if not lowest.value <= offer.service_months <= highest.value:
        raise Refused(
            _("The law lets a contract ask for %(lowest)d to %(highest)d months of work, the offer asks %(months)d.")
            % {"lowest": lowest.value, "highest": highest.value, "months": offer.service_months}
        )


def _refuse_no_seat(offer: TargetOffer) -> None:
    if not seats_left(offer):
        raise Refused(_("All %(seats)d seats of this offer are taken.") % {"seats": offer.seats})


def _refuse_impossible_day(contract: TargetContract, on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
    if contract.signed_on is None or on < contract.signed_on:
        raise Refused(_("This is before the contract was signed."))


def _end_suspension(contract: TargetContract, on: date) -> None:
    for suspension in contract.suspensions.filter(ends_on=None):
        if on < suspension.starts_on:
            raise Refused(_("The suspension ends before it starts."))
        suspension.ends_on = on
        suspension.save(update_fields=["ends_on"])


def _record(kind: FactKind, contract: TargetContract, *, on: date, by: Any, at: datetime) -> None:
    record(
        kind=kind,
        on=on,
        quantity=1,
        organisation=contract.offer.employer,
        counterpart=contract.offer.intake.programme.college,
        person=contract.person,
        thread=contract.offer.thread,
        source=contract,
        by=by,
        at=at,
    )

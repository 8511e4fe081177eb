"""Who draws up, signs, pays by, suspends and ends target contracts, and if not, why."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractRole, ContractState, OfferState, SeatState
from kuznitsa.admissions.models import ContractParty, Seat, SupportPayment, TargetContract, TargetOffer
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.permissions import why_not_sign_for
from kuznitsa.organisations.queries import standing
from kuznitsa.people.models import Person

CUSTOMER_OFFICE = (Role.EMPLOYER_HR, Role.COORDINATOR, Role.DIRECTOR)
COLLEGE_OFFICE = (Role.ADMISSIONS, Role.COORDINATOR, Role.DIRECTOR)
IN_FORCE = (ContractState.ACTIVE, ContractState.SUSPENDED)
PAYABLE = (*IN_FORCE, ContractState.FULFILLED)


def speaks_for_customer(user: Any, offer: TargetOffer) -> bool:
    """Whether the user works in the office of the enterprise; None is the system."""
    return user is None or standing(user).holds(offer.employer_id, *CUSTOMER_OFFICE)


def speaks_for_office(user: Any, offer: TargetOffer) -> bool:
    """Whether the user works in the office of the enterprise or of the college."""
    return speaks_for_customer(user, offer) or standing(user).holds(offer.intake.programme.college_id, *COLLEGE_OFFICE)


def why_not_draw_up(user: Any, offer: TargetOffer, seat: Seat | None = None) -> str:
    """Return why the user may not draw up a contract by this offer (for the holder of this seat)."""
    if not speaks_for_office(user, offer):
        return _("Contracts are drawn up by the enterprise or by the admissions office of the college.")
    if offer.state not in (OfferState.PUBLISHED, OfferState.CLOSED):
        return _("The offer is not published: there is nothing to draw up a contract from.")
    if seat is not None and seat.state != SeatState.ACCEPTED:
        return _("The seat is not accepted yet: it is “%(state)s”.") % {"state": seat.get_state_display()}
    return ""


def why_not_cancel(user: Any, contract: TargetContract) -> str:
    """Return why the user may not give up a contract that is being signed; any side may, until all have signed."""
    if contract.state != ContractState.SIGNING:
        return _("Only a contract that is being signed is given up; this one is “%(state)s”.") % {
            "state": contract.get_state_display()
        }
    if speaks_for_office(user, contract.offer) or is_own(user, contract.person):
        return ""
    return _("This is done by a party of the contract.")


def why_not_sign(user: Any, party: ContractParty, on: date | None = None) -> str:
    """Return why the user may not sign for this party today."""
    on = on or timezone.localdate()
    if not party.contract_is_open:
        return _("This contract is not being signed any more.")
    if party.signed_at is not None:
        return _("This party has signed already.")
    if party.organisation is not None:
        return why_not_sign_for(user, party.organisation, on)
    if party.person is not None and party.person.user_id is not None and party.person.user_id == user.pk:
        return _why_not_guards(party)
    if party.role == ContractRole.GUARDIAN:
        return _("The guardian signs with their own log-in.")
    return _("The student signs with their own log-in.")


def why_not_record_scan(user: Any, party: ContractParty) -> str:
    """Return why the user may not record that this party has signed a paper."""
    if not party.contract_is_open:
        return _("This contract is not being signed any more.")
    if party.signed_at is not None:
        return _("This party has signed already.")
    return _why_not_guards(party) or why_not_upload_scans(user, party.contract)


def why_not_upload_scans(user: Any, contract: TargetContract) -> str:
    """Return why the user may not record papers of this contract at all."""
    if speaks_for_office(user, contract.offer):
        return ""
    return _("Papers are uploaded by the enterprise or by the admissions office of the college.")


def why_not_pay(user: Any, contract: TargetContract) -> str:
    """Return why the user may not enter payments of this contract."""
    if contract.state not in PAYABLE:
        return _("Support is paid by a contract that is in force; this one is “%(state)s”.") % {
            "state": contract.get_state_display()
        }
    return why_not_pay_by(user, contract.offer)


def why_not_pay_by(user: Any, offer: TargetOffer) -> str:
    """Return why the user may not enter payments by this offer."""
    if speaks_for_customer(user, offer):
        return ""
    return _("Payments are entered by the enterprise.")


def why_not_cancel_payment(user: Any, payment: SupportPayment) -> str:
    if payment.cancelled_at is not None:
        return _("This payment has been cancelled already.")
    return why_not_pay_by(user, payment.contract.offer)


def why_not_suspend(user: Any, contract: TargetContract) -> str:
    if contract.state != ContractState.ACTIVE:
        return _("Only a contract in force is suspended; this one is “%(state)s”.") % {
            "state": contract.get_state_display()
        }
    return _why_not_customer(user, contract)


def why_not_resume(user: Any, contract: TargetContract) -> str:
    if contract.state != ContractState.SUSPENDED:
        return _("This contract is not suspended.")
    return _why_not_customer(user, contract)


def why_not_terminate(user: Any, contract: TargetContract) -> str:
    if contract.state not in IN_FORCE:
        return _("Only a contract in force is ended; this one is “%(state)s”.") % {
            "state": contract.get_state_display()
        }
    return _why_not_customer(user, contract)


def why_not_reopen(user: Any, contract: TargetContract) -> str:
    """Return why the user may not take back the end of this contract."""
    if contract.state not in (ContractState.TERMINATED, ContractState.FULFILLED):
        return _("Only an end is taken back; this contract is “%(state)s”.") % {"state": contract.get_state_display()}
    return _why_not_customer(user, contract)


def why_not_annul(user: Any, contract: TargetContract) -> str:
    """Return why the user may not take the whole contract back as entered by mistake."""
    if contract.state in (ContractState.TERMINATED, ContractState.FULFILLED):
        return _("This contract has ended; take the end back first.")
    if contract.state not in IN_FORCE:
        return _("Only a contract in force is taken back; this one is “%(state)s”.") % {
            "state": contract.get_state_display()
        }
    return _why_not_customer(user, contract)


def why_not_fulfil(user: Any, contract: TargetContract) -> str:
    """Return why the user may not say that all is done; the months worked are counted by the action."""
    if contract.state != ContractState.ACTIVE:
        return _("Only a contract in force is fulfilled; this one is “%(state)s”.") % {
            "state": contract.get_state_display()
        }
    return _why_not_customer(user, contract)


def is_own(user: Any, person: Person) -> bool:
    """Whether the user is the student or the guardian."""
    return user is not None and Person.objects.own_and_wards(user).filter(pk=person.pk).exists()


def _why_not_guards(party: ContractParty) -> str:
    """Return why the party cannot sign for the child any more; "" for any other party."""
    if party.role != ContractRole.GUARDIAN:
        return ""
    if party.contract.person.guardianships.in_force().filter(guardian=party.person_id).exists():
        return ""
    return _("%(person)s is not the guardian of the student any more: the contract is drawn up anew.") % {
        "person": party.person
    }


def _why_not_customer(user: Any, contract: TargetContract) -> str:
    if speaks_for_customer(user, contract.offer):
        return ""
    return _("This is done by the HR department of the enterprise.")

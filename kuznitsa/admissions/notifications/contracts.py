"""Letters about target contracts: to the family, to those who sign for the organisations, to the offices."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from kuznitsa.admissions.models import TargetContract
from kuznitsa.admissions.notifications.recipients import family_of
from kuznitsa.admissions.permissions.contracts import COLLEGE_OFFICE, CUSTOMER_OFFICE
from kuznitsa.base.mail import Letter, send
from kuznitsa.organisations.queries import holders, signatories_on


def to_sign(pk: int) -> None:
    """Ask the family and the signatories of the organisations to sign."""
    contract = _contract(pk)
    _send(contract, "contract_to_sign", [*family_of(contract.person), *_signatories(contract)])


def in_force(pk: int) -> None:
    """Tell the family and both offices that all have signed."""
    contract = _contract(pk)
    _send(contract, "contract_in_force", [*family_of(contract.person), *_offices(contract)])


def given_up(pk: int) -> None:
    """Tell the family and both offices that the contract was not concluded, and why."""
    contract = _contract(pk)
    _send(contract, "contract_given_up", [*family_of(contract.person), *_offices(contract)])


def suspended(pk: int) -> None:
    """Tell the family that the clock of the contract stands still."""
    contract = _contract(pk)
    _send(contract, "contract_suspended", family_of(contract.person))


def ended(pk: int) -> None:
    """Tell the family and the college that the contract has ended: fulfilled, or early and why."""
    contract = _contract(pk)
    college = contract.offer.intake.programme.college_id
    _send(contract, "contract_ended", [*family_of(contract.person), *holders([college], *COLLEGE_OFFICE)])


def reopened(pk: int, reason: str) -> None:
    """Tell the family and both offices that the end was a mistake, and why."""
    contract = _contract(pk)
    _send(contract, "contract_reopened", [*family_of(contract.person), *_offices(contract)], reason=reason)


def annulled(pk: int) -> None:
    """Tell the family and both offices that the contract was entered by mistake, and why."""
    contract = _contract(pk)
    _send(contract, "contract_annulled", [*family_of(contract.person), *_offices(contract)])


def _contract(pk: int) -> TargetContract:
    return TargetContract.objects.select_related(
        "person__user", "offer__employer", "offer__intake__programme__college"
    ).get(pk=pk)


def _signatories(contract: TargetContract) -> list[Any]:
    today = timezone.localdate()
    parties = contract.parties.exclude(organisation=None).select_related("organisation")
    return [
        signatory.user
        for party in parties
        if party.organisation is not None
        for signatory in signatories_on(party.organisation, today).select_related("user")
        if signatory.user is not None
    ]


def _offices(contract: TargetContract) -> list[Any]:
    return [
        *holders([contract.offer.employer_id], *CUSTOMER_OFFICE),
        *holders([contract.offer.intake.programme.college_id], *COLLEGE_OFFICE),
    ]


def _send(contract: TargetContract, name: str, recipients: Iterable[Any], **more: Any) -> None:
    for recipient in {str(one): one for one in recipients}.values():
        send(
            Letter(
                to=recipient,
                template=f"admissions/letters/{name}",
                context={"contract": contract, **more},
                about=contract,
                private=(contract.person.family_name,),
            )
        )

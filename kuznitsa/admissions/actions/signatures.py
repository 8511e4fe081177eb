"""Signing of contracts: in the product, by a scan of a paper, or many in one go; the last signature brings in force."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractState
from kuznitsa.admissions.models import ContractParty, TargetContract
from kuznitsa.admissions.notifications import contracts as letters
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.contract_terms import hash_of
from kuznitsa.agreements.enums import SignatureMethod
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.uploads import validate_upload
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.models import Signatory
from kuznitsa.organisations.queries import signatories_on, signatory_for
from kuznitsa.people.actions import affiliate
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.permissions import why_not_enrol
from kuznitsa.programmes.actions import enrol
from kuznitsa.programmes.enums import EnrolmentBasis
from kuznitsa.programmes.models import Enrolment


@dataclass(frozen=True)
class Signed:
    """What came of signing many: the contracts signed, and those that were not, each with its reason."""

    contracts: list[TargetContract] = field(default_factory=list)
    refused: list[tuple[TargetContract, str]] = field(default_factory=list)


@transaction.atomic
def sign_contract(*, party: ContractParty, by: Any, at: datetime) -> None:
    """Sign for a party in the product.

    Refused when the user may not sign for it today, it has signed, the contract is not being signed, or its
    terms are not those that were hashed. Effects: with the last signature the contract is in force.
    """
    party = _locked(party)
    today = timezone.localdate(at)
    refuse_if(may.why_not_sign(by, party, today))
    if party.organisation is not None:
        party.signatory = signatory_for(by, party.organisation, today)
    _sign(party, SignatureMethod.IN_PRODUCT, by, at, signed_at=at)


@transaction.atomic
def sign_contract_by_scan(
    *, party: ContractParty, scan: File, signed_on: date, by: Any, at: datetime, signatory: Signatory | None = None
) -> None:
    """Record that a party has signed a paper on the day `signed_on`, of which this is the scan.

    Refused when the user may not, the day lies in the future or before the contract was drawn up, the file is no
    PDF or picture, or `signatory` (needed for an organisation) had no authority that day. Effects: as of
    `sign_contract`.
    """
    party = _locked(party)
    refuse_if(may.why_not_record_scan(by, party))
    today = timezone.localdate(at)
    if signed_on > today:
        raise Refused(_("This day has not come yet."))
    if signed_on < party.contract.drawn_up_on:
        raise Refused(_("This is before the contract was drawn up."))
    if party.organisation is not None:
        _refuse_without_authority(party, signatory, signed_on)
        party.signatory = signatory
    try:
        validate_upload(scan, kinds=("pdf", "image"))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    party.scan = scan
    signed_at = at if signed_on == today else timezone.make_aware(datetime.combine(signed_on, time(12)))
    _sign(party, SignatureMethod.SCAN, by, at, signed_at=signed_at)


def sign_many(*, parties: Iterable[ContractParty], by: Any, at: datetime) -> Signed:
    """Sign for many parties in one go, each contract on its own: what is refused does not hold up the rest."""
    signed = Signed()
    for party in parties:
        try:
            sign_contract(party=party, by=by, at=at)
        except Refused as refused:
            signed.refused.append((party.contract, refused.reason))
        else:
            signed.contracts.append(party.contract)
    return signed


def _locked(party: ContractParty) -> ContractParty:
    """Lock the contract, so that of two last signatures one is really the last."""
    contract = TargetContract.objects.select_for_update(of=("self",)).get(pk=party.contract_id)
    fresh = ContractParty.objects.select_related("organisation", "person").get(pk=party.pk)
    fresh.contract = contract
    return fresh


def _sign(party: ContractParty, method: SignatureMethod, by: Any, at: datetime, *, signed_at: datetime) -> None:
    contract = party.contract
    if hash_of(contract.terms) != contract.terms_hash:
        raise Refused(_("The terms of this contract have been changed since it was drawn up. It cannot be signed."))
    party.signed_at, party.signed_by, party.method = signed_at, by, method
    party.save()
    audit("admissions.targetcontract.signed", contract, by=by, at=at, role=party.role, signature=_signature(party))
    if not contract.parties.unsigned().exists():
        _bring_into_force(contract, by, at)


def _signature(party: ContractParty) -> str:
    """Return the SHA-256 of who has signed what, when: one of its own for every contract."""
    who = party.organisation_id or party.person_id
    when = party.signed_at.isoformat() if party.signed_at else ""
    text = "\n".join([party.contract.terms_hash, party.role, str(who), when, party.method])
    return sha256(text.encode()).hexdigest()


def _refuse_without_authority(party: ContractParty, signatory: Signatory | None, on: date) -> None:
    if signatory is None or party.organisation is None or signatory.organisation_id != party.organisation_id:
        raise Refused(_("Say who has signed for %(organisation)s.") % {"organisation": party.organisation})
    if not signatories_on(party.organisation, on).filter(pk=signatory.pk).exists():
        where = {"signatory": signatory, "day": f"{on:%d.%m.%Y}"}
        raise Refused(_("%(signatory)s had no paper of authority in force on %(day)s.") % where)


def _bring_into_force(contract: TargetContract, by: Any, at: datetime) -> None:
    """In force from the day of the last signature, which a paper may have got before its scan was uploaded."""
    on = max(timezone.localdate(party.signed_at) for party in contract.parties.all() if party.signed_at)
    offer, person = contract.offer, contract.person
    college = offer.intake.programme.college
    refuse_if(why_not_enrol(person, ConsentPurpose.TARGET_CONTRACT, on))
    move(contract, ContractState.ACTIVE, by=by, at=at)
    record(
        kind=FactKind.CONTRACT_SIGNED,
        on=on,
        quantity=1,
        organisation=offer.employer,
        counterpart=college,
        person=person,
        thread=offer.thread,
        source=contract,
        by=by,
        at=at,
    )
    affiliate(person=person, organisation=offer.employer, kind=AffiliationKind.TARGET_STUDENT, on=on, by=None, at=at)
    affiliate(person=person, organisation=college, kind=AffiliationKind.STUDENT, on=on, by=None, at=at)
    contract.signed_on = on
    contract.enrolment = _enrolment(contract, on, at)
    contract.save(update_fields=["signed_on", "enrolment"])
    transaction.on_commit(partial(letters.in_force, contract.pk))


def _enrolment(contract: TargetContract, on: date, at: datetime) -> Enrolment:
    offer = contract.offer
    found = Enrolment.objects.taking_places().filter(person=contract.person, intake=offer.intake).first()
    return found or enrol(
        person=contract.person,
        intake=offer.intake,
        enrolled_on=on,
        basis=EnrolmentBasis.TARGET,
        employer=offer.employer,
        thread=offer.thread,
        by=None,
        at=at,
    )

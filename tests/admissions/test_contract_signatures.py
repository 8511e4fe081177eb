"""Signing contracts: who may, by what, and what the last signature brings."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ContractRole, ContractState
from kuznitsa.admissions.models import ContractParty
from kuznitsa.agreements.enums import SignatureMethod
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.programmes.enums import EnrolmentBasis
from tests.factories.accounts import UserFactory
from tests.factories.contracts import drawn_up, minor_with_guardian, side, signed, signer
from tests.factories.organisations import SignatoryFactory
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%scan"


def party(contract, role) -> ContractParty:
    return contract.parties.get(role=role)


def test_the_last_signature_brings_the_contract_into_force(at):
    sides = side()
    contract = signed(sides, at=at)
    fact = Fact.objects.get(kind=FactKind.CONTRACT_SIGNED)
    assert (contract.state, contract.signed_on) == (ContractState.ACTIVE, at.date())
    assert (fact.organisation, fact.counterpart) == (sides.offer.employer, sides.offer.intake.programme.college)
    assert (fact.thread, fact.person) == (sides.offer.thread, contract.person)
    kinds = set(contract.person.affiliations.current().values_list("kind", flat=True))
    assert {AffiliationKind.TARGET_STUDENT, AffiliationKind.STUDENT} <= kinds


def test_the_last_signature_enrols(at):
    contract = signed(side(), at=at)
    assert contract.enrolment.basis == EnrolmentBasis.TARGET
    assert Fact.objects.get(kind=FactKind.ENROLLED).thread == contract.offer.thread


def test_who_studies_already_is_not_enrolled_again(at):
    sides = side()
    person = PersonFactory(user=UserFactory())
    enrolment = EnrolmentFactory(person=person, intake=sides.offer.intake)
    contract = signed(sides, at=at, person=person)
    assert contract.enrolment == enrolment


def test_a_minors_contract_needs_child_and_guardian(at):
    contract = signed(side(), at=at, person=minor_with_guardian())
    assert contract.state == ContractState.ACTIVE
    assert contract.parties.get(role=ContractRole.GUARDIAN).signed_by is not None


def test_a_consent_withdrawn_meanwhile_stops_the_last_signature(at):
    sides = side()
    child = minor_with_guardian()
    contract = drawn_up(sides, at=at, person=child)
    child.consents.filter(purpose=ConsentPurpose.TARGET_CONTRACT).update(withdrawn_at=at)
    *others, last = contract.parties.order_by("pk")
    for one in others:
        actions.sign_contract(party=one, by=signer(sides, one), at=at)
    with pytest.raises(Refused):
        actions.sign_contract(party=last, by=signer(sides, last), at=at)
    last.refresh_from_db()
    assert last.signed_at is None


def test_each_signature_has_a_hash_of_its_own(at):
    signed(side(), at=at)
    entries = AuditEntry.objects.filter(verb="admissions.targetcontract.signed")
    hashes = {entry.details["signature"] for entry in entries}
    assert len(hashes) == 3


def test_nobody_signs_twice(at):
    sides = side()
    customer = party(drawn_up(sides, at=at), ContractRole.CUSTOMER)
    actions.sign_contract(party=customer, by=sides.director, at=at)
    with pytest.raises(Refused):
        actions.sign_contract(party=customer, by=sides.director, at=at)


def test_a_signatory_without_authority_is_refused(at):
    sides = side()
    customer = party(drawn_up(sides, at=at), ContractRole.CUSTOMER)
    sides.offer.employer.signatories.update(authority_until=at.date() - timedelta(days=1))
    with pytest.raises(Refused):
        actions.sign_contract(party=customer, by=sides.director, at=at)


@pytest.mark.parametrize("role", [ContractRole.CITIZEN, ContractRole.GUARDIAN])
def test_people_sign_only_for_themselves(at, role):
    sides = side()
    contract = drawn_up(sides, at=at, person=minor_with_guardian())
    with pytest.raises(Refused):
        actions.sign_contract(party=party(contract, role), by=sides.director, at=at)


def test_what_is_given_up_is_not_signed(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    customer = party(contract, ContractRole.CUSTOMER)
    actions.cancel_contract(contract=contract, reason="так", by=sides.hr, at=at)
    with pytest.raises(Refused):
        actions.sign_contract(party=customer, by=sides.director, at=at)


def test_changed_terms_are_not_signed(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    contract.terms["position"] = "уборщик"
    contract.save()
    with pytest.raises(Refused):
        actions.sign_contract(party=party(contract, ContractRole.CUSTOMER), by=sides.director, at=at)


def test_a_scan_counts_as_a_signature(at):
    sides = side()
    customer = party(drawn_up(sides, at=at), ContractRole.CUSTOMER)
    signatory = sides.offer.employer.signatories.get()
    actions.sign_contract_by_scan(
        party=customer,
        scan=ContentFile(PDF, name="договор.pdf"),
        signed_on=at.date(),
        signatory=signatory,
        by=sides.hr,
        at=at,
    )
    customer.refresh_from_db()
    assert (customer.method, customer.signatory) == (SignatureMethod.SCAN, signatory)
    assert customer.scan


def test_a_scan_of_the_student_needs_no_signatory(at):
    sides = side()
    citizen = party(drawn_up(sides, at=at), ContractRole.CITIZEN)
    scan = ContentFile(PDF, name="a.pdf")
    actions.sign_contract_by_scan(party=citizen, scan=scan, signed_on=at.date(), by=sides.admissions, at=at)
    citizen.refresh_from_db()
    assert citizen.signed_at is not None


@pytest.mark.parametrize(
    "case", ["stranger", "no signatory", "ended authority", "not a scan", "twice", "tomorrow", "too early"]
)
def test_a_scan_is_refused(at, case):
    sides = side()
    customer = party(drawn_up(sides, at=at), ContractRole.CUSTOMER)
    signatory = sides.offer.employer.signatories.get()
    scan = ContentFile(b"GIF89a" + bytes(10) if case == "not a scan" else PDF, name="a.pdf")
    if case == "ended authority":
        signatory = SignatoryFactory(organisation=sides.offer.employer, authority_until=at.date() - timedelta(days=1))
    if case == "twice":
        actions.sign_contract(party=customer, by=sides.director, at=at)
    with pytest.raises(Refused):
        actions.sign_contract_by_scan(
            party=customer,
            scan=scan,
            signed_on=at.date() + timedelta(days={"tomorrow": 1, "too early": -1}.get(case, 0)),
            signatory=None if case == "no signatory" else signatory,
            by=UserFactory() if case == "stranger" else sides.hr,
            at=at,
        )


def test_many_are_signed_in_one_go(at):
    sides = side()
    parties = [party(drawn_up(sides, at=at), ContractRole.CUSTOMER) for _ in range(3)]
    actions.sign_contract(party=parties[0], by=sides.director, at=at)
    signed_now = actions.sign_many(parties=parties, by=sides.director, at=at)
    assert len(signed_now.contracts) == 2
    assert [contract for contract, reason in signed_now.refused if reason] == [parties[0].contract]


def test_letters_ask_to_sign_and_tell_when_in_force(at, django_capture_on_commit_callbacks):
    sides = side()
    with django_capture_on_commit_callbacks(execute=True):
        contract = signed(sides, at=at)
    to = {address for letter in mail.outbox for address in letter.to}
    assert {contract.person.user.email, sides.director.email, sides.hr.email} <= to
    assert not any(contract.person.family_name in letter.subject for letter in mail.outbox)


def test_a_contract_is_in_force_from_the_day_on_the_last_paper(at):
    sides = side()
    contract = drawn_up(sides, at=at)
    later = at + timedelta(days=9)
    last_day = at.date() + timedelta(days=3)
    signatories = {
        role: one.signatories.get()
        for role, one in (
            (ContractRole.CUSTOMER, sides.offer.employer),
            (ContractRole.COLLEGE, sides.offer.intake.programme.college),
        )
    }
    # The college's authority ends after it has signed, and before the scan is uploaded.
    signatories[ContractRole.COLLEGE].authority_until = last_day
    signatories[ContractRole.COLLEGE].save()
    for number, one in enumerate(contract.parties.order_by("pk"), start=1):
        actions.sign_contract_by_scan(
            party=one,
            scan=ContentFile(PDF, name="a.pdf"),
            signed_on=at.date() + timedelta(days=number),
            signatory=signatories.get(one.role),
            by=sides.hr,
            at=later,
        )
    contract.refresh_from_db()
    fact = Fact.objects.get(kind=FactKind.CONTRACT_SIGNED)
    assert (contract.signed_on, fact.on, contract.enrolment.enrolled_on) == (last_day, last_day, last_day)
    assert timezone.localdate(party(contract, ContractRole.CUSTOMER).signed_at) == at.date() + timedelta(days=1)

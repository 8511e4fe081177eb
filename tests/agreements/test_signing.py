"""Sending for signing, signing in the product and on paper: every exit."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import AgreementState, ObligationKind, SignatureMethod
from kuznitsa.agreements.models import Party
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import totals
from kuznitsa.organisations.enums import Role
from tests.factories.agreements import agreed, drafted, partners, promise, sent
from tests.factories.facts import ThreadFactory
from tests.factories.organisations import SignatoryFactory, member

pytestmark = pytest.mark.django_db


def pdf() -> ContentFile:
    return ContentFile(b"%PDF-1.7 signed", name="signed.pdf")


def party_of(agreement, organisation) -> Party:
    return agreement.parties.get(organisation=organisation)


def test_sending_freezes_the_text_and_writes_to_signatories(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    with django_capture_on_commit_callbacks(execute=True):
        agreement = sent(world, at)
    assert agreement.state == AgreementState.SIGNING
    assert len(agreement.text_hash) == 64
    asked = [letter.to[0] for letter in mailoutbox]
    assert {world.plant_signatory.user.email, world.college_signatory.user.email} <= set(asked)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda world: {"parties": [world.college], "promises": []}, "двух сторон"),
        (lambda world: {"promises": []}, "обязательств"),
        (lambda world: {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 8, 1)}, "прошёл"),
        (lambda world: {"promises": [promise(world, due_on=date(2026, 8, 31))]}, "раньше"),
        (lambda world: {"promises": [promise(world, due_on=date(2029, 9, 1))]}, "позже"),
    ],
)
def test_sending_something_incomplete_is_refused(at, change, why):
    world = partners()
    agreement = drafted(world, at, **change(world))
    with pytest.raises(Refused, match=why):
        actions.send_for_signing(agreement=agreement, by=world.coordinator, at=at)


def test_sending_twice_is_refused(at):
    world = partners()
    agreement = sent(world, at)
    with pytest.raises(Refused, match="на подписании"):
        actions.send_for_signing(agreement=agreement, by=world.coordinator, at=at)


def test_sending_by_a_stranger_is_refused(at):
    agreement = drafted(partners(), at)
    with pytest.raises(Refused):
        actions.send_for_signing(agreement=agreement, by=partners().coordinator, at=at)


def test_a_signature_names_the_signatory_and_the_text(at):
    world = partners()
    agreement = sent(world, at)
    actions.sign(party=party_of(agreement, world.plant), by=world.plant_signatory.user, at=at)
    party = party_of(agreement, world.plant)
    agreement.refresh_from_db()
    assert (party.signatory, party.method) == (world.plant_signatory, SignatureMethod.IN_PRODUCT)
    assert (party.signed_at, party.text_hash) == (at, agreement.text_hash)
    assert agreement.state == AgreementState.SIGNING


def test_the_last_signature_brings_it_into_force_and_promises_seats(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    thread = ThreadFactory(employer=world.plant)
    seats = promise(world, kind=ObligationKind.SEATS, quantity=25, thread=thread)
    with django_capture_on_commit_callbacks(execute=True):
        agreement = agreed(world, at, promises=[promise(world), seats])
    assert (agreement.state, agreement.in_force_on) == (AgreementState.IN_FORCE, at.date())
    fact = Fact.objects.get()
    assert (fact.kind, fact.quantity, fact.on) == (FactKind.SEATS_PROMISED, 25, at.date())
    assert (fact.organisation, fact.counterpart, fact.thread) == (world.plant, world.college, thread)
    assert fact.source == agreement.obligations.get(kind=ObligationKind.SEATS)
    assert totals(type(thread).objects.filter(pk=thread.pk)) == {FactKind.SEATS_PROMISED: 25}
    assert any("вступил" in letter.subject.lower() or "действ" in letter.subject.lower() for letter in mailoutbox)


def test_signing_twice_is_refused(at):
    world = partners()
    party = party_of(sent(world, at), world.plant)
    actions.sign(party=party, by=world.plant_signatory.user, at=at)
    with pytest.raises(Refused, match="уже подписал"):
        actions.sign(party=party, by=world.plant_signatory.user, at=at)


def test_of_two_signatories_who_sign_at_once_the_second_is_refused(at):
    world = partners()
    agreement = sent(world, at)
    first, second = party_of(agreement, world.plant), party_of(agreement, world.plant)
    deputy = SignatoryFactory(organisation=world.plant)
    actions.sign(party=first, by=world.plant_signatory.user, at=at)
    with pytest.raises(Refused, match="уже подписал"):
        actions.sign(party=second, by=deputy.user, at=at)
    assert party_of(agreement, world.plant).signatory == world.plant_signatory


def test_signing_without_authority_is_refused_and_says_who_may(at):
    world = partners()
    agreement = sent(world, at)
    with pytest.raises(Refused, match="Завражнов"):
        actions.sign(party=party_of(agreement, world.plant), by=world.hr, at=at)


def test_signing_with_an_expired_paper_is_refused_and_names_it(at):
    world = partners()
    world.plant_signatory.authority_until = at.date() - timedelta(days=1)
    world.plant_signatory.save()
    agreement = sent(world, at)
    with pytest.raises(Refused, match=r"31 августа 2026|31\.08\.2026"):
        actions.sign(party=party_of(agreement, world.plant), by=world.plant_signatory.user, at=at)


def test_signing_a_draft_is_refused(at):
    world = partners()
    agreement = drafted(world, at)
    with pytest.raises(Refused, match="черновик"):
        actions.sign(party=party_of(agreement, world.plant), by=world.plant_signatory.user, at=at)


def test_signing_another_text_than_was_read_is_refused(at):
    world = partners()
    agreement = sent(world, at)
    with pytest.raises(Refused, match="ещё раз"):
        actions.sign(party=party_of(agreement, world.plant), by=world.plant_signatory.user, at=at, seen_hash="0" * 64)


def test_a_renamed_organisation_stops_the_signing(at):
    world = partners()
    agreement = sent(world, at)
    world.college.name = "Новое имя"
    world.college.save()
    with pytest.raises(Refused, match="черновик"):
        actions.sign(party=party_of(agreement, world.plant), by=world.plant_signatory.user, at=at)


def test_signing_for_a_party_that_was_removed_is_refused(at):
    world = partners()
    party = party_of(sent(world, at), world.plant)
    Party.objects.filter(pk=party.pk).delete()
    with pytest.raises(Refused, match="Стороны"):
        actions.sign(party=party, by=world.plant_signatory.user, at=at)


def test_a_scan_counts_from_the_day_on_the_paper(at):
    world = partners()
    agreement = sent(world, at)
    day = date(2026, 8, 20)
    for organisation, signatory, by in [
        (world.plant, world.plant_signatory, world.plant_coordinator),
        (world.college, world.college_signatory, world.coordinator),
    ]:
        actions.record_scan(
            party=party_of(agreement, organisation), signatory=signatory, scan=pdf(), signed_on=day, by=by, at=at
        )
    agreement.refresh_from_db()
    party = party_of(agreement, world.plant)
    assert (agreement.state, agreement.in_force_on) == (AgreementState.IN_FORCE, day)
    assert (party.method, party.signatory) == (SignatureMethod.SCAN, world.plant_signatory)
    assert party.scan.name.endswith("signed.pdf")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda world: {"signatory": world.college_signatory}, "не является"),
        (lambda world: {"signed_on": date(2026, 9, 2)}, "будущ"),
        (lambda world: {"signed_on": date(2019, 1, 1)}, "1.2019"),
        (lambda world: {"scan": ContentFile(b"MZ\x00program", name="a.exe")}, "PDF"),
        (lambda world: {"scan": ContentFile(b"", name="a.pdf")}, "пуст"),
        (lambda world: {"by": world.hr}, "координатор"),
        (lambda world: {"by": world.coordinator}, "координатор"),
    ],
)
def test_a_wrong_scan_is_refused(at, change, why):
    world = partners()
    party = party_of(sent(world, at), world.plant)
    values = {"signatory": world.plant_signatory, "scan": pdf(), "signed_on": at.date(), "by": world.plant_coordinator}
    with pytest.raises(Refused, match=why):
        actions.record_scan(party=party, at=at, **(values | change(world)))
    party.refresh_from_db()
    assert party.signed_at is None


def test_a_scan_after_a_signature_is_refused(at):
    world = partners()
    party = party_of(sent(world, at), world.plant)
    actions.sign(party=party, by=world.plant_signatory.user, at=at)
    with pytest.raises(Refused, match="уже подписал"):
        actions.record_scan(
            party=party,
            signatory=world.plant_signatory,
            scan=pdf(),
            signed_on=at.date(),
            by=world.plant_coordinator,
            at=at,
        )


def test_a_signatory_returns_a_text_with_a_reason(at):
    world = partners()
    agreement = sent(world, at)
    actions.return_to_draft(agreement=agreement, reason="Не те сроки", by=world.plant_signatory.user, at=at)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.return_reason) == (AgreementState.DRAFT, "Не те сроки")


def test_sending_again_forgets_why_it_came_back(at):
    world = partners()
    agreement = sent(world, at)
    actions.return_to_draft(agreement=agreement, reason="Не те сроки", by=world.coordinator, at=at)
    actions.send_for_signing(agreement=agreement, by=world.coordinator, at=at)
    agreement.refresh_from_db()
    assert agreement.return_reason == ""


@pytest.mark.parametrize("reason", ["", "  "])
def test_returning_without_a_reason_is_refused(at, reason):
    world = partners()
    with pytest.raises(Refused, match="почему"):
        actions.return_to_draft(agreement=sent(world, at), reason=reason, by=world.coordinator, at=at)


def test_returning_a_draft_or_by_a_stranger_is_refused(at):
    world = partners()
    with pytest.raises(Refused):
        actions.return_to_draft(agreement=drafted(world, at), reason="так", by=world.coordinator, at=at)
    with pytest.raises(Refused):
        actions.return_to_draft(agreement=sent(world, at), reason="так", by=member(world.plant, Role.MENTOR), at=at)

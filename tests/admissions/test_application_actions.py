from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from kuznitsa.admissions.actions import applications, checking
from kuznitsa.admissions.enums import ApplicationState, CampaignState, DocumentKind, OfferState
from kuznitsa.admissions.queries.receipts import ReceiptVerdict, check_receipt, wishes_hash
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.people.actions import Paper
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, checked, office_of, submitted
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db

PAPER = Paper(original="личное дело 12")


def applied(offer):
    return totals(Thread.objects.filter(pk=offer.thread_id)).get(FactKind.APPLIED, 0)


def draft(campaign, person=None, *offers, at, mark=400):
    person = person or PersonFactory()
    application = applications.start_application(campaign=campaign, person=person, by=None, at=at)
    return applications.edit_application(
        application=application, offers=offers, average_mark_hundredths=mark, by=None, at=at
    )


@pytest.fixture
def family():
    """A minor and the guardian, both with users."""
    guardianship = GuardianshipFactory(
        child=PersonFactory(minor=True, user=UserFactory()), guardian=PersonFactory(user=UserFactory())
    )
    return guardianship.child, guardianship.guardian


def test_an_applicant_starts_once(at):
    campaign = CampaignFactory()
    person = PersonFactory(user=UserFactory())
    application = applications.start_application(campaign=campaign, person=person, by=person.user, at=at)
    assert application.state == ApplicationState.DRAFT
    assert person.affiliations.filter(organisation=campaign.college, kind=AffiliationKind.APPLICANT).exists()
    with pytest.raises(Refused, match="уже|already"):
        applications.start_application(campaign=campaign, person=person, by=person.user, at=at)


def test_nobody_starts_for_a_stranger_or_out_of_time(at):
    campaign = CampaignFactory()
    with pytest.raises(Refused):
        applications.start_application(campaign=campaign, person=PersonFactory(), by=UserFactory(), at=at)
    with pytest.raises(Refused):
        applications.start_application(
            campaign=campaign, person=PersonFactory(), by=office_of(campaign), at=at + timedelta(days=20)
        )
    with pytest.raises(Refused):
        applications.start_application(
            campaign=CampaignFactory(state=CampaignState.CLOSED), person=PersonFactory(), by=None, at=at
        )


def test_the_list_is_kept_in_order_and_checked(at):
    campaign = CampaignFactory(max_choices=2)
    one, two, three = OpenOfferFactory.create_batch(3, campaign=campaign)
    application = draft(campaign, None, two, one, at=at)
    assert [choice.offer for choice in application.choices.order_by("rank")] == [two, one]
    edit = {"application": application, "average_mark_hundredths": 400, "by": None, "at": at}
    for wrong in ([one, one], [one, two, three], [OpenOfferFactory()]):
        with pytest.raises(Refused):
            applications.edit_application(offers=wrong, **edit)
    with pytest.raises(Refused):
        applications.edit_application(**{**edit, "average_mark_hundredths": 501}, offers=[one])
    assert [choice.offer for choice in application.choices.order_by("rank")] == [two, one]


def test_an_adult_submits_and_gets_a_receipt(at, django_capture_on_commit_callbacks):
    offer = OpenOfferFactory()
    person = PersonFactory(user=UserFactory())
    application = draft(offer.campaign, person, offer, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        applications.submit_application(application=application, by=person.user, at=at)
    assert application.state == ApplicationState.SUBMITTED
    assert application.receipt_hash == wishes_hash(application)
    assert applied(offer) == 1
    fact = offer.thread.facts.get()
    assert (fact.organisation, fact.counterpart, fact.person) == (offer.employer, offer.campaign.college, person)
    assert person.consents.in_force().filter(purpose=ConsentPurpose.TARGET_CONTRACT, given_by=person).exists()
    assert person.affiliations.filter(organisation=offer.employer).exists()
    [letter] = mail.outbox
    assert application.receipt_number in letter.subject
    assert person.family_name not in letter.subject


def test_an_application_must_be_whole(at):
    offer = OpenOfferFactory()
    for application in (
        draft(offer.campaign, None, at=at),
        draft(offer.campaign, None, offer, at=at, mark=None),
        draft(offer.campaign, PersonFactory(born_on=None), offer, at=at),
    ):
        with pytest.raises(Refused):
            applications.submit_application(application=application, by=None, at=at)
        assert application.state == ApplicationState.DRAFT


def test_an_offer_that_was_withdrawn_meanwhile_cannot_be_submitted(at):
    offer = OpenOfferFactory()
    application = draft(offer.campaign, None, offer, at=at)
    offer.state = OfferState.WITHDRAWN
    offer.save()
    with pytest.raises(Refused):
        applications.submit_application(application=application, by=None, at=at)


def test_a_minor_waits_for_the_guardian(at, family, django_capture_on_commit_callbacks):
    child, guardian = family
    offer = OpenOfferFactory()
    application = draft(offer.campaign, child, offer, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        applications.submit_application(application=application, by=child.user, at=at)
    assert application.state == ApplicationState.AWAITING_GUARDIAN
    assert applied(offer) == 0
    assert [letter.to for letter in mail.outbox] == [[guardian.user.email]]
    with pytest.raises(Refused):
        applications.agree_to_application(application=application, guardian=guardian, by=child.user, at=at)
    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    assert application.state == ApplicationState.SUBMITTED
    assert application.guardian == guardian
    assert applied(offer) == 1
    assert child.consents.in_force().filter(given_by=guardian).count() == 3


def test_the_office_records_an_agreement_on_paper(at, family):
    child, guardian = family
    offer = OpenOfferFactory()
    application = applications.submit_application(
        application=draft(offer.campaign, child, offer, at=at), by=child.user, at=at
    )
    office = office_of(offer.campaign)
    with pytest.raises(Refused):
        applications.agree_to_application(
            application=application, guardian=PersonFactory(), paper=PAPER, by=office, at=at
        )
    with pytest.raises(Refused, match="лишь бумагу"):
        applications.agree_to_application(application=application, guardian=guardian, by=office, at=at)
    applications.agree_to_application(application=application, guardian=guardian, paper=PAPER, by=office, at=at)
    assert {consent.original for consent in child.consents.all()} == {PAPER.original}
    assert application.state == ApplicationState.SUBMITTED


def test_a_guardian_who_does_not_agree_says_why(at, family):
    child, guardian = family
    offer = OpenOfferFactory()
    application = applications.submit_application(
        application=draft(offer.campaign, child, offer, at=at), by=child.user, at=at
    )
    with pytest.raises(Refused):
        applications.decline_application(application=application, reason=" ", by=guardian.user, at=at)
    applications.decline_application(application=application, reason="далеко ездить", by=guardian.user, at=at)
    assert (application.state, application.state_reason) == (ApplicationState.DRAFT, "далеко ездить")


def test_changing_a_sent_application_takes_everything_back(at, family):
    child, guardian = family
    one = OpenOfferFactory()
    two = OpenOfferFactory(campaign=one.campaign)
    application = draft(one.campaign, child, one, at=at)
    applications.submit_application(application=application, by=child.user, at=at)
    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    number, receipt_hash = application.receipt_number, application.receipt_hash
    applications.revise_application(application=application, by=child.user, at=at)
    assert application.state == ApplicationState.DRAFT
    assert application.guardian is None
    assert applied(one) == 0
    assert not child.affiliations.current().filter(organisation=one.employer).exists()
    assert check_receipt(number, receipt_hash).verdict is ReceiptVerdict.REPLACED
    applications.edit_application(
        application=application, offers=[two], average_mark_hundredths=450, by=child.user, at=at
    )
    applications.submit_application(application=application, by=child.user, at=at)
    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    assert (applied(one), applied(two)) == (0, 1)
    assert application.receipt_number != number
    assert unbalanced_sums() == []


def test_after_the_last_day_nothing_is_changed(at):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at)
    with pytest.raises(Refused):
        applications.revise_application(application=application, by=None, at=at + timedelta(days=10))


def test_withdrawing_before_the_last_day_reverses_the_fact(at):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at)
    with pytest.raises(Refused):
        applications.withdraw_application(application=application, reason="", by=None, at=at)
    applications.withdraw_application(application=application, reason="передумал", by=None, at=at)
    assert application.state == ApplicationState.WITHDRAWN
    assert applied(offer) == 0
    assert check_receipt(application.receipt_number, application.receipt_hash).verdict is ReceiptVerdict.WITHDRAWN
    applications.revise_application(application=application, by=None, at=at)
    assert application.state == ApplicationState.DRAFT


def test_withdrawing_later_leaves_the_fact(at):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at)
    application.campaign.state = CampaignState.CLOSED
    applications.withdraw_application(application=application, reason="передумал", by=None, at=at)
    assert applied(offer) == 1


def test_strangers_withdraw_nothing(at):
    application = submitted(OpenOfferFactory(), at=at)
    with pytest.raises(Refused):
        applications.withdraw_application(application=application, reason="назло", by=UserFactory(), at=at)


def test_the_office_checks_and_corrects_the_mark(at):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at)
    with pytest.raises(Refused):
        checking.check_application(application=application, by=UserFactory(), at=at)
    with pytest.raises(Refused):
        checking.check_application(application=application, achievement_points=51, by=None, at=at)
    checking.check_application(
        application=application,
        average_mark_hundredths=420,
        achievement_points=10,
        by=office_of(offer.campaign),
        at=at,
    )
    assert (application.state, application.score) == (ApplicationState.CHECKED, 430)
    with pytest.raises(Refused):
        checking.check_application(application=application, by=None, at=at)


def test_a_returned_application_is_mended_even_late(at):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at)
    with pytest.raises(Refused):
        checking.return_application(application=application, reason="", by=None, at=at)
    checking.return_application(application=application, reason="нет аттестата", by=None, at=at)
    application.campaign.state = CampaignState.CLOSED
    application.campaign.save()
    later = at + timedelta(days=12)
    applications.edit_application(
        application=application, offers=[offer], average_mark_hundredths=410, by=None, at=later
    )
    applications.submit_application(application=application, by=None, at=later)
    assert application.state == ApplicationState.SUBMITTED
    assert applied(offer) == 1


def test_a_rejected_application_can_be_taken_in_again(at):
    application = checked(OpenOfferFactory(), at=at)
    checking.reject_application(application=application, reason="учится за границей", by=None, at=at)
    assert application.state == ApplicationState.REJECTED
    checking.reconsider_application(application=application, by=None, at=at)
    assert (application.state, application.state_reason) == (ApplicationState.SUBMITTED, "")


def test_papers_are_checked_for_kind_and_size(at, settings):
    offer = OpenOfferFactory()
    person = PersonFactory(user=UserFactory())
    application = draft(offer.campaign, person, offer, at=at)
    add = {"application": application, "kind": DocumentKind.SCHOOL, "at": at}
    applications.add_document(file=SimpleUploadedFile("аттестат.pdf", b"%PDF-1.7 ..."), by=person.user, **add)
    with pytest.raises(Refused):
        applications.add_document(file=SimpleUploadedFile("a.pdf", b"MZ\x00\x01"), by=person.user, **add)
    settings.MAX_UPLOAD_BYTES = 5
    with pytest.raises(Refused):
        applications.add_document(file=SimpleUploadedFile("a.pdf", b"%PDF-1.7 ..."), by=person.user, **add)
    with pytest.raises(Refused):
        applications.add_document(by=person.user, **add)
    applications.add_document(by=office_of(offer.campaign), **add)
    assert application.documents.count() == 2
    applications.remove_document(document=application.documents.first(), by=person.user, at=at)
    applications.submit_application(application=application, by=person.user, at=at)
    with pytest.raises(Refused):
        applications.remove_document(document=application.documents.first(), by=person.user, at=at)


def test_a_receipt_tells_changed_wishes(at):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at)
    right = check_receipt(application.receipt_number.lower(), application.receipt_hash)
    assert right.verdict is ReceiptVerdict.IN_FORCE
    assert check_receipt(application.receipt_number, "0" * 64).verdict is ReceiptVerdict.DIFFERS
    assert check_receipt("26-AAAA-AAAA", application.receipt_hash).verdict is ReceiptVerdict.UNKNOWN
    application.choices.update(offer=OpenOfferFactory(campaign=offer.campaign))
    assert check_receipt(application.receipt_number, application.receipt_hash).verdict is ReceiptVerdict.DIFFERS


def test_who_sees_an_application(at, family):
    child, guardian = family
    offer = OpenOfferFactory()
    application = draft(offer.campaign, child, offer, at=at)
    visible = type(application).objects.visible_to
    for user in (child.user, guardian.user, office_of(offer.campaign)):
        assert application in visible(user)
    assert application not in visible(UserFactory())
    assert Person.objects.visible_to(office_of(offer.campaign)).filter(pk=child.pk).exists()

"""A consent withdrawn lets applications rest: nobody is called, no plant sees the person, the office decides."""

import pytest
from django.core import mail
from django.urls import reverse

from kuznitsa.admissions.actions import applications, checking, seats
from kuznitsa.admissions.enums import ApplicationState, ContractState
from kuznitsa.admissions.models import Application, Choice, Seat, TargetContract
from kuznitsa.admissions.queries.duties import duties
from kuznitsa.admissions.queries.instances import build_instance
from kuznitsa.admissions.queries.seats import waiting_list
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from kuznitsa.people.actions import end_guardianship, give_consent, withdraw_consent
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published, submitted
from tests.factories.contracts import side, signed
from tests.factories.organisations import member
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db

NEEDED = (ConsentPurpose.PROCESSING, ConsentPurpose.EMPLOYER, ConsentPurpose.TARGET_CONTRACT)


def adult():
    return PersonFactory(user=UserFactory())


def withdraw(person, at, purpose=ConsentPurpose.EMPLOYER):
    consent = person.consents.in_force().get(purpose=purpose)
    withdraw_consent(consent=consent, by=person.user, at=at, reason="передумали")


def anew(person, at, purpose=ConsentPurpose.EMPLOYER):
    give_consent(person=person, purpose=purpose, given_by=person, by=person.user, at=at)


def decisions(user, at):
    return [duty.url for duty in duties(user, at.date()) if "согласие отозвано" in duty.title]


@pytest.fixture
def queue(at):
    """One seat: the first has it, the second and the third wait."""
    offer = OpenOfferFactory()
    people = [checked(offer, at=at, mark=mark, person=adult()) for mark in (500, 450, 400)]
    return offer, published(offer.campaign, at=at), people


@pytest.mark.parametrize("purpose", NEEDED)
def test_who_has_withdrawn_a_needed_consent_is_not_called_and_consents_anew_to_be(at, queue, purpose):
    offer, run, (first, second, third) = queue
    withdraw(second.person, at, purpose)
    assert waiting_list(run, offer) == [third.pk]
    anew(second.person, at, purpose)
    assert waiting_list(run, offer) == [second.pk, third.pk]
    withdraw(second.person, at, purpose)

    seats.give_back_seat(seat=first.seats.held().get(), reason="переезд", by=None, at=at)

    assert Seat.objects.held().get().application == third


def test_other_consents_change_nothing(at, queue):
    offer, run, (_first, second, third) = queue
    anew(second.person, at, ConsentPurpose.IMAGE)
    withdraw(second.person, at, ConsentPurpose.IMAGE)
    assert waiting_list(run, offer) == [second.pk, third.pk]
    assert decisions(office_of(offer.campaign), at) == []


def test_no_seat_is_accepted_without_the_consents_but_it_can_be_declined(at, client_as, queue):
    _offer, _run, (first, *_others) = queue
    withdraw(first.person, at)
    seat = first.seats.held().get()
    with pytest.raises(Refused, match="отозвано"):
        seats.accept_seat(seat=seat, by=first.person.user, at=at)
    seats.decline_seat(seat=seat, by=first.person.user, at=at)


def test_the_allocation_is_calculated_without_them(at, client_as):
    offer = OpenOfferFactory()
    gone, stays = (checked(offer, at=at, mark=mark, person=adult()) for mark in (500, 400))
    withdraw(gone.person, at)
    assert len(build_instance(offer.campaign).applicants) == 1
    published(offer.campaign, at=at)
    assert Seat.objects.get().application == stays
    why = client_as(gone.person.user).get(reverse("admissions:application-why", args=[gone.pk]))
    assert why.status_code == 200


def test_who_consents_anew_before_the_results_is_in_them(at):
    offer = OpenOfferFactory()
    back, stays = (checked(offer, at=at, mark=mark, person=adult()) for mark in (500, 400))
    withdraw(back.person, at)
    anew(back.person, at)
    published(offer.campaign, at=at)
    assert Seat.objects.get().application == back
    back.refresh_from_db()
    assert back.late_reason == ""
    assert stays.late_reason == ""


def test_who_consents_anew_after_results_without_them_is_late(at, client_as):
    """Gets what is left when nobody waits for it, and nothing that anybody in the results waits for."""
    offer = OpenOfferFactory()
    gone, first, second = (checked(offer, at=at, mark=mark, person=adult()) for mark in (500, 450, 400))
    withdraw(gone.person, at)
    run = published(offer.campaign, at=at)
    page = client_as(gone.person.user, language="en").get(gone.get_absolute_url()).text
    assert "if that is after results without it, as a late one" in page
    anew(gone.person, at)
    gone.refresh_from_db()
    assert gone.late_reason
    assert AuditEntry.objects.about(gone).filter(verb="admissions.application.came_late").count() == 1
    seats.give_back_seat(seat=first.seats.held().get(), reason="переезд", by=None, at=at)
    assert Seat.objects.held().get().application == second
    assert waiting_list(run, offer) == []
    seats.give_back_seat(seat=second.seats.held().get(), reason="переезд", by=None, at=at)
    office = office_of(offer.campaign)
    withdraw(gone.person, at)
    with pytest.raises(Refused):
        seats.place_late(application=gone, by=office, at=at)
    anew(gone.person, at)
    assert seats.place_late(application=gone, by=office, at=at).application == gone
    assert AuditEntry.objects.about(gone).filter(verb="admissions.application.came_late").count() == 1


def test_a_plant_sees_the_person_only_as_long_as_they_consent(at, client_as):
    offer = OpenOfferFactory()
    application = submitted(offer, at=at, person=adult())
    person, hr = application.person, member(offer.employer, Role.EMPLOYER_HR)

    def sees():
        rows = [
            Application.objects.filter(pk=application.pk),
            Choice.objects.filter(application=application),
            Person.objects.filter(pk=person.pk),
        ]
        pages = [client_as(hr).get(row.get_absolute_url()).status_code for row in (application, person)]
        return {row.visible_to(hr).exists() for row in rows}, set(pages)

    assert sees() == ({True}, {200})
    withdraw(person, at)
    assert sees() == ({False}, {404})
    assert Application.objects.visible_to(office_of(offer.campaign)).exists()
    anew(person, at)
    assert sees() == ({True}, {200})


def test_the_plant_sees_a_person_with_two_withdrawn_consents_only_when_both_are_back(at):
    offer = OpenOfferFactory()
    person = submitted(offer, at=at, person=adult()).person
    hr = member(offer.employer, Role.EMPLOYER_HR)
    for purpose in NEEDED[:2]:
        withdraw(person, at, purpose)
    anew(person, at, NEEDED[0])
    assert not Person.objects.visible_to(hr).filter(pk=person.pk).exists()
    anew(person, at, NEEDED[1])
    assert Person.objects.visible_to(hr).filter(pk=person.pk).exists()


def test_the_parties_of_a_signed_contract_go_on_seeing_it(at):
    sides = side()
    application = checked(sides.offer, at=at, person=adult())
    contract = signed(sides, at=at, person=application.person)
    withdraw(application.person, at)
    assert contract.state == ContractState.ACTIVE
    assert TargetContract.objects.visible_to(sides.hr).get() == contract
    assert Person.objects.visible_to(sides.hr).filter(pk=application.person_id).exists()
    assert not Application.objects.visible_to(sides.hr).exists()


def test_the_office_is_told_and_decides(at, client_as, queue, django_capture_on_commit_callbacks):
    offer, _run, (first, *_others) = queue
    office = office_of(offer.campaign)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(first.person, at)
    letters = [letter for letter in mail.outbox if letter.to == [office.email]]
    assert "нужно решение" in letters[0].subject
    assert str(offer) in letters[0].body
    assert decisions(office, at) == [first.get_absolute_url()]
    assert decisions(office_of(OpenOfferFactory().campaign), at) == []
    assert "приостановлено" in client_as(office).get(first.get_absolute_url()).text
    assert "приостановлено" in client_as(first.person.user).get(first.get_absolute_url()).text
    assert AuditEntry.objects.about(first).filter(verb="admissions.application.consent_withdrawn").exists()

    applications.withdraw_application(application=first, reason="согласие отозвано", by=office, at=at)

    assert decisions(office, at) == []


def test_a_family_that_consents_again_is_asked_as_the_first_time(at):
    """What the office sends back goes out again with the consent that is missing, not without it."""
    guardianship = GuardianshipFactory(child__user=UserFactory(), guardian__user=UserFactory())
    child, guardian, offer = guardianship.child, guardianship.guardian, OpenOfferFactory()
    application = applications.start_application(campaign=offer.campaign, person=child, by=None, at=at)
    applications.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=None, at=at)
    applications.submit_application(application=application, by=None, at=at)
    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    consent = child.consents.get(purpose=ConsentPurpose.EMPLOYER)
    withdraw_consent(consent=consent, by=guardian.user, at=at)
    checking.return_application(application=application, reason="нет согласия", by=None, at=at)

    applications.submit_application(application=application, by=child.user, at=at)
    assert application.state == ApplicationState.AWAITING_GUARDIAN

    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    assert application.state == ApplicationState.SUBMITTED
    assert child.consents.in_force().count() == len(NEEDED)


def test_the_end_of_the_last_guardianship_lets_the_application_rest(at):
    guardianship = GuardianshipFactory(guardian__user=UserFactory())
    child, guardian, offer = guardianship.child, guardianship.guardian, OpenOfferFactory()
    application = applications.start_application(campaign=offer.campaign, person=child, by=None, at=at)
    applications.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=None, at=at)
    applications.submit_application(application=application, by=None, at=at)
    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    end_guardianship(guardianship=guardianship, on=at.date(), by=None, at=at)
    assert decisions(office_of(offer.campaign), at) == [application.get_absolute_url()]
    assert not Application.objects.visible_to(member(offer.employer, Role.EMPLOYER_HR)).exists()


def test_the_duty_costs_the_same_for_one_and_three(at, query_count):
    offer = OpenOfferFactory()
    office = office_of(offer.campaign)

    def one_more():
        withdraw(submitted(offer, at=at, person=adult()).person, at)

    query_count(lambda: duties(office, at.date()), one_more)

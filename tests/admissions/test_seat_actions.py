from datetime import timedelta

import pytest
from django.core import mail

from kuznitsa.admissions.actions import applications, seats
from kuznitsa.admissions.enums import CampaignState, SeatState
from kuznitsa.admissions.jobs.seats import lapse_seats
from kuznitsa.admissions.models import Seat, TargetOffer
from kuznitsa.admissions.queries.seats import seats_left, waiting_list
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def adult():
    return PersonFactory(user=UserFactory())


def counts(offer):
    found = totals(Thread.objects.filter(pk=offer.thread_id))
    return found.get(FactKind.SEAT_ALLOCATED, 0), found.get(FactKind.SEAT_RETURNED, 0)


@pytest.fixture
def ladder(at):
    """One seat of a dear offer and one of another: the first has the dear one, the second the other, the third none."""
    dear = OpenOfferFactory()
    other = OpenOfferFactory(campaign=dear.campaign)
    people = [checked(dear, other, at=at, mark=mark, person=adult()) for mark in (500, 450, 400)]
    published(dear.campaign, at=at)
    return dear, other, people


def held(application):
    return application.seats.held().first()


def test_the_applicant_accepts(at, ladder, django_capture_on_commit_callbacks):
    dear, _other, (first, *_rest) = ladder
    seat = held(first)
    with pytest.raises(Refused):
        seats.accept_seat(seat=seat, by=UserFactory(), at=at)
    with django_capture_on_commit_callbacks(execute=True):
        seats.accept_seat(seat=seat, by=first.person.user, at=at)
    assert (seat.state, seat.answered_at) == (SeatState.ACCEPTED, at)
    assert mail.outbox[0].to == [first.person.user.email]
    with pytest.raises(Refused):
        seats.decline_seat(seat=seat, by=first.person.user, at=at)
    assert counts(dear) == (1, 0)


def test_for_a_minor_the_guardian_answers(at):
    guardianship = GuardianshipFactory(
        child=PersonFactory(minor=True, user=UserFactory()), guardian=PersonFactory(user=UserFactory())
    )
    offer = OpenOfferFactory()
    child, guardian = guardianship.child, guardianship.guardian
    application = applications.start_application(campaign=offer.campaign, person=child, by=child.user, at=at)
    applications.edit_application(
        application=application, offers=[offer], average_mark_hundredths=450, by=child.user, at=at
    )
    applications.submit_application(application=application, by=child.user, at=at)
    applications.agree_to_application(application=application, guardian=guardian, by=guardian.user, at=at)
    from kuznitsa.admissions.actions.checking import check_application

    check_application(application=application, by=None, at=at)
    published(offer.campaign, at=at)
    with pytest.raises(Refused):
        seats.accept_seat(seat=held(application), by=child.user, at=at)
    seat = seats.accept_seat(seat=held(application), by=guardian.user, at=at)
    assert seat.state == SeatState.ACCEPTED


def test_after_the_last_day_there_is_no_answer(at, ladder):
    _dear, _other, (first, *_rest) = ladder
    with pytest.raises(Refused):
        seats.accept_seat(seat=held(first), by=first.person.user, at=at + timedelta(days=8))


def test_a_declined_seat_moves_everybody_up(at, ladder, django_capture_on_commit_callbacks):
    dear, other, (first, second, third) = ladder
    with django_capture_on_commit_callbacks(execute=True):
        seats.decline_seat(seat=held(first), by=first.person.user, at=at)
    assert held(first) is None
    assert (held(second).offer, held(second).called_from_list) == (dear, True)
    assert held(third).offer == other
    assert (counts(dear), counts(other)) == ((2, 1), (2, 1))
    assert unbalanced_sums() == []
    assert {letter.to[0] for letter in mail.outbox} == {second.person.user.email, third.person.user.email}


def test_who_has_accepted_is_not_moved(at, ladder):
    dear, other, (first, second, third) = ladder
    seats.accept_seat(seat=held(second), by=second.person.user, at=at)
    seats.give_back_seat(seat=held(first), reason="болезнь", by=first.person.user, at=at)
    assert held(second).offer == other
    assert held(third).offer == dear


def test_withdrawing_gives_the_seat_back(at, ladder):
    dear, _other, (first, second, _third) = ladder
    seats.accept_seat(seat=held(first), by=first.person.user, at=at)
    first.refresh_from_db()
    applications.withdraw_application(application=first, reason="уезжает", by=first.person.user, at=at)
    assert first.seats.get().state == SeatState.WITHDRAWN
    assert held(second).offer == dear


def test_a_seat_is_given_back_with_a_reason_and_once(at, ladder):
    _dear, _other, (first, *_rest) = ladder
    seat = held(first)
    with pytest.raises(Refused):
        seats.give_back_seat(seat=seat, reason="", by=None, at=at)
    with pytest.raises(Refused):
        seats.give_back_seat(seat=seat, reason="назло", by=UserFactory(), at=at)
    seats.give_back_seat(seat=seat, reason="болезнь", by=None, at=at)
    with pytest.raises(Refused):
        seats.give_back_seat(seat=seat, reason="болезнь", by=None, at=at)


def test_unanswered_seats_lapse_by_the_clock(at, ladder, django_capture_on_commit_callbacks):
    import time_machine

    dear, other, (first, second, third) = ladder
    with pytest.raises(Refused):
        seats.lapse_seat(seat=held(first), by=None, at=at)
    seats.accept_seat(seat=held(second), by=second.person.user, at=at)
    with time_machine.travel(at + timedelta(days=8)), django_capture_on_commit_callbacks(execute=True):
        lapse_seats()
    assert first.seats.get().state == SeatState.LAPSED
    assert (held(second).offer, held(third).offer) == (other, dear)
    assert waiting_list(first.seats.get().run, dear) == []


def test_who_declined_waits_only_for_better(at, ladder):
    dear, other, (first, second, third) = ladder
    seats.decline_seat(seat=held(second), by=second.person.user, at=at)
    assert held(third).offer == other
    assert second.pk in waiting_list(first.seats.get().run, dear)
    seats.give_back_seat(seat=held(third), reason="болезнь", by=None, at=at)
    assert held(second) is None
    seats.decline_seat(seat=held(first), by=first.person.user, at=at)
    assert held(second).offer == dear


def test_an_extra_seat_goes_to_the_next(at, ladder):
    dear, other, (_first, second, third) = ladder
    with pytest.raises(Refused):
        seats.call_next(offer=dear, by=UserFactory(), at=at)
    TargetOffer.objects.filter(pk=dear.pk).update(seats=2)
    seat = seats.call_next(offer=dear, by=office_of(dear.campaign), at=at)
    assert seat.application == second
    assert held(third).offer == other


def test_two_calls_for_the_last_seat_call_one(at, ladder):
    dear, _other, _people = ladder
    TargetOffer.objects.filter(pk=dear.pk).update(seats=2)
    stale = TargetOffer.objects.get(pk=dear.pk)
    seats.call_next(offer=dear, by=None, at=at)
    with pytest.raises(Refused):
        seats.call_next(offer=stale, by=None, at=at)
    assert seats_left(dear) == 0
    assert Seat.objects.held().filter(offer=dear).count() == 2


def test_the_second_of_two_answers_is_refused(at, ladder):
    _dear, _other, (first, *_rest) = ladder
    seat, stale = held(first), held(first)
    seats.accept_seat(seat=seat, by=first.person.user, at=at)
    with pytest.raises(Refused):
        seats.decline_seat(seat=stale, by=first.person.user, at=at)
    assert Seat.objects.get(pk=seat.pk).state == SeatState.ACCEPTED


def test_nobody_is_called_before_the_results_or_after_the_end(at, ladder):
    with pytest.raises(Refused):
        seats.call_next(offer=OpenOfferFactory(), by=None, at=at)
    dear, _other, (first, second, _third) = ladder
    campaign = first.campaign
    campaign.state = CampaignState.COMPLETED
    campaign.save()
    seats.give_back_seat(seat=held(first), reason="болезнь", by=None, at=at)
    assert held(second).offer != dear


def test_nobody_waits(at):
    offer = OpenOfferFactory(seats=3)
    checked(offer, at=at)
    published(offer.campaign, at=at)
    with pytest.raises(Refused):
        seats.call_next(offer=offer, by=None, at=at)

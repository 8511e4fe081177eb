"""After the results: rounds on cut lists, late applications, seats given by named persons."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from kuznitsa.admissions.actions import applications, checking, rounds, seats
from kuznitsa.admissions.actions.campaigns import complete_campaign
from kuznitsa.admissions.actions.rounds import Order
from kuznitsa.admissions.enums import RunKind, SeatState
from kuznitsa.admissions.jobs import seats as jobs
from kuznitsa.admissions.models import AllocationRun, TargetOffer
from kuznitsa.admissions.queries.rounds import cut_instance, why_not_sound
from kuznitsa.admissions.queries.seats import instance_of, result_of, seats_left
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published
from tests.factories.organisations import member
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def adult():
    return PersonFactory(user=UserFactory())


def held(application):
    return application.seats.held().first()


@pytest.fixture
def ladder(at):
    """One seat of a dear offer and one of another: the first has the dear one, the second the other, the third none."""
    dear = OpenOfferFactory()
    other = OpenOfferFactory(campaign=dear.campaign)
    people = [checked(dear, other, at=at, mark=mark, person=adult()) for mark in (500, 450, 400)]
    published(dear.campaign, at=at)
    return dear, other, people


def test_who_waits_moves_up_without_answering_again(at, ladder, django_capture_on_commit_callbacks):
    dear, other, (first, second, third) = ladder
    seats.accept_and_wait(seat=held(second), by=second.person.user, at=at)

    with django_capture_on_commit_callbacks(execute=True):
        seats.decline_seat(seat=held(first), by=first.person.user, at=at)

    assert (held(second).offer, held(second).state) == (dear, SeatState.ACCEPTED)
    assert (held(third).offer, held(third).state) == (other, SeatState.OFFERED)
    assert {letter.to[0] for letter in mail.outbox} == {second.person.user.email, third.person.user.email}
    assert unbalanced_sums() == []


def test_a_round_is_a_public_record_like_the_first_allocation(client, at, ladder):
    dear, _other, (first, *_rest) = ladder
    seats.decline_seat(seat=held(first), by=first.person.user, at=at)

    run = AllocationRun.objects.get(kind=RunKind.ROUND)
    instance, result = instance_of(run), result_of(run)
    assert (run.number, run.reason, run.seed) == (2, "освободилось место", dear.campaign.runs.get(number=1).seed)
    assert allocation.check(instance, result) == []
    assert allocation.allocate(instance).assignment == result.assignment
    assert run.record.manifest
    assert client.get(run.get_absolute_url()).status_code == 200


def test_taking_for_good_cuts_the_list_and_ends_the_waiting(at, ladder):
    dear, other, (first, second, third) = ladder
    seats.accept_and_wait(seat=held(second), by=second.person.user, at=at)
    later = at + timedelta(days=30)
    seats.accept_seat(seat=held(second), by=second.person.user, at=later)

    seats.give_back_seat(seat=held(first), reason="болезнь", by=first.person.user, at=later)

    assert held(second).offer == other
    assert held(third).offer == dear


def test_there_is_nothing_to_wait_for_above_the_first_choice(at, ladder):
    _dear, _other, (first, second, _third) = ladder
    with pytest.raises(Refused, match="насовсем"):
        seats.accept_and_wait(seat=held(first), by=first.person.user, at=at)
    with pytest.raises(Refused):
        seats.accept_and_wait(seat=held(second), by=second.person.user, at=at + timedelta(days=8))
    with pytest.raises(Refused):
        seats.accept_and_wait(seat=held(second), by=UserFactory(), at=at)


def test_a_round_that_moves_nobody_leaves_no_trace(at, ladder):
    dear, *_rest = ladder
    assert rounds.hold_round(campaign=dear.campaign, reason="проверка", by=None, at=at) is None
    assert not AllocationRun.objects.filter(kind=RunKind.ROUND).exists()


def test_rounds_are_held_by_the_office_after_the_results_only(at, ladder):
    dear, *_rest = ladder
    with pytest.raises(Refused):
        rounds.hold_round(campaign=dear.campaign, reason="", by=UserFactory(), at=at)
    with pytest.raises(Refused):
        rounds.hold_round(campaign=OpenOfferFactory().campaign, reason="", by=None, at=at)


def test_the_job_holds_a_round_once_however_often_it_is_delivered(at, ladder, monkeypatch):
    dear, _other, (first, second, _third) = ladder
    monkeypatch.setattr(rounds, "AT_ONCE", 0)
    seats.decline_seat(seat=held(first), by=first.person.user, at=at)
    assert seats_left(dear) == 1

    for _delivery in range(2):
        jobs.hold_round_of_campaign(campaign=dear.campaign_id, reason="освободилось место")
    jobs.hold_rounds()

    assert held(second).offer == dear
    assert AllocationRun.objects.filter(kind=RunKind.ROUND).count() == 1


def test_a_round_that_would_take_a_seat_away_is_refused(at, ladder):
    _dear, _other, (first, *_rest) = ladder
    instance, places = cut_instance(first.campaign)
    result = allocation.allocate(instance)
    assert why_not_sound(instance, result, places) == ""
    worse = replace(result, assignment={**result.assignment, first.pseudonym: None})
    assert why_not_sound(instance, worse, places)


def test_scores_corrected_after_publication_move_nobody(at, ladder):
    from kuznitsa.admissions.actions.records import correct_score

    dear, _other, (first, second, third) = ladder
    third.campaign.refresh_from_db()
    correct_score(
        application=third, average_mark_hundredths=500, achievement_points=50, reason="ошибка", by=None, at=at
    )
    seats.give_back_seat(seat=held(first), reason="болезнь", by=None, at=at)
    assert held(second).offer == dear


def came_late(campaign, offers, at, *, by, mark=500):
    application = applications.start_application(
        campaign=campaign, person=adult(), by=by, at=at, late_reason="был в больнице"
    )
    applications.edit_application(application=application, offers=offers, average_mark_hundredths=mark, by=by, at=at)
    applications.submit_application(application=application, by=None, at=at)
    return application


def test_who_came_late_gets_what_nobody_waits_for(at, ladder):
    dear, other, (_first, _second, third) = ladder
    office = office_of(dear.campaign)
    with pytest.raises(Refused, match="поздно"):
        applications.start_application(campaign=dear.campaign, person=adult(), by=office, at=at)
    with pytest.raises(Refused):
        applications.start_application(campaign=dear.campaign, person=adult(), by=UserFactory(), at=at, late_reason="б")
    late = came_late(dear.campaign, [dear, other], at, by=office)
    with pytest.raises(Refused):
        seats.place_late(application=late, by=office, at=at)
    checking.check_application(application=late, by=office, at=at)

    TargetOffer.objects.filter(pk=other.pk).update(seats=2)
    with pytest.raises(Refused, match="ничего не осталось"):
        seats.place_late(application=late, by=office, at=at)
    TargetOffer.objects.filter(pk=other.pk).update(seats=3)
    seat = seats.place_late(application=late, by=office, at=at)

    assert (seat.offer, seat.given_by, held(third).offer) == (other, office, other)
    assert (seat.run.kind, seat.run.reason) == (RunKind.ROUND, "опоздавшие заявления")
    assert seat.run.record.manifest["counts"]["placed"] == 4
    with pytest.raises(Refused):
        seats.place_late(application=late, by=office, at=at)
    with pytest.raises(Refused):
        seats.place_late(application=third, by=office, at=at)


def test_late_applications_are_placed_together_by_their_points(client_as, at, ladder):
    dear, other, (first, _second, third) = ladder
    TargetOffer.objects.filter(pk=other.pk).update(seats=3)
    office = office_of(dear.campaign)
    lower, higher, unchecked = (
        came_late(dear.campaign, [dear, other], at, mark=mark, by=office) for mark in (300, 350, 500)
    )
    for application in (lower, higher):
        checking.check_application(application=application, by=None, at=at)

    page = client_as(office).post(reverse("admissions:place-late", args=[lower.pk]), follow=True)

    assert "досталось другим опоздавшим" in page.text
    assert (held(higher).offer, held(lower), held(unchecked), held(third).offer) == (other, None, None, other)
    seats.give_back_seat(seat=held(higher), reason="переезд", by=None, at=at)
    seats.give_back_seat(seat=held(first), reason="переезд", by=None, at=at)
    assert seats.place_late(application=lower, by=None, at=at).offer == other
    assert held(higher) is None


def test_an_extra_seat_is_opened_by_a_director_for_one_person(at, ladder):
    dear, _other, (first, second, third) = ladder
    dear.intake.places = 10
    dear.intake.save()
    director = member(dear.employer, Role.DIRECTOR)
    order = Order("17-к", at.date())
    details = {"application": third, "offer": dear, "order": order, "at": at}
    with pytest.raises(Refused, match="директор"):
        seats.give_extra_seat(**details, reason="олимпиада", by=office_of(dear.campaign))
    with pytest.raises(Refused):
        seats.give_extra_seat(**details, reason=" ", by=director)
    with pytest.raises(Refused):
        seats.give_extra_seat(application=first, offer=dear, reason="олимпиада", order=order, by=director, at=at)
    with pytest.raises(Refused, match="приказ"):
        seats.give_extra_seat(**details | {"order": Order(" ", at.date())}, reason="олимпиада", by=director)
    with pytest.raises(Refused, match="не наступила"):
        tomorrow = Order("17-к", at.date() + timedelta(days=1))
        seats.give_extra_seat(**details | {"order": tomorrow}, reason="олимпиада", by=director)

    seat = seats.give_extra_seat(**details, reason="олимпиада", by=director)

    assert (seat.given_by, seat.given_because, seats_left(dear)) == (director, "олимпиада", 0)
    assert (seat.order_number, seat.ordered_on) == ("17-к", at.date())
    assert totals(Thread.objects.filter(pk=dear.thread_id))[FactKind.SEATS_OFFERED] == 2
    seats.give_back_seat(seat=held(first), reason="болезнь", by=None, at=at)
    assert (held(second).offer, held(third).offer) == (dear, dear)
    assert unbalanced_sums() == []


def test_an_extra_seat_and_its_order_are_public(client, client_as, at, ladder):
    dear, _other, (first, _second, third) = ladder
    dear.intake.places = 10
    dear.intake.save()
    director = client_as(member(dear.employer, Role.DIRECTOR))
    said = {"application": third.pk, "reason": "олимпиада"}
    refused = director.post(reverse("admissions:extra-seat", args=[dear.pk]), said)
    assert held(third) is None
    # What was typed stands in the opened window, beside what is missing.
    window = refused.text.split("data-dialog open", 1)[1]
    assert 'value="олимпиада"' in window
    assert f'<option value="{third.pk}" selected' in window
    assert "k-error" in window
    director.post(
        reverse("admissions:extra-seat", args=[dear.pk]), said | {"order_number": "17-к", "ordered_on": at.date()}
    )
    order = f"приказ № 17-к от {at:%d.%m.%Y}"

    assert held(third).offer == dear
    results = dear.campaign.runs.get(number=1)
    pages = {
        reverse("admissions:record", args=[results.pk]): client,
        reverse("admissions:rounds", args=[dear.campaign_id]): client_as(UserFactory()),
        reverse("admissions:offer-waiting", args=[dear.pk]): director,
        third.get_absolute_url(): client_as(third.person.user),
    }
    assert [address for address, reader in pages.items() if order not in reader.get(address).text] == []
    seats.give_back_seat(seat=held(first), reason="болезнь", by=None, at=at)
    about = AllocationRun.objects.get(kind=RunKind.ROUND).record.manifest["about"]
    assert [(one["applicant"], one["order"]) for one in about["seats_given_by_decision"]] == [(third.pseudonym, "17-к")]


def test_at_the_end_who_waits_has_the_seat_for_good(at, ladder):
    _dear, _other, (first, second, _third) = ladder
    seats.accept_and_wait(seat=held(second), by=second.person.user, at=at)
    seats.accept_seat(seat=held(first), by=first.person.user, at=at)
    complete_campaign(campaign=first.campaign.__class__.objects.get(pk=first.campaign_id), by=None, at=at)
    assert held(second).state == SeatState.ACCEPTED


def test_the_page_of_rounds_names_persons_to_the_office_only(client_as, at, ladder):
    dear, _other, (first, *_rest) = ladder
    seats.decline_seat(seat=held(first), by=first.person.user, at=at)
    address = reverse("admissions:rounds", args=[dear.campaign_id])

    assert "Круг 2" in client_as(office_of(dear.campaign)).get(address).text
    assert client_as(UserFactory()).get(address).status_code == 200


def test_the_three_answers_stand_on_the_page(client_as, at, ladder):
    _dear, _other, (first, second, _third) = ladder
    page = client_as(second.person.user).get(second.get_absolute_url()).text
    assert "Занимаю насовсем" in page
    assert "Занимаю и жду лучшего" in page
    assert "Занимаю и жду лучшего" not in client_as(first.person.user).get(first.get_absolute_url()).text
    client_as(second.person.user).post(reverse("admissions:seat-wait", args=[held(second).pk]))
    assert held(second).state == SeatState.WAITING
    assert "вы ждёте лучшего" in client_as(second.person.user).get(second.get_absolute_url()).text

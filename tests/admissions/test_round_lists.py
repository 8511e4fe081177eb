"""What a round goes by: the published lists as they are cut, the seats as they are today, nobody losing a seat."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kuznitsa.admissions.actions import applications, rounds, seats
from kuznitsa.admissions.enums import ClaimState, RunKind
from kuznitsa.admissions.models import (
    AllocationRun,
    Campaign,
    CompanyLimit,
    OfferPool,
    QuotaClaim,
    QuotaGroup,
    Seat,
    TargetOffer,
)
from kuznitsa.admissions.queries.rounds import cut_instance, why_not_sound
from kuznitsa.admissions.queries.seats import instance_of, number_in, place_id, waiting_list, waiting_numbers
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.facts.queries import unbalanced_sums
from kuznitsa.people.actions import give_consent, withdraw_consent
from kuznitsa.people.enums import ConsentPurpose
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, published
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def adult():
    return PersonFactory(user=UserFactory())


def held(application):
    return application.seats.held().first()


def leave(application, at):
    seats.give_back_seat(seat=held(application), reason="переезд", by=None, at=at)


def withdraw(person, at):
    consent = person.consents.in_force().get(purpose=ConsentPurpose.EMPLOYER)
    withdraw_consent(consent=consent, by=person.user, at=at, reason="передумали")


def anew(person, at):
    give_consent(person=person, purpose=ConsentPurpose.EMPLOYER, given_by=person, by=person.user, at=at)


def refused_rounds():
    return AuditEntry.objects.filter(verb="admissions.campaign.round_refused").count()


def quota(campaign, offer, *, seats, people, at, is_hard=True):
    """Set seats of an offer aside for people who have a right to them."""
    group = QuotaGroup.objects.create(campaign=campaign, name="район", who="кто", paper="справка")
    OfferPool.objects.create(offer=offer, order=1, name="квота", group=group, seats=seats, is_hard=is_hard)
    for application in people:
        QuotaClaim.objects.create(application=application, group=group, state=ClaimState.CONFIRMED, stated_at=at)


# Who rested and stands again


def test_who_consents_anew_is_in_the_next_round_again(at):
    offer = OpenOfferFactory()
    first, second, third, fourth = (checked(offer, at=at, mark=mark, person=adult()) for mark in (500, 450, 400, 350))
    published(offer.campaign, at=at)
    withdraw(second.person, at)
    leave(first, at)
    assert held(third).offer == offer
    anew(second.person, at)
    assert (held(second), held(third).offer) == (None, offer), "the better score takes nobody's seat"

    leave(third, at)

    assert (held(second).offer, held(fourth)) == (offer, None)
    assert refused_rounds() == 0


def test_who_consents_anew_has_only_the_choices_still_open(at):
    dear = OpenOfferFactory()
    other = OpenOfferFactory(campaign=dear.campaign)
    first, second = (checked(dear, other, at=at, mark=mark, person=adult()) for mark in (500, 450))
    published(dear.campaign, at=at)
    seats.decline_seat(seat=held(second), by=None, at=at)
    withdraw(second.person, at)
    leave(first, at)
    anew(second.person, at)
    instance, _held = cut_instance(dear.campaign)

    choices = {one.id: [choice.place for choice in one.choices] for one in instance.applicants}
    assert choices[second.pseudonym] == [place_id(dear.pk)]


def test_who_rests_keeps_the_seat_and_gets_no_better_one(at):
    dear = OpenOfferFactory()
    other = OpenOfferFactory(campaign=dear.campaign)
    first, second, third = (checked(dear, other, at=at, mark=mark, person=adult()) for mark in (500, 450, 400))
    published(dear.campaign, at=at)
    withdraw(second.person, at)

    leave(first, at)

    assert (held(second).offer, held(third).offer) == (other, dear)


def test_the_check_finds_who_would_lose_a_seat(at):
    offer = OpenOfferFactory()
    first, second = (checked(offer, at=at, mark=mark, person=adult()) for mark in (500, 450))
    published(offer.campaign, at=at)
    instance, places = cut_instance(first.campaign)
    unguarded = replace(
        instance,
        applicants=tuple(
            replace(one, holds=None, choices=() if one.id == first.pseudonym else one.choices)
            for one in instance.applicants
        ),
    )
    result = allocation.allocate(unguarded)

    assert result.assignment[second.pseudonym] == place_id(offer.pk)
    assert first.pseudonym in why_not_sound(unguarded, result, places)
    absent = replace(unguarded, applicants=tuple(one for one in instance.applicants if one.id != first.pseudonym))
    assert first.pseudonym in why_not_sound(absent, allocation.allocate(absent), places)


# Offers with fewer seats than before


@pytest.mark.parametrize(
    ("seats_now", "leavers", "held_after"),
    [
        # Five seats, two of them kept for a quota that nobody has a right to: three hold seats, the fourth waits.
        (5, 0, [True, True, True, False]),
        (3, 0, [True, True, True, False]),
        (2, 0, [True, True, True, False]),
        (1, 0, [True, True, True, False]),
        (3, 1, [False, True, True, False]),
        (1, 1, [False, True, True, False]),
        (1, 3, [False, False, False, False]),
        (5, 1, [False, True, True, True]),
        (4, 3, [False, False, False, True]),
    ],
)
def test_fewer_seats_take_nobodys_and_stop_no_other_offer(at, seats_now, leavers, held_after):
    offer = OpenOfferFactory(seats=5)
    other = OpenOfferFactory(campaign=offer.campaign)
    quota(offer.campaign, offer, seats=2, people=[], at=at)
    people = [checked(offer, at=at, mark=mark) for mark in (500, 450, 400, 350)]
    elsewhere = [checked(other, at=at, mark=mark) for mark in (500, 450)]
    published(offer.campaign, at=at)
    TargetOffer.objects.filter(pk=offer.pk).update(seats=seats_now)

    for application in people[:leavers]:
        leave(application, at)
    leave(elsewhere[0], at)

    assert [held(application) is not None for application in people] == held_after
    assert held(elsewhere[1]).offer == other
    assert refused_rounds() == 0


def test_a_seat_left_for_a_better_one_is_not_given_on_where_there_are_too_many_holders(at):
    dear = OpenOfferFactory()
    shrunk = OpenOfferFactory(campaign=dear.campaign, seats=2)
    best = checked(dear, at=at, mark=500)
    climber = checked(dear, shrunk, at=at, mark=450)
    stays, waits = (checked(shrunk, at=at, mark=mark) for mark in (400, 350))
    published(dear.campaign, at=at)
    TargetOffer.objects.filter(pk=shrunk.pk).update(seats=1)

    leave(best, at)

    assert (held(climber).offer, held(stays).offer, held(waits)) == (dear, shrunk, None)


def test_what_comes_free_when_many_holders_leave_is_given_in_the_next_round(at):
    dear = OpenOfferFactory(seats=2)
    shrunk = OpenOfferFactory(campaign=dear.campaign, seats=2)
    best = [checked(dear, at=at, mark=500) for _one in range(2)]
    climbers = [checked(dear, shrunk, at=at, mark=450) for _one in range(2)]
    waits = checked(shrunk, at=at, mark=300)
    published(dear.campaign, at=at)
    TargetOffer.objects.filter(pk=shrunk.pk).update(seats=1)
    Seat.objects.filter(application=best[1]).update(state="withdrawn")

    leave(best[0], at)

    assert [held(one).offer for one in climbers] == [dear, dear]
    assert held(waits).offer == shrunk
    assert AllocationRun.objects.filter(kind=RunKind.ROUND).count() == 2


def test_an_enterprise_with_more_holders_than_its_limit_gives_nothing_new(at):
    first = OpenOfferFactory(seats=2)
    second = OpenOfferFactory(campaign=first.campaign, employer=first.employer, seats=2)
    elsewhere = OpenOfferFactory(campaign=first.campaign)
    limit = CompanyLimit.objects.create(campaign=first.campaign, employer=first.employer, seats=3)
    best = checked(elsewhere, at=at, mark=500)
    climber = checked(elsewhere, first, at=at, mark=450)
    stays = [checked(second, at=at, mark=400) for _one in range(2)]
    waits = checked(first, second, at=at, mark=300)
    published(first.campaign, at=at)
    assert held(waits) is None
    limit.seats = 2
    limit.save()

    leave(best, at)

    assert held(climber).offer == elsewhere
    assert [held(one).offer for one in stays] == [second, second]
    assert held(waits) is None
    assert refused_rounds() == 0


def test_an_extra_seat_comes_on_top_of_the_limit(at):
    offer = OpenOfferFactory()
    CompanyLimit.objects.create(campaign=offer.campaign, employer=offer.employer, seats=1)
    first, second, third = (checked(offer, at=at, mark=mark) for mark in (500, 450, 400))
    run = published(offer.campaign, at=at)
    TargetOffer.objects.filter(pk=offer.pk).update(seats=2)
    rounds.give_seat(application=third, offer=offer, run=run, because="олимпиада", by=None, at=at)

    leave(first, at)

    assert held(second).offer == offer


def test_a_seat_of_a_quota_is_known_by_its_pool_and_goes_to_the_quota_first(at):
    offer = OpenOfferFactory(seats=2)
    best, inside, next_inside, outside = (checked(offer, at=at, mark=mark) for mark in (500, 300, 250, 450))
    quota(offer.campaign, offer, seats=1, people=[inside, next_inside], at=at, is_hard=False)
    published(offer.campaign, at=at)
    assert (held(best).pool, held(inside).pool, held(outside)) == (allocation.OPEN_POOL, "квота", None)

    leave(inside, at)
    assert held(next_inside).pool == "квота"
    leave(best, at)
    assert held(outside).pool == allocation.OPEN_POOL


def test_who_stays_may_come_into_another_pool(at):
    offer = OpenOfferFactory(seats=2)
    first, second, outside = (checked(offer, at=at, mark=mark) for mark in (500, 450, 300))
    quota(offer.campaign, offer, seats=1, people=[first, second], at=at)
    published(offer.campaign, at=at)
    assert (held(first).pool, held(second).pool) == ("квота", allocation.OPEN_POOL)

    leave(first, at)

    assert (held(second).pool, held(outside).pool) == ("квота", allocation.OPEN_POOL)


# Properties over small campaigns

STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["good", "wait", "decline", "back", "leave", "rest", "consent", "fewer", "more"]),
    ),
    max_size=9,
)


@pytest.mark.sweep
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists=st.lists(st.permutations([0, 1, 2]), min_size=6, max_size=6),
    marks=st.lists(st.sampled_from([400, 450, 500]), min_size=6, max_size=6),
    tagged=st.lists(st.booleans(), min_size=6, max_size=6),
    is_hard=st.booleans(),
    limit=st.sampled_from([None, 1, 2]),
    steps=STEPS,
)
def test_nobody_who_holds_a_seat_ever_loses_it(at, lists, marks, tagged, is_hard, limit, steps):
    first = OpenOfferFactory(seats=2)
    offers = [first, *(OpenOfferFactory(campaign=first.campaign, employer=first.employer) for _offer in range(2))]
    people = [
        checked(*(offers[index] for index in order[: 1 + number % 3]), at=at, mark=mark, person=adult())
        for number, (order, mark) in enumerate(zip(lists, marks, strict=True))
    ]
    entitled = [application for application, is_entitled in zip(people, tagged, strict=True) if is_entitled]
    quota(first.campaign, first, seats=1, people=entitled, at=at, is_hard=is_hard)
    if limit:
        CompanyLimit.objects.create(campaign=first.campaign, employer=first.employer, seats=limit)
    published(first.campaign, at=at)
    for index, step in steps:
        application = people[index]
        application.refresh_from_db()
        before = standing_of(first.campaign)
        do(application, first, step, at)
        after = standing_of(first.campaign)
        for pk in before.keys() - {application.pk}:
            assert after[pk] <= before[pk], "somebody lost a seat by what others did"
        assert refused_rounds() == 0
        assert_nothing_is_left_to_give(first.campaign, at)
        assert_only_who_was_in_before_is_too_many(offers, before, after)
    assert unbalanced_sums() == []


def standing_of(campaign):
    """Return the rank of what everybody holds."""
    return dict(Seat.objects.held().filter(offer__campaign=campaign).values_list("application", "rank"))


def do(application, offer, step, at):
    seat = held(application)
    answers = {"good": seats.accept_seat, "wait": seats.accept_and_wait, "decline": seats.decline_seat}
    rests = not application.person.consents.in_force().filter(purpose=ConsentPurpose.EMPLOYER).exists()
    try:
        if step == "leave":
            applications.withdraw_application(application=application, reason="уезжает", by=None, at=at)
        elif step in ("fewer", "more"):
            TargetOffer.objects.filter(pk=offer.pk).update(seats=1 if step == "fewer" else 2)
        elif step == "rest" and not rests:
            withdraw(application.person, at)
        elif step == "consent" and rests:
            anew(application.person, at)
        elif seat is not None and step == "back":
            leave(application, at)
        elif seat is not None and step in answers:
            answers[step](seat=seat, by=None, at=at)
    except Refused:
        pass  # it is not possible any more, and nothing has changed
    campaign = Campaign.objects.get(pk=application.campaign_id)
    rounds.hold_rounds(campaign=campaign, reason="по часам", by=None, at=at)


def assert_nothing_is_left_to_give(campaign, at):
    """The engine gives everybody what they hold, and the last round recomputes from its public record."""
    instance, places = cut_instance(campaign)
    result = allocation.allocate(instance)
    assert {name: place for name, place in result.assignment.items() if place} == places
    assert why_not_sound(instance, result, places) == ""
    holders = Seat.objects.held().filter(offer__campaign=campaign).values_list("application__pseudonym", "offer")
    assert {name: number_in(place) for name, place in places.items()} == dict(holders)
    results = campaign.runs.published().get()
    lists = {offer.pk: len(waiting_list(results, offer)) for offer in campaign.offers.all()}
    assert dict(waiting_numbers(results)) == lists
    last = campaign.runs.order_by("-number")[0]
    if last.kind == RunKind.ROUND:
        assert allocation.check(instance_of(last), allocation.allocate(instance_of(last))) == []


def assert_only_who_was_in_before_is_too_many(offers, before, after):
    """Where there are more holders than seats, nobody is new."""
    for offer in offers:
        offer.refresh_from_db()
        holders = set(offer.allocated_seats.held().values_list("application", flat=True))
        if len(holders) > offer.seats:
            assert [pk for pk in holders if after[pk] != before.get(pk)] == []

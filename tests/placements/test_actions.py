"""Opening places, placing students, the gate, and every way practice ends."""

from datetime import date, timedelta

import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.placements import actions
from kuznitsa.placements.enums import AtFault, PlacementState, PlaceState
from kuznitsa.programmes.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.contracts import minor_with_guardian, side, signed
from tests.factories.organisations import EmployerFactory, SchoolFactory, member
from tests.factories.people import PersonFactory
from tests.factories.placements import (
    PlacementFactory,
    PracticePlaceFactory,
    hr_of,
    mentor_of,
    practice_lead,
    student,
)
from tests.factories.programmes import EnrolmentFactory, IntakeFactory

pytestmark = pytest.mark.django_db


def opened(at, **changes):
    intake = changes.pop("intake", None) or IntakeFactory()
    host = changes.pop("host", None) or EmployerFactory()
    values = {
        "host": host,
        "intake": intake,
        "title": "электролизный цех",
        "seats": 3,
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2026, 9, 28),
        "by": member(host, Role.EMPLOYER_HR),
        "at": at,
    }
    return actions.open_place(**{**values, **changes})


def counted(kind):
    return sum(Fact.objects.filter(kind=kind).values_list("quantity", flat=True))


def test_opening_is_a_fact_with_the_number_of_places(at):
    place = opened(at)
    fact = Fact.objects.get(kind=FactKind.PRACTICE_PLACE_OPENED)
    assert (fact.quantity, fact.organisation, fact.counterpart) == (3, place.host, place.intake.programme.college)


def test_opening_stands_on_the_thread_of_the_offer(at):
    sides = side()
    opened(at, host=sides.offer.employer, intake=sides.offer.intake)
    assert Fact.objects.get(kind=FactKind.PRACTICE_PLACE_OPENED).thread == sides.offer.thread


def test_the_practice_lead_may_open(at):
    intake = IntakeFactory()
    assert opened(at, intake=intake, by=member(intake.programme.college, Role.PRACTICE_LEAD)).pk


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "stranger"},
        {"host": "school"},
        {"seats": 0},
        {"ends_on": date(2026, 8, 1)},
        {"hours_a_day": 13},
    ],
    ids=str,
)
def test_opening_is_refused(at, changes):
    if changes.get("by"):
        changes = {"by": UserFactory()}
    if changes.get("host"):
        changes = {"host": SchoolFactory()}
    with pytest.raises(Refused):
        opened(at, **changes)


def test_a_new_number_of_places_corrects_the_fact(at):
    place = opened(at)
    actions.edit_place(place=place, seats=5, by=hr_of(place), at=at)
    assert counted(FactKind.PRACTICE_PLACE_OPENED) == 5


def test_a_new_mentor_takes_over(at):
    place = opened(at)
    placement = PlacementFactory(place=place)
    mentor = member(place.host, Role.MENTOR)
    actions.edit_place(place=place, mentor=mentor, by=hr_of(place), at=at)
    placement.refresh_from_db()
    assert placement.mentor == mentor


def test_there_are_never_fewer_places_than_students(at):
    place = PracticePlaceFactory(seats=2)
    PlacementFactory(place=place)
    PlacementFactory(place=place)
    with pytest.raises(Refused):
        actions.edit_place(place=place, seats=1, by=hr_of(place), at=at)


def test_a_place_nobody_took_does_not_count_once_closed(at):
    place = opened(at)
    actions.close_place(place=place, reason="ремонт", by=hr_of(place), at=at)
    assert (place.state, counted(FactKind.PRACTICE_PLACE_OPENED)) == (PlaceState.CLOSED, 0)
    actions.reopen_place(place=place, by=hr_of(place), at=at)
    assert counted(FactKind.PRACTICE_PLACE_OPENED) == 3


def test_a_place_that_was_used_still_counts(at):
    place = opened(at)
    PlacementFactory(place=place)
    actions.close_place(place=place, reason="хватит", by=hr_of(place), at=at)
    assert counted(FactKind.PRACTICE_PLACE_OPENED) == 3


@pytest.mark.parametrize("case", ["stranger", "no reason"])
def test_closing_is_refused(at, case):
    place = opened(at)
    by = UserFactory() if case == "stranger" else hr_of(place)
    with pytest.raises(Refused):
        actions.close_place(place=place, reason="" if case == "no reason" else "так", by=by, at=at)


def place_them(place, persons, at, **changes):
    values = {"place": place, "persons": persons, "by": practice_lead(place), "at": at}
    return actions.place_students(**{**values, **changes})


def test_students_are_placed_with_the_mentor(at):
    place = PracticePlaceFactory()
    mentor = mentor_of(place)
    persons = [student(place), student(place)]
    placed = place_them(place, persons, at)
    assert {row.person for row in placed.placements} == set(persons)
    assert {row.mentor for row in placed.placements} == {mentor}
    assert persons[0].affiliations.filter(kind=AffiliationKind.TRAINEE, organisation=place.host).exists()


def test_a_contract_brings_its_thread(at):
    sides = side()
    contract = signed(sides, at=at)
    place = PracticePlaceFactory(host=sides.offer.employer, intake=sides.offer.intake)
    placed = place_them(place, [contract.person], at)
    assert (placed.placements[0].contract, placed.placements[0].thread) == (contract, sides.offer.thread)


def test_no_more_students_than_places(at):
    place = PracticePlaceFactory(seats=1)
    with pytest.raises(Refused):
        place_them(place, [student(place), student(place)], at)
    assert not place.placements.exists()


def test_the_second_of_two_practice_leads_is_refused(at):
    place = PracticePlaceFactory(seats=1)
    place_them(place, [student(place)], at)
    with pytest.raises(Refused):
        place_them(place, [student(place)], at)


def test_nobody_takes_the_same_place_twice(at):
    place = PracticePlaceFactory()
    person = student(place)
    place_them(place, [person], at)
    assert place_them(place, [person], at).refused[0][0] == person


@pytest.mark.parametrize("case", ["stranger", "closed"])
def test_placing_is_refused(at, case):
    place = PracticePlaceFactory(state=PlaceState.CLOSED if case == "closed" else PlaceState.OPEN)
    by = UserFactory() if case == "stranger" else practice_lead(place)
    with pytest.raises(Refused):
        place_them(place, [student(place)], at, by=by)


def why_refused(place, person, at):
    placed = place_them(place, [person], at)
    assert not placed.placements
    return placed.refused[0][1]


def test_who_is_not_of_the_group_is_left_out(at):
    assert why_refused(PracticePlaceFactory(), PersonFactory(), at)


def test_a_minor_needs_the_guardians_consent_to_practice(at):
    place = PracticePlaceFactory(hours_a_day=4)
    child = minor_with_guardian(ConsentPurpose.PROCESSING)
    EnrolmentFactory(person=child, intake=place.intake)
    assert why_refused(place, child, at)


def test_no_harmful_work_for_minors(at):
    place = PracticePlaceFactory(is_harmful=True, hours_a_day=4)
    child = minor_with_guardian()
    EnrolmentFactory(person=child, intake=place.intake)
    assert "265" in why_refused(place, child, at)


@pytest.mark.parametrize(
    ("born_on", "hours", "may"),
    [
        (date(2011, 3, 14), 5, True),
        (date(2011, 3, 14), 6, False),
        (date(2009, 3, 14), 7, True),
        (date(2009, 3, 14), 8, False),
        (date(2013, 3, 14), 1, False),
        (date(2008, 9, 1), 8, True),
    ],
)
def test_hours_a_day_by_age(at, born_on, hours, may):
    place = PracticePlaceFactory(hours_a_day=hours)
    child = minor_with_guardian()
    child.born_on = born_on
    child.save()
    EnrolmentFactory(person=child, intake=place.intake)
    assert bool(place_them(place, [child], at).placements) is may


def ready(at, **details):
    placement = PlacementFactory(briefed_on=at.date(), **details)
    return placement, mentor_for(placement)


def mentor_for(placement):
    placement.mentor = member(placement.place.host, Role.MENTOR)
    placement.save()
    return placement.mentor


def test_practice_starts_when_the_gate_is_passed(at):
    placement, mentor = ready(at)
    actions.start_placement(placement=placement, by=mentor, at=at)
    assert placement.state == PlacementState.STARTED


def test_the_gate_lists_what_is_missing(at):
    place = PracticePlaceFactory(is_harmful=True)
    placement = PlacementFactory(place=place)
    with pytest.raises(Refused) as refused:
        actions.start_placement(placement=placement, by=mentor_for(placement), at=at)
    assert refused.value.reason.count(";") == 1


def test_an_ended_certificate_stops_the_start(at):
    placement, mentor = ready(at, medical_until=at.date() - timedelta(days=1))
    with pytest.raises(Refused, match="31.08.2026"):
        actions.start_placement(placement=placement, by=mentor, at=at)


def test_a_withdrawn_consent_stops_the_start(at):
    placement, mentor = ready(at, person=minor_with_guardian(), medical_until=date(2027, 1, 1))
    placement.person.consents.update(withdrawn_at=at)
    with pytest.raises(Refused):
        actions.start_placement(placement=placement, by=mentor, at=at)


@pytest.mark.parametrize("case", ["stranger", "tomorrow", "started"])
def test_the_start_is_refused(at, case):
    placement, mentor = ready(at, state=PlacementState.STARTED if case == "started" else PlacementState.PLANNED)
    with pytest.raises(Refused):
        actions.start_placement(
            placement=placement,
            by=UserFactory() if case == "stranger" else mentor,
            on=at.date() + timedelta(days=case == "tomorrow"),
            at=at,
        )


def test_preparing_keeps_what_is_not_named(at):
    placement = PlacementFactory(medical_until=date(2027, 1, 1))
    actions.prepare_placement(placement=placement, briefed_on=at.date(), by=mentor_for(placement), at=at)
    placement.refresh_from_db()
    assert (placement.briefed_on, placement.medical_until) == (at.date(), date(2027, 1, 1))


@pytest.mark.parametrize("case", ["stranger", "tomorrow"])
def test_preparing_is_refused(at, case):
    placement = PlacementFactory()
    by = UserFactory() if case == "stranger" else mentor_for(placement)
    day = at.date() + timedelta(days=case == "tomorrow")
    with pytest.raises(Refused):
        actions.prepare_placement(placement=placement, briefed_on=day, by=by, at=at)


def complete(placement, by, at, **changes):
    values = {"placement": placement, "hours": 72, "mark": 5, "characteristic": "толковый", "by": by, "at": at}
    return actions.complete_placement(**{**values, **changes})


def started(at, **details):
    placement = PlacementFactory(state=PlacementState.STARTED, **details)
    return placement, mentor_for(placement)


def test_completing_counts_the_person_and_the_hours(at):
    placement, mentor = started(at)
    complete(placement, mentor, at)
    assert (counted(FactKind.PRACTICE_COMPLETED), counted(FactKind.PRACTICE_HOURS)) == (1, 72)


def test_a_second_practice_counts_hours_only(at):
    first, mentor = started(at)
    complete(first, mentor, at)
    second, other = started(at, person=first.person, place__host=first.place.host)
    complete(second, other, at)
    assert (counted(FactKind.PRACTICE_COMPLETED), counted(FactKind.PRACTICE_HOURS)) == (1, 144)


@pytest.mark.parametrize("changes", [{"hours": 0}, {"mark": 6}, {"on": date(2026, 9, 2)}, {"by": "stranger"}], ids=str)
def test_completing_is_refused(at, changes):
    placement, mentor = started(at)
    with pytest.raises(Refused):
        if "by" in changes:
            complete(placement, UserFactory(), at)
        complete(placement, mentor, at, **changes)
    placement.refresh_from_db()
    assert placement.state == PlacementState.STARTED


def test_what_has_not_started_is_not_completed(at):
    placement = PlacementFactory()
    with pytest.raises(Refused):
        complete(placement, mentor_for(placement), at)


def test_reopening_reverses_the_facts(at):
    placement, mentor = started(at)
    complete(placement, mentor, at)
    actions.reopen_placement(placement=placement, reason="не тот", by=mentor, at=at)
    assert placement.state == PlacementState.STARTED
    assert (counted(FactKind.PRACTICE_COMPLETED), counted(FactKind.PRACTICE_HOURS)) == (0, 0)


def test_other_completed_practice_counts_after_a_reopening(at):
    first, mentor = started(at)
    complete(first, mentor, at)
    second, other = started(at, person=first.person, place__host=first.place.host)
    complete(second, other, at)
    actions.reopen_placement(placement=first, reason="не тот", by=mentor, at=at)
    fact = Fact.objects.effective().get(kind=FactKind.PRACTICE_COMPLETED)
    assert fact.source == second


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (PlacementState.NO_SHOW, PlacementState.PLANNED),
        (PlacementState.INTERRUPTED, PlacementState.STARTED),
        (PlacementState.CANCELLED, PlacementState.PLANNED),
        (PlacementState.STARTED, PlacementState.PLANNED),
    ],
)
def test_every_step_has_a_way_back(at, was, now):
    placement = PlacementFactory(state=was)
    actions.reopen_placement(placement=placement, reason="ошибка", by=mentor_for(placement), at=at)
    assert placement.state == now


def test_there_is_no_way_back_to_a_place_that_was_taken(at):
    place = PracticePlaceFactory(seats=1)
    gone = PlacementFactory(place=place, state=PlacementState.NO_SHOW)
    PlacementFactory(place=place)
    with pytest.raises(Refused):
        actions.reopen_placement(placement=gone, reason="пришёл", by=mentor_for(gone), at=at)


@pytest.mark.parametrize("case", ["stranger", "no reason", "planned"])
def test_reopening_is_refused(at, case):
    placement = PlacementFactory(state=PlacementState.PLANNED if case == "planned" else PlacementState.NO_SHOW)
    by = UserFactory() if case == "stranger" else mentor_for(placement)
    with pytest.raises(Refused):
        actions.reopen_placement(placement=placement, reason="" if case == "no reason" else "так", by=by, at=at)


def test_who_did_not_come_frees_the_place(at):
    place = PracticePlaceFactory(seats=1)
    placement = PlacementFactory(place=place)
    actions.mark_no_show(placement=placement, at_fault=AtFault.STUDENT, reason="", by=mentor_for(placement), at=at)
    assert placement.state == PlacementState.NO_SHOW
    assert place_them(place, [student(place)], at).placements


def test_a_stranger_marks_nobody_absent(at):
    with pytest.raises(Refused):
        actions.mark_no_show(placement=PlacementFactory(), at_fault=AtFault.STUDENT, by=UserFactory(), at=at)


def test_practice_is_interrupted_with_a_reason(at):
    placement, mentor = started(at)
    with pytest.raises(Refused):
        actions.interrupt_placement(placement=placement, at_fault=AtFault.PLANT, reason=" ", by=mentor, at=at)
    actions.interrupt_placement(placement=placement, at_fault=AtFault.PLANT, reason="простой", by=mentor, at=at)
    assert (placement.state, placement.at_fault) == (PlacementState.INTERRUPTED, AtFault.PLANT)


def test_planned_practice_is_cancelled_by_the_office(at):
    placement = PlacementFactory()
    actions.cancel_placement(placement=placement, reason="болезнь", by=practice_lead(placement.place), at=at)
    assert placement.state == PlacementState.CANCELLED


@pytest.mark.parametrize("case", ["mentor", "no reason", "started"])
def test_cancelling_is_refused(at, case):
    placement = PlacementFactory(state=PlacementState.STARTED if case == "started" else PlacementState.PLANNED)
    by = mentor_for(placement) if case == "mentor" else practice_lead(placement.place)
    with pytest.raises(Refused):
        actions.cancel_placement(placement=placement, reason="" if case == "no reason" else "так", by=by, at=at)


def test_a_suspended_student_does_not_practise(at):
    place = PracticePlaceFactory()
    person = student(place)
    Enrolment.objects.filter(person=person).update(state="leave")
    assert why_refused(place, person, at)

from datetime import date, timedelta

import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import totals
from kuznitsa.organisations.enums import Role
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.programmes import actions
from kuznitsa.programmes.enums import EnrolmentState, FacilityState, IntakeState, LeavingReason
from kuznitsa.programmes.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.classifiers import OccupationFactory
from tests.factories.facts import ThreadFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import ConsentFactory, GuardianshipFactory, PersonFactory
from tests.factories.programmes import EnrolmentFactory, FacilityFactory, IntakeFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    return CollegeFactory()


@pytest.fixture
def office(college):
    return member(college, Role.ADMISSIONS)


@pytest.fixture
def intake(college):
    return IntakeFactory(programme__college=college, places=2)


def test_office_adds_a_programme(college, office, at):
    programme = actions.add_programme(college=college, occupation=OccupationFactory(), months=22, by=office, at=at)
    assert programme.pk


def test_another_college_adds_nothing_here(college, at):
    stranger = member(CollegeFactory(), Role.ADMISSIONS)
    with pytest.raises(Refused):
        actions.add_programme(college=college, occupation=OccupationFactory(), months=22, by=stranger, at=at)


def test_a_plant_teaches_no_programmes(at):
    with pytest.raises(Refused):
        actions.add_programme(college=EmployerFactory(), occupation=OccupationFactory(), months=22, by=None, at=at)


def test_a_programme_is_added_once(college, office, at, en):
    programme = ProgrammeFactory(college=college)
    with pytest.raises(Refused, match="already has this programme"):
        actions.add_programme(college=college, occupation=programme.occupation, months=22, by=office, at=at)


def test_a_programme_is_edited(college, office, at):
    programme = ProgrammeFactory(college=college)
    actions.edit_programme(programme=programme, months=34, by=office, at=at)
    programme.refresh_from_db()
    assert programme.months == 34


def test_an_impossible_length_is_refused(college, office, at, en):
    with pytest.raises(Refused, match="between 1 and 72"):
        actions.edit_programme(programme=ProgrammeFactory(college=college), months=99, by=office, at=at)


def test_an_intake_is_planned(college, office, at):
    programme = ProgrammeFactory(college=college)
    intake = actions.add_intake(
        programme=programme, starts_on=date(2026, 9, 1), ends_on=date(2028, 6, 30), places=25, by=office, at=at
    )
    assert intake.state == IntakeState.PLANNED


def test_dates_of_an_intake_are_in_order(college, office, at):
    programme = ProgrammeFactory(college=college)
    with pytest.raises(Refused):
        actions.add_intake(
            programme=programme, starts_on=date(2026, 9, 1), ends_on=date(2026, 8, 1), places=25, by=office, at=at
        )


def test_an_intake_keeps_places_for_those_who_study(intake, office, at, en):
    EnrolmentFactory(intake=intake)
    EnrolmentFactory(intake=intake)
    with pytest.raises(Refused, match="2 people have places"):
        actions.edit_intake(intake=intake, places=1, by=office, at=at)


def test_an_intake_that_is_over_is_not_edited(college, office, at):
    intake = IntakeFactory(programme__college=college, state=IntakeState.CANCELLED)
    with pytest.raises(Refused):
        actions.edit_intake(intake=intake, places=5, by=office, at=at)


def test_an_intake_starts_on_its_day(intake, office, at):
    actions.start_intake(intake=intake, by=office, at=at)
    assert intake.state == IntakeState.STUDYING


def test_an_intake_does_not_start_before_its_day(intake, office, at):
    with pytest.raises(Refused):
        actions.start_intake(intake=intake, by=office, at=at - timedelta(days=1))


def test_an_intake_graduates_with_those_who_study(college, office, at):
    intake = IntakeFactory(programme__college=college, state=IntakeState.STUDYING)
    student = EnrolmentFactory(intake=intake)
    on_leave = EnrolmentFactory(intake=intake, state=EnrolmentState.LEAVE)
    assert actions.finish_intake(intake=intake, on=at.date(), by=office, at=at) == 1
    student.refresh_from_db()
    on_leave.refresh_from_db()
    assert (student.state, student.ended_on) == (EnrolmentState.GRADUATED, at.date())
    assert on_leave.state == EnrolmentState.LEAVE


def test_nobody_graduates_in_the_future(college, office, at):
    intake = IntakeFactory(programme__college=college, state=IntakeState.STUDYING)
    with pytest.raises(Refused):
        actions.finish_intake(intake=intake, on=at.date() + timedelta(days=1), by=office, at=at)


def test_an_empty_intake_is_cancelled_and_planned_again(intake, office, at):
    actions.cancel_intake(intake=intake, reason="no teacher", by=office, at=at)
    assert intake.state == IntakeState.CANCELLED
    actions.reopen_intake(intake=intake, reason="a teacher came", by=office, at=at)
    assert intake.state == IntakeState.PLANNED


def test_a_cancellation_needs_a_reason(intake, office, at):
    with pytest.raises(Refused):
        actions.cancel_intake(intake=intake, reason=" ", by=office, at=at)


def test_an_intake_with_students_is_not_cancelled(intake, office, at):
    EnrolmentFactory(intake=intake)
    with pytest.raises(Refused):
        actions.cancel_intake(intake=intake, reason="no money", by=office, at=at)


def test_an_accepted_laboratory_is_a_fact_of_its_sponsor(college, office, at):
    laboratory = FacilityFactory(organisation=college)
    actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=office, at=at)
    fact = Fact.objects.from_source(laboratory).get()
    assert laboratory.state == FacilityState.ACCEPTED
    assert (fact.kind, fact.quantity) == (FactKind.LABORATORY_ACCEPTED, 1)
    assert (fact.organisation, fact.counterpart) == (laboratory.sponsor, college)


def test_a_laboratory_without_sponsor_is_a_fact_of_the_college(college, office, at):
    laboratory = FacilityFactory(organisation=college, sponsor=None)
    actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=office, at=at)
    fact = Fact.objects.from_source(laboratory).get()
    assert (fact.organisation, fact.counterpart) == (college, None)


def test_an_acceptance_taken_back_reverses_its_fact(college, office, at):
    laboratory = FacilityFactory(organisation=college)
    actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=office, at=at)
    actions.reopen_facility(facility=laboratory, reason="the roof leaks", by=office, at=at)
    assert laboratory.state == FacilityState.EQUIPPING
    assert laboratory.accepted_on is None
    assert not Fact.objects.from_source(laboratory).effective().exists()


def test_an_acceptance_is_not_taken_back_without_reason(college, office, at):
    laboratory = FacilityFactory(organisation=college)
    actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=office, at=at)
    with pytest.raises(Refused):
        actions.reopen_facility(facility=laboratory, reason="", by=office, at=at)


def test_a_laboratory_is_not_accepted_twice(college, office, at):
    laboratory = FacilityFactory(organisation=college)
    actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=office, at=at)
    with pytest.raises(Refused):
        actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=office, at=at)


def test_a_laboratory_is_not_accepted_in_the_future(college, office, at):
    with pytest.raises(Refused):
        actions.accept_facility(
            facility=FacilityFactory(organisation=college),
            accepted_on=at.date() + timedelta(days=1),
            by=office,
            at=at,
        )


def test_the_sponsor_does_not_accept_for_the_college(college, at):
    laboratory = FacilityFactory(organisation=college)
    sponsor = member(laboratory.sponsor, Role.DIRECTOR)
    with pytest.raises(Refused):
        actions.accept_facility(facility=laboratory, accepted_on=at.date(), by=sponsor, at=at)


def test_a_laboratory_is_equipped_and_planned_again(college, office, at):
    laboratory = actions.add_facility(organisation=college, name="Physics", by=office, at=at)
    actions.start_equipping(facility=laboratory, by=office, at=at)
    assert laboratory.state == FacilityState.EQUIPPING
    actions.return_facility_to_plan(facility=laboratory, reason="not yet", by=office, at=at)
    assert laboratory.state == FacilityState.PLANNED


def test_two_laboratories_of_a_college_have_two_names(college, office, at, en):
    FacilityFactory(organisation=college, name="Physics")
    with pytest.raises(Refused, match="already has a facility"):
        actions.add_facility(organisation=college, name="Physics", by=office, at=at)


def test_an_accepted_laboratory_is_not_edited(college, office, at):
    laboratory = FacilityFactory(organisation=college, state=FacilityState.ACCEPTED, accepted_on=at.date())
    with pytest.raises(Refused):
        actions.edit_facility(facility=laboratory, places=12, by=office, at=at)


def test_an_enrolment_is_a_fact_on_the_thread(intake, office, at, college):
    person, employer, thread = PersonFactory(), EmployerFactory(), ThreadFactory()
    enrolment = actions.enrol(
        person=person, intake=intake, enrolled_on=at.date(), employer=employer, thread=thread, by=office, at=at
    )
    fact = Fact.objects.from_source(enrolment).get()
    assert (fact.organisation, fact.counterpart, fact.person) == (college, employer, person)
    assert totals(Thread.objects.filter(pk=thread.pk)) == {FactKind.ENROLLED: 1}
    assert person.affiliations.current().filter(organisation=college).exists()


def test_a_minor_is_not_enrolled_without_the_guardian(intake, office, at):
    with pytest.raises(Refused):
        actions.enrol(person=PersonFactory(minor=True), intake=intake, enrolled_on=at.date(), by=office, at=at)


def test_a_minor_is_enrolled_with_the_consent_of_the_guardian(intake, office, at):
    guardianship = GuardianshipFactory()
    ConsentFactory(person=guardianship.child, given_by=guardianship.guardian, purpose=ConsentPurpose.PROCESSING)
    assert actions.enrol(person=guardianship.child, intake=intake, enrolled_on=at.date(), by=office, at=at).pk


def test_a_full_intake_enrols_nobody(intake, office, at, en):
    EnrolmentFactory(intake=intake)
    EnrolmentFactory(intake=intake, state=EnrolmentState.LEAVE)
    with pytest.raises(Refused, match="All 2 places"):
        actions.enrol(person=PersonFactory(), intake=intake, enrolled_on=at.date(), by=office, at=at)


def test_nobody_returns_to_a_place_that_is_taken(intake, office, at, en):
    gone = EnrolmentFactory(intake=intake)
    actions.expel(enrolment=gone, on=at.date(), leaving_reason=LeavingReason.MOVED, by=office, at=at)
    while intake.enrolments.taking_places().count() < intake.places:
        EnrolmentFactory(intake=intake)
    with pytest.raises(Refused, match="places of this intake are taken"):
        actions.return_to_studies(enrolment=gone, reason="came back", by=office, at=at)
    gone.refresh_from_db()
    assert gone.state == EnrolmentState.LEFT


def test_nobody_is_enrolled_twice(intake, office, at, en):
    enrolment = EnrolmentFactory(intake=intake)
    with pytest.raises(Refused, match="already enrolled"):
        actions.enrol(person=enrolment.person, intake=intake, enrolled_on=at.date(), by=office, at=at)


def test_nobody_is_enrolled_in_a_cancelled_intake(college, office, at):
    intake = IntakeFactory(programme__college=college, state=IntakeState.CANCELLED)
    with pytest.raises(Refused):
        actions.enrol(person=PersonFactory(), intake=intake, enrolled_on=at.date(), by=office, at=at)


def test_a_student_goes_on_leave_and_returns(intake, office, at):
    enrolment = EnrolmentFactory(intake=intake)
    actions.start_leave(enrolment=enrolment, reason="illness", by=office, at=at)
    assert enrolment.state == EnrolmentState.LEAVE
    actions.return_to_studies(enrolment=enrolment, reason="well again", by=office, at=at)
    assert enrolment.state == EnrolmentState.STUDYING


def test_a_student_leaves_with_a_reason_and_may_come_back(intake, office, at):
    enrolment = EnrolmentFactory(intake=intake)
    actions.expel(enrolment=enrolment, on=at.date(), leaving_reason=LeavingReason.MOVED, by=office, at=at)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.leaving_reason, enrolment.ended_on) == ("left", "moved", at.date())
    actions.return_to_studies(enrolment=enrolment, reason="came back", by=office, at=at)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.leaving_reason, enrolment.ended_on) == ("studying", "", None)


@pytest.mark.parametrize("days", [-400, 1])
def test_a_student_does_not_leave_on_an_impossible_day(intake, office, at, days):
    enrolment = EnrolmentFactory(intake=intake)
    day = at.date() + timedelta(days=days)
    with pytest.raises(Refused):
        actions.expel(enrolment=enrolment, on=day, leaving_reason=LeavingReason.MOVED, by=office, at=at)


def test_a_student_graduates(intake, office, at):
    enrolment = EnrolmentFactory(intake=intake)
    actions.graduate(enrolment=enrolment, on=at.date(), by=office, at=at)
    assert enrolment.state == EnrolmentState.GRADUATED


def test_somebody_on_leave_does_not_graduate(intake, office, at):
    enrolment = EnrolmentFactory(intake=intake, state=EnrolmentState.LEAVE)
    with pytest.raises(Refused):
        actions.graduate(enrolment=enrolment, on=at.date(), by=office, at=at)


def test_another_college_changes_no_enrolment(intake, at):
    stranger = member(CollegeFactory(), Role.ADMISSIONS)
    with pytest.raises(Refused):
        actions.start_leave(enrolment=EnrolmentFactory(intake=intake), reason="x", by=stranger, at=at)


def enrolled(intake, at, by=None):
    return actions.enrol(person=PersonFactory(), intake=intake, enrolled_on=at.date(), by=by, at=at)


def test_an_enrolment_by_mistake_is_taken_back_by_a_reversing_fact(intake, office, at):
    enrolment = enrolled(intake, at)
    actions.annul_enrolment(enrolment=enrolment, reason="the wrong person", by=office, at=at)
    enrolment.refresh_from_db()
    first, reversal = Fact.objects.from_source(enrolment).order_by("pk")
    assert (enrolment.state, enrolment.ended_on) == (EnrolmentState.ANNULLED, at.date())
    assert (reversal.reverses, reversal.quantity, reversal.reason) == (first, -1, "the wrong person")
    assert not enrolment.person.affiliations.current().filter(kind=AffiliationKind.STUDENT).exists()


def test_the_place_is_free_again_and_the_same_person_may_take_it(college, office, at):
    intake = IntakeFactory(programme__college=college, places=1)
    enrolment = enrolled(intake, at)
    actions.annul_enrolment(enrolment=enrolment, reason="the wrong order", by=office, at=at)
    anew = actions.enrol(person=enrolment.person, intake=intake, enrolled_on=at.date(), by=office, at=at)
    assert Enrolment.objects.taking_places().get(intake=intake) == anew


def test_the_tie_to_the_college_stays_while_another_enrolment_holds_it(college, intake, office, at):
    other = actions.enrol(
        person=enrolled(intake, at).person,
        intake=IntakeFactory(programme__college=college),
        enrolled_on=at.date(),
        by=office,
        at=at,
    )
    actions.annul_enrolment(enrolment=other, reason="twice", by=office, at=at)
    assert other.person.affiliations.current().filter(kind=AffiliationKind.STUDENT).exists()


@pytest.mark.parametrize("case", ["left", "stranger", "no reason"])
def test_taking_an_enrolment_back_is_refused(intake, office, at, case):
    enrolment = enrolled(intake, at)
    if case == "left":
        actions.expel(enrolment=enrolment, on=at.date(), leaving_reason=LeavingReason.MOVED, by=office, at=at)
    by = UserFactory() if case == "stranger" else office
    was = enrolment.state
    with pytest.raises(Refused):
        actions.annul_enrolment(enrolment=enrolment, reason=" " if case == "no reason" else "error", by=by, at=at)
    enrolment.refresh_from_db()
    assert enrolment.state == was

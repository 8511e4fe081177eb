import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kuznitsa.organisations.enums import Role
from kuznitsa.people.actions import affiliate
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.programmes import actions, queries
from kuznitsa.programmes.enums import FacilityState, IntakeState
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme
from tests.factories.classifiers import OccupationFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory, FacilityFactory, IntakeFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    return CollegeFactory()


@pytest.fixture
def office(college, client_as):
    return client_as(member(college, Role.ADMISSIONS), language="en")


@pytest.fixture
def visitor(client_as):
    return client_as(None, language="en")


def address(name, pk=None):
    return reverse(f"programmes:{name}", args=[] if pk is None else [pk])


def test_a_list_of_three_programmes_costs_as_much_as_of_one(visitor, query_count, at):
    query_count(lambda: visitor.get(address("list")), ProgrammeFactory)


def test_a_list_of_three_laboratories_costs_as_much_as_of_one(visitor, query_count, at):
    query_count(lambda: visitor.get(address("facilities")), FacilityFactory)


def test_a_programme_shows_its_intakes_and_laboratories(visitor, at):
    intake = IntakeFactory(group_name="E-26")
    FacilityFactory(organisation=intake.programme.college, name="Chemistry").programmes.add(intake.programme)
    page = visitor.get(intake.programme.get_absolute_url()).content.decode()
    assert "E-26" in page
    assert "Chemistry" in page


def test_a_programme_is_added_by_the_form(office, college, at):
    data = {"college": college.pk, "occupation": OccupationFactory().pk, "base": "after_9", "months": "22"}
    answer = office.post(address("create"), data)
    assert answer.url == Programme.objects.get().get_absolute_url()


def test_a_programme_that_is_there_is_said_on_the_form(office, college, at):
    programme = ProgrammeFactory(college=college)
    data = {"college": college.pk, "occupation": programme.occupation_id, "base": "after_9", "months": "22"}
    assert "already has this programme" in office.post(address("create"), data).content.decode()


def test_the_office_of_another_college_gets_no_form(client_as, at):
    stranger = client_as(member(CollegeFactory(), Role.ADMISSIONS))
    assert stranger.get(address("edit", ProgrammeFactory().pk)).status_code == 302


def test_a_programme_is_edited_by_the_form(office, college, at):
    programme = ProgrammeFactory(college=college)
    assert office.get(address("edit", programme.pk)).status_code == 200
    data = {"occupation": programme.occupation_id, "base": "after_11", "months": "10"}
    office.post(address("edit", programme.pk), data)
    programme.refresh_from_db()
    assert (programme.base, programme.months) == ("after_11", 10)


def test_an_intake_is_planned_edited_and_taken_through_its_course(office, college, at):
    programme = ProgrammeFactory(college=college)
    data = {"starts_on": "2026-09-01", "ends_on": "2028-06-30", "places": "25"}
    office.post(address("intake-create", programme.pk), data)
    intake = Intake.objects.get()
    office.post(address("intake-edit", intake.pk), data | {"places": "24", "group_name": "E-26"})

    def press(verb, **details):
        office.post(address(f"intake-{verb}", intake.pk), details)
        intake.refresh_from_db()
        assert office.get(intake.get_absolute_url()).status_code == 200
        return intake.state

    assert press("start") == IntakeState.STUDYING
    assert press("finish", on="2026-09-01") == IntakeState.GRADUATED
    assert press("reopen", reason="too early") == IntakeState.STUDYING
    assert press("reopen", reason="too early") == IntakeState.PLANNED
    assert press("cancel", reason="no teacher") == IntakeState.CANCELLED
    assert intake.places == 24


def test_wrong_dates_of_an_intake_come_back_with_the_form(office, college, at):
    data = {"starts_on": "2026-09-01", "ends_on": "2026-08-30", "places": "25"}
    page = office.post(address("intake-create", ProgrammeFactory(college=college).pk), data).content.decode()
    assert "graduates before it starts" in page
    assert 'value="2026-08-30"' in page


def test_a_student_is_enrolled_by_the_form(office, college, at):
    person, intake = PersonFactory(), IntakeFactory(programme__college=college)
    affiliate(person=person, organisation=college, kind=AffiliationKind.APPLICANT, on=at.date(), by=None, at=at)
    data = {"person": person.pk, "basis": "budget", "enrolled_on": "2026-09-01"}
    office.post(address("intake-enrol", intake.pk), data)
    assert Enrolment.objects.get().person == person


def test_a_minor_without_consent_is_refused_on_the_form(office, college, at):
    person, intake = PersonFactory(minor=True), IntakeFactory(programme__college=college)
    affiliate(person=person, organisation=college, kind=AffiliationKind.APPLICANT, on=at.date(), by=None, at=at)
    data = {"person": person.pk, "basis": "budget", "enrolled_on": "2026-09-01"}
    page = office.post(address("intake-enrol", intake.pk), data)
    assert "no guardian has consented" in page.content.decode()
    assert not Enrolment.objects.exists()


def test_names_of_a_group_are_not_for_visitors(visitor, office, college, at):
    enrolment = EnrolmentFactory(intake__programme__college=college, person__family_name="Тайный")
    page = enrolment.intake.get_absolute_url()
    assert "Тайный" not in visitor.get(page).content.decode()
    assert "Тайный" in office.get(page).content.decode()


def test_a_group_of_three_costs_as_much_as_of_one(office, college, query_count, at):
    intake = IntakeFactory(programme__college=college)
    query_count(lambda: office.get(intake.get_absolute_url()), lambda: EnrolmentFactory(intake=intake))


def test_an_enrolment_goes_its_way_through_the_screens(office, college, at):
    enrolment = EnrolmentFactory(intake__programme__college=college)
    affiliate(person=enrolment.person, organisation=college, kind=AffiliationKind.STUDENT, on=at.date(), by=None, at=at)

    def press(verb, **details):
        office.post(address(f"enrolment-{verb}", enrolment.pk), details)
        enrolment.refresh_from_db()
        assert office.get(address("enrolment", enrolment.pk)).status_code == 200
        return enrolment.state

    assert press("leave", reason="illness") == "leave"
    assert press("return", reason="well again") == "studying"
    assert press("expel", on="2026-09-01", leaving_reason="moved") == "left"
    assert press("return", reason="came back") == "studying"
    assert press("graduate", on="2026-09-01") == "graduated"


def test_a_laboratory_goes_its_way_through_the_screens(office, college, at):
    data = {"organisation": college.pk, "name": "Physics", "kind": "laboratory", "places": "12"}
    data |= {"sponsor": EmployerFactory().pk, "cost_kopecks": "1 500 000", "due_on": "2026-09-30"}
    office.post(address("facility-create"), data)
    laboratory = Facility.objects.get()

    def press(verb, **details):
        office.post(address(f"facility-{verb}", laboratory.pk), details)
        laboratory.refresh_from_db()
        assert office.get(laboratory.get_absolute_url()).status_code == 200
        return laboratory.state

    press("edit", **data | {"places": "15"})
    assert (laboratory.places, laboratory.cost_kopecks) == (15, 150_000_000)
    assert press("equip") == FacilityState.EQUIPPING
    assert press("plan", reason="no money yet") == FacilityState.PLANNED
    act = SimpleUploadedFile("act.pdf", b"%PDF-1.4 act")
    assert press("accept", accepted_on="2026-09-01", act=act) == FacilityState.ACCEPTED
    assert laboratory.act
    assert press("reopen", reason="the roof leaks") == FacilityState.EQUIPPING


def test_a_text_is_no_act(office, college, at):
    laboratory = FacilityFactory(organisation=college)
    act = SimpleUploadedFile("act.pdf", b"<html>")
    page = office.post(address("facility-accept", laboratory.pk), {"accepted_on": "2026-09-01", "act": act})
    assert "another kind" in page.content.decode()
    laboratory.refresh_from_db()
    assert laboratory.state == FacilityState.PLANNED


def test_a_laboratory_that_is_late_is_a_duty_of_its_college(college, at):
    late = FacilityFactory(organisation=college, due_on=at.date())
    FacilityFactory(organisation=college, due_on=at.date().replace(year=2027))
    FacilityFactory(due_on=at.date())
    duties = queries.duties(member(college, Role.COORDINATOR), at.date())
    assert [duty.url for duty in duties] == [late.get_absolute_url()]


def test_an_enrolment_by_mistake_is_taken_back_on_its_page(office, college, at):
    intake = IntakeFactory(programme__college=college, group_name="E-26")
    enrolment = actions.enrol(person=PersonFactory(), intake=intake, enrolled_on=at.date(), by=None, at=at)
    page = office.get(address("enrolment", enrolment.pk)).text
    assert address("enrolment-annul", enrolment.pk) in page
    assert office.get(address("enrolment-annul", enrolment.pk)).status_code == 200
    answer = office.post(address("enrolment-annul", enrolment.pk), {"reason": "the wrong person"}, follow=True)
    assert "the place is free again" in answer.text
    assert enrolment.person.family_name not in answer.text.split("<table")[-1]
    assert queries.taken_places(intake) == 0


def test_an_enrolment_is_not_taken_back_without_a_reason(office, college, at):
    intake = IntakeFactory(programme__college=college)
    enrolment = actions.enrol(person=PersonFactory(), intake=intake, enrolled_on=at.date(), by=None, at=at)
    answer = office.post(address("enrolment-annul", enrolment.pk), {"reason": ""})
    assert "Say why." in answer.text
    assert queries.taken_places(intake) == 1

"""The screens of practice, for the plant, the college, the mentor and the student."""

from datetime import date

import pytest

from kuznitsa.organisations.enums import Role
from kuznitsa.placements.enums import PlacementState, PlaceState
from kuznitsa.placements.models import PracticePlace
from kuznitsa.placements.queries import duties
from tests.factories.accounts import UserFactory
from tests.factories.clusters import together
from tests.factories.organisations import EmployerFactory, member
from tests.factories.people import PersonFactory
from tests.factories.placements import (
    PlacementFactory,
    PracticePlaceFactory,
    hr_of,
    mentor_of,
    practice_lead,
    student,
)
from tests.factories.programmes import IntakeFactory

pytestmark = pytest.mark.django_db


def test_a_plant_opens_places(at, client_as):
    host = EmployerFactory()
    intake, elsewhere = IntakeFactory(), IntakeFactory()
    together(host, intake.programme.college)
    client = client_as(member(host, Role.EMPLOYER_HR))
    groups = client.get("/practice-places/new/").context["form"].fields["intake"].queryset
    assert intake in groups
    assert elsewhere not in groups
    typed = {"host": host.pk, "intake": intake.pk, "title": "цех", "seats": 2, "hours_a_day": 6}
    assert "k-alert--danger" in client.post("/practice-places/new/", {**typed, "starts_on": "2026-09-31"}).text
    client.post("/practice-places/new/", {**typed, "starts_on": "2026-09-07", "ends_on": "2026-09-30"})
    assert PracticePlace.objects.get().seats == 2


def test_a_stranger_opens_nothing(at, client_as):
    assert client_as(UserFactory()).get("/practice-places/new/").status_code == 302


def test_the_list_shows_what_one_may_see(at, client_as):
    place = PracticePlaceFactory()
    assert place.title in client_as(hr_of(place)).get("/practice/").text
    assert place.title not in client_as(member(EmployerFactory(), Role.EMPLOYER_HR)).get("/practice/").text


def test_the_lists_cost_the_same_for_any_number(at, client_as, query_count):
    place = PracticePlaceFactory(seats=9)
    client = client_as(practice_lead(place))
    query_count(lambda: client.get("/practice/"), lambda: PracticePlaceFactory(intake=place.intake))
    query_count(lambda: client.get("/placements/"), lambda: PlacementFactory(place=place))
    query_count(lambda: client.get(place.get_absolute_url()), lambda: PlacementFactory(place=place))


def test_days_are_one_column_on_the_screen_and_two_in_a_file(at, client_as):
    placement = PlacementFactory()
    client = client_as(practice_lead(placement.place))
    first, last = placement.starts_on, placement.ends_on
    assert f"{first:%d.%m} – {last:%d.%m.%Y}" in client.get("/placements/").text
    file = b"".join(client.get("/placements/", {"export": "csv"})).decode()
    assert f";{first};{last};" in file
    assert f"{first:%d.%m} –" not in file


def test_the_practice_lead_places_students(at, client_as):
    place = PracticePlaceFactory()
    person = student(place)
    client = client_as(practice_lead(place))
    assert person.family_name in client.get(place.get_absolute_url()).text
    client.post(f"{place.get_absolute_url()}students/", {"persons": [person.pk]})
    assert place.placements.get().person == person


def test_who_cannot_be_placed_is_named_with_the_reason(at, client_as):
    place = PracticePlaceFactory(is_harmful=True)
    child = student(place, minor=True)
    answer = client_as(practice_lead(place)).post(
        f"{place.get_absolute_url()}students/", {"persons": [child.pk]}, follow=True
    )
    assert child.family_name in answer.text
    assert not place.placements.exists()


def test_a_place_is_changed_closed_and_reopened(at, client_as):
    place = PracticePlaceFactory()
    client = client_as(hr_of(place))
    url = place.get_absolute_url()
    typed = {"title": "участок", "seats": 4, "starts_on": "2026-09-01", "ends_on": "2026-09-28", "hours_a_day": 6}
    assert client.get(f"{url}edit/").status_code == 200
    client.post(f"{url}edit/", typed)
    client.post(f"{url}close/", {"reason": "ремонт"})
    place.refresh_from_db()
    assert (place.seats, place.state) == (4, PlaceState.CLOSED)
    assert client.get(url).status_code == 200
    client.post(f"{url}reopen/")
    place.refresh_from_db()
    assert place.state == PlaceState.OPEN


def test_too_few_places_come_back_with_the_form(at, client_as):
    place = PracticePlaceFactory(seats=2)
    PlacementFactory(place=place)
    PlacementFactory(place=place)
    typed = {"title": "новое имя", "seats": 1, "starts_on": "2026-09-01", "ends_on": "2026-09-28", "hours_a_day": 6}
    answer = client_as(hr_of(place)).post(f"{place.get_absolute_url()}edit/", typed)
    assert "новое имя" in answer.text
    assert "k-alert--danger" in answer.text


def with_mentor(**details):
    place = PracticePlaceFactory()
    mentor = mentor_of(place)
    return PlacementFactory(place=place, mentor=mentor, **details), mentor


def test_the_mentor_walks_through_a_day_on_the_phone(at, client_as):
    placement, mentor = with_mentor()
    client = client_as(mentor)
    url = placement.get_absolute_url()
    assert placement.person.short_name in client.get("/practice/mine/").text
    client.post(f"{url}brief/", {"from": "mine"})
    assert client.post(f"{url}start/", {"from": "mine"}).url == "/practice/mine/"
    assert client.get("/practice/mine/").status_code == 200
    assert "120" in client.get(f"{url}complete/").text
    client.post(f"{url}complete/", {"hours": 110, "mark": 5, "characteristic": "толковый"})
    placement.refresh_from_db()
    assert (placement.state, placement.hours) == (PlacementState.COMPLETED, 110)
    assert "толковый" in client.get(url).text


def test_the_gate_is_explained(at, client_as):
    placement, mentor = with_mentor()
    answer = client_as(mentor).post(f"{placement.get_absolute_url()}start/", follow=True)
    placement.refresh_from_db()
    assert placement.state == PlacementState.PLANNED
    assert "k-alert" in answer.text


def test_who_did_not_come(at, client_as):
    placement, mentor = with_mentor()
    client = client_as(mentor)
    url = placement.get_absolute_url()
    client.get(f"{url}no-show/")
    client.post(f"{url}no-show/", {"at_fault": "student", "reason": ""})
    placement.refresh_from_db()
    assert placement.state == PlacementState.NO_SHOW
    client.post(f"{url}reopen/", {"reason": "опоздал"})
    placement.refresh_from_db()
    assert placement.state == PlacementState.PLANNED


def test_an_interruption_needs_its_reason(at, client_as):
    placement, mentor = with_mentor(state=PlacementState.STARTED)
    client = client_as(mentor)
    url = f"{placement.get_absolute_url()}interrupt/"
    assert "k-alert--danger" in client.post(url, {"at_fault": "plant", "reason": ""}).text
    client.post(url, {"at_fault": "plant", "reason": "простой"})
    placement.refresh_from_db()
    assert placement.state == PlacementState.INTERRUPTED
    assert "простой" in client.get(placement.get_absolute_url()).text


def test_the_office_prepares_and_cancels(at, client_as):
    placement, _mentor = with_mentor()
    client = client_as(practice_lead(placement.place))
    url = placement.get_absolute_url()
    client.post(f"{url}prepare/", {"briefed_on": "2026-09-01", "medical_until": "2027-01-01"})
    placement.refresh_from_db()
    assert placement.medical_until == date(2027, 1, 1)
    client.post(f"{url}cancel/", {"reason": "болезнь"})
    placement.refresh_from_db()
    assert placement.state == PlacementState.CANCELLED


def test_the_student_sees_their_practice_and_changes_nothing(at, client_as):
    placement, _mentor = with_mentor(person=PersonFactory(user=UserFactory()))
    client = client_as(placement.person.user)
    url = placement.get_absolute_url()
    assert client.get(url).status_code == 200
    client.post(f"{url}brief/")
    placement.refresh_from_db()
    assert placement.briefed_on is None


def test_a_stranger_finds_nothing(at, client_as):
    placement, _mentor = with_mentor()
    client = client_as(UserFactory())
    assert client.get(placement.get_absolute_url()).status_code == 404
    assert client.get(placement.place.get_absolute_url()).status_code == 404


def test_what_waits_for_mentor_and_practice_lead(at):
    placement, mentor = with_mentor()
    PlacementFactory(place=placement.place, mentor=mentor, state=PlacementState.STARTED, ends_on=at.date())
    assert [duty.count for duty in duties(mentor, at.date())] == [1, 1]
    empty = PracticePlaceFactory()
    assert len(duties(practice_lead(empty), at.date())) == 2
    assert len(duties(hr_of(empty), at.date())) == 1


def test_the_pages_of_a_person_and_a_group_show_practice(at, client_as):
    place = PracticePlaceFactory()
    placement = PlacementFactory(place=place, person=student(place, user=UserFactory()))
    assert place.title[1:] in client_as(placement.person.user).get(placement.person.get_absolute_url()).text
    assert place.title[1:] in client_as(practice_lead(place)).get(place.intake.get_absolute_url()).text


def test_a_row_of_the_list_leads_to_the_placement(at, client_as):
    placement = PlacementFactory()

    page = client_as(practice_lead(placement.place)).get("/placements/").text

    assert f'href="{placement.get_absolute_url()}"' in page
    assert f'href="{placement.person.get_absolute_url()}"' not in page

"""The screens of exams, hires and check points."""

from datetime import date

import pytest

from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes.enums import CheckPointState, ExamState, HireState
from kuznitsa.outcomes.models import Exam, Hire
from kuznitsa.outcomes.queries import duties
from kuznitsa.programmes.models import Intake
from tests.factories.accounts import UserFactory
from tests.factories.contracts import side, signed
from tests.factories.organisations import EmployerFactory, member
from tests.factories.outcomes import CheckPointFactory, ExamFactory, HireFactory
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory, IntakeFactory

pytestmark = pytest.mark.django_db


def expert(exam):
    return member(exam.intake.programme.college, Role.EXPERT)


def test_a_college_plans_an_exam(at, client_as):
    intake = IntakeFactory()
    client = client_as(member(intake.programme.college, Role.CURATOR))
    assert client.get(f"/exams/new/?intake={intake.pk}").status_code == 200
    typed = {"intake": intake.pk, "on": "2026-08-01", "level": "basic", "max_points": 100}
    assert "k-alert--danger" in client.post("/exams/new/", typed).text
    client.post("/exams/new/", {**typed, "on": "2028-06-01"})
    exam = Exam.objects.get()
    client.get(f"/exams/{exam.pk}/edit/")
    client.post(f"/exams/{exam.pk}/edit/", {"on": "2028-06-02", "level": "profile", "max_points": 80})
    exam.refresh_from_db()
    assert exam.max_points == 80


def test_a_stranger_plans_nothing(at, client_as):
    assert client_as(UserFactory()).get("/exams/new/").status_code == 302


def test_results_of_the_group_are_entered_on_one_page(at, client_as):
    exam = ExamFactory()
    first, second, third = (EnrolmentFactory(intake=exam.intake).person for _ in range(3))
    client = client_as(expert(exam))
    assert first.family_name in client.get(f"/exams/{exam.pk}/").text
    typed = {f"points_{first.pk}": "57,25", f"absent_{second.pk}": "on"}
    client.post(f"/exams/{exam.pk}/", typed)
    results = {result.person_id: result for result in exam.results.all()}
    assert (results[first.pk].mark, results[second.pk].appeared) == (4, False)
    assert third.pk not in results
    assert "57.25" in client.get(f"/exams/{exam.pk}/").text


@pytest.mark.parametrize("points", ["101", "-1", "семь", "5.555", "1e999999", "nan"])
def test_wrong_points_come_back_with_the_rest(at, client_as, points):
    exam = ExamFactory()
    first, second = (EnrolmentFactory(intake=exam.intake).person for _ in range(2))
    answer = client_as(expert(exam)).post(
        f"/exams/{exam.pk}/", {f"points_{first.pk}": points, f"points_{second.pk}": "88"}
    )
    assert 'value="88"' in answer.text
    assert "k-alert--danger" in answer.text
    assert not exam.results.exists()


def test_an_exam_is_closed_and_reopened(at, client_as):
    exam = ExamFactory()
    client = client_as(expert(exam))
    client.post(f"/exams/{exam.pk}/close/")
    exam.refresh_from_db()
    assert exam.state == ExamState.CLOSED
    assert client.get(f"/exams/{exam.pk}/").status_code == 200
    client.post(f"/exams/{exam.pk}/reopen/", {"reason": "апелляция"})
    exam.refresh_from_db()
    assert exam.state == ExamState.PLANNED


def test_a_student_sees_only_their_own_result(at, client_as):
    exam = ExamFactory()
    persons = [EnrolmentFactory(intake=exam.intake, person__user=UserFactory()).person for _ in range(2)]
    client_as(expert(exam)).post(f"/exams/{exam.pk}/", {f"points_{person.pk}": "50" for person in persons})
    page = client_as(persons[0].user).get(f"/exams/{exam.pk}/").text
    assert persons[0].family_name in page
    assert persons[1].family_name not in page


def test_the_lists_cost_the_same_for_any_number(at, client_as, query_count):
    exam = ExamFactory()
    client = client_as(expert(exam))
    query_count(lambda: client.get("/exams/"), lambda: ExamFactory(intake=exam.intake))
    query_count(lambda: client.get(f"/exams/{exam.pk}/"), lambda: EnrolmentFactory(intake=exam.intake))
    employer = EmployerFactory()
    hr = client_as(member(employer, Role.EMPLOYER_HR))
    query_count(lambda: hr.get("/hires/"), lambda: HireFactory(employer=employer))
    query_count(lambda: hr.get("/check-points/"), lambda: CheckPointFactory(hire__employer=employer))


def finished(at):
    """Return a plant's people and a contract in force whose group has graduated."""
    sides = side()
    contract = signed(sides, at=at)
    Intake.objects.filter(pk=sides.offer.intake_id).update(ends_on=at.date(), starts_on=date(2024, 9, 1))
    return sides, contract


def test_a_hire_by_contract_takes_one_click(at, client_as):
    sides, contract = finished(at)
    client = client_as(sides.hr)
    assert contract.person.family_name in client.get("/hires/new/").text
    page = client.get(f"/hires/new/?contract={contract.pk}")
    assert sides.offer.position in page.text
    typed = {"position": sides.offer.position, "hired_on": "2026-09-01", "in_trade": "on"}
    client.post(f"/hires/new/?contract={contract.pk}", typed)
    hire = Hire.objects.get()
    assert (hire.contract, hire.thread) == (contract, sides.offer.thread)
    assert client.get(hire.get_absolute_url()).status_code == 200


def test_a_young_graduate_of_harmful_work_brings_a_warning(at, client_as):
    sides, contract = finished(at)
    contract.person.born_on = date(2009, 1, 1)
    contract.person.save()
    occupation = sides.offer.intake.programme.occupation
    occupation.minimum_age = 18
    occupation.save()
    assert "k-alert--warning" in client_as(sides.hr).get(f"/hires/new/?contract={contract.pk}").text


def test_a_graduate_without_contract_is_hired(at, client_as):
    sides, contract = finished(at)
    typed = {"person": contract.person.pk, "employer": sides.offer.employer.pk, "position": "слесарь"}
    client = client_as(sides.hr)
    assert "k-alert--danger" in client.post("/hires/new/", {**typed, "hired_on": "2026-10-01"}).text
    client.post("/hires/new/", {**typed, "hired_on": "2026-09-01"})
    assert Hire.objects.get().position == "слесарь"


def test_a_stranger_hires_nobody(at, client_as):
    assert client_as(UserFactory()).get("/hires/new/").status_code == 302


def hired():
    hire = HireFactory(person__user=UserFactory())
    return hire, CheckPointFactory(hire=hire), member(hire.employer, Role.EMPLOYER_HR)


def test_a_hire_is_corrected_ended_and_taken_up_again(at, client_as):
    hire, _point, hr = hired()
    client = client_as(hr)
    url = hire.get_absolute_url()
    client.get(f"{url}edit/")
    client.post(f"{url}edit/", {"position": "мастер", "hired_on": "2025-09-02", "in_trade": "on"})
    client.get(f"{url}leave/")
    assert "k-alert--danger" in client.post(f"{url}leave/", {"on": "2027-01-01", "reason": "moved"}).text
    client.post(f"{url}leave/", {"on": "2026-02-01", "reason": "moved"})
    hire.refresh_from_db()
    assert (hire.position, hire.state) == ("мастер", HireState.LEFT)
    assert client.get(url).status_code == 200
    client.post(f"{url}return/", {"reason": "ошибка"})
    hire.refresh_from_db()
    assert hire.state == HireState.WORKING
    client.post(f"{url}cancel/", {"reason": "не тот"})
    hire.refresh_from_db()
    assert hire.state == HireState.CANCELLED
    assert client.get(url).status_code == 200


def test_a_stranger_finds_no_hire(at, client_as):
    hire, point, _hr = hired()
    client = client_as(UserFactory())
    assert client.get(hire.get_absolute_url()).status_code == 404
    assert client.post(f"/check-points/{point.pk}/answer/", {"answer": "stayed"}).status_code == 404


def test_hr_ticks_many_who_are_still_there(at, client_as):
    _hire, point, hr = hired()
    client = client_as(hr)
    assert point.hire.person.family_name in client.get("/check-points/").text
    client.post("/check-points/", {"points": [point.pk]})
    point.refresh_from_db()
    assert point.state == CheckPointState.STAYED
    assert client.get("/check-points/").status_code == 200


def test_the_worker_answers_with_one_tap_and_the_college_settles(at, client_as):
    hire, point, hr = hired()
    worker = client_as(hire.person.user)
    assert "k-card--accent" in worker.get(hire.get_absolute_url()).text
    worker.post(f"/check-points/{point.pk}/answer/", {"answer": "left"})
    client_as(hr).post(f"/check-points/{point.pk}/answer/", {"answer": "stayed"})
    point.refresh_from_db()
    assert point.state == CheckPointState.DISPUTED
    college = client_as(member(hire.college, Role.CURATOR))
    assert f"/check-points/{point.pk}/settle/" in college.get(hire.get_absolute_url()).text
    college.post(f"/check-points/{point.pk}/settle/", {"answer": "stayed", "reason": "позвонили"})
    point.refresh_from_db()
    assert point.state == CheckPointState.STAYED


def test_an_answer_that_is_none_is_refused(at, client_as):
    _hire, point, hr = hired()
    client_as(hr).post(f"/check-points/{point.pk}/answer/", {"answer": "perhaps"})
    point.refresh_from_db()
    assert point.state == CheckPointState.WAITING


def test_what_waits_for_hr_worker_and_college(at, client_as):
    hire, point, hr = hired()
    assert [duty.count for duty in duties(hr, at.date())] == [1]
    assert duties(hire.person.user, at.date())[0].url == hire.get_absolute_url()
    client_as(hire.person.user).post(f"/check-points/{point.pk}/answer/", {"answer": "left"})
    client_as(hr).post(f"/check-points/{point.pk}/answer/", {"answer": "stayed"})
    assert len(duties(member(hire.college, Role.CURATOR), at.date())) == 1
    exam = ExamFactory()
    assert len(duties(expert(exam), at.date())) == 1
    sides, _contract = finished(at)
    assert any(duty.url == "/hires/new/" for duty in duties(sides.hr, at.date()))


def test_the_pages_of_a_person_and_a_group_show_outcomes(at, client_as):
    exam = ExamFactory()
    person = EnrolmentFactory(intake=exam.intake, person=PersonFactory(user=UserFactory())).person
    client = client_as(expert(exam))
    client.post(f"/exams/{exam.pk}/", {f"points_{person.pk}": "88"})
    hire = HireFactory(person=person)
    page = client_as(person.user).get(person.get_absolute_url()).text
    assert exam.get_absolute_url() in page
    assert hire.get_absolute_url() in page
    assert exam.get_absolute_url() in client.get(exam.intake.get_absolute_url()).text

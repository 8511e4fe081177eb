from datetime import date, timedelta

import pytest
from django.urls import reverse
from django_q.models import Failure

from kuznitsa.base.models import SentLetter
from kuznitsa.organisations.enums import Role
from kuznitsa.workspaces.queries import paths_of
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, published, submitted
from tests.factories.agreements import agreed, partners
from tests.factories.demand import NeedFactory
from tests.factories.organisations import EmployerFactory, InvitationFactory, member
from tests.factories.outcomes import ExamFactory
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def home(client):
    return client.get(reverse("workspaces:home")).content.decode()


def test_home_lists_what_needs_the_user(client_as, at):
    need = NeedFactory()
    hr = member(need.employer, Role.EMPLOYER_HR)

    page = home(client_as(hr))

    assert "Заявите потребности из черновиков" in page
    assert need.employer.short_name in page


def test_home_of_a_guardian_shows_the_way_of_the_child(client_as, at):
    mother = UserFactory()
    guardianship = GuardianshipFactory(guardian__user=mother)

    page = home(client_as(mother))

    assert guardianship.child.full_name in page
    assert "Путь к работе" in page
    assert "Решите, на что вы согласны за ребёнка" in page


def test_the_way_is_that_of_the_newest_application(client_as, at):
    student = UserFactory()
    person = PersonFactory(user=student)
    old, new = OpenOfferFactory(), OpenOfferFactory()
    submitted(old, at=at, person=person)
    application = checked(new, at=at, person=person)
    published(new.campaign, at=at)

    [(whose, steps)] = paths_of(student)

    assert whose == person
    assert [step.state for step in steps] == ["done", "current", "todo", "todo", "todo", "todo"]
    assert steps[0].url == steps[1].url == application.get_absolute_url()


def test_home_costs_a_guardian_the_same_for_one_child_and_for_three(client_as, at, query_count):
    mother = PersonFactory(user=UserFactory())
    client = client_as(mother.user)
    query_count(lambda: home(client), lambda: GuardianshipFactory(guardian=mother))


def test_home_of_a_newcomer_says_how_to_begin(client_as, at):
    page = home(client_as(UserFactory()))

    assert "Сейчас вас ничего не ждёт" in page
    assert "С чего начать" in page


def test_visitor_is_asked_to_sign_in(client_as):
    answer = client_as(None).get(reverse("workspaces:home"))

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("accounts:sign-in"))


def test_what_is_next_stands_beside_the_duties_and_repeats_none(client_as, at):
    exam = ExamFactory(on=date(2026, 9, 10))
    expert, auditor = (member(exam.intake.programme.college, role) for role in (Role.EXPERT, Role.AUDITOR))

    page = home(client_as(auditor))
    assert "Сейчас вас ничего не ждёт" in page
    assert "Что дальше" in page
    assert "через 9 дней" in page

    page = home(client_as(expert))
    assert page.count(exam.get_absolute_url()) == 1
    assert "осталось 9 дней" in page


def test_what_lies_years_ahead_is_next_for_those_only_who_have_nothing_nearer(client_as, at):
    world = partners()
    agreement = agreed(world, at)
    auditor = member(world.college, Role.AUDITOR)
    assert agreement.get_absolute_url() in home(client_as(auditor))

    exam = ExamFactory(intake__programme__college=world.college, on=date(2026, 9, 10))
    page = home(client_as(auditor))
    assert exam.get_absolute_url() in page
    assert agreement.get_absolute_url() not in page


def test_promises_of_ones_organisations_stand_at_home(client_as, at):
    world = partners()
    agreed(world, at)
    for user in (world.hr, member(world.college, Role.AUDITOR)):
        page = home(client_as(user))
        assert "Обещания" in page
        assert "<strong>0</strong> из 5" in page
        assert f"{world.plant} — {world.college}" in page
    assert "Обещания" not in home(client_as(member(EmployerFactory(), Role.EMPLOYER_HR)))


def test_who_runs_the_installation_sees_what_it_needs(client_as, at):
    admin = UserFactory(is_staff=True, is_superuser=True)
    plant = EmployerFactory()
    page = home(client_as(admin))
    assert "С чего начать" not in page
    assert reverse("organisations:people", args=[plant.slug]) in page
    assert reverse("organisations:create") in page
    assert reverse("admin:base_sentletter_changelist") in page
    assert "Выясните" not in page

    letter = SentLetter.objects.create(
        to="a@example.org",
        subject="s",
        template="t",
        language="ru",
        at=at,
        status=SentLetter.Status.FAILED,
        body="тайна",
    )
    Failure.objects.create(id="1", name="letters.send", func="f", started=at, stopped=at, success=False)
    invitation = InvitationFactory(organisation=plant, expires_at=at - timedelta(days=2))
    page = home(client_as(admin))
    assert "Выясните, почему не отправлены письма" in page
    assert "Выясните, почему не выполнены задания" in page
    assert invitation.full_name in page
    assert "Выясните" not in home(client_as(member(plant, Role.ADMINISTRATOR)))

    letters = client_as(admin).get(reverse("admin:base_sentletter_change", args=[letter.pk])).text
    assert letter.to in letters
    assert "тайна" not in letters
    assert reverse("organisations:people", args=[plant.slug]) in home(client_as(admin))
    letter.delete()
    Failure.objects.all().delete()
    assert "Выясните" not in home(client_as(admin))


def test_staff_without_rights_are_led_only_where_they_may_go(client_as, at):
    page = home(client_as(UserFactory(is_staff=True)))
    assert reverse("organisations:create") in page
    assert reverse("admin:base_sentletter_changelist") not in page


def test_home_costs_the_same_for_one_and_for_three(client_as, at, query_count):
    world = partners()
    client = client_as(world.hr)
    query_count(lambda: home(client), lambda: agreed(world, at))

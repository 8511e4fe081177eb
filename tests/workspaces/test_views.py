import pytest
from django.urls import reverse

from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.demand import NeedFactory
from tests.factories.organisations import member
from tests.factories.people import GuardianshipFactory

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


def test_home_of_a_newcomer_says_how_to_begin(client_as, at):
    page = home(client_as(UserFactory()))

    assert "Сейчас вас ничего не ждёт" in page
    assert "С чего начать" in page


def test_visitor_is_asked_to_sign_in(client_as):
    answer = client_as(None).get(reverse("workspaces:home"))

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("accounts:sign-in"))
